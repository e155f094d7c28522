import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createContext, type Context } from "../context.ts";
import { readContracts } from "../contracts/contract.ts";
import { Database, literal } from "../database.ts";
import { loadFile } from "../loading/load.ts";
import { Refusal } from "../problem.ts";
import { openWarehouse } from "../warehouse.ts";

/** How long our work takes as a multiple of a yardstick; `parts` are milliseconds and counts. */
export interface BenchResult {
  name: string;
  ratio: number;
  parts: Record<string, number>;
}

const rows = 2_000_000;
const rounds = 3;
const columns = {
  complaint_id: "VARCHAR",
  received_on: "DATE",
  unit_id: "VARCHAR",
  aspects: "VARCHAR",
  origin: "VARCHAR",
  route: "VARCHAR",
  outcome: "VARCHAR",
  closed_on: "DATE",
};

/** Measures a checked load of 2,000,000 complaints against the engine's own typed read of the file plus a copy to Parquet; the best of three of each, in turns, in a home of its own. */
export async function benchLoad(context: Context): Promise<BenchResult> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  try {
    const file = path.join(root, "complaints.csv");
    const units = path.join(root, "units.csv");
    await writeFiles(file, units);
    const typed: number[] = [];
    const parquet: number[] = [];
    const loads: number[] = [];
    let quarantined = 0;
    for (let round = 0; round < rounds; round++) {
      const yardstick = await readTyped(context, file, path.join(root, "typed.parquet"));
      typed.push(yardstick.typed);
      parquet.push(yardstick.parquet);
      const home = path.join(root, `home-${round}`);
      const loaded = await loadOnce(context, home, file, units);
      loads.push(loaded.milliseconds);
      quarantined = loaded.quarantined;
      rmSync(home, { recursive: true, force: true });
    }
    const best = (times: number[]) => Math.round(Math.min(...times));
    const parts = {
      rows,
      quarantined,
      typed_read_ms: best(typed),
      parquet_ms: best(parquet),
      load_ms: best(loads),
    };
    const ratio = parts.load_ms / (parts.typed_read_ms + parts.parquet_ms);
    return { name: "checked load of 2,000,000 complaints / typed read and copy to Parquet", ratio, parts };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function writeFiles(file: string, units: string): Promise<void> {
  const db = await Database.open(":memory:");
  try {
    await db.run(
      `copy (
         select 'force' as unit_id, 'Force' as name, 'force' as level, null as parent_id, date '2010-01-01' as valid_from
         union all select 'unit-' || i, 'Unit ' || i, 'unit', 'force', date '2010-01-01' from range(10) as r(i)
         union all select 'team-' || i, 'Team ' || i, 'team', 'unit-' || i % 10, date '2010-01-01' from range(250) as r(i)
       ) to ${literal(units)} (format csv, header)`,
    );
    // One row in a thousand has a unit that nobody knows, another was closed before it came.
    await db.run(
      `copy (
         select 'K-' || i as complaint_id,
           date '2012-01-01' + (i * 7919 % 4400)::int as received_on,
           if(i % 1000 = 7, 'nowhere', 'team-' || i * 31 % 250) as unit_id,
           case i % 6 when 0 then 'treatment|force' when 1 then 'discrimination' when 2 then 'service' when 3 then 'attitude'
             when 4 then 'treatment' else 'other' end as aspects,
           if(i % 9 = 0, 'internal', 'citizen') as origin,
           case i % 4 when 0 then 'committee' else 'mediation' end as route,
           case i % 5 when 0 then 'founded' when 1 then 'unfounded' when 2 then 'withdrawn' else 'settled' end as outcome,
           date '2012-01-01' + (i * 7919 % 4400)::int + if(i % 1000 = 8, -3, i % 90)::int as closed_on
         from range(${rows}) as r(i)
       ) to ${literal(file)} (format csv, header)`,
    );
  } finally {
    db.close();
  }
}

/** The yardstick: what the engine needs to read the file with the types given, and to write it as Parquet. */
async function readTyped(context: Context, file: string, target: string): Promise<{ typed: number; parquet: number }> {
  const { memory, threads } = context.settings;
  const db = await Database.open(":memory:", { memory_limit: memory, threads: String(threads) });
  try {
    const types = Object.entries(columns).map(([name, type]) => `${literal(name)}: ${literal(type)}`);
    const start = performance.now();
    await db.run(
      `create table complaints as
       from read_csv(${literal(file)}, auto_detect = false, header = true, delim = ',', quote = '"', columns = {${types.join(", ")}})`,
    );
    const read = performance.now();
    await db.run(`copy complaints to ${literal(target)} (format parquet)`);
    return { typed: read - start, parquet: performance.now() - read };
  } finally {
    db.close();
  }
}

async function loadOnce(
  context: Context,
  home: string,
  file: string,
  units: string,
): Promise<{ milliseconds: number; quarantined: number }> {
  mkdirSync(home);
  const own = createContext({ ...context.settings, home, fixedNow: new Date("2026-01-01T00:00:00Z") }, () => undefined);
  const { contracts } = readContracts(path.join(context.settings.config, "pipelines", "contracts"));
  const db = await openWarehouse(own, contracts);
  try {
    await loadFile(db, own, contracts, { feed: "units", path: units });
    const start = performance.now();
    const result = await loadFile(db, own, contracts, { feed: "complaints", path: file });
    if (result.refused) throw new Refusal(`the bench's own file was refused: ${result.refused}`);
    return { milliseconds: performance.now() - start, quarantined: result.quarantined };
  } finally {
    db.close();
  }
}
