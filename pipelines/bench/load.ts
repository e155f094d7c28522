import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Context } from "../context.ts";
import { Database, literal } from "../database.ts";
import type { Loaded, Once } from "./load-once.ts";
import { best, runApart, type BenchResult } from "./measure.ts";

const rounds = 3;

/** A file whose checked load is measured: its rows as a select over `range`, and the types that its columns have. */
interface Subject {
  feed: string;
  rows: number;
  what: string;
  select: string;
  columns: Record<string, string>;
}

// One row in a thousand has a unit that nobody knows, another was closed before it came.
const complaints: Subject = {
  feed: "complaints",
  rows: 2_000_000,
  what: "2,000,000 complaints",
  select: `'K-' || i as complaint_id,
    date '2012-01-01' + (i * 7919 % 4400)::int as received_on,
    if(i % 1000 = 7, 'nowhere', 'team-' || i * 31 % 250) as unit_id,
    case i % 6 when 0 then 'treatment|force' when 1 then 'discrimination' when 2 then 'service' when 3 then 'attitude'
      when 4 then 'treatment' else 'other' end as aspects,
    if(i % 9 = 0, 'internal', 'citizen') as origin,
    case i % 4 when 0 then 'committee' else 'mediation' end as route,
    case i % 5 when 0 then 'founded' when 1 then 'unfounded' when 2 then 'withdrawn' else 'settled' end as outcome,
    date '2012-01-01' + (i * 7919 % 4400)::int + if(i % 1000 = 8, -3, i % 90)::int as closed_on`,
  columns: {
    complaint_id: "VARCHAR",
    received_on: "DATE",
    unit_id: "VARCHAR",
    aspects: "VARCHAR",
    origin: "VARCHAR",
    route: "VARCHAR",
    outcome: "VARCHAR",
    closed_on: "DATE",
  },
};

// 50,000 people at the ends of 100 months.
const staffing: Subject = {
  feed: "staffing",
  rows: 5_000_000,
  what: "5,000,000 rows by person, to cells",
  select: `'P-' || i // 100 as employee_id,
    last_day(date '2015-01-01' + interval (i % 100) month) as period,
    'team-' || (i // 100) * 31 % 250 as unit_id,
    if(i // 100 % 7 = 0, 'support', 'executive') as category,
    case when i // 100 % 60 = 0 then 'team_chief' else 'employee' end as role,
    i // 100 % 12 + 3 as scale,
    if(i // 100 % 3 = 0, 'woman', 'man') as gender,
    case i // 100 % 4 when 0 then '15-24' when 1 then '25-39' when 2 then '40-54' else '55+' end as age_band,
    case i // 100 % 10 when 0 then 'dual' when 1 then 'unknown' else 'single' end as background`,
  columns: {
    employee_id: "VARCHAR",
    period: "DATE",
    unit_id: "VARCHAR",
    category: "VARCHAR",
    role: "VARCHAR",
    scale: "INTEGER",
    gender: "VARCHAR",
    age_band: "VARCHAR",
    background: "VARCHAR",
  },
};

/** Measures checked loads against the engine's own typed read of the same file plus a copy to Parquet; the best of three of each, in turns, each load in a home and a process of its own. */
export async function benchLoad(context: Context): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const subject of [complaints, staffing]) {
    context.log(`loading ${subject.what}`);
    results.push(await benchSubject(context, subject));
  }
  return results;
}

async function benchSubject(context: Context, subject: Subject): Promise<BenchResult> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  try {
    const file = path.join(root, `${subject.feed}.csv`);
    const units = path.join(root, "units.csv");
    await writeFiles(subject, file, units);
    const typed: number[] = [];
    const parquet: number[] = [];
    const loads: Loaded[] = [];
    for (let round = 0; round < rounds; round++) {
      const yardstick = await readTyped(context, subject, file, path.join(root, "typed.parquet"));
      typed.push(yardstick.typed);
      parquet.push(yardstick.parquet);
      const home = path.join(root, `home-${round}`);
      const once: Once = { home, units, feed: subject.feed, file };
      loads.push(await runApart<Loaded>("pipelines/bench/load-once.ts", once));
      rmSync(home, { recursive: true, force: true });
    }
    const quickest = loads.reduce((a, b) => (a.milliseconds < b.milliseconds ? a : b));
    const yard = best(typed) + best(parquet);
    return {
      name: `checked load of ${subject.what} / typed read and copy to Parquet`,
      ratio: quickest.milliseconds / yard,
      parts: {
        rows: quickest.read,
        quarantined: quickest.quarantined,
        rows_kept: quickest.cells,
        typed_read_ms: best(typed),
        parquet_ms: best(parquet),
        load_ms: Math.round(quickest.milliseconds),
        ...Object.fromEntries(Object.entries(quickest.steps).map(([step, ms]) => [`${step}_ms`, Math.round(ms)])),
        peak_mb: Math.round(Math.max(...loads.map((load) => load.peak_mb))),
      },
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function writeFiles({ select, rows }: Subject, file: string, units: string): Promise<void> {
  const db = await Database.open(":memory:");
  try {
    await db.run(
      `copy (
         select 'force' as unit_id, 'Force' as name, 'force' as level, null as parent_id, date '2010-01-01' as valid_from
         union all select 'unit-' || i, 'Unit ' || i, 'unit', 'force', date '2010-01-01' from range(10) as r(i)
         union all select 'team-' || i, 'Team ' || i, 'team', 'unit-' || i % 10, date '2010-01-01' from range(250) as r(i)
       ) to ${literal(units)} (format csv, header)`,
    );
    await db.run(`copy (select ${select} from range(${rows}) as r(i)) to ${literal(file)} (format csv, header)`);
  } finally {
    db.close();
  }
}

/** The yardstick: what the engine needs, with all the memory it wants, to read the file with the types given and to write it as Parquet. */
async function readTyped(
  context: Context,
  { columns }: Subject,
  file: string,
  target: string,
): Promise<{ typed: number; parquet: number }> {
  const db = await Database.open(":memory:", { threads: String(context.settings.threads) });
  try {
    const types = Object.entries(columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    const start = performance.now();
    await db.run(
      `create table typed as
       from read_csv(${literal(file)}, auto_detect = false, header = true, delim = ',', quote = '"', columns = {${types.join(", ")}})`,
    );
    const read = performance.now();
    await db.run(`copy typed to ${literal(target)} (format parquet)`);
    return { typed: read - start, parquet: performance.now() - read };
  } finally {
    db.close();
  }
}
