import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { identifier, literal } from "../database.ts";
import type { Freshness } from "../freshness.ts";
import type { Definition } from "../indicators/definition.ts";
import type { Target } from "../targets.ts";
import { partsOf, readStatedParts } from "./parts.ts";
import { judgementMacros } from "./judgement.ts";

const sqlOf = (...parts: string[]) => readFileSync(path.join(import.meta.dirname, ...parts), "utf8");

const spine = sqlOf("spine.sql");
const appliedTargets = sqlOf("targets.sql");
const rollup = sqlOf("rollup.sql");
const judgement = sqlOf("judgement.sql");
const outcomes = sqlOf("outcomes.sql");
const gate = sqlOf("..", "disclosure", "gate.sql");

/** What series are computed from, besides the feeds. */
export interface Source {
  definitions: Definition[];
  targets: Target[];
  /** The day it is, ISO. */
  today: string;
  freshness: Map<string, Freshness>;
  progress?: (step: string) => void;
}

/** Computes every figure of the definitions over the feeds in `db` and leaves what may be shown in the temporary table `series`: rows of `/series` with target, reference and band. Other temporary tables of the way hold unprotected figures: they never leave the connection. */
export async function computeSeries(db: Database, source: Source): Promise<void> {
  const step = source.progress ?? (() => undefined);
  await db.run(`set variable today = date ${literal(source.today)}`);
  await db.run(judgementMacros());
  step("units and coverage");
  await insertIndicators(db, source);
  await insertTargets(db, source.targets);
  await db.run(spine);
  await db.run(appliedTargets);
  step("cells");
  await insertCells(db, source.definitions);
  step("roll-up");
  await db.run(rollup);
  step("judgement");
  await db.run(judgement);
  step("disclosure gate");
  await db.run(gate);
  await db.run(outcomes);
}

const worst: Freshness[] = ["overdue", "due", "fresh"];

/** A figure is as fresh as the feed of its that is worst. */
export const freshnessOf = ({ feeds }: Pick<Definition, "feeds">, freshness: Map<string, Freshness>): Freshness =>
  worst.find((each) => feeds.some((feed) => freshness.get(feed) === each)) ?? "fresh";

/** What the roll-up needs to know of each definition. */
async function insertIndicators(db: Database, { definitions, freshness }: Source): Promise<void> {
  const rows = definitions.map((definition) => ({
    indicator_id: definition.id,
    kind: definition.kind,
    stock: definition.stock,
    per: definition.per,
    exposure: definition.exposure ?? null,
    any_feed: definition.covered_by === "any",
    levels: definition.levels,
    grains: definition.grains,
    protected: definition.protected,
    sensitive: definition.sensitive,
    min_denominator: definition.disclosure.denominator ?? 10,
    min_numerator: definition.disclosure.numerator ?? 5,
    version: definition.version.number,
    freshness: freshnessOf(definition, freshness),
  }));
  await tableFromJson(db, "indicators", rows, {
    indicator_id: "VARCHAR",
    kind: "VARCHAR",
    stock: "BOOLEAN",
    per: "DOUBLE",
    exposure: "VARCHAR",
    any_feed: "BOOLEAN",
    levels: "VARCHAR[]",
    grains: "VARCHAR[]",
    protected: "BOOLEAN",
    sensitive: "BOOLEAN",
    min_denominator: "INTEGER",
    min_numerator: "INTEGER",
    version: "INTEGER",
    freshness: "VARCHAR",
  });
  const { parts, coverage, feeds } = partsOf(definitions, await readStatedParts(db));
  await tableFromJson(db, "indicator_parts", parts, { indicator_id: "VARCHAR", part: "VARCHAR", feed: "VARCHAR" });
  await tableFromJson(db, "indicator_feeds", feeds, {
    indicator_id: "VARCHAR",
    feed: "VARCHAR",
    only_values: "VARCHAR",
  });
  await tableFromJson(db, "part_coverage", coverage, { part: "VARCHAR", feed: "VARCHAR", only_values: "VARCHAR" });
  await tableFromJson(
    db,
    "declared_values",
    definitions
      .filter(({ kind }) => kind === "count" || kind === "rate")
      .flatMap(({ id, breakdowns }) =>
        breakdowns.flatMap(({ name, values }) =>
          Object.keys(values).map((value) => ({ indicator_id: id, breakdown: name, breakdown_value: value })),
        ),
      ),
    { indicator_id: "VARCHAR", breakdown: "VARCHAR", breakdown_value: "VARCHAR" },
  );
}

