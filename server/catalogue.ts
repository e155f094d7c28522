import type { Definition } from "../pipelines/indicators/definition.ts";
import type { FigureTarget } from "../pipelines/series/figure.ts";
import { rowsOf } from "./table.ts";
import type { Queries } from "./queries.ts";

/** A target as it was published. */
export type PublishedTarget = FigureTarget & {
  target_id: number;
  indicator_id: string;
  breakdown: string | null;
  /** Null with a breakdown: each of its values. */
  breakdown_value: string | null;
  source: string;
};

/** How a target ended for a unit. */
export interface PublishedOutcome {
  indicator_id: string;
  unit_id: string;
  target_id: number;
  period_end: string;
  judgement: string;
}

export interface PublishedUnit {
  unit_id: string;
  name: string;
  level: string;
  parent_id: string | null;
  valid_from: string | null;
  valid_to: string | null;
}

/** The small tables of a snapshot, read once: what ids may be asked for, and the words that go with them. */
export interface Catalogue {
  definitions: Map<string, Definition>;
  targets: Map<number, PublishedTarget>;
  /** How targets ended that are over, oldest first, by "indicator unit". */
  outcomes: Map<string, PublishedOutcome[]>;
  /** The periods of each unit, oldest first. */
  units: Map<string, PublishedUnit[]>;
  /** The snapshot's tables with their columns: those of before a table was kept lack it. */
  tables: ReadonlyMap<string, ReadonlySet<string>>;
  /** What there is besides, but not for who asks. */
  outside: { units: ReadonlySet<string>; indicators: ReadonlySet<string> };
  /** Whether who asks may see what a unit did on a day. */
  sees(unit_id: string, day: string): boolean;
}

export async function readCatalogue({ query }: Pick<Queries, "query">): Promise<Catalogue> {
  const read = async <T>(sql: string) => (await rowsOf(await query(sql))) as T[];
  const definitions = await read<{ indicator_id: string; definition: Definition }>(
    "select indicator_id, definition from indicators order by position",
  );
  const targets = await read<PublishedTarget>(`select * from targets order by indicator_id, "from", target_id`);
  const units = await read<PublishedUnit>(
    "select unit_id, name, level, parent_id, valid_from, valid_to from units order by unit_id, valid_from",
  );
  const shapes = await read<{ table_name: string; columns: string[] }>(
    "select table_name, list(column_name) as columns from duckdb_columns() where database_name = current_database() group by table_name",
  );
  const tables = new Map(shapes.map(({ table_name, columns }) => [table_name, new Set(columns)]));
  const outcomes = !tables.has("outcomes")
    ? []
    : await read<PublishedOutcome>(
        "select indicator_id, unit_id, target_id, period_end, judgement from outcomes order by indicator_id, unit_id, period_end",
      );
  return {
    definitions: new Map(definitions.map(({ indicator_id, definition }) => [indicator_id, definition])),
    targets: new Map(targets.map((target) => [target.target_id, target])),
    outcomes: groupBy(outcomes, ({ indicator_id, unit_id }) => `${indicator_id} ${unit_id}`),
    units: groupBy(units, (unit) => unit.unit_id),
    tables,
    outside: { units: new Set(), indicators: new Set() },
    sees: () => true,
  };
}

function groupBy<K, V>(values: V[], keyOf: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
