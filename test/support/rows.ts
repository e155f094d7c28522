import type { Definition, SeriesRow, Target, Unit } from "../../web/api.ts";
import { periodsBetween, type CalendarGrain } from "../../web/charts/period.ts";

/** A figure as the API gives it, with what a test says of it. */
export const seriesRow = (fields: Partial<SeriesRow> = {}): SeriesRow => ({
  indicator_id: "intake-dual",
  unit_id: "den-haag",
  grain: "half",
  period_start: "2016-07-01",
  period_end: "2016-12-31",
  breakdown: null,
  breakdown_value: null,
  value: 0.2,
  numerator: 20,
  denominator: 100,
  unknown: null,
  lower: 0.15,
  upper: 0.26,
  target: null,
  target_source: null,
  pace: null,
  judgement: "no_target",
  variation: null,
  assurance: null,
  trend: null,
  complete: true,
  withheld: false,
  withheld_reason: null,
  restated: false,
  freshness: "fresh",
  definition_version: 1,
  reference: false,
  band: false,
  ...fields,
});

/** Rows of one period after another, one for each set of fields. */
export function seriesFrom(grain: CalendarGrain, from: string, fields: Partial<SeriesRow>[]): SeriesRow[] {
  const periods = periodsBetween(grain, from, "2099-12-31");
  return fields.map((each, index) => seriesRow({ ...periods[index], ...each }));
}

export const withheld = (reason = "threshold"): Partial<SeriesRow> => ({
  value: null,
  numerator: null,
  denominator: null,
  lower: null,
  upper: null,
  judgement: "withheld",
  withheld: true,
  withheld_reason: reason,
});

/** An indicator's definition, with what a test says of it. */
export const definition = (fields: Partial<Definition> = {}): Definition => ({
  indicator_id: "intake-dual",
  title: { nl: "Diverse instroom", en: "Diverse intake" },
  description: { nl: "Aandeel", en: "Share" },
  focus: "composition",
  kind: "share",
  polarity: "up",
  decimals: 1,
  version: 1,
  targets: [],
  ...fields,
});

/** A target as the API has it: 25% from 2015 to 2017. */
export const target = (fields: Partial<Target> = {}): Target => ({
  unit_id: "politie",
  goal: "streefcijfer",
  status: "proposed",
  from: "2015-01-01",
  to: "2017-12-31",
  kind: "at_least",
  value: 0.25,
  tolerance: null,
  grain: "year",
  source: "DH-2015",
  by: "paper",
  ...fields,
});

/** A unit called by its id, as it has been since 2013. */
export const unit = (
  unit_id: string,
  level: Unit["level"],
  parent_id: string | null,
  more: Partial<Unit> = {},
): Unit => ({
  ...{ unit_id, level, parent_id, name: unit_id, valid_from: "2013-01-01", valid_to: null, predecessor_ids: [] },
  ...more,
});