/** Columns of the temporary table `targets`. */
const targetColumns = {
  target_id: "INTEGER",
  indicator_id: "VARCHAR",
  unit_id: "VARCHAR",
  breakdown: "VARCHAR",
  breakdown_value: "VARCHAR",
  goal: "VARCHAR",
  status: "VARCHAR",
  from: "DATE",
  to: "DATE",
  kind: "VARCHAR",
  value: "DOUBLE",
  tolerance: "DOUBLE",
  grain: "VARCHAR",
  baseline_from: "DATE",
  baseline_to: "DATE",
  source: "VARCHAR",
  by: "VARCHAR",
  proposed_on: "DATE",
  decided_on: "DATE",
  demo: "BOOLEAN",
};

async function insertTargets(db: Database, targets: Target[]): Promise<void> {
  await tableFromJson(db, "targets", targets, targetColumns);
}

/** Makes a temporary table of a few rows. */
export async function tableFromJson(
  db: Database,
  table: string,
  rows: object[],
  columns: Record<string, string>,
): Promise<void> {
  await db.run(
    `create or replace temp table ${identifier(table)} as
     select ${Object.keys(columns).map(identifier).join(", ")}
     from (select unnest(from_json($rows::json, $shape), recursive := true))`.replace(
      "$shape",
      literal(JSON.stringify([columns])),
    ),
    { rows: JSON.stringify(rows) },
  );
}

async function insertCells(db: Database, definitions: Definition[]): Promise<void> {
  await db.run(
    `create or replace temp table cells (indicator_id varchar, unit_id varchar, month integer, breakdown varchar, breakdown_value varchar,
       numerator double, denominator double, unknown double, share double, share_step double, whole boolean, withheld boolean)`,
  );
  for (const definition of definitions) {
    await db.run(`create or replace temp table query_cells as ${definition.sql}`);
    const columns = await db.all<{ column_name: string; data_type: string }>(
      "select column_name, data_type from duckdb_columns() where table_name = 'query_cells'",
    );
    const types = new Map(columns.map((column) => [column.column_name, column.data_type]));
    await db.run(cellsSql(definition, types, null));
    for (const { name } of definition.breakdowns) await db.run(cellsSql(definition, types, name));
  }
  await db.run("drop table if exists query_cells");
}

/** The statement that adds up a query's cells by unit and month, and by the values of one breakdown. */
function cellsSql(definition: Definition, types: Map<string, string>, breakdown: string | null): string {
  const optional = (column: string, fallback: string) => (types.has(column) ? column : fallback);
  const measures = `sum(numerator), sum(${optional("denominator", "0")}), sum(${optional("unknown", "0")}),
    any_value(${optional("share", "null::double")}), any_value(${optional("share_step", "null::double")}),
    coalesce(${optional("whole", "false")}, false), coalesce(bool_or(${optional("withheld", "false")}), false)`;
  const key = `${literal(definition.id)}, unit_id, month_of(month)`;
  const groups = `unit_id, month_of(month), coalesce(${optional("whole", "false")}, false)`;
  if (breakdown === null)
    return `insert into cells select ${key}, null, null, ${measures} from query_cells where unit_id is not null group by ${groups}`;
  const column = identifier(breakdown);
  const isList = types.get(breakdown)!.endsWith("[]");
  const cells = isList
    ? `(select * exclude (${column}), unnest(list_distinct(${column})) as ${column} from query_cells)`
    : "query_cells";
  const valued = `insert into cells select ${key}, ${literal(breakdown)}, ${column}, ${measures}
    from ${cells} where unit_id is not null and ${column} is not null group by ${groups}, ${column};`;
  if (definition.kind !== "rate") return valued;
  return `${valued} insert into cells select ${key}, ${literal(breakdown)}, '*', ${measures}
    from query_cells where unit_id is not null and ${column} is null and denominator > 0 group by ${groups};`;
}
