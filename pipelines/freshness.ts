import type { Context } from "./context.ts";
import type { Contract } from "./contracts/contract.ts";
import type { Database } from "./database.ts";

export type Freshness = "fresh" | "due" | "overdue";

/** How far a feed has come against its cadence. */
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
}

const monthsOf: Record<string, number> = { month: 1, quarter: 3, half: 6, year: 12 };
const day = 24 * 60 * 60 * 1000;

/** Each feed's state at the clock's now. The next period is expected `due_days` after its end, and overdue `overdue_days` after it. */
export async function readFreshness(
  db: Database,
  context: Pick<Context, "now">,
  contracts: Map<string, Contract>,
): Promise<FeedState[]> {
  const rows = await db.all<{ feed: string; covered_to: string | null; last_load_at: string | null }>(
    `select l.feed, last_day(max(c.to_month))::date as covered_to, max(l.finished_at)::varchar as last_load_at
     from loads l left join coverage c on c.load_id = l.load_id group by l.feed`,
  );
  const byFeed = new Map(rows.map((row) => [row.feed, row]));
  return [...contracts.values()].map((contract) => {
    const row = byFeed.get(contract.name);
    const next = row?.covered_to ? nextPeriodEnd(row.covered_to, contract.cadence) : null;
    const due = next && addDays(next, contract.due_days);
    const overdue = next && addDays(next, contract.overdue_days);
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
    };
  });
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
