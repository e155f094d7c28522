import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { inWords } from "./faults.ts";

/** What a run is about: a file that was loaded, a source that was fetched, a look at a folder by the schedule or by the watch between its times, or other work. */
export type RunKind = "load" | "fetch" | "look" | "watch" | "other";

/** How a run ended: `refused` is an answer about a file, `failed` is trouble on the way. */
export type RunStatus = "done" | "refused" | "failed";

/** A run as it is recorded. */
export interface Run {
  job: string;
  kind: RunKind;
  started: Date;
  finished: Date;
  status: RunStatus;
  /** Base name. */
  file?: string | null;
  error?: string | null;
  /** How many files it loaded. */
  loads?: number;
  /** What it did besides. */
  counts?: Record<string, number>;
}

/** Records a run, and notes it in the log; numbers go up, whatever the clock does. */
export async function writeRun(
  db: Database,
  run: Run,
  { note }: Pick<Context, "note"> = {},
  error?: unknown,
): Promise<void> {
  note?.(run, error);
  await db.run(
    `insert into runs (run_id, job, started_at, finished_at, status, error, loads, kind, file, counts)
     select coalesce(max(run_id), 0) + 1, $job, $started::timestamp, $finished::timestamp, $status, $error, $loads, $kind, $file, $counts::json from runs`,
    {
      job: run.job,
      kind: run.kind,
      started: utc(run.started),
      finished: utc(run.finished),
      status: run.status,
      error: run.error ?? null,
      loads: run.loads ?? 0,
      file: run.file ?? null,
      counts: run.counts ? JSON.stringify(run.counts) : null,
    },
  );
}

/** Does a piece of work and records it: when, how it ended, how many files it loaded. The error is recorded in words and thrown on. */
export async function recordRun<T extends object>(
  db: Database,
  job: string,
  context: Pick<Context, "now" | "note">,
  work: () => Promise<T>,
  about: { kind?: RunKind; file?: string } = {},
): Promise<T> {
  const { now } = context;
  const run = { job, kind: about.kind ?? "other", file: about.file ?? null, started: now() };
  try {
    const result = await work();
    const loads = "loads" in result && typeof result.loads === "number" ? result.loads : 0;
    const refused = "refused" in result && typeof result.refused === "string" ? result.refused : null;
    const status = refused ? "refused" : "done";
    await writeRun(db, { ...run, finished: now(), status, error: refused, loads }, context);
    return result;
  } catch (error) {
    // Where nothing can be written any more, the first trouble is the one to tell.
    const failed = { ...run, finished: now(), status: "failed" as const, error: inWords(error) };
    await writeRun(db, failed, context, error).catch(() => undefined);
    throw error;
  }
}

/** A moment as the engine's TIMESTAMP text, in UTC. */
export const utc = (moment: Date): string => moment.toISOString().replace("T", " ").replace("Z", "");
