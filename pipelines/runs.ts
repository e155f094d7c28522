import type { Database } from "./database.ts";

/** Does a piece of work and records it: when, how it ended, how many files it loaded. The error is recorded in its first line and thrown on. */
export async function recordRun<T extends object>(
  db: Database,
  job: string,
  now: () => Date,
  work: () => Promise<T>,
): Promise<T> {
  const started = now();
  const record = (status: string, error: string | null, loads: number) =>
    db.run(
      `insert into runs (run_id, job, started_at, finished_at, status, error, loads)
       select coalesce(max(run_id), 0) + 1, $job, $started::timestamp, $finished::timestamp, $status, $error, $loads from runs`,
      { job, started: utc(started), finished: utc(now()), status, error, loads },
    );
  try {
    const result = await work();
    await record("done", null, "loads" in result && typeof result.loads === "number" ? result.loads : 0);
    return result;
  } catch (error) {
    await record("failed", (error as Error).message.split("\n")[0] ?? null, 0);
    throw error;
  }
}

/** A moment as the engine's TIMESTAMP text, in UTC. */
export const utc = (moment: Date): string => moment.toISOString().replace("T", " ").replace("Z", "");
