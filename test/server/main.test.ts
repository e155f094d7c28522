import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { makeForce } from "../support/force.ts";
import { runServer, type Run } from "../support/server-process.ts";
import { signIn } from "../support/sign-in.ts";
import { makeSnapshot, temporaryHome } from "../support/snapshot.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function run(args: string[], env: Record<string, string>): Run {
  const started = runServer(args, env);
  cleanups.push(() => started.stop());
  return started;
}

function home(): string {
  const made = temporaryHome();
  cleanups.push(made.remove);
  return made.home;
}

describe("node server/start.cjs serve", () => {
  it("serves what is published, switches when another is, and stops when told", async () => {
    const folder = home();
    await makeSnapshot(folder);
    const served = run(["serve"], { KVV_HOME: folder });
    const [, address] = await served.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const meta = async () =>
      (await (await fetch(`${address}/api/v1/meta`, { headers: { cookie: await signIn(address!) } })).json()) as {
        snapshot: string;
      };
    expect(await meta()).toMatchObject({ snapshot: "20170203T060000Z-0000aa" });
    const page = await fetch(`${address}/`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain('<html lang="nl">');
    await makeSnapshot(folder, { name: "20170204T060000Z-0000ab" });
    await served.says(/new snapshot 20170204T060000Z-0000ab/);
    expect(await meta()).toMatchObject({ snapshot: "20170204T060000Z-0000ab" });
    served.process.kill("SIGTERM");
    expect(await served.exit).toBe(0);
    expect(served.output).not.toMatch(/Error|\bat .*:\d+/);
  }, 60_000);

  it("waits, and is not ready, while nothing is published", async () => {
    const folder = home();
    const served = run(["serve"], { KVV_HOME: folder, PORT: "0", KVV_HOST: "localhost" });
    await served.says(/nothing is published here yet/);
    await makeSnapshot(folder);
    const [, address] = await served.says(/(http:\/\/\S+)/);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  }, 60_000);

  it.each([
    ["another address than this machine's", { KVV_HOST: "0.0.0.0" }, 'KVV_HOST is "0.0.0.0"'],
    [
      "to be overheard",
      { KVV_OIDC_ISSUER: "https://id.example", KVV_OIDC_CLIENT_ID: "kvv", KVV_ADDRESS: "http://kvv.example" },
      "beginning with https://",
    ],
    [
      "to be reached at an address that it does not know",
      { KVV_OIDC_ISSUER: "https://id.example", KVV_OIDC_CLIENT_ID: "kvv", KVV_HOST: "0.0.0.0" },
      "set the address at which people reach the monitor",
    ],
    ["a provider without encryption", { KVV_OIDC_ISSUER: "http://id.example" }, "is reached by https"],
    ["a provider that does not know it", { KVV_OIDC_ISSUER: "https://id.example" }, "KVV_OIDC_CLIENT_ID is not"],
    [
      "to sign in people of whom it does not know what they are",
      { KVV_OIDC_ISSUER: "https://id.example", KVV_OIDC_CLIENT_ID: "kvv", KVV_CONFIG: "/nonexistent" },
      "access.yaml cannot be read: ENOENT",
    ],
    ["a port that there is not", { PORT: "99999" }, "PORT is 99999"],
    ["a port that is no number", { PORT: "web" }, 'setting PORT: "web"'],
  ])("refuses %s", async (_, env, words) => {
    const refused = run(["serve"], { KVV_HOME: home(), ...env });
    expect(await refused.exit).toBe(1);
    expect(refused.output).toContain(words);
    expect(refused.output.trim().split("\n")).toHaveLength(1);
  });

  it("sends people to sign in where there is a provider, and tells when it does not answer", async () => {
    const [folder, config] = [home(), home()];
    await makeSnapshot(folder);
    mkdirSync(path.join(config, "data"), { recursive: true });
    writeFileSync(path.join(config, "data", "access.yaml"), "roles:\n  KVV: { role: control }\n");
    const provider = { KVV_OIDC_ISSUER: "http://127.0.0.1:9", KVV_OIDC_CLIENT_ID: "kvv" };
    const served = run(["serve"], { KVV_HOME: folder, KVV_CONFIG: config, ...provider });
    const [, address] = await served.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const page = await fetch(`${address}/unit/den-haag`, { redirect: "manual", headers: { accept: "text/html" } });
    expect(page.status).toBe(302);
    expect(page.headers.get("location")).toBe("/sign-in?next=%2Funit%2Fden-haag");
    expect((await fetch(`${address}/sign-in`)).status).toBe(503);
    expect((await fetch(`${address}/api/v1/meta`)).status).toBe(401);
  }, 60_000);

  it("says what to do when the port is in use", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => other.close());
    const { port } = other.address() as { port: number };
    const refused = run(["serve"], { KVV_HOME: home(), PORT: String(port) });
    expect(await refused.exit).toBe(1);
    expect(refused.output).toContain(`port ${port} is in use`);
    expect(refused.output).toContain(`PORT=${port + 1}`);
  });

  it("refuses words that it does not know", async () => {
    const refused = run(["fly"], { KVV_HOME: home() });
    expect(await refused.exit).toBe(1);
    expect(refused.output).toContain("usage: node server/start.cjs");
  });
});

describe("node server/start.cjs start", () => {
  it("ends with the pipelines' reason when they cannot begin", async () => {
    const started = run(["start"], { KVV_HOME: home(), KVV_CONFIG: path.join(projectFolder, "test", "nothing-here") });
    expect(await started.exit).toBe(1);
    expect(started.output).toContain("before they ran");
  }, 60_000);
});

describe("kvv schedule and node server/start.cjs serve", () => {
  it("are two processes that take uploads together; a second start in that home ends with the reason", async () => {
    const force = makeForce();
    cleanups.push(() => force.home.remove());
    const { folder } = force.home;
    const units = path.join(folder, "units.csv");
    writeFileSync(units, "unit_id,name,level,valid_from\npolitie,Politie,force,2013-01-01\n");
    const own = { KVV_HOME: folder, KVV_CONFIG: force.config };
    const env = { ...process.env, ...own };
    const kvv = path.join(projectFolder, "pipelines", "kvv.cjs");
    await promisify(execFile)(process.execPath, [kvv, "load", "units", units], { env });
    const served = run(["serve"], own);
    const schedule = spawn(process.execPath, [kvv, "schedule"], { env, stdio: "ignore" });
    cleanups.push(async () => {
      const ended = new Promise((resolve) => schedule.once("exit", resolve));
      schedule.kill("SIGTERM");
      await ended;
    });
    const [, address] = await served.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const form = new FormData();
    const text = "klachtnummer;ontvangen op;eenheid;aspecten\nK-1;15-03-2016;politie;bejegening\n";
    form.append("file", new Blob([text]), "klachten.csv");
    const answer = await fetch(`${address}/api/v1/feeds/complaints/files`, {
      method: "POST",
      body: form,
      headers: { cookie: await signIn(address!) },
    });
    expect(await answer.json()).toMatchObject({ file: "klachten.csv", accepted: 1, publishing: true });
    await served.says(/new snapshot/);
    const second = run(["start"], own);
    expect(await second.exit).toBe(1);
    expect(second.output.trim()).toBe(
      `kvv start: a monitor already runs in ${folder}; stop it first, or name another folder in KVV_HOME`,
    );
  }, 120_000);
});
