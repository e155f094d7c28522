import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../pipelines/log.ts";
import { runServer } from "../support/server-process.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { signIn } from "../support/sign-in.ts";
import { makeSnapshot, temporaryHome } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

interface Line {
  level: string;
  id: string;
  method: string;
  route: string;
  status: number;
  ms: number;
  bytes: number;
  err?: { type: string; message: string; stack: string };
}

let fixture: Fixture;
let text = "";
const { home: folder, remove } = temporaryHome();
beforeAll(async () => {
  mkdirSync(path.join(folder, "assets"));
  writeFileSync(path.join(folder, "index.html"), '<!doctype html><html lang="nl"><title>x</title></html>');
  writeFileSync(path.join(folder, "assets", "main-a1.js"), "export const a = 1;\n");
  fixture = await serveFixture({
    ...{ log: createLog("info", { write: (line) => void (text += line) }), pages: { dev: false, folder } },
    extra(request, response, next) {
      if (request.path === "/falls") throw new Error(`could not convert string '${String(request.query.q)}' to INT`);
      if (request.path !== "/breaks") return next();
      response.write("half of it");
      next(new TypeError(`"${String(request.query.q)}" is none`));
    },
  });
});
afterAll(async () => {
  await fixture.stop();
  remove();
});
beforeEach(() => {
  text = "";
});

/** The lines so far, once there are so many: a line is written when its connection is told of. */
async function lines(count: number): Promise<Line[]> {
  for (const end = Date.now() + 5000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 10)))
    if (text.split("\n").length > count) break;
  const found = text.trim().split("\n").map((line) => JSON.parse(line) as Line); // prettier-ignore
  expect(found).toHaveLength(count);
  return found;
}

const json = { "content-type": "application/json" };
const told = ({ level, method, route, status }: Line) => `${level} ${method} ${route} ${status}`;

