import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methodOf } from "../../server/route.ts";
import { routes } from "../../server/routes/index.ts";
import { parseExposition } from "../support/exposition.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { temporaryHome } from "../support/snapshot.ts";
import { ask, askJson, askProblem } from "./ask.ts";

let fixture: Fixture;
const { home: folder, remove } = temporaryHome();
const page = '<!doctype html><html lang="nl"><title>pages</title></html>';
beforeAll(async () => {
  mkdirSync(path.join(folder, "dist", "assets"), { recursive: true });
  writeFileSync(path.join(folder, "dist", "index.html"), page);
  writeFileSync(path.join(folder, "dist", "icon.svg"), "<svg/>");
  writeFileSync(path.join(folder, "dist", ".hidden"), "no");
  writeFileSync(path.join(folder, "dist", "assets", "main-a1b2c3.js"), "export const a = 1;\n".repeat(200));
  writeFileSync(path.join(folder, "secret.txt"), "no");
  fixture = await serveFixture({ pages: { dev: false, folder: path.join(folder, "dist") } });
});
afterAll(async () => {
  await fixture.stop();
  remove();
});

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("pages", () => {
  it.each(["/", "/unit/den-haag", "/indicator/intake-dual?grain=year", "/data", "/unit/a%2Fb"])(
    "GET %s brings the page, asked anew each time",
    async (address) => {
      const answered = await ask(fixture, address, { headers: html });
      expect(answered).toMatchObject({ status: 200, text: page });
      expect(answered.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(answered.headers["cache-control"]).toBe("no-cache");
    },
  );

  it("keeps hashed files for a year, others not", async () => {
    const script = await ask(fixture, "/assets/main-a1b2c3.js");
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(script.headers["content-type"]).toMatch(/javascript/);
    const icon = await ask(fixture, "/icon.svg");
    expect(icon.headers["cache-control"]).toBe("no-cache");
    const packed = await ask(fixture, "/assets/main-a1b2c3.js", { headers: { "accept-encoding": "gzip" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
  });

  it("names pages and files by what they are, not by when they came onto the machine", async () => {
    const addresses = ["/", "/icon.svg", "/assets/main-a1b2c3.js"];
    const tags = () =>
      Promise.all(addresses.map(async (address) => (await ask(fixture, address, { headers: html })).headers.etag));
    const before = await tags();
    for (const tag of before) expect(tag).toMatch(/^W\/"[\w.-]+"$/);
    for (const name of ["index.html", "icon.svg", "assets/main-a1b2c3.js"])
      utimesSync(path.join(folder, "dist", name), new Date(), new Date(Date.now() - 5_000_000));
    expect(await tags()).toEqual(before);
    for (const [index, address] of addresses.entries()) {
      const again = await ask(fixture, address, { headers: { ...html, "if-none-match": before[index]! } });
      expect(again.status, address).toBe(304);
    }
    writeFileSync(path.join(folder, "dist", "icon.svg"), "<svg></svg>");
    expect((await tags())[1]).not.toBe(before[1]);
  });

  it.each([
    "/assets/none.js",
    "/.hidden",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/%00.js",
    "/etc/passwd.txt",
  ])("GET %s is no file of theirs", async (address) => {
    const answered = await ask(fixture, address, { headers: html });
    expect([400, 403, 404]).toContain(answered.status);
    expect(answered.headers["content-type"]).toBe("application/problem+json");
  });

  it("are not for those who take no HTML", async () => {
    const problem = await askProblem(fixture, "/unit/den-haag", { headers: { accept: "application/json" } });
    expect(problem.status).toBe(404);
  });
});

describe("headers", () => {
  const policy =
    "default-src 'none';script-src 'self';style-src 'self';style-src-attr 'unsafe-inline';img-src 'self' data:;font-src 'self';connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'";

  it.each(["/", "/api/v1/meta", "/assets/main-a1b2c3.js", "/api/v1/none", "/healthz"])(
    "%s has the strict policy",
    async (address) => {
      const { headers } = await ask(fixture, address, { headers: html });
      expect(headers["content-security-policy"]).toBe(policy);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-powered-by"]).toBeUndefined();
      expect(headers["strict-transport-security"]).toBeUndefined();
    },
  );
});

describe("Host", () => {
  const status = async (host: string) => (await ask(fixture, "/api/v1/meta", { headers: { host } })).status;

  it.each(["localhost", "localhost:3000", "127.0.0.1:81", "[::1]", "[::1]:3000", "LOCALHOST:1"])(
    "%s is this machine",
    async (host) => expect(await status(host)).toBe(200),
  );

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:3000",
    "0.0.0.0",
    "[::2]",
    "localhost:x",
    "user@localhost",
  ])("%s is not", async (host) => {
    const problem = await askProblem(fixture, "/", { headers: { host, ...html } });
    expect(problem.status).toBe(421);
  });
});

describe("methods", () => {
  it.each([...new Set(routes.map((route) => route.path))])("/api/v1%s names its own", async (path) => {
    const route = path.replace(":id", "top61").replace(":feed", "complaints");
    const methods = routes.filter((each) => each.path === path).map(methodOf);
    const allow = methods.flatMap((method) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    for (const method of ["PUT", "PATCH", "DELETE"].filter((each) => !allow.includes(each))) {
      const answered = await ask(fixture, `/api/v1${route}`, { method });
      expect(answered.status).toBe(405);
      expect(answered.headers.allow).toBe([...allow, "OPTIONS"].join(", "));
      expect(answered.headers["content-type"]).toBe("application/problem+json");
    }
    const options = await ask(fixture, `/api/v1${route}`, { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.allow).toContain("OPTIONS");
    expect(options.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("nothing there", () => {
  it.each([
    "/api",
    "/api/v1",
    "/api/v1/",
    "/api/v2/meta",
    "/api/v1/Series",
    "/api/v1/meta/",
    "/api/v1/../../etc/passwd",
  ])("%s is a problem that says where to look", async (address) => {
    const problem = await askProblem(fixture, address, { headers: html });
    expect(problem.status).toBe(404);
    expect(problem.detail).toContain("openapi.json");
  });

  it("survives an address that is no text", async () => {
    expect([200, 400]).toContain((await ask(fixture, "/unit/%E0%A4%A", { headers: html })).status);
    expect(await askProblem(fixture, "/api/%E0%A4%A")).toMatchObject({ status: 404 });
    expect((await ask(fixture, "/healthz")).status).toBe(200);
  });
});

describe("/healthz, /readyz, /metrics", () => {
  it("tell that it lives, what it serves, and how much it did", async () => {
    expect(await ask(fixture, "/healthz")).toMatchObject({ status: 200, text: "alive\n" });
    expect(await ask(fixture, "/readyz")).toMatchObject({ status: 200, text: "serves 20170203T060000Z-0000aa\n" });
    await askJson(fixture, "/units");
    await ask(fixture, "/api/v1/series?indicator=%22x%22%0A");
    const { text, headers } = await ask(fixture, "/metrics");
    expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/kvv_requests_total\{route="\/api\/v1\/units",method="GET",status="200"\} \d+/);
    expect(text).toMatch(/kvv_request_seconds_bucket\{route="\/api\/v1\/units",le="\+Inf"\} \d+/);
    expect(text).toMatch(/kvv_snapshot_age_seconds [\d.]+/);
    expect(text).toContain('kvv_feed_overdue{feed="complaints"} 2');
    expect(parseExposition(text).names).toContain("kvv_requests_total");
  });
});

describe("/metrics", () => {
  it.each(["forwarded", "x-forwarded-for", "via"])(
    "is for programs on this machine: not what came with %s",
    async (name) => {
      expect((await ask(fixture, "/metrics", { headers: { [name]: "192.0.2.1" } })).status).toBe(404);
    },
  );
});

describe("a fault of ours", () => {
  it("is a 500 without its insides, and is logged", async () => {
    const logged: unknown[] = [];
    const log = { info: () => undefined, warn: () => undefined, error: (each: unknown) => logged.push(each) };
    const broken = await serveFixture({ log: log as never });
    await broken.snapshots.close();
    const problem = await askProblem(broken, "/api/v1/units");
    expect(problem).toMatchObject({ status: 500, detail: "the server failed to answer; its log says why" });
    expect(logged).toHaveLength(1);
    await broken.stop().catch(() => undefined);
  });
});
