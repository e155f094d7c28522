import { execFile, spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDemo } from "../pipelines/demo/demo.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { makeForce } from "./support/force.ts";
import { inLongRun, long } from "./support/long.ts";
import { signIn } from "./support/sign-in.ts";

// A clock in 2014: the demo then has 13 months, so that a first start takes seconds.
const now = "2014-02-02T08:00:00Z";
const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-start-"));
const home = path.join(folder, "home");
// The whole catalogue in the long run; else some of it, protected figures among them.
const force = makeForce({}, ["complaints", "intake-dual", "outflow", "use-of-force"]);
const config: Record<string, string> = long ? {} : { KVV_CONFIG: force.config };
const env = { ...process.env, ...config, KVV_HOME: home, KVV_NOW: now, PORT: "0", KVV_INBOX_SECONDS: "0.3" };

interface Monitor {
  process: ChildProcess;
  address: string;
  output(): string;
}

/** `npm start` without npm; ready when it prints its address. */
function start(changes: Record<string, string> = {}): Promise<Monitor> {
  const child = spawn(process.execPath, [path.join(projectFolder, "server", "start.cjs"), "start"], {
    env: { ...env, ...changes },
  });
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address) resolve({ process: child, address, output: () => output });
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
}

async function stop({ process: child }: Monitor): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  child.kill("SIGINT");
  return ended;
}

/** A command of `kvv`: its JSON and its exit code. */
async function kvv(...args: string[]): Promise<{ exit: number; json: Record<string, unknown> }> {
  const call = promisify(execFile)(
    process.execPath,
    [path.join(projectFolder, "pipelines", "kvv.cjs"), ...args, "--json"],
    { env },
  );
  try {
    return { exit: 0, json: JSON.parse((await call).stdout) as Record<string, unknown> };
  } catch (error) {
    const failed = error as { code: number; stdout: string };
    return { exit: failed.code, json: JSON.parse(failed.stdout) as Record<string, unknown> };
  }
}

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 80_000;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`waited 80 s for ${what}`);
}

let monitor: Monitor;
beforeAll(async () => {
  monitor = await start();
}, 180_000);
afterAll(async () => {
  monitor.process.removeAllListeners("exit");
  if (monitor.process.exitCode === null) await stop(monitor);
  rmSync(folder, { recursive: true, force: true });
  await force.home.remove();
}, 30_000);

const get = async <T>(route: string) =>
  (
    await fetch(`${monitor.address}/api/v1${route}`, { headers: { cookie: await signIn(monitor.address) } })
  ).json() as Promise<T>;
const complaints = async (unit: string) =>
  (
    await get<{ value: number }[]>(
      `/series?indicator=complaints&unit=${unit}&grain=month&from=2014-01-01&to=2014-01-31`,
    )
  )[0]?.value;

/** Waits until nothing waits for its proof any more, nor for its turn: until then some figures are not shown, and new snapshots come. */
const settled = () =>
  until("the proofs", async () => {
    const { task, waiting } = await get<{ task: object | null; waiting: number }>("/work");
    // The server looks for a new snapshot once a second.
    const { snapshot } = await get<{ snapshot: string }>("/meta");
    const last = readFileSync(path.join(home, "published", "current"), "utf8").trim();
    const rows = await get<{ unproven: number }[]>("/disclosure");
    return task === null && waiting === 0 && snapshot === last && rows.every(({ unproven }) => unproven === 0);
  });

