import ICAL from "ical.js";
import { parse } from "csv-parse/sync";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readXml } from "../../../pipelines/reading/xml.ts";
import { deniedPage, messagePage, signInPage } from "../../../server/sign-in-page.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { checkLines } from "../calendar/lines.ts";
import { ask, type Answered } from "../ask.ts";
import { named, questionOf } from "./parameters.ts";
import { broken, payload, poison, poisonOfWork } from "./poison.ts";

let fixture: Fixture;
beforeAll(async () => {
  const now = () => new Date("2017-02-10T09:00:00Z");
  fixture = await serveFixture({ besides: poison, operationsBesides: poisonOfWork, now });
});
afterAll(() => fixture.stop());

const json = { "content-type": "application/json" };
const send = (method: string, path: string, body: unknown) =>
  ask(fixture, `/api/v1${path}`, { method, headers: json, body: JSON.stringify(body) });

/** No browser takes an answer for a page, whatever stands in it. */
function checkHeaders(what: string, { headers }: Answered): void {
  expect([what, headers["x-content-type-options"]]).toEqual([what, "nosniff"]);
  expect([what, headers["content-type"]]).toEqual([
    what,
    expect.stringMatching(
      /^(application\/(json|problem\+json|pdf|zip|atom\+xml|vnd\.[\w.-]+)|text\/(csv|calendar))(; charset=utf-8)?$/,
    ),
  ]);
  expect(headers["content-security-policy"]).toContain("script-src 'self'");
}

