import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { signIn } from "../support/sign-in.ts";
import { ask } from "./ask.ts";

let fixture: Fixture;
let admin: { cookie: string };
beforeAll(async () => {
  fixture = await serveFixture({ now: () => new Date("2017-02-10T09:00:00Z") });
  admin = { cookie: await fixture.cookieOf({ name: "beheer", roles: ["admin"], units: [] }) };
});
afterAll(() => fixture.stop());

interface Line {
  user: string;
  did: string;
  what: string;
  selection: string;
  status: number;
}
/** What the log has of somebody once no more comes: lines are written after the answer. */
const log = async (user: string): Promise<Line[]> => {
  for (let before = -1; ; await after(60)) {
    const { text } = await ask(fixture, `/api/v1/audit?user=${user}`, { headers: admin });
    const lines = (JSON.parse(text) as Line[]).reverse();
    if (lines.length === before) return lines;
    before = lines.length;
  }
};
const as = async (name: string, role: string, ...units: string[]) => ({
  cookie: await fixture.cookieOf({ name, roles: [role], units }),
});
const json = { "content-type": "application/json" };

describe("the audit log", () => {
  it("tells what somebody looked at, took along, changed and was refused, with the selection and nothing found", async () => {
    const headers = await as("chief", "leadership", "den-haag");
    const get = (route: string) => ask(fixture, `/api/v1${route}`, { headers });
    await get("/meta");
    await get("/series?indicator=intake-dual&unit=den-haag&grain=year&fields=value");
    await get("/series?indicator=intake-dual&unit=den-haag&grain=year&fields=value,sentence");
    await get("/overview?format=csv&locale=nl");
    await get("/series?indicator=nothing");
    await get("/quarantine");
    await get("/reviews/rotterdam/2016-H2");
    await ask(fixture, "/api/v1/reviews/den-haag/2016-H2", {
      method: "PUT",
      headers: { ...headers, ...json },
      body: JSON.stringify({ texts: [{ indicator_id: null, text: "Geheim verhaal", version: 0 }] }),
    });
    await ask(fixture, "/api/v1/reviews/den-haag/2016-H2/sign", { method: "POST", headers: { ...headers, ...json } });
    expect((await log("chief")).map(({ did, what, selection, status }) => [did, what, selection, status])).toEqual([
      ["looked", "GET /series", "/series?indicator=intake-dual&unit=den-haag&grain=year", 200],
      ["exported", "GET /overview", "/overview?format=csv", 200],
      ["refused", "GET /quarantine", "/quarantine", 403],
      ["refused", "GET /reviews/:unit/:half", "/reviews/rotterdam/2016-H2", 403],
      ["changed", "PUT /reviews/:unit/:half", "/reviews/den-haag/2016-H2", 200],
    ]);
    const folder = path.join(fixture.home, "audit");
    for (const name of readdirSync(folder))
      expect(readFileSync(path.join(folder, name), "utf8")).not.toContain("Geheim verhaal");
  });

  it("tells who came and went", async () => {
    const cookie = await signIn(fixture.address, "hrm");
    await ask(fixture, "/api/v1/session", { method: "DELETE", headers: { cookie } });
    expect((await log("hrm")).map(({ did }) => did)).toEqual(["signed_in", "signed_out"]);
  });

  it("is verified by kvv audit-log verify, which finds a changed line", async () => {
    const kvv = path.join(projectFolder, "pipelines", "kvv.cjs");
    const verify = (...more: string[]) =>
      promisify(execFile)(process.execPath, [kvv, "audit-log", "verify", ...more], {
        env: { ...process.env, KVV_HOME: fixture.home },
      });
    expect((await verify()).stdout).toMatch(
      /^as it was written: \d+ lines in 1 files\nlast of 20\d\d-\d\d-[0-9a-f]{12}\.jsonl: [0-9a-f]{64}\n$/,
    );
    const [name] = readdirSync(path.join(fixture.home, "audit"));
    const file = path.join(fixture.home, "audit", name!);
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole.replace('"user":"chief"', '"user":"else"'));
    await expect(verify()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining("was changed") as string });
    writeFileSync(file, whole);
    const kept = path.join(fixture.home, "..", `${path.basename(fixture.home)}-heads.json`);
    writeFileSync(kept, (await verify("--json")).stdout);
    expect((await verify("--heads", kept)).stdout).toMatch(/^as it was written/);
    // Whole in itself, but shorter than it was.
    writeFileSync(file, whole.slice(0, whole.trimEnd().lastIndexOf("\n") + 1));
    expect((await verify()).stdout).toMatch(/^as it was written/);
    await expect(verify("--heads", kept)).rejects.toMatchObject({
      stdout: expect.stringContaining("was cut: the kept list names a line that is gone") as string,
    });
    writeFileSync(file, whole);
    writeFileSync(kept, "[]");
    await expect(verify("--heads", kept)).rejects.toMatchObject({ code: 1 });
    rmSync(kept);
  });
});

describe("where nothing can be written down", () => {
  it("nothing is changed or handed out, and looking goes on", async () => {
    const blocked = await serveFixture({
      log: { info: () => undefined, warn: () => undefined, error: () => undefined } as never,
    });
    rmSync(path.join(blocked.home, "audit"), { recursive: true, force: true });
    // A file in the place of the folder: even root cannot write into that.
    writeFileSync(path.join(blocked.home, "audit"), "");
    const get = (route: string) => ask(blocked, `/api/v1${route}`);
    expect((await get("/overview")).status).toBe(200);
    await expect.poll(async () => (await get("/overview?format=csv")).status).toBe(503);
    const change = { method: "POST", headers: json, body: "[]" };
    expect((await ask(blocked, "/api/v1/actions", change)).status).toBe(503);
    expect((await get("/overview")).status).toBe(200);
    rmSync(path.join(blocked.home, "audit"));
    expect((await get("/overview?format=csv")).status).toBe(200);
    await blocked.stop();
  });
});
