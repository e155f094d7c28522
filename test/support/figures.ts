import path from "node:path";
import { readContracts, tableColumns } from "../../pipelines/contracts/contract.ts";
import { Database, identifier, literal } from "../../pipelines/database.ts";
import { noProofs, type Proofs } from "../../pipelines/disclosure/proofs.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { makeWarehouse, table } from "../../pipelines/indicators/example.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { computeSeries } from "../../pipelines/series/series.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import type { Target } from "../../pipelines/targets.ts";

export { cover, insertRows, table } from "../../pipelines/indicators/example.ts";

const folder = (...parts: string[]) => path.join(projectFolder, "pipelines", ...parts);

export const { contracts } = readContracts(folder("contracts"));

let read: Promise<Definition[]> | undefined;

/** The project's definitions, read once. */
export function definitions(): Promise<Definition[]> {
  read ??= readDefinitions(folder("indicators"), contracts).then(({ definitions, faults }) => {
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
    return definitions;
  });
  return read;
}

/** A warehouse in memory with the feeds' tables. */
export async function emptyWarehouse(): Promise<Database> {
  const db = await Database.open(":memory:", { threads: "1" });
  await makeWarehouse(db, contracts);
  return db;
}

/** Puts many rows of a feed into its table at once; a list as an array. */
export async function insertMany(db: Database, feed: string, rows: Record<string, unknown>[]): Promise<void> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const types = new Map(tableColumns(contracts.get(feed)!).map((column) => [column.name, column.type.split(" ")[0]!]));
  const shape = Object.fromEntries(names.map((name) => [name, types.get(name)!]));
  const list = names.map(identifier).join(", ");
  await db.run(
    `insert into ${identifier(feed)} (${list}) select ${list}
     from (select unnest(from_json($rows::json, ${literal(JSON.stringify([shape]))}), recursive := true))`,
    { rows: JSON.stringify(rows) },
  );
}

/** Puts units into their table: columns of the feed, `-` for nothing, predecessors parted by `|`; a unit is named as its id. */
export async function insertUnits(db: Database, text: string): Promise<void> {
  await insertMany(
    db,
    "units",
    table(text).map((row) => ({ name: row.unit_id, ...row, predecessor_ids: row.predecessor_ids?.split("|") ?? null })),
  );
}

/** A figure as `series` has it. */
export interface SeriesRow {
  indicator_id: string;
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
  lower: number | null;
  upper: number | null;
  target: number | null;
  target_source: string | null;
  pace: number | null;
  judgement: string;
  complete: boolean;
  withheld: boolean;
  withheld_reason: string | null;
  restated: boolean;
  target_id: number | null;
  reference: boolean;
  band: boolean;
  band_side: string | null;
}

/** The figures of `series` that a condition chooses, in the order of their periods. */
export function figures(db: Database, where = "true"): Promise<SeriesRow[]> {
  return db.all<SeriesRow>(
    `from series where ${where} order by unit_id, grain, period_end, breakdown, breakdown_value`,
  );
}

export interface Asked {
  /** Withhold what would tell others, too; left out where it is not. */
  complements?: boolean;
  proofs?: Proofs;
  ids: string[];
  targets?: Target[];
  today: string;
}

/** Computes the figures and leaves them in the table `series` of `db`, through the rules of the gate for each figure by itself; what these need withheld besides is of `test/disclosure`. */
export async function compute(
  db: Database,
  { ids, targets = [], today, complements = false, proofs = noProofs }: Asked,
): Promise<void> {
  const all = await definitions();
  await computeSeries(db, {
    definitions: all.filter((each) => ids.includes(each.id)),
    targets,
    today,
    freshness: new Map(),
    complements,
    proofs,
  });
}

/** A target with what a test leaves out. */
export function target(
  fields: Partial<Target> & Pick<Target, "indicator_id" | "unit_id" | "from" | "to" | "value">,
): Target {
  return {
    target_id: 1,
    breakdown: null,
    breakdown_value: null,
    goal: "streefcijfer",
    status: "proposed",
    kind: "at_least",
    tolerance: null,
    grain: "year",
    baseline_from: null,
    baseline_to: null,
    source: "test",
    by: "paper",
    proposed_on: null,
    decided_on: null,
    demo: false,
    ...fields,
  };
}
