import type { Context } from "./context.ts";
import type { Contract } from "./contracts/contract.ts";
import type { Database } from "./database.ts";
import { nextRunAt, readAttempts } from "./attempts.ts";
import { isDatabase, nameOf, type Job } from "./schedule-file.ts";

export type Freshness = "fresh" | "due" | "overdue";

/** How far a feed has come against its cadence, and what is wrong with what came last. */
export interface FeedState {
  feed: string;
  title_nl: string;
  title_en: string;
  owner: string;
  cadence: string;
  /** Last day of the last month that any load covers; null before the first load. */
  covered_to: string | null;
  last_load_at: string | null;
  freshness: Freshness;
  /** Day by which the next period is expected; null where nothing was loaded yet or nothing is expected. */
  due_on: string | null;
  overdue_on: string | null;
  /** What the newest delivery met; null where all is well. A file that loads ends it. */
  trouble: "refused" | "failed" | null;
  /** The first trouble since the last success. */
  trouble_since: string | null;
  /** The newest words of it. */
  trouble_reason: string | null;
  trouble_file: string | null;
  /** `inbox`, or the host of an address; null without a job. */
  source: string | null;
  next_run_at: string | null;
}

/** The engine's types of a feed's state, in the order of its columns. */
export const feedStateColumns = {
  feed: "VARCHAR",
  title_nl: "VARCHAR",
  title_en: "VARCHAR",
  owner: "VARCHAR",
  cadence: "VARCHAR",
  covered_to: "DATE",
  last_load_at: "TIMESTAMP",
  freshness: "VARCHAR",
  due_on: "DATE",
  overdue_on: "DATE",
  trouble: "VARCHAR",
  trouble_since: "TIMESTAMP",
  trouble_reason: "VARCHAR",
  trouble_file: "VARCHAR",
  source: "VARCHAR",
  next_run_at: "TIMESTAMP",
} satisfies Record<keyof FeedState, string>;

const monthsOf: Record<string, number> = { month: 1, quarter: 3, half: 6, year: 12 };
const day = 24 * 60 * 60 * 1000;

/** Each feed's state at the clock's now. The next period is expected `due_days` after its end, and overdue `overdue_days` after it, or the days that its job says. */
export async function readFreshness(
  db: Database,
  context: Pick<Context, "now" | "settings">,
  contracts: Map<string, Contract>,
  jobs: readonly Job[] = [],
): Promise<FeedState[]> {
  const rows = await db.all<{ feed: string; covered_to: string | null; last_load_at: string | null }>(
    `select l.feed, last_day(max(c.to_month))::date as covered_to, arg_max(l.finished_at, l.load_id)::varchar as last_load_at
     from loads l left join coverage c on c.load_id = l.load_id group by l.feed`,
  );
  const byFeed = new Map(rows.map((row) => [row.feed, row]));
  const troubles = await readTroubles(db);
  const attempts = await readAttempts(db, context.now());
  return [...contracts.values()].map((contract) => {
    const row = byFeed.get(contract.name);
    const job = jobs.find((each) => each.feed === contract.name);
    const next = row?.covered_to ? nextPeriodEnd(row.covered_to, contract.cadence) : null;
    const overdueDays = job?.overdue_after ?? contract.overdue_days;
    const due = next && addDays(next, Math.min(contract.due_days, overdueDays));
    const overdue = next && addDays(next, overdueDays);
    return {
      feed: contract.name,
      title_nl: contract.title.nl,
      title_en: contract.title.en,
      owner: contract.owner,
      cadence: contract.cadence,
      covered_to: row?.covered_to ?? null,
      last_load_at: row?.last_load_at ?? null,
      freshness: stateAt(context.now().toISOString().slice(0, 10), due, overdue),
      due_on: due,
      overdue_on: overdue,
      ...(troubles.get(contract.name) ?? noTrouble),
      source: job ? sourceName(job) : null,
      next_run_at: job ? nextRunAt(job, attempts.get(job.feed), context.now(), context.settings.timeZone) : null,
    };
  });
}

type Trouble = Pick<FeedState, "trouble" | "trouble_since" | "trouble_reason" | "trouble_file">;
const noTrouble: Trouble = { trouble: null, trouble_since: null, trouble_reason: null, trouble_file: null };

/** Refusals and failures of each feed since its last success, as a select. A look that found all in order ends only what looks had met. */
export const lastingTroubles = `
  select * from (
    select job as feed, run_id, status, started_at, error, file, kind in ('look', 'watch') as looks,
      max(run_id) filter (where status = 'done' and kind in ('load', 'fetch')) over (partition by job) as loaded,
      max(run_id) filter (where status = 'done' and kind in ('look', 'watch')) over (partition by job) as looked
    from runs where kind <> 'other'
  ) where status <> 'done' and run_id > coalesce(loaded, 0) and (not looks or run_id > coalesce(looked, 0))`;

async function readTroubles(db: Database): Promise<Map<string, Trouble>> {
  const rows = await db.all<Trouble & { feed: string }>(
    `select feed, max_by(told, run_id).status as trouble, min_by(told, run_id).started_at::varchar as trouble_since,
       max_by(told, run_id).error as trouble_reason, max_by(told, run_id).file as trouble_file
     from (${lastingTroubles}) as told group by feed`,
  );
  return new Map(rows.map(({ feed, ...trouble }) => [feed, trouble]));
}

/** Where a job's files come from, without what may be secret in an address. */
export function sourceName({ source }: Job): string {
  if (source === "inbox") return source;
  return isDatabase(source) ? `${source.engine}: ${nameOf(source)}` : new URL(source.url).host;
}

/** The last day of the first period of the cadence that is not wholly covered; null for a cadence without periods. */
export function nextPeriodEnd(coveredTo: string, cadence: string): string | null {
  const months = monthsOf[cadence];
  if (!months) return null;
  const covered = new Date(`${coveredTo}T00:00:00Z`);
  const monthsCovered = covered.getUTCFullYear() * 12 + covered.getUTCMonth() + 1;
  const end = (Math.floor(monthsCovered / months) + 1) * months;
  return new Date(Date.UTC(Math.floor(end / 12), end % 12, 0)).toISOString().slice(0, 10);
}

function stateAt(today: string, due: string | null, overdue: string | null): Freshness {
  if (overdue && today > overdue) return "overdue";
  return due && today > due ? "due" : "fresh";
}

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
