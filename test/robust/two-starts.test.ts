import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectOwner, handOver, socketPath } from "../../pipelines/handover.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { faultsOfHome, Place } from "../kill/support.ts";
import { organisation } from "../loading/support.ts";
import { kvv, runInShell } from "./support.ts";
import { inLongRun, long } from "../support/long.ts";
import { freePort } from "../support/free-port.ts";

// Two monitors on one home: one of them runs, the other says so in a line and has touched nothing. And what kill -9 leaves behind.

const rounds = long ? 10 : 1;

const place = new Place(["complaints"]);
afterAll(() => place.remove());

const header = "complaint_id,received_on,unit_id,aspects\n";
const files = {
  units: place.file("units.csv", organisation),
  first: place.file("first.csv", `${header}K-1,2016-01-11,n1,treatment\n`),
  second: place.file("second.csv", `${header}K-2,2016-02-11,n1,treatment\n`),
};

let begun: string;
beforeAll(async () => {
  begun = place.home();
  await place.perform(begun, ["load", "units", files.units], ["load", "complaints", files.first], ["publish"]);
}, 60_000);

interface Monitor {
  child: ChildProcess;
  stdout: string;
  stderr: string;
  exit: Promise<number | null>;
  says(words: RegExp): Promise<RegExpExecArray>;
}

const running = new Set<Monitor>();
afterEach(async () => {
  for (const monitor of running) await end(monitor, "SIGTERM");
});