describe("texts that people write", () => {
  it("come back as they are, in JSON that is no page", async () => {
    const texts = [{ indicator_id: null, text: payload, version: 0 }];
    const agreements = [
      {
        ...{ agreement_id: null, indicator_id: null, text: payload, owner: payload, due_on: null },
        ...{ state: "open", result: payload, version: 0 },
      },
    ];
    const plans = [
      {
        ...{ plan_id: null, indicator_id: "intake-dual", measures: payload, owner: payload, reach_year: 2018 },
        ...{ state: "open", result: "", version: 0 },
      },
    ];
    const evaluation = { text: payload, decision: null, new_value: null, version: 0 };
    const action = { kind: "action", focus: payload, title: payload, unit_id: "den-haag", status: "running" };
    const [{ unit_id, indicator_id, target_to } = { unit_id: "", indicator_id: "", target_to: "" }] = JSON.parse(
      (await ask(fixture, "/api/v1/evaluations")).text,
    ) as { unit_id: string; indicator_id: string; target_to: string }[];
    for (const [method, path, body] of [
      ["PUT", "/reviews/den-haag/2016-H2", { texts, agreements, plans }],
      ["POST", "/actions", { ...action, owner: payload, note: payload, condition: payload }],
      ["POST", "/releases/2016-H2", { note: payload, accept_incomplete: true }],
      ...(unit_id ? [["PUT", `/evaluations/${unit_id}/${indicator_id}/${target_to}`, evaluation]] : []),
    ] as [string, string, unknown][]) {
      const answered = await send(method, path, body);
      expect(answered.status, answered.text).toBe(200);
      checkHeaders(path, answered);
      expect(answered.text).toContain(JSON.stringify(payload).slice(1, -1));
    }
  });

  it("are told in a problem without what could hide or turn them", async () => {
    for (const path of [
      "/units/x",
      `/indicators/${encodeURIComponent(payload)}`,
      `/series?${encodeURIComponent(payload)}=1`,
    ]) {
      const answered = await ask(fixture, `/api/v1${path}`);
      checkHeaders(path, answered);
      expect(answered.status).toBeGreaterThanOrEqual(400);
      expect((JSON.parse(answered.text) as { detail: string }).detail).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe("every route", () => {
  it.each(named.filter(([name]) => name.startsWith("GET ")))(
    "%s answers no page, in any of its formats, with texts that would be one",
    async (_, route) => {
      const address = questionOf(route);
      const isRows = ["rows", "operations", "written", "audit"].includes(route.answers);
      for (const format of isRows ? ["json", "csv", "arrow", "xlsx"] : [""]) {
        const asked = format ? `${address}${address.includes("?") ? "&" : "?"}format=${format}` : address;
        const headers = { accept: format ? "text/html,*/*" : "*/*" };
        const answered = await ask(fixture, asked, { headers });
        checkHeaders(asked, answered);
        if (answered.status === 200 && format === "csv") {
          const widths = (parse(answered.text) as string[][]).map((row) => row.length);
          expect(new Set(widths).size).toBeLessThanOrEqual(1);
        }
      }
    },
  );
});

describe("documents that other programs read", () => {
  it.each(["/signals.atom", "/signals.atom?unit=den-haag&locale=en", "/calendar.atom", "/calendar.atom?unit=den-haag"])(
    "%s has elements of its own only",
    async (path) => {
      const { status, text } = await ask(fixture, `/api/v1${path}`);
      expect(status).toBe(200);
      const names = new Set<string>();
      const texts: string[] = [];
      const bytes = async function* () {
        yield Buffer.from(text);
      };
      const handler = {
        open: (name: string, attributes: string) => {
          names.add(name);
          expect(attributes).not.toMatch(/\son\w+=|javascript:/i);
        },
        close: () => undefined,
        text: (each: string) => void texts.push(each),
      };
      await readXml(bytes(), handler, { maxLineBytes: 1e6 });
      const own = new Set("feed id title updated author name link entry published summary".split(" "));
      expect([...names].filter((name) => !own.has(name))).toEqual([]);
      expect(texts.join("")).toContain("<script>attacked()</script>");
      expect(text).not.toContain("<script");
    },
  );

  it.each(["/calendar.ics", "/calendar.ics?unit=den-haag&locale=en"])("%s has lines of its own only", async (path) => {
    const { status, text } = await ask(fixture, `/api/v1${path}`);
    expect(status).toBe(200);
    checkLines(text);
    expect(text).not.toMatch(/^(ATTACKED|BEGIN:VALARM)/m);
    const calendar = new ICAL.Component(ICAL.parse(text) as object[]);
    expect(calendar.getAllSubcomponents().map(({ name }) => name)).not.toContain("valarm");
    const told = JSON.stringify(calendar.toJSON());
    expect(told).toContain("<script>attacked()</script>");
  });
});

describe("pages that the server writes itself", () => {
  /** A page without what its maker put there: nothing of a payload may be left that is no text. */
  function checkPage(html: string): void {
    expect(html).toContain("&lt;script&gt;attacked()");
    expect(html).not.toMatch(/<(script|img|svg)\b/i);
    for (const [tag] of html.replace(/"[^"]*"/g, '""').matchAll(/<[^>]*>/g))
      expect(tag).not.toMatch(/\son\w+\s*=|javascript:/i);
    expect(html.match(/<\/title>/g)).toHaveLength(1);
  }

  it("show names of units and places as texts", () => {
    const units = [{ unit_id: `a${payload}`, name: broken }];
    for (const language of ["nl", "en"] as const) {
      checkPage(signInPage(null, { next: `/${payload}`, language, units }));
      const shell = `<!doctype html><html lang="nl"><head><title>x</title></head><body><div id="app"></div></body></html>`;
      checkPage(signInPage(shell, { next: `/$&$1$\`${payload}`, language, units }));
      expect(deniedPage(null, language, { personas: true })).not.toContain("attacked");
      expect(messagePage(null, language, "signIn.failed")).not.toContain("attacked");
    }
  });

  it("shows somebody their own name and units as texts", async () => {
    const mapping = { name: "sub", groups: "groups", roles: {} };
    const real = await serveFixture({
      signIn: { issuer: "http://127.0.0.1:9", clientId: "kvv", clientSecret: "", mapping },
      address: "http://127.0.0.1:1",
      log: pino({ level: "silent" }),
    });
    const cookie = await real.cookieOf({ name: payload, roles: ["leadership"], units: [payload] });
    for (const lang of ["nl", "en", payload]) {
      const answered = await ask(real, `/sign-in?lang=${encodeURIComponent(lang)}`, { headers: { cookie } });
      expect(answered.headers["content-type"]).toMatch(/^text\/html; charset=utf-8/);
      expect(answered.headers["x-content-type-options"]).toBe("nosniff");
      checkPage(answered.text);
    }
    await real.stop();
  });
});
