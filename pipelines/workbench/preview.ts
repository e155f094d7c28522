import { dropTemporary, literal, temporaryTables, type Database } from "../database.ts";
import type { Definition } from "../indicators/definition.ts";
import { Refusal } from "../problem.ts";
import { computeFigures, makeSpine, type Source } from "../series/series.ts";
import type { Target } from "../targets.ts";
import type { PreviewResult } from "./messages.ts";
import type { ComparedRow, PreviewRow, WithheldCount } from "./draft.ts";

/** A definition with its targets, as figures are made of them. */
export interface Figures {
  definition: Definition;
  targets: Target[];
}

/** Of what figures are shown. */
export interface Previewed extends Figures {
  /** What they are compared with; null: with nothing. */
  before: Figures | null;
  /** Units of which every row is wanted. */
  units: string[];
  today: string;
}

/** What is compared goes through the computation beside the draft, under a name that no indicator can have. */
const other = "-before-";
/** So many rows are shown at most: a breakdown into thousands of values is for nobody. */
const mostRows = 60_000;

/** Levels of which every total is shown, and what breakdowns they have of the last year; of those below, the totals of that year. */
const upper = "('force', 'unit')";

/** Feeds that drafts are computed over, with the tables that hold for all drafts as long as they do. */
export class Bench {
  readonly db: Database;
  private made: string | null = null;
  private kept: ReadonlySet<string> = new Set();

  constructor(db: Database) {
    this.db = db;
  }

  async compute(source: Source): Promise<void> {
    const before = this.made;
    // What is stopped on the way leaves nothing that could be taken for whole.
    this.made = null;
    const made = await makeSpine(this.db, source, before);
    if (made !== before) this.kept = new Set(await temporaryTables(this.db));
    this.made = made;
    await computeFigures(this.db, source, null);
  }

  /** Takes away what was computed. */
  async clear(): Promise<void> {
    await dropTemporary(this.db, this.kept);
  }
}

/** Computes a draft's figures, through the gate's rules for each figure by itself. Leaves tables, which `clear` takes away. */
export async function previewDraft(
  bench: Bench,
  { definition, targets, before, units, today }: Previewed,
): Promise<PreviewResult> {
  const compared = before && under(other, before);
  const { db } = bench;
  await bench.compute({
    definitions: [definition, ...(compared ? [compared.definition] : [])],
    targets: [...targets, ...(compared?.targets ?? [])].map((target, i) => ({ ...target, target_id: i + 1 })),
    today,
    freshness: new Map(),
    // What protected figures need besides is of exact numbers, which no draft has.
    primary: true,
  });
  await db.run(
    `create or replace temp table newest as
     select coalesce(max(period_end), getvariable('today')) - interval 1 year as after from gated where complete`,
  );
  const rows = await db.all<PreviewRow>(rowsSql(definition.id, units));
  if (rows.length > mostRows)
    throw new Refusal(
      `more than ${mostRows} figures: a breakdown has too many values; group by a column with fewer`,
      "draft-too-large",
    );
  const withheld = await db.all<WithheldCount>(
    `select level, grain, count(*) as cells, count(*) filter (withheld_reason is not null) as withheld
     from gated where indicator_id = ${literal(definition.id)} group by all order by level, grain`,
  );
  const differing = compared ? await db.all<ComparedRow>(comparedSql(definition.id)) : [];
  return { rows, withheld, rounded: false, compared: differing };
}

function under(id: string, { definition, targets }: Figures): Figures {
  return {
    definition: {
      ...definition,
      id,
      ...(definition.earlier ? { earlier: definition.earlier.map((each) => ({ ...each, id })) } : {}),
    },
    targets: targets.map((target) => ({ ...target, indicator_id: id })),
  };
}

const rowsSql = (id: string, units: string[]) => `
  select series.indicator_id, series.unit_id, unit_levels.level, grain, period_start, period_end, breakdown, breakdown_value, value,
    numerator, denominator, unknown, lower, upper, target, target_source, pace, judgement, complete, withheld, withheld_reason,
    definition_version, reference, band, band_side
  from series
  join unit_levels on unit_levels.unit_id::varchar = series.unit_id
  where indicator_id = ${literal(id)} and (
    series.unit_id in (${["", ...units].map(literal).join(", ")})
    or case when unit_levels.level in ${upper} then breakdown is null or period_end > (select after from newest)
      else breakdown is null and period_end > (select after from newest) end)
  order by breakdown nulls first, grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level),
    series.unit_id, period_start, period_end, breakdown_value
  limit ${mostRows + 1}`;

const comparedSql = (id: string) => `
  with totals as (
    select indicator_id, unit_id, grain, period_start, period_end, value from series
    where breakdown is null and grain <> 'target'
  ),
  after as (from totals where indicator_id = ${literal(id)}),
  before as (from totals where indicator_id = ${literal(other)})
  select unit_id, unit_levels.level, grain, period_start, period_end, before.value as before, after.value as after
  from before full join after using (unit_id, grain, period_start, period_end)
  join unit_levels on unit_levels.unit_id::varchar = unit_id
  where (before.value is distinct from after.value) and (unit_levels.level in ${upper} or period_end > (select after from newest))
  order by grain, list_position(['force', 'unit', 'district', 'service', 'team', 'bureau'], unit_levels.level), unit_id, period_end
  limit ${mostRows}`;
