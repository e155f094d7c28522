import { literal } from "../database.ts";
import type { Computed } from "../indicators/definition.ts";

/** Makes the table of the finest cells of protected indicators: a unit's month with all values of its breakdowns together, as `<breakdown>=<value>`. */
export const finestCellsTable = `create or replace temp table finest_cells (indicator_id indicator_key, version integer, unit_id unit_key, month integer, tags varchar[],
  numerator double, denominator double)`;

/** The statement that adds the finest cells of a version of a protected indicator; `types` are those of the columns of `query_cells`. */
export function finestCellsSql({ id, version, breakdowns, kind }: Computed, types: Map<string, string>): string {
  const optional = (column: string, fallback: string) => (types.has(column) ? column : fallback);
  const tags = breakdowns.map(({ name }) => {
    const prefix = literal(`${name}=`);
    return types.get(name)!.endsWith("[]")
      ? `list_transform(list_distinct(${name}), lambda value: ${prefix} || value)`
      : `[${prefix} || ${name}]`;
  });
  const together =
    tags.length > 0
      ? `list_sort(list_filter(flatten([${tags.join(", ")}]), lambda tag: tag is not null))`
      : "[]::varchar[]";
  const cells = `select try_cast(unit_id as unit_key) as unit_id, month_of(month) as month, ${together} as tags,
      coalesce(sum(numerator), 0) as numerator, coalesce(sum(${optional("denominator", "0")}), 0) as denominator
    from query_cells
    where try_cast(unit_id as unit_key) is not null and not coalesce(${optional("whole", "false")}, false)
      and not coalesce(${optional("withheld", "false")}, false)
    group by all`;
  if (kind !== "rate")
    return `insert into finest_cells select ${literal(id)}, ${version.number}, * from (${cells}) where denominator > 0`;
  // Where there are people something can have happened, whatever is counted; how often has no end.
  return `insert into finest_cells
    with counted as (${cells}),
    possible as (
      select unit_id, month, tags, 0 as numerator
      from (select distinct unit_id, month from counted), (select distinct tags from counted)
    )
    select ${literal(id)}, ${version.number}, unit_id, month, tags, sum(numerator), 'infinity'::double
    from (select unit_id, month, tags, numerator from counted union all from possible) group by all`;
}
