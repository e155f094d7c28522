import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { payload, poison, poisonOfWork } from "../server/attacks/poison.ts";
import { settled, useReader } from "../support/pages.ts";

const reader = useReader({
  besides: poison,
  operationsBesides: poisonOfWork,
  now: () => new Date("2017-02-10T09:00:00Z"),
});
const { open } = reader;

/** What stands in the page that came of a text: elements of the payload, handlers, links that run. */
const found = (page: Page) =>
  page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const marks = all.filter(
      (each) =>
        each.getAttributeNames().some((name) => name.startsWith("on")) ||
        /^\s*(javascript|data|vbscript):/i.test(each.getAttribute("href") ?? each.getAttribute("xlink:href") ?? "") ||
        (each.localName === "img" && each.getAttribute("src") === "x") ||
        (each.localName === "script" && /attacked/.test(each.textContent ?? "")),
    );
    return marks.map((each) => each.outerHTML.slice(0, 200));
  });

const pages = [
  ...["/", "/unit", "/unit/den-haag", "/unit/den-haag?lang=en", "/indicator/complaints?unit=politie&grain=year"],
  ...["/indicator/intake-dual?unit=politie", "/compare/staffing-women", "/signals", "/calendar", "/results", "/hrm"],
  ...["/actions", "/actions?action=a1", "/review", "/review/den-haag/2016-H2", "/evaluations?show=all", "/data", "/data?feed=complaints", "/audit"], // prettier-ignore
];

// A script that ran would call a function that there is not, and one that was stopped is told too: both are complaints.
describe("pages over texts that would run", () => {
  it.each(pages)("%s shows them, and runs nothing", async (address) => {
    const page = await open(address);
    await settled(page);
    expect(await found(page)).toEqual([]);
    // As it is sent, before any script is there.
    const made = await (await page.request.get(page.url(), { headers: { accept: "text/html" } })).text();
    expect(made).not.toContain("<script>attacked");
    expect(made).not.toMatch(/<img src=x|<svg\/onload/);
    expect(made.match(/<\/title>/g)).toHaveLength(1);
  });

  it("show the texts themselves: what is above would see them", async () => {
    const page = await open("/actions");
    await page.getByText("<script>attacked()</script>").first().waitFor();
    await page.goto(new URL("/unit/den-haag", page.url()).href);
    await page.locator("#app[data-alive] h1").waitFor();
    expect(await page.title()).toContain("<script>attacked()</script>");
  });

  it("show what somebody wrote of a review, a plan and an action as a text, and their name too", async () => {
    const cookie = await reader.fixture.cookieOf({ name: payload, roles: ["leadership"], units: ["den-haag"] });
    const page = await open("/review/den-haag/2016-H2", { cookie });
    const send = (method: string, path: string, data: unknown) =>
      page.request.fetch(`${reader.fixture.address}/api/v1${path}`, { method, data });
    const review = {
      texts: [
        { indicator_id: null, text: payload, version: 0 },
        { indicator_id: "complaints", text: `[x](javascript:attacked()) ![y](x) <a href="javascript:attacked()">z</a>\n\n${payload}`, version: 0 }, // prettier-ignore
      ],
      agreements: [
        { ...{ agreement_id: null, indicator_id: null, text: payload, owner: payload, due_on: null }, ...{ state: "open", result: payload, version: 0 } }, // prettier-ignore
      ],
    };
    expect((await send("PUT", "/reviews/den-haag/2016-H2", review)).status()).toBe(200);
    const action = { kind: "action", focus: payload, title: payload, unit_id: "den-haag", status: "running", note: payload }; // prettier-ignore
    expect((await send("POST", "/actions", action)).status()).toBe(200);
    for (const address of ["/review/den-haag/2016-H2", "/actions", "/review"]) {
      await page.goto(new URL(address, page.url()).href);
      await page.locator("#app[data-alive] h1").waitFor();
      await settled(page);
      expect([address, await found(page)]).toEqual([address, []]);
    }
  });
});
