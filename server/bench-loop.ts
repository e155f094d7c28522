import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { projectFolder } from "../pipelines/settings.ts";
import { createApp } from "./app.ts";
import type { Measurement } from "./bench.ts";
import { Contracts } from "./contracts.ts";
import { addressOf, listen } from "./listen.ts";
import { Operations } from "./operations.ts";
import { Pipelines } from "./pipelines.ts";
import { ownSession } from "./own-session.ts";
import { Snapshots } from "./snapshot.ts";
import { Workspace } from "./workspace/workspace.ts";

const cli = path.join(projectFolder, "pipelines", "kvv.cjs");
/** The longest that the serving process may be deaf. */
const limitMs = 50;

const questions = [
  "/series?indicator=all&unit=all&grain=month",
  "/overview",
  "/feeds",
  "/loads",
  "/runs",
  "/work",
  "/meta",
  "/feeds/complaints",
  "/feeds/complaints/template?format=xlsx&locale=nl",
  "/openapi.json",
];

/**
 * How long the serving process was deaf at most while it served readers, passed on a large upload, and switched to what
 * was published of it; against the limit of 50 ms. Where the system tells for how long a thread had a core, that counts:
 * the time in which others had it says nothing of us. A thread that does nothing tells how long that can be.
 */
export async function benchLoop(rows = 600_000): Promise<Measurement> {
  const home = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  const env = { ...process.env, KVV_HOME: home };
  const units = path.join(projectFolder, "data", "organisation", "units.csv");
  await promisify(execFile)(process.execPath, [cli, "load", "units", units], { env });
  await promisify(execFile)(process.execPath, [cli, "publish"], { env });
  const schedule = spawn(process.execPath, [cli, "schedule"], { env, stdio: "ignore" });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const published = path.join(home, "published");
  const snapshots = await Snapshots.open({ published, threads: 2, timeZone: "Europe/Amsterdam", log, idleMs: 500 });
  const { sessions, cookie } = await ownSession(home, { name: "bench", roles: ["control"], units: [] });
  const operations = new Operations(path.join(home, "operations.duckdb"));
  const pipelines = new Pipelines(home);
  const contracts = new Contracts(path.join(projectFolder, "pipelines", "contracts"));
  const maxFileBytes = 2048 * 1024 * 1024;
  const workspace = new Workspace(path.join(home, "workspace.duckdb"));
  const app = createApp({
    snapshots,
    operations,
    contracts,
    pipelines,
    workspace,
    ...{ sessions, audit: path.join(home, "audit") },
    maxFileBytes,
    limits: null,
    log,
    version: "bench",
  });
  const server = await listen(app as RequestListener, "127.0.0.1", 0);
  const base = `${addressOf(server)}/api/v1`;
  const poll = setInterval(() => void snapshots.refresh(), 1000);
  try {
    await snapshots.refresh();
    while (!(await pipelines.work()).running) await sleep(200);
    let asking = true;
    const ask = async () => {
      let answers = 0;
      for (; asking; answers++) {
        const answer = await fetch(base + questions[answers % questions.length]!, { headers: { cookie } });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
      }
      return answers;
    };
    // Once before: what is compiled at the first question is not what is measured.
    for (const question of questions) await (await fetch(base + question, { headers: { cookie } })).arrayBuffer();
    const before = snapshots.manifest?.snapshot;
    const idle = new Worker(idleThread, { eval: true });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const busy = watchBusy();
    const readers = [ask(), ask()];
    const started = performance.now();
    const sent = await upload(`${base}/feeds/complaints/files`, cookie, rows);
    const seconds = (performance.now() - started) / 1000;
    while (snapshots.manifest?.snapshot === before) await sleep(100);
    await sleep(2000);
    asking = false;
    const answers = (await Promise.all(readers)).reduce((sum, each) => sum + each, 0);
    delay.disable();
    const busyMs = busy();
    const machine = await new Promise<number>((resolve) => {
      idle.once("message", resolve);
      idle.postMessage("end");
    });
    if (sent.accepted !== rows) throw new Error(`of ${rows} rows ${sent.accepted} were accepted`);
    const ms = (nanoseconds: number) => nanoseconds / 1e6;
    return {
      name: "longest time that the serving process was deaf, against 50 ms",
      ratio: (busyMs ?? ms(delay.max)) / limitMs,
      parts: {
        ...(busyMs === null ? {} : { longest_at_work_ms: busyMs }),
        longest_ms: ms(delay.max),
        p99_ms: ms(delay.percentile(99)),
        p999_ms: ms(delay.percentile(99.9)),
        idle_thread_longest_ms: ms(machine),
        rows,
        upload_seconds: seconds,
        answers,
      },
    };
  } finally {
    clearInterval(poll);
    server.close();
    server.closeAllConnections();
    schedule.kill("SIGTERM");
    await new Promise((resolve) => schedule.once("exit", resolve));
    operations.close();
    await snapshots.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The longest that this thread had a core between two turns of its loop, in milliseconds; null where the system does not tell. */
function watchBusy(): () => number | null {
  const hadCore = () => Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]) / 1e6;
  try {
    hadCore();
  } catch {
    return () => null;
  }
  let before = hadCore();
  let longest = 0;
  const watch = setInterval(() => {
    const now = hadCore();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  return () => {
    clearInterval(watch);
    return longest;
  };
}

/** Watches its own loop, in which nothing happens. */
const idleThread = `
  const { monitorEventLoopDelay } = require("node:perf_hooks");
  const { parentPort } = require("node:worker_threads");
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  parentPort.once("message", () => parentPort.postMessage(delay.max));
`;

function upload(address: string, cookie: string, rows: number): Promise<{ accepted: number }> {
  return new Promise((resolve, reject) => {
    const workerData = { address, cookie, rows, unit: "Den Haag" };
    const worker = new Worker(new URL("./bench-upload.mjs", import.meta.url), { workerData, execArgv: [] });
    worker.once("message", ({ body }: { body: { accepted: number } }) => resolve(body));
    worker.once("error", reject);
  });
}

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await benchLoop()) + "\n");
