import type { Database } from "./database.ts";
import { isDue, nextDue, retryAfter, type Attempts } from "./due.ts";
import { utc } from "./runs.ts";
import type { Job } from "./schedule-file.ts";

export const never: Attempts = { last: null, succeeded: null };

/** When each job was tried, and when it last came to an end. What lies in the future was recorded before the clock was set back: it has no say. */
export async function readAttempts(db: Database, now: Date): Promise<Map<string, Attempts>> {
  const rows = await db.all<{ job: string; last: string | null; succeeded: string | null }>(
    `select job, max_by(started_at, run_id) as last,
       max_by(started_at, run_id) filter (where status <> 'failed') as succeeded
     from runs where kind in ('look', 'fetch') and started_at <= $now::timestamp group by job`,
    { now: utc(now) },
  );
  const date = (text: string | null) => (text === null ? null : new Date(text));
  return new Map(rows.map((row) => [row.job, { last: date(row.last), succeeded: date(row.succeeded) }]));
}

/** The jobs that must run now, `units` before all others, since the rest is checked against it. */
export function dueJobs(jobs: readonly Job[], attempts: Map<string, Attempts>, now: Date, timeZone: string): Job[] {
  return jobs
    .filter((job) => isDue(job.cron, job.time_zone ?? timeZone, attempts.get(job.feed) ?? never, now))
    .sort((a, b) => Number(b.feed === "units") - Number(a.feed === "units"));
}

/** When the job runs next: at its next time, or an hour after it failed. */
export function nextRunAt(job: Job, attempts: Attempts = never, now: Date, timeZone: string): string | null {
  const zone = job.time_zone ?? timeZone;
  const next = nextDue(job.cron, zone, now);
  const { last, succeeded } = attempts;
  const failed = last !== null && (succeeded === null || succeeded < last);
  const again = failed ? new Date(last.getTime() + retryAfter) : null;
  const first = [next, again].filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime())[0];
  return first ? first.toISOString() : null;
}
