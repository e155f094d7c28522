import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Measurement } from "./bench.ts";
import { benchMix } from "./bench-mix.ts";
import { startMonitor, watchMemory, whenAtRest, whenIdle } from "./bench-monitor.ts";
import { isFailed, percentile, readersAtWork, type Answered } from "./bench-readers.ts";

export interface ServeOptions {
  readers?: number;
  /** Of reading, at least: it goes on until all is published. */
  seconds?: number;
  publications?: number;
  /** Complaints of the one large load. */
  rows?: number;
}

/** What happens before is not counted: readers come one after another, as fast as pages are opened later on. */
const rampMs = 50_000;
const limitMs = 100;
/** What is not published by then counts as not published. */
const longestMs = 300_000;
const small = 500;
const pollMs = 250;

/**
 * Readers at work on the real server, on a copy of the home: roles, pages and questions as in use, while a large file is
 * loaded and new snapshots are published. `ratio` is the 99th percentile of the time to answer against 100 ms; `parts`
 * has errors, answers per second, and the memory of the serving process: before anything is published, after the first
 * snapshot (two are open then), at the end, and at most.
 */
export async function benchServe({
  readers = 200,
  seconds = 60,
  publications = 3,
  rows = 100_000,
}: ServeOptions = {}): Promise<Measurement> {
  const monitor = await startMonitor();
  const { address, home, subjects, cookie } = monitor;
  try {
    const memory = watchMemory(monitor.pid);
    const fed = { accepted: 0, published: 0 };
    const feeding = feedIn({ address, cookie, rows, publications, fed, onFirst: () => memory.mark() });
    const began = performance.now();
    const work = readersAtWork(monitor, { readers, rampMs });
    await Promise.all([
      sleep(rampMs + seconds * 1000),
      Promise.race([feeding, sleep(longestMs, null, { ref: false })]),
    ]);
    const answered = await work.end();
    const took = (performance.now() - began) / 1000;
    const counted = answered.filter(({ at }) => at - began > rampMs);
    const resident = memory.end();
    // Answers that are kept are not made anew from here on.
    await whenIdle(monitor);
    await whenAtRest(monitor);
    const mix = await benchMix({ address, home }, { readers, subjects });
    const failed = answered.filter(isFailed);
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
        ...{ memory_mb: resident.early, memory_first_mb: resident.marked },
        ...{ memory_end_mb: resident.late, memory_most_mb: resident.most },
      },
    };
  } finally {
    await monitor.stop();
  }
}

const isPage = ({ path: asked }: Answered): boolean => !/^\/(api|drawings)\//.test(asked);

/** One large file and some small ones, each of which is published; told in `fed` as it goes. */
async function feedIn({
  address,
  cookie,
  rows,
  publications,
  fed,
  onFirst,
}: {
  address: string;
  cookie: string;
  rows: number;
  publications: number;
  fed: { accepted: number; published: number };
  /** The first of them is served. */
  onFirst(): void;
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
      await sleep(pollMs);
    }
    if (fed.published === 0) onFirst();
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

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(await benchServe()) + "\n");