describe("npm start", () => {
  it("makes demo data for an empty home, marks them, and serves figures with their sentence", async () => {
    const meta = await get<{ demo: boolean; data_through: string }>("/meta");
    expect(meta).toMatchObject({ demo: true, data_through: "2014-01-31" });
    const rows = await get<{ value: number; sentence_nl: string }[]>(
      "/series?indicator=intake-dual&unit=politie&grain=year&from=2013-01-01&to=2013-12-31&fields=sentence",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.value).toBeCloseTo(0.102, 2);
    expect(rows[0]!.sentence_nl).toMatch(/^In 2013 had 10,2% van de instroom/);
  });

  it("quarantines exactly the faults that the demo has", async () => {
    const files = await writeDemo(path.join(folder, "demo"), { seed: 2016, through: "2014-01", config: projectFolder });
    const expected: Record<string, number> = {};
    for (const { feed, faults } of files)
      for (const [reason, count] of Object.entries(faults))
        expected[`${feed} ${reason}`] = (expected[`${feed} ${reason}`] ?? 0) + count;
    const found: Record<string, number> = {};
    const { json } = await kvv("quarantine");
    for (const { feed, reason } of json.rows as { feed: string; reason: string }[])
      found[`${feed} ${reason}`] = (found[`${feed} ${reason}`] ?? 0) + 1;
    expect(found).toEqual(expected);
    expect(Object.keys(found).length).toBeGreaterThan(3);
  });

  it("loads a file that is dropped in the inbox, and shows it", async () => {
    const before = await complaints("den-haag-centrum-hoefkade");
    const file = path.join(folder, "klachten.csv");
    writeFileSync(
      file,
      "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\nI-1;03-01-2014;den-haag-centrum-hoefkade;bejegening\nI-2;04-01-2014;Hoefkade;geweld\n",
    );
    copyFileSync(file, path.join(home, "inbox", "complaints", ".klachten.part"));
    renameSync(
      path.join(home, "inbox", "complaints", ".klachten.part"),
      path.join(home, "inbox", "complaints", "klachten.csv"),
    );
    await until("the figure", async () => (await complaints("den-haag-centrum-hoefkade")) === before! + 2);
    const [restated] = await get<{ old_value: number; new_value: number; unit_id: string }[]>("/restatements");
    expect(restated!.new_value - restated!.old_value).toBeGreaterThan(0);
  }, 120_000);

  it("puts a file that it refuses aside with the reason, and changes nothing", async () => {
    const before = await complaints("den-haag");
    writeFileSync(path.join(home, "inbox", "complaints", "fout.csv"), "Klachtnummer;Eenheid\nI-3;den-haag\n");
    const reason = await until("the refusal", async () => {
      try {
        return readFileSync(path.join(home, "inbox", "complaints", "refused", "fout.csv.reason.txt"), "utf8");
      } catch {
        return undefined;
      }
    });
    expect(reason).toContain("received_on");
    expect(await complaints("den-haag")).toBe(before);
  }, 120_000);

  it("takes kvv load beside it, and the same bytes again change nothing", async () => {
    const file = path.join(folder, "more.csv");
    writeFileSync(
      file,
      "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\nI-4;03-01-2014;rotterdam-stad-centrum;overig\nI-5;04-01-2014;rotterdam-stad-centrum;overig\n",
    );
    const first = await kvv("load", "complaints", file);
    expect(first).toMatchObject({ exit: 0, json: { read: 2, accepted: 2, quarantined: 0, unchanged: false } });
    const second = await kvv("load", "complaints", file);
    expect(second).toMatchObject({ exit: 0, json: { unchanged: true } });
    const published = await kvv("publish");
    expect(published.exit).toBe(0);
    await until(
      "the new snapshot",
      async () => (await get<{ snapshot: string }>("/meta")).snapshot === published.json.snapshot,
    );
  }, 120_000);

  it("refuses a second monitor in the same home, with the reason", async () => {
    await expect(kvv("schedule")).resolves.toMatchObject({
      exit: 1,
      json: { failed: expect.stringContaining("already runs") },
    });
  });

  it("stops when asked, and starts again at once with what it had", async () => {
    await settled();
    const before = await get<{ snapshot: string }>("/meta");
    monitor.process.removeAllListeners("exit");
    expect(await stop(monitor)).toBe(0);
    monitor = await start();
    expect(await get("/meta")).toEqual(before);
    expect(monitor.output()).not.toContain("making demo data");
  }, 120_000);

  inLongRun(
    "brings its demo data up to date a month later, and keeps what was loaded besides",
    async () => {
      const before = await complaints("den-haag-centrum-hoefkade");
      monitor.process.removeAllListeners("exit");
      await stop(monitor);
      monitor = await start({ KVV_NOW: "2014-03-02T08:00:00Z" });
      await until(
        "the month",
        async () => (await get<{ data_through: string }>("/meta")).data_through === "2014-02-28",
      );
      expect(await complaints("den-haag-centrum-hoefkade")).toBe(before);
    },
    120_000,
  );
});
