import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methodOf, type Route } from "../../../server/route.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, type Answered } from "../ask.ts";
import { bodiesOf, named, parametersOf, questionOf } from "./parameters.ts";

/** What an engine would take for something else than a text, or could not hold. */
const payloads = [
  "'",
  '"',
  "\\",
  "'; drop table series; --",
  "den-haag' or '1'='1",
  "') union select table_name, sql from duckdb_tables() --",
  "' union select * from read_csv('/etc/passwd') --",
  "' || getenv('HOME') || '",
  "/* */ -- #",
  "$unit",
  "$1",
  "{fields}",
  "%",
  "\u0000",
  "den-haag\u0000' or true",
  "’ or ‘1’=‘1",
  "x".repeat(9000),
  "'".repeat(300),
  "1e999",
  "-99999999999999999999",
  "NaN",
  "2016-02-30",
  "__proto__",
  "constructor",
];

/** Bodies have many places, and are checked by the same schemas. */
const inBodies = payloads.filter((payload) =>
  /^'; drop|getenv\('HOME'\) \||\u0000$|^’|^x+$|\{fields\}|__proto__|\$1/.test(payload),
);

/** Words of the engine, and what it could have read for somebody. */
const told = /\b(Parser|Binder|Catalog|Conversion|Constraint|Permission|IO|Internal|Invalid Input|Out of Range|Serialization) Error\b|duckdb|\bLINE \d+:|Candidate (bindings|functions)|root:x?:0/i; // prettier-ignore

let fixture: Fixture;
let before: string;
const state = async () => {
  const of = async (path: string) => (await ask(fixture, `/api/v1${path}`)).headers.etag;
  const rows = (await ask(fixture, "/api/v1/series?indicator=all&unit=all&grain=year")).text;
  return JSON.stringify([await of("/series?indicator=all&unit=all&grain=month"), await of("/units"), rows.length]);
};
beforeAll(async () => {
  fixture = await serveFixture();
  before = await state();
});
afterAll(async () => {
  expect(await state()).toBe(before);
  await fixture.stop();
});

function checkAnswer(what: string, { status, text, headers }: Answered): void {
  const isWell = status < 500 || (status === 503 && text.includes("no pipelines run here"));
  expect([what, isWell ? "well" : `${status} ${text.slice(0, 300)}`]).toEqual([what, "well"]);
  // What was asked stands in what is said of it; what is left must be no word of the engine.
  expect([what, told.exec(text.replaceAll(/read_csv\([^)]*\)|duckdb_tables\(\)/g, ""))?.[0]]).toEqual([
    what,
    undefined,
  ]);
  expect(headers["content-type"] ?? "").not.toContain("html");
}

const bodyOf = (route: Route) => ("body" in route && route.body ? { body: "{}" } : {});
const typeOf = (route: Route): Record<string, string> =>
  "body" in route && route.body
    ? {
        "content-type": route.body.contentType + (route.body.contentType.startsWith("multipart") ? "; boundary=b" : ""),
      }
    : {};

const withParameters = named.filter(([, route]) => parametersOf(route).length > 0);

describe("every parameter of a route, with what an engine would take for something else", () => {
  it.each(withParameters)("%s says what is wrong, and never what the engine says", async (_, route) => {
    for (const { method, name, address } of parametersOf(route))
      for (const payload of payloads) {
        const asked = address(encodeURIComponent(payload));
        const answered = await ask(fixture, asked, { method, headers: typeOf(route), ...bodyOf(route) });
        checkAnswer(`${method} ${name} ${asked.slice(0, 120)}`, answered);
      }
  });

  it.each(withParameters)("%s takes no list, no object and nothing twice", async (_, route) => {
    for (const { method, name, inPath, address } of parametersOf(route).filter((each) => !each.inPath)) {
      const value = `${name}=all`;
      const asked = address("all");
      const others = [`${name}[]=all`, `${name}[0]=all`, `${name}[$ne]=all`, `${name}[a][b]=all`, `${value}&${value}`];
      for (const other of others) {
        const given = asked.replace(value, () => other);
        const answered = await ask(fixture, given, { method, headers: typeOf(route), ...bodyOf(route) });
        checkAnswer(given, answered);
        expect([given, inPath || [400, 406].includes(answered.status)]).toEqual([given, true]);
      }
    }
  });
});

const withBodies = named.filter(([, route]) => bodiesOf(route, "x").length > 0);

describe("every text of a body", () => {
  it.each(withBodies)("%s keeps it as it is, or says what is wrong with it", async (_, route) => {
    const asked = questionOf(route);
    const method = methodOf(route).toUpperCase();
    // Signing in ends the session that comes with it, so nobody's comes.
    const headers = { ...typeOf(route), ...(route.answers === "session" ? { cookie: "" } : {}) };
    for (const payload of inBodies)
      for (const { place, body } of bodiesOf(route, payload)) {
        const answered = await ask(fixture, asked, { method, headers, body: JSON.stringify(body) });
        checkAnswer(`${method} ${asked} ${place} ${payload.slice(0, 40)}`, answered);
      }
  });

  it("is read back letter by letter where it is kept", async () => {
    const headers = { "content-type": "application/json" };
    const kept = payloads.filter((payload) => !payload.includes("\u0000") && payload.length < 500);
    const bodies = kept.map((title) => ({ kind: "action", focus: "inclusion", title, unit_id: "den-haag", status: "running" })); // prettier-ignore
    const made = await ask(fixture, "/api/v1/actions", { method: "POST", headers, body: JSON.stringify(bodies) });
    expect(made.status, made.text).toBe(200);
    const all = JSON.parse((await ask(fixture, "/api/v1/actions")).text) as { title: string }[];
    expect(all.map(({ title }) => title)).toEqual(expect.arrayContaining(kept));
  });
});
