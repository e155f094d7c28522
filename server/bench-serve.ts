import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { projectFolder, readSettings } from "../pipelines/settings.ts";
import { randomOf } from "../pipelines/statistics/random.ts";
import type { Measurement } from "./bench.ts";
import { benchMix } from "./bench-mix.ts";
import { Asker, drawVisit, readerOf, type Answered, type Subjects } from "./bench-readers.ts";
import { lastHalf, halfBefore } from "./review/half.ts";
import { ownSession } from "./own-session.ts";

export interface ServeOptions {
  readers?: number;
  /** Of reading, at least: it goes on until all is published. */
  seconds?: number;
  publications?: number;
  /** Complaints of the one large load. */
  rows?: number;
}

/** A reader looks at a page for so many milliseconds. */
const [shortestLook, longestLook] = [5000, 20_000];
/** One visit of so many opens a page anew; the others follow links. */
const opensOneOf = 4;
/** What happens before is not counted: readers come one after another. */
const rampMs = 10_000;
const limitMs = 100;
/** What is not published by then counts as not published. */
const longestMs = 300_000;
const small = 500;
/** Seconds after which the server has made most of what readers ask. */
const warmedUp = 45;

/**
 * Readers at work on the real server, on a copy of the home: roles, pages and questions as in use, while a large file is
 * loaded and new snapshots are published. `ratio` is the 99th percentile of the time to answer against 100 ms; `parts`
 * has errors, the memory of the serving process, and answers per second.
 */