describe("requestLog(log)", () => {
  it("writes a line for each request: its route by our own names, its status, how long and how much", async () => {
    await ask(fixture, "/api/v1/series?indicator=intake-dual&unit=den-haag&grain=year");
    await ask(fixture, "/api/v1/reviews/den-haag/2016-H2");
    await ask(fixture, "/api/v1/series?indicator=nothing");
    await ask(fixture, "/api/v1/meta", { headers: { cookie: "" } });
    await ask(fixture, "/unit/den-haag?lang=en", { headers: { accept: "text/html" } });
    await ask(fixture, "/assets/main-a1.js");
    await ask(fixture, "/geheim/pad.php");
    const found = await lines(7);
    expect(found.map(told)).toEqual([
      "info GET /api/v1/series 200",
      "info GET /api/v1/reviews/:unit/:half 200",
      "info GET /api/v1/series 404",
      "info GET other 401",
      "info GET /unit/* 200",
      "info GET /assets/* 200",
      "info GET other 404",
    ]);
    for (const line of found) {
      expect(line.ms).toBeGreaterThan(0);
      expect(line.ms).toBeLessThan(60_000);
      expect(line.bytes).toBeGreaterThan(200);
    }
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
  });

  it("counts the bytes that were sent, and names its line in the answer", async () => {
    const answered = await ask(fixture, "/api/v1/units");
    const [line] = await lines(1);
    expect(line!.id).toBe(answered.headers["x-request-id"]);
    expect(line!.bytes - answered.bytes.length).toBeGreaterThan(0);
    expect(line!.bytes - answered.bytes.length).toBeLessThan(2500);
  });

  it("tells of a fault of ours with its trace, also where the answer had begun", async () => {
    expect((await ask(fixture, "/falls?q=1")).text).not.toContain("convert");
    await expect(ask(fixture, "/breaks?q=1")).rejects.toThrow();
    const [falls, breaks] = await lines(2);
    expect(told(falls!)).toBe("error GET other 500");
    expect(falls!.err).toMatchObject({ type: "Error", message: "could not convert string '…' to INT" });
    expect(falls!.err!.stack).toMatch(/at .*request-log\.test\.ts:\d+/);
    expect(breaks).toMatchObject({ level: "error", status: 499, err: { type: "TypeError", message: '"…" is none' } });
  });

  it("has no name, cookie, text or figure that was sent, wherever it stood", async () => {
    const secrets = ["Jansen-Bakker", "Mohammed", "O'Brien", "wangedrag", "82318231", "ap-4471", "geheim-koekje"];
    const [name, first, irish, comment, figure, personnel, cookie] = secrets as [string, ...string[]] as string[];
    const chief = {
      ...json,
      cookie: await fixture.cookieOf({ name: name!, roles: ["leadership"], units: ["den-haag"] }),
    };
    const control = await fixture.cookieOf({ name: first!, roles: ["control"], units: [] });
    const review = "/api/v1/reviews/den-haag/2016-H2";
    const body = (value: unknown) => JSON.stringify(value);
    const texts = (about: string) => body({ texts: [{ indicator_id: null, text: about, version: 0 }] });
    const asked = [
      () => ask(fixture, `/api/v1/series?indicator=intake-dual&unit=${name}&from=${figure}`),
      () => ask(fixture, `/api/v1/reviews/${name}/${figure}`, { headers: chief }),
      () => ask(fixture, `/api/v1/quarantine?feed=${personnel}`, { headers: { cookie: control } }),
      () => ask(fixture, `/api/v1/quarantine?feed=${personnel}`, { headers: chief }),
      () => ask(fixture, `/api/v1/${comment}/${figure}`, { headers: chief }),
      () => ask(fixture, `/${comment}/${name}.pdf?x=${figure}`, { headers: chief }),
      () => ask(fixture, `/unit/${name}?q=${comment}`, { headers: { ...chief, accept: "text/html" } }),
      () => ask(fixture, `/api/v1/meta`, { headers: { cookie: `kvv_session=${cookie}; naam=${name}` } }),
      () => ask(fixture, `/api/v1/meta`, { headers: { "user-agent": name!, referer: `https://x/${comment}`, "x-request-id": irish! } }), // prettier-ignore
      () =>
        ask(fixture, review, { method: "PUT", headers: chief, body: texts(`${comment} van ${irish}, ${figure} keer`) }),
      () => ask(fixture, review, { method: "PUT", headers: chief, body: `{"texts": ${comment} ${name}` }),
      () => ask(fixture, review, { method: "PUT", headers: chief, body: body({ [comment!]: figure, naam: irish }) }),
      () => ask(fixture, "/api/v1/session", { method: "POST", headers: { ...json, cookie: "" }, body: body({ persona: name }) }), // prettier-ignore
      () => ask(fixture, "/api/v1/plan/staffing", { method: "POST", headers: chief, body: body({ unit: name, women: figure }) }), // prettier-ignore
      () => ask(fixture, "/api/v1/plan/reach", { method: "POST", headers: { ...chief, "content-type": comment! }, body: "x" }), // prettier-ignore
      () => ask(fixture, "/api/v1/feeds/complaints/files", { method: "POST", headers: { cookie: control, "content-type": "multipart/form-data; boundary=b" }, body: `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}.csv"\r\n\r\n${personnel};${figure}\r\n--b--` }), // prettier-ignore
      () => ask(fixture, `/falls?q=${encodeURIComponent(`${irish} ${comment}`)}`, { headers: chief }),
      () => ask(fixture, `/breaks?q=${name}`, { headers: chief }).catch(() => undefined),
      () => ask(fixture, "/", { headers: { host: `${comment}.${figure}.nl` } }),
    ];
    const statuses = new Set<number | undefined>();
    for (const each of asked) statuses.add((await each())?.status);
    const found = await lines(asked.length);
    // All ways to end are among them.
    for (const status of [200, 400, 401, 403, 404, 415, 421, 500, 503]) expect(statuses).toContain(status);
    const parts = [...secrets, ...secrets.map(encodeURIComponent), chief.cookie, control];
    for (const part of parts.flatMap((each) => [each, each.toLowerCase()]))
      expect(text.toLowerCase(), part).not.toContain(part.toLowerCase());
    for (const line of found)
      expect(Object.keys(line).filter((key) => !["err", "time", "pid", "msg"].includes(key))).toEqual([
        ...["level", "id", "method", "route", "status", "ms", "bytes"],
      ]);
  });
});

describe("KVV_LOG_LEVEL", () => {
  it.each([
    ["info", 1],
    ["", 0],
  ])("%s: a server logs %i lines for a request that went well", async (level, count) => {
    const { home, remove } = temporaryHome();
    await makeSnapshot(home);
    const served = runServer(["serve"], { KVV_HOME: home, KVV_LOG_LEVEL: level });
    try {
      const [address] = await served.says(/http:\/\/127\.0\.0\.1:\d+/);
      const cookie = await signIn(address);
      expect((await fetch(`${address}/api/v1/units`, { headers: { cookie } })).status).toBe(200);
      expect((await served.stop()).exit).toBe(0);
      const logged = served.output.split("\n").filter((line) => line.startsWith("{"));
      expect(logged.filter((line) => line.includes("/api/v1/units"))).toHaveLength(count);
      if (count === 0) expect(logged).toEqual([]);
    } finally {
      await served.stop();
      remove();
    }
  });

  it("refuses a word that it does not know, with those that it knows", async () => {
    const refused = runServer(["serve"], { KVV_LOG_LEVEL: "loud" });
    expect(await refused.exit).toBe(1);
    expect(refused.output).toContain('setting KVV_LOG_LEVEL: "loud" is none of "error", "warn", "info"');
  });
});
