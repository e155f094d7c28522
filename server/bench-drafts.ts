import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { randomOf } from "../pipelines/statistics/random.ts";
import type { Measurement } from "./bench.ts";
import { hostileDraft } from "./bench-hostile.ts";
import { startMonitor, whenIdle } from "./bench-monitor.ts";
import { isFailed, percentile, readersAtWork } from "./bench-readers.ts";
import { ownSession } from "./own-session.ts";

/** In all; of these so many that only a limit can stop, each of which takes its seconds. */
const [drafts, endless] = [1000, 12];
const senders = 4;
const readers = 50;
const rampMs = 20_000;
const limitMs = 100;
/** Turned away for a moment: asked again after so many milliseconds. */
const againMs = 200;

/**
 * Readers at work while people send drafts that want files, settings, other tables, or all of the machine. `ratio` is
 * the 99th percentile of the time to answer readers, against 100 ms; `parts` tells what became of the drafts: each is
 * refused with a reason, or stopped by a limit.
 */
export async function benchDrafts(): Promise<Measurement> {
  const monitor = await startMonitor();
  const { address, home } = monitor;
  try {
    // What the start gives the pipelines to do is not what is measured.
    await whenIdle(monitor);
    const began = performance.now();
    const work = readersAtWork(monitor, { readers, rampMs });
    await sleep(rampMs);
    const random = randomOf(19);
    const waiting = Array.from({ length: drafts }, (_, i) =>
      hostileDraft(random, i % Math.floor(drafts / endless) === 0),
    );
    const became: Record<string, number> = { refused: 0, stopped: 0, shown: 0, failed: 0 };
    const sending = Array.from({ length: senders }, async (_, number) => {
      const sender = await ownSession(home, { name: `sender-${number}`, roles: ["control"], units: [] });
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
        became[await send(address, sender.cookie, next)]! += 1;
    });
    await Promise.all(sending);
    const took = (performance.now() - began - rampMs) / 1000;
    const answered = await work.end();
    const counted = answered.filter(({ at }) => at - began > rampMs);
    return {
      name: `99th percentile of the time to answer ${readers} readers beside ${drafts} hostile drafts, against ${limitMs} ms`,
      ratio: percentile(counted, 0.99) / limitMs,
      parts: {
        ...{ drafts, ...became, seconds: took, answers: counted.length, errors: answered.filter(isFailed).length },
        ...{ p50_ms: percentile(counted, 0.5), p99_ms: percentile(counted, 0.99), most_ms: percentile(counted, 1) },
      },
    };
  } finally {
    await monitor.stop();
  }
}

const stops = ["draft-too-slow", "draft-too-large"];

/** What becomes of a draft: refused with a reason, stopped by a limit, shown, or failed. */
async function send(address: string, cookie: string, definition: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${address}/api/v1/preview`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ definition }),
    });
    const problem = (await answer.json()) as { detail?: string; type?: string };
    if (answer.status === 429) await sleep(againMs);
    else if (answer.ok) return "shown";
    else if (![400, 413, 422].includes(answer.status) || !problem.detail) {
      process.stderr.write(`${answer.status} ${problem.detail}: ${definition.split("---*/")[1]!.slice(0, 200)}\n`);
      return "failed";
    } else return stops.some((code) => problem.type?.endsWith(code)) ? "stopped" : "refused";
  }
}

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await benchDrafts()) + "\n");