export async function benchServe({
  readers = 200,
  seconds = 60,
  publications = 3,
  rows = 100_000,
}: ServeOptions = {}): Promise<Measurement> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  const home = path.join(root, "home");
  const children: ChildProcess[] = [];
  try {
    copyLatest(readSettings(process.env).home, home);
    const env = { ...process.env, KVV_HOME: home, PORT: "0" };
    const schedule = spawn(process.execPath, [path.join(projectFolder, "pipelines", "kvv.cjs"), "schedule"], {
      env,
      stdio: "ignore",
    });
    const serve = spawn(process.execPath, [path.join(projectFolder, "server", "start.cjs"), "serve"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(schedule, serve);
    const address = await addressOf(serve);
    const { cookie } = await ownSession(home, { name: "bench", roles: ["control"], units: [] });
    const hr = await ownSession(home, { name: "bench-hrm", roles: ["hrm"], units: [] });
    const subjects = await subjectsOf(address, cookie, hr.cookie);
    const memory = watchMemory(serve.pid!);
    const fed = { accepted: 0, published: 0 };
    const feeding = feedIn({ address, cookie, rows, publications, fed });
    let reading = true;
    const random = randomOf(7);
    const began = performance.now();
    const all = Array.from({ length: readers }, async (_, number) => {
      const { user, unit } = readerOf(number, subjects);
      const asker = new Asker(address, (await ownSession(home, user)).cookie);
      await sleep((number / readers) * rampMs);
      for (let visit = 0; reading; visit++) {
        await asker.visit(drawVisit(random, { user, unit }, subjects, visit % opensOneOf === 0));
        await sleep(random.whole(shortestLook, longestLook));
      }
      asker.close();
      return asker.answered;
    });
    await Promise.all([
      sleep(rampMs + seconds * 1000),
      Promise.race([feeding, sleep(longestMs, null, { ref: false })]),
    ]);
    reading = false;
    const answered = (await Promise.all(all)).flat();
    const took = (performance.now() - began) / 1000;
    const counted = answered.filter(({ at }) => at - began > rampMs);
    const resident = memory();
    const mix = await benchMix({ address, home }, { readers, subjects });
    const failed = answered.filter(({ status }) => !wellAnswered.includes(status));
    for (const { path: asked, status } of failed.slice(0, 5)) process.stderr.write(`${status} ${asked}\n`);
    const pages = counted.filter(isPage);
    const questions = counted.filter((each) => !isPage(each));
    return {
      name: `99th percentile of the time to answer ${readers} readers, against ${limitMs} ms`,
      ratio: percentile(counted, 0.99) / limitMs,
      parts: {
        ...{ errors: failed.length, answers: counted.length, per_second: counted.length / (took - rampMs / 1000) },
        ...{ p50_ms: percentile(counted, 0.5), p99_ms: percentile(counted, 0.99), p999_ms: percentile(counted, 0.999) },
        ...{ page_p99_ms: percentile(pages, 0.99), question_p99_ms: percentile(questions, 0.99), pages: pages.length },
        ...{ ...mix, mix_ratio: mix.mix_per_second / mix.constant_per_second },
        ...{ seconds: took, published: fed.published, loaded_rows: fed.accepted },
        ...{ memory_mb: resident.early, memory_end_mb: resident.late, memory_most_mb: resident.most },
      },
    };
  } finally {
    for (const child of children) child.kill("SIGTERM");
    await Promise.all(children.map((child) => child.exitCode ?? new Promise((resolve) => child.once("exit", resolve))));
    rmSync(root, { recursive: true, force: true });
  }
}

const isPage = ({ path: asked }: Answered): boolean => !/^\/(api|drawings)\//.test(asked);
/** Also where a reader has what is asked, and where the browser draws a chart by itself. */
const wellAnswered = [200, 204, 304];

/** Nearest rank, in milliseconds. */
function percentile(answered: readonly Answered[], share: number): number {
  const sorted = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** The home with its last snapshot only. */
function copyLatest(from: string, to: string): void {
  const pointer = path.join(from, "published", "current");
  if (!existsSync(pointer))
    throw new Error(`nothing is published in ${from}; run npm start first, or name another home in KVV_HOME`);
  const current = readFileSync(pointer, "utf8").trim();
  mkdirSync(to, { mode: 0o700 });
  // Without demo.json: the schedule adds nothing of its own to what it has.
  for (const name of ["archive", "proofs", "id.key", "operations.duckdb", "warehouse.duckdb"])
    if (existsSync(path.join(from, name))) cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  for (const name of ["current", "made-from", current])
    if (existsSync(path.join(from, "published", name)))
      cpSync(path.join(from, "published", name), path.join(to, "published", name), { recursive: true });
}

function addressOf(serve: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    serve.stdout!.on("data", (piece: Buffer) => {
      said += piece.toString();
      const found = /http:\/\/\S+:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    serve.once("exit", (code) => reject(new Error(`the server ended with ${code} and said: ${said}`)));
  });
}

async function subjectsOf(address: string, ofAll: string, ofHr: string): Promise<Subjects> {
  const get = async <T>(route: string, cookie = ofAll) =>
    (await (await fetch(`${address}/api/v1${route}`, { headers: { cookie } })).json()) as T;
  const units = await get<{ unit_id: string; level: string; valid_to: string | null }[]>("/units");
  const indicators = async (cookie: string) =>
    (await get<{ indicator_id: string }[]>("/indicators", cookie)).map((each) => each.indicator_id);
  const { data_through } = await get<{ data_through: string }>("/meta");
  const now = (level: string) =>
    units.filter((unit) => unit.level === level && unit.valid_to === null).map(({ unit_id }) => unit_id);
  const half = lastHalf(data_through);
  return {
    ...{ force: now("force")[0]!, units: now("unit"), indicators: await indicators(ofAll) },
    hrIndicators: await indicators(ofHr),
    ...{ half: half.half, halfBefore: halfBefore(half).half },
  };
}

/** One large file and some small ones, each of which is published; told in `fed` as it goes. */
async function feedIn({
  address,
  cookie,
  rows,
  publications,
  fed,
}: {
  address: string;
  cookie: string;
  rows: number;
  publications: number;
  fed: { accepted: number; published: number };
}): Promise<void> {
  await sleep(rampMs);
  const shown = async () => {
    const answer = await fetch(`${address}/api/v1/meta`, { headers: { cookie } });
    return ((await answer.json()) as { snapshot: string }).snapshot;
  };
  for (; fed.published < publications; fed.published += 1) {
    const before = await shown();
    const prefix = `bench-${fed.published}`;
    fed.accepted += await upload({ address, cookie, rows: fed.published === 0 ? rows : small, prefix });
    const end = performance.now() + longestMs;
    while ((await shown()) === before) {
      if (performance.now() > end) return;
      await sleep(250);
    }
  }
}

function upload({
  address,
  ...sent
}: {
  address: string;
  cookie: string;
  rows: number;
  prefix: string;
}): Promise<number> {
  return new Promise((resolve, reject) => {
    const workerData = { ...sent, address: `${address}/api/v1/feeds/complaints/files`, unit: "Den Haag" };
    const worker = new Worker(new URL("./bench-upload.mjs", import.meta.url), { workerData, execArgv: [] });
    worker.once("message", ({ status, body }: { status: number; body: { accepted: number } }) =>
      status === 200 ? resolve(body.accepted) : reject(new Error(`the upload was answered with ${status}`)),
    );
    worker.once("error", reject);
  });
}

/** Megabytes that a process holds: when it has what readers ask most, at the end, and at most. */
function watchMemory(pid: number): () => { early: number; late: number; most: number } {
  const found: number[] = [];
  const look = () => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes) found.push(Number(kilobytes) / 1024);
  };
  const watch = setInterval(look, 1000);
  const middle = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return () => {
    clearInterval(watch);
    return {
      early: middle(found.slice(warmedUp, warmedUp + 10)),
      late: middle(found.slice(-10)),
      most: Math.max(...found),
    };
  };
}

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await benchServe()) + "\n");