/** A monitor in a group of processes of its own. */
function start(command: string[], env: Record<string, string>): Monitor {
  const child = spawn(command[0]!, command.slice(1), {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const monitor: Monitor = {
    child,
    stdout: "",
    stderr: "",
    exit: new Promise((resolve) => child.once("close", resolve)),
    async says(words) {
      for (const end = Date.now() + 60_000; Date.now() < end && child.exitCode === null; await after(50)) {
        const found = words.exec(monitor.stdout + monitor.stderr);
        if (found) return found;
      }
      throw new Error(`waited in vain for ${words}; it said:\n${monitor.stdout}${monitor.stderr}`);
    },
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (monitor.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (monitor.stderr += text));
  running.add(monitor);
  return monitor;
}

const schedule = (home: string) => start(kvv("schedule"), place.env(home));
const npmStart = (env: Record<string, string>) =>
  start([process.execPath, path.join(projectFolder, "server", "start.cjs"), "start"], { PORT: "0", ...env });

async function end(monitor: Monitor, signal: NodeJS.Signals): Promise<void> {
  running.delete(monitor);
  // The group only where all of it must go at once; a monitor that is asked to stop tells its own.
  if (signal === "SIGKILL") process.kill(-monitor.child.pid!, signal);
  else monitor.child.kill(signal);
  await monitor.exit;
}

/** Waits for the one of both that ends, and checks what it said. Returns the one that runs. */
async function oneOf(both: [Monitor, Monitor], words: RegExp): Promise<Monitor> {
  const [loser, winner] = await Promise.race([
    both[0].exit.then(() => [both[0], both[1]] as const),
    both[1].exit.then(() => [both[1], both[0]] as const),
  ]);
  running.delete(loser);
  expect(await loser.exit).toBe(1);
  expect(loser.stderr.trim().split("\n")).toEqual([expect.stringMatching(words)]);
  expect(winner.child.exitCode).toBeNull();
  return winner;
}

async function ask(home: string, command: string, ...args: string[]) {
  for (const end = Date.now() + 30_000; Date.now() < end; await after(50)) {
    const socket = await connectOwner(home);
    if (socket) return handOver(socket, { command, arguments: args, cwd: home }, () => undefined);
  }
  throw new Error("nobody answers");
}

/** Of two that start at the same instant it is the pipelines of one that find the home taken. */
const refusal = (home: string, name = "(start|schedule)") =>
  new RegExp(`^kvv ${name}: a monitor already runs in ${home}; stop it first, or name another folder in KVV_HOME$`);

describe("a second monitor on a home", { timeout: long ? 600_000 : 120_000 }, () => {
  it("ends with one line, and has touched nothing of the first", async () => {
    const home = place.home(begun);
    const first = schedule(home);
    await first.says(/the schedule runs/);
    const staged = path.join(home, "staging", "under-way.csv");
    writeFileSync(staged, "of a load that is under way");
    const others = [schedule(home), npmStart(place.env(home)), npmStart({ ...place.env(home), PORT: "1" })];
    for (const [i, other] of others.entries()) {
      expect(await other.exit).toBe(1);
      running.delete(other);
      expect(other.stderr.trim()).toMatch(refusal(home, i === 0 ? "schedule" : "start"));
      expect(other.stdout).toBe("");
    }
    expect(readFileSync(staged, "utf8")).toBe("of a load that is under way");
    expect((await ask(home, "load", "complaints", files.second)).result).toMatchObject({ accepted: 1 });
    await end(first, "SIGTERM");
    expect((await faultsOfHome(place, home)).faults).toEqual([]);
  });

  it(`kvv schedule twice at the same instant, ${rounds} times: one runs`, async () => {
    for (let i = 0; i < rounds; i++) {
      const home = place.home(begun);
      const winner = await oneOf([schedule(home), schedule(home)], refusal(home));
      expect((await ask(home, "load", "complaints", files.second)).result).toMatchObject({ accepted: 1 });
      await end(winner, "SIGTERM");
    }
  });

  inLongRun(
    `npm start twice at the same instant in an empty home, ${rounds} times: one runs, and makes its demo data once`,
    async () => {
      for (let i = 0; i < rounds; i++) {
        const home = place.home();
        const env = { ...place.env(home), KVV_NOW: "2013-03-05T08:00:00Z" };
        const winner = await oneOf([npmStart(env), npmStart(env)], refusal(home));
        const [, address] = await winner.says(/: (http:\/\/127\.0\.0\.1:\d+)/);
        expect((await fetch(`${address}/readyz`)).status).toBe(200);
        const { result } = await ask(home, "status");
        const { runs } = result as { runs: { job: string; status: string }[] };
        expect(runs.filter(({ job }) => job === "demo").map(({ status }) => status)).toEqual(["done"]);
        await end(winner, "SIGTERM");
      }
    },
  );

  it("a monitor whose server is killed while it starts leaves nobody behind", async () => {
    const home = place.home();
    const child = spawn(kvv("schedule")[0]!, kvv("schedule").slice(1), {
      cwd: projectFolder,
      env: { ...process.env, KVV_HOME: home, KVV_NOW: "2017-03-05T08:00:00Z" },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const exit = new Promise((resolve) => child.once("exit", () => resolve("ended")));
    await new Promise((resolve) => child.once("message", resolve));
    child.disconnect();
    expect(await Promise.race([exit, after(10_000)])).toBe("ended");
  });

  inLongRun("npm start twice at the same instant on one port: one runs", async () => {
    for (let i = 0; i < rounds; i++) {
      const home = place.home(begun);
      const env = { ...place.env(home), PORT: String(await freePort()) };
      const words = new RegExp(`${refusal(home).source}|^kvv start: port ${env.PORT} is in use; .*PORT=`);
      const winner = await oneOf([npmStart(env), npmStart(env)], words);
      expect((await ask(home, "status")).exit).toBe(0);
      await end(winner, "SIGTERM");
    }
  });
});

/** What a process has started, by the kernel's own list. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

describe("after kill -9", { timeout: 120_000 }, () => {
  const load = async (home: string) => {
    const command = kvv("load", "complaints", files.second, "--json");
    const { exit, stdout, stderr } = await runInShell('exec "$0" "$@"', command, place.env(home));
    expect(exit, stderr).toBe(0);
    return JSON.parse(stdout) as object;
  };

  inLongRun(
    "of the whole monitor, kvv load works beside the socket that is left, and the next start by itself",
    async () => {
      const home = place.home(begun);
      const first = npmStart(place.env(home));
      await first.says(/the schedule runs/);
      mkdirSync(path.join(home, "staging"), { recursive: true });
      writeFileSync(path.join(home, "staging", "left.csv"), "of a load that was cut off");
      await end(first, "SIGKILL");
      expect(existsSync(socketPath(home))).toBe(true);
      expect(await load(home)).toMatchObject({ accepted: 1 });
      expect(existsSync(path.join(home, "staging", "left.csv"))).toBe(false);
      expect(existsSync(socketPath(home))).toBe(true);
      const next = npmStart(place.env(home));
      await next.says(/the schedule runs/);
      expect((await ask(home, "status")).exit).toBe(0);
    },
  );

  it.skipIf(process.platform !== "linux")(
    "of the pipelines alone, figures stay, kvv load works, and kvv schedule takes their place",
    async () => {
      const home = place.home(begun);
      const monitor = npmStart(place.env(home));
      const [, address] = await monitor.says(/: (http:\/\/127\.0\.0\.1:\d+)/);
      await monitor.says(/the schedule runs/);
      process.kill(childrenOf(monitor.child.pid!)[0]!, "SIGKILL");
      await monitor.says(/the figures stay as published until you start anew/);
      expect(existsSync(socketPath(home))).toBe(true);
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
      expect(await load(home)).toMatchObject({ accepted: 1 });
      const next = schedule(home);
      await next.says(/the schedule runs/);
      expect((await ask(home, "publish")).exit).toBe(0);
      await monitor.says(/new snapshot/);
    },
  );

  it.runIf(long && process.platform === "linux")(
    "of the server alone, a start at once waits until the old pipelines have ended",
    async () => {
      const home = place.home(begun);
      const monitor = npmStart(place.env(home));
      await monitor.says(/the schedule runs/);
      process.kill(monitor.child.pid!, "SIGKILL");
      const next = npmStart(place.env(home));
      await next.says(/the schedule runs/);
      expect((await ask(home, "status")).exit).toBe(0);
    },
  );
});
