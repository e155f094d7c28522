import { describe, expect, it } from "vitest";
import type { Locator, Page } from "playwright-core";
import { faults, reload, settled, useReader } from "../support/pages.ts";

const reader = useReader({ hrm: true });
const { open } = reader;
const opened = (page: Page) => page.locator("[popover]:popover-open");
const descriptionOf = (term: Locator) =>
  term.evaluate((each) => document.getElementById(each.getAttribute("aria-describedby")!)?.textContent);
const buttons = (page: Page) => page.locator("button[popovertarget]");

describe("a term on a page", () => {
  it("opens its explanation by keyboard, is described by it, and closes by Escape with the focus kept", async () => {
    const page = await open("/");
    const term = page.getByRole("button", { name: "voorlopig", exact: true });
    await term.focus();
    await expect.poll(() => descriptionOf(term)).toMatch(/^Nog niet alle gegevens/);
    const described = await descriptionOf(term);
    expect(await opened(page).count()).toBe(0);
    await page.keyboard.press("Enter");
    await opened(page).waitFor();
    expect(await opened(page).innerText()).toContain(described!);
    await page.keyboard.press("Escape");
    await opened(page).waitFor({ state: "detached" });
    expect(await term.evaluate((each) => each === document.activeElement)).toBe(true);
  });

  it("has its description before anyone points at it, from the page itself", async () => {
    const page = await open("/");
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(request.url()));
    await reload(page);
    const described = () =>
      buttons(page).evaluateAll((all) =>
        all.map((each) => document.getElementById(each.getAttribute("aria-describedby")!)?.textContent ?? ""),
      );
    const texts = await described();
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => text.length < 20)).toEqual([]);
    await settled(page);
    const scripts = fetched.filter((address) => address.endsWith(".js"));
    const bodies = await Promise.all(scripts.map(async (each) => (await fetch(each)).text()));
    expect(bodies.filter((body) => body.includes(texts[0]!))).toEqual([]);

    // Of a page that a reader turns to they come by themselves.
    await page.getByRole("navigation").getByRole("link", { name: "Gegevens" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect.poll(async () => (await described()).filter((text) => text.length < 20)).toEqual([]);
  });

  it("is explained without any script", async () => {
    const page = await open("/", { javaScriptEnabled: false });
    await page.getByRole("button", { name: "voorlopig", exact: true }).click();
    expect(await opened(page).innerText()).toMatch(/Nog niet alle gegevens/);
  });

  it("leads from its explanation to its place among all terms", async () => {
    const page = await open("/?lang=en&period=2016-H2");
    await page.getByRole("button", { name: "provisional", exact: true }).click();
    await opened(page).getByRole("link", { name: "All terms" }).click();
    await page.waitForURL(/\/terms\?lang=en&period=2016-H2#provisional$/);
    const term = page.locator("#provisional");
    await page.waitForFunction(() => {
      const box = document.getElementById("provisional")?.getBoundingClientRect();
      return box && box.top >= 0 && box.bottom <= innerHeight;
    });
    expect(await term.locator("dt").innerText()).toBe("Provisional");
  });

  it.each(["/?period=2016-H2", "/unit/den-haag", "/hrm", "/data", "/indicator/intake-dual?unit=den-haag"])(
    "is explained once on %s, apart from keys that are opened",
    async (address) => {
      const page = await open(address);
      await settled(page);
      await buttons(page).first().waitFor({ state: "attached" });
      // The explanations come when the first of them is near.
      const first = page.locator("button[popovertarget]:visible").first();
      await first.focus();
      await expect.poll(() => descriptionOf(first)).not.toBe("");
      const named = await buttons(page).evaluateAll((all) =>
        all
          .filter((each) => !each.closest("details"))
          .map((each) => document.getElementById(each.getAttribute("aria-describedby")!)?.textContent),
      );
      expect(named.length).toBeGreaterThan(2);
      expect(new Set(named).size).toBe(named.length);
    },
  );

  it("stays in a window of 360 px wherever it stands, and leaves no room on paper", async () => {
    const page = await open("/hrm", { viewport: { width: 360, height: 740 } });
    await settled(page);
    // Headings of tables are out of sight here: what they explain stands over the table.
    expect(await page.locator("thead button").count()).toBe(0);
    await page.getByRole("button", { name: "recht pad", exact: true }).waitFor();
    const all = buttons(page).filter({ visible: true });
    for (let index = 0; index < (await all.count()); index += 1) {
      await all.nth(index).click();
      const box = (await opened(page).boundingBox())!;
      expect([index, box.x >= 0, box.x + box.width <= 360]).toEqual([index, true, true]);
      await page.keyboard.press("Escape");
    }
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
    await page.emulateMedia({ media: "print" });
    expect(
      await page
        .getByRole("button", { name: /^Uitleg:/ })
        .filter({ visible: true })
        .count(),
    ).toBe(0);
  });

  it.each([
    { address: "/", scheme: "light", name: "voorlopig" },
    { address: "/?lang=en", scheme: "dark", name: "provisional" },
    { address: "/data", scheme: "light", name: "Uitleg: herzien" },
    { address: "/hrm?lang=en", scheme: "dark", name: "Explanation: straight path" },
  ] as const)("has no fault of accessibility while open: $address, $scheme", async ({ address, scheme, name }) => {
    const page = await open(address, { colorScheme: scheme });
    await page.getByRole("button", { name, exact: true }).first().click();
    await opened(page).waitFor();
    expect(await faults(page)).toEqual([]);
  });
});

describe("/terms", () => {
  it("has all terms by the alphabet, and is reached from the foot of every page", async () => {
    const page = await open("/data");
    await page.getByRole("contentinfo").getByRole("link", { name: "Begrippen" }).click();
    await page.getByRole("heading", { level: 1, name: "Begrippen" }).waitFor();
    const names = await page.locator("dt").allInnerTexts();
    expect(names.length).toBeGreaterThan(40);
    expect(names).toEqual(names.toSorted(new Intl.Collator("nl").compare));
  });

  it.each([
    { address: "/terms", scheme: "light" },
    { address: "/terms?lang=en#interval", scheme: "dark" },
  ] as const)("has no fault of accessibility: $address, $scheme", async ({ address, scheme }) => {
    const page = await open(address, { colorScheme: scheme });
    expect(await faults(page)).toEqual([]);
  });

  it("fits 360 px", async () => {
    const page = await open("/terms", { viewport: { width: 360, height: 740 } });
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond).toBeLessThanOrEqual(0);
  });
});
