import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Database } from "../pipelines/database.ts";
import { openBenchApp } from "./bench-app.ts";
import { median, rateOf } from "./bench-rate.ts";
import { addressOf } from "./listen.ts";

/** A measurement within one run: a ratio, and what it is made of. */
export interface Measurement {
  name: string;
  ratio: number;
  parts: Record<string, number>;
}

export interface BenchOptions {
  /** Of each of the three, in each round. */
  seconds?: number;
  rounds?: number;
  connections?: number;
}

const snapshot = "20260101T000000Z-000000";
const question = "/api/v1/series?indicator=indicator-7&unit=all&grain=half";

/**
 * Answers per second of `/series` (one indicator, all 224 units, 28 half-years, JSON) against the same server answering
 * a constant of the same size. `ratio` is of a server in use, whose answers are kept; `parts` has it also with every
 * answer made anew (`cold_ratio`). Rounds take turns, so that what else the machine does hits all alike.
 */
export async function benchSeries({
  seconds = 1.5,
  rounds = 3,
  connections = 8,
}: BenchOptions = {}): Promise<Measurement> {
  const home = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  try {
    await makeSnapshot(path.join(home, "published"));
    let constant: Buffer = Buffer.alloc(0);
    const { cookie, serve, close } = await openBenchApp(home, (request, response, next) => {
      if (request.path !== "/constant") return next();
      response.setHeader("Content-Type", "application/json; charset=utf-8");
      response.setHeader("Content-Length", constant.length);
      response.end(constant);
    });
    const [warm, cold] = await Promise.all([serve(), serve(0)]);
    constant = Buffer.from(await (await fetch(addressOf(warm) + question, { headers: { cookie } })).arrayBuffer());
    const asked = {
      constant: `${addressOf(warm)}/constant`,
      warm: addressOf(warm) + question,
      cold: addressOf(cold) + question,
    };
    const rates = { constant: [] as number[], warm: [] as number[], cold: [] as number[] };
    for (let round = 0; round < rounds; round++)
      for (const which of ["constant", "warm", "cold"] as const)
        rates[which].push(
          await rateOf({ asked: [{ address: asked[which], headers: { cookie } }], connections, seconds }),
        );
    await close();
    const per = { constant: median(rates.constant), warm: median(rates.warm), cold: median(rates.cold) };
    return {
      name: "/series per second, against a constant of the same size",
      ratio: per.warm / per.constant,
      parts: {
        answer_bytes: constant.length,
        constant_per_second: per.constant,
        warm_per_second: per.warm,
        cold_per_second: per.cold,
        warm_ratio: per.warm / per.constant,
        cold_ratio: per.cold / per.constant,
      },
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function makeSnapshot(published: string): Promise<void> {
  const folder = path.join(published, snapshot);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "series.duckdb");
  const db = await Database.open(file);
  await db.run(readFileSync(path.join(import.meta.dirname, "bench.sql"), "utf8"));
  await db.run("checkpoint");
  db.close();
  const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
  const manifest = { snapshot, published_at: "2026-01-01T00:00:00Z", data_through: "2025-12-31", demo: true, hash };
  writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(path.join(published, "current"), snapshot);
}

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await benchSeries()) + "\n");
