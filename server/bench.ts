import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { RequestHandler } from "express";
import { Database } from "../pipelines/database.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { createApp } from "./app.ts";
import { Contracts } from "./contracts.ts";
import { addressOf, listen } from "./listen.ts";
import { Operations } from "./operations.ts";
import { Pipelines } from "./pipelines.ts";
import { ownSession } from "./own-session.ts";
import { Snapshots } from "./snapshot.ts";
import { Workspace } from "./workspace/workspace.ts";

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
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const snapshots = await Snapshots.open({
      published: path.join(home, "published"),
      threads: 2,
      timeZone: "Europe/Amsterdam",
      log,
    });
    await snapshots.refresh();
    const { sessions, cookie } = await ownSession(home, { name: "bench", roles: ["control"], units: [] });
    const operations = new Operations(path.join(home, "operations.duckdb"));
    let constant: Buffer = Buffer.alloc(0);
    const extra: RequestHandler = (request, response, next) => {
      if (request.path !== "/constant") return next();
      response.setHeader("Content-Type", "application/json; charset=utf-8");
      response.setHeader("Content-Length", constant.length);
      response.end(constant);
    };
    const serve = (cacheBytes?: number) => {
      const app = createApp({
        snapshots,
        operations,
        contracts: new Contracts(path.join(projectFolder, "pipelines", "contracts")),
        pipelines: new Pipelines(home),
        workspace: new Workspace(path.join(home, "workspace.duckdb")),
        ...{ sessions, audit: path.join(home, "audit") },
        maxFileBytes: 64 * 1024 * 1024,
        limits: null,
        log,
        version: "bench",
        extra,
        ...(cacheBytes === 0 ? { cacheBytes } : {}),
      });
      return listen(app as RequestListener, "127.0.0.1", 0);
    };
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
        rates[which].push(await rateOf({ address: asked[which], cookie, connections, seconds }));
    for (const server of [warm, cold]) server.close();
    operations.close();
    await snapshots.close();
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

function rateOf(workerData: {
  address: string;
  cookie: string;
  connections: number;
  seconds: number;
}): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./bench-client.mjs", import.meta.url), { workerData, execArgv: [] });
    worker.once("message", ({ perSecond }: { perSecond: number }) => resolve(perSecond));
    worker.once("error", reject);
  });
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

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
