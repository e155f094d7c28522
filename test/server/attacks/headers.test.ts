import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileName } from "../../../server/file-name.ts";
import { placeOf } from "../../../server/routes/session.ts";
import { startProvider, type TestProvider } from "../../support/provider.ts";
import { freePort } from "../../support/free-port.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask } from "../ask.ts";
import { named, parametersOf } from "./parameters.ts";

const injected = "x-injected";
const splits = ["a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\u560d\u560aX-Injected: 1", 'a"; filename="evil.exe'];

/** Ids as a delivery could bring them. */
const units = {
  quoted: 'a"; filename="evil.exe',
  folders: "../../etc/passwd",
  foreign: "eenheid-é-漢字-😀",
  lines: "a\u2028b\u202e",
};

/** One name, in letters that a header can hold, and perhaps as it is meant; nothing after it. */
const disposition =
  /^attachment; filename=("?)[\w .?-]+\.(pdf|xlsx|zip|csv)\1(; filename\*=UTF-8''[\w.%!#$&+^`|~-]+)?$/;

let fixture: Fixture;
beforeAll(async () => {
  const values = Object.values(units).map(
    (id) => `('${id.replaceAll("'", "''")}', 'Naam', 'unit', 'politie', date '2013-01-01', null, [])`,
  );
  fixture = await serveFixture({ besides: [`insert into units values ${values.join(", ")}`] });
});
afterAll(() => fixture.stop());

describe("every parameter of a route, with the end of a line in it", () => {
  const withParameters = named.filter(([, route]) => parametersOf(route).length > 0);

  it.each(withParameters)("%s brings none of it into the headers", async (_, route) => {
    for (const { method, address } of parametersOf(route))
      for (const split of splits)
        for (const written of [encodeURIComponent(split), encodeURIComponent(encodeURIComponent(split))]) {
          const answered = await ask(fixture, address(written), { method });
          expect([address(written), answered.headers[injected], answered.status === 500]).toEqual([
            address(written),
            undefined,
            false,
          ]);
          const name = answered.headers["content-disposition"];
          if (name) expect(name).toMatch(disposition);
        }
  });
});

describe("the name of a file that is handed out", () => {
  it.each(Object.entries(units))("holds nothing that ends it where the id of a unit is %s", async (_, id) => {
    for (const path of [
      `/subjects/discrimination/${encodeURIComponent(id)}/2016/report.xlsx`,
      `/reviews/${encodeURIComponent(id)}/2016-H2/report.xlsx`,
    ]) {
      const { status, headers, text } = await ask(fixture, `/api/v1${path}`);
      expect(status, text).toBe(200);
      expect(headers["content-disposition"]).toMatch(disposition);
      expect(headers["content-disposition"]).not.toContain("..");
    }
  });

  it("is whole in a header, in a folder and in a zip, whatever it is made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const name = fileName(`voortgang-${text}-2016-H2.pdf`);
        expect(name).toMatch(/^[\p{L}\p{N}._-]+\.pdf$/u);
        expect(name).not.toContain("..");
        expect(() => encodeURIComponent(name)).not.toThrow();
      }),
    );
  });
});

/** Ways to say another place as if it were one of ours. */
const elsewhere = [
  "//evil.example",
  "///evil.example",
  "\\\\evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/\u0000/evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https://evil.example",
  "HTTPS://evil.example",
  "http:evil.example",
  "javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,x",
  "evil.example",
  "@evil.example",
  "?next=//evil.example",
  "#//evil.example",
  "//localhost@evil.example",
  "/%0d%0aSet-Cookie:x=1",
  "/a\r\nSet-Cookie: x=1",
  "/a\r\nX-Injected: 1",
  "/\u2028/evil.example",
  "/./\\evil.example",
  "/.\\/evil.example",
  "/é",
  "",
];
const here = "http://monitor.example";

describe("placeOf(next)", () => {
  it.each(elsewhere)("leads nowhere else for %j", (next) => {
    const place = placeOf(next);
    expect(new URL(place, here).origin).toBe(here);
    expect(place).toMatch(/^\/[\x21-\x7e]*$/);
  });

  it("leads nowhere else for anything at all", () => {
    const sign = fc.constantFrom(
      ..."/\\.:@?#%\t\n\r 0;evil".split(""),
      "%2f",
      "%5c",
      "http:",
      "\u0000",
      "//",
      "\u3002",
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
        const place = placeOf(signs.join(""));
        expect(new URL(place, here).origin).toBe(here);
        expect(place).toMatch(/^\/[\x21-\x7e]*$/);
        expect(place.startsWith("//")).toBe(false);
      }),
    );
  });
});

describe("POST /api/v1/session as a form", () => {
  it.each(elsewhere)("goes on within the monitor for next=%j", async (next) => {
    const answered = await ask(fixture, "/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie: "" },
      body: new URLSearchParams({ persona: "hrm", next }).toString(),
    });
    expect(answered.status).toBe(303);
    expect(new URL(answered.headers.location!, here).origin).toBe(here);
    expect(answered.headers[injected]).toBeUndefined();
    expect(answered.headers["set-cookie"]).toHaveLength(1);
  });
});

describe("GET /sign-in?next= at a provider", () => {
  let provider: TestProvider;
  let real: Fixture;
  beforeAll(async () => {
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    provider = await startProvider(address, { alice: ["KVV"] }, () => "alice");
    const mapping = {
      name: "preferred_username",
      groups: "groups",
      roles: { KVV: { role: "control" as const, units: [] } },
    };
    const signIn = { issuer: provider.issuer, clientId: "kvv", clientSecret: "a-secret-of-the-monitor", mapping };
    real = await serveFixture({ port, address, signIn });
  });
  afterAll(async () => {
    await real.stop();
    await provider.stop();
  });

  /** Signs in with cookies kept by host; every address on the way. */
  async function trailOf(first: string): Promise<URL[]> {
    const jars = new Map<string, Map<string, string>>();
    const trail: URL[] = [];
    for (let next: string | null = first; next && trail.length < 12;) {
      const url: URL = new URL(next, trail.at(-1));
      trail.push(url);
      const jar = jars.get(url.host) ?? new Map<string, string>();
      jars.set(url.host, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer: Response = await fetch(url, { redirect: "manual", headers: { cookie, accept: "text/html" } });
      expect(answer.headers.get(injected)).toBeNull();
      for (const each of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!;
        jar.set(name!, value!);
      }
      next = answer.headers.get("location");
    }
    return trail;
  }

  it.each([
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "/\t/evil.example",
    "/a\r\nX-Injected: 1",
    "/unit/x",
  ])("comes back within the monitor for %j", async (next) => {
    const trail = await trailOf(`${real.address}/sign-in?next=${encodeURIComponent(next)}`);
    expect(trail.length).toBeGreaterThan(3);
    for (const { origin } of trail) expect([real.address, provider.issuer]).toContain(origin);
    expect(trail.at(-1)!.origin).toBe(real.address);
  });

  it("takes one place, not a list of them", async () => {
    const answer = await fetch(`${real.address}/sign-in?next=/a&next=//evil.example`, { redirect: "manual" });
    expect(answer.status).toBe(302);
    expect(new URL(answer.headers.get("location")!).origin).toBe(provider.issuer);
  });
});
