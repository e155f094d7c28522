import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotObject, snapshotRows } from "../route.ts";
import { grains } from "../series-row.ts";
import { Conditions } from "../where.ts";

export default [
  snapshotRows({
    path: "/reconciliation",
    summary: "Each published figure beside what the monitor has of the same unit and period, and their difference",
    query: z.strictObject({ indicator: ids.default(null), unit: ids.default(null) }),
    row: z.object({
      indicator_id: z.string(),
      unit_id: z.string(),
      period_start: z.iso.date(),
      period_end: z.iso.date(),
      published: z.number(),
      loaded: z.number().nullable(),
      difference: z.number().nullable(),
      complete: z.boolean().nullable(),
      withheld_reason: z.string().nullable(),
      source_title: z.string().nullable(),
      publisher: z.string().nullable(),
      source_date: z.string().nullable(),
      source_url: z.string().nullable(),
      note: z.string().nullable(),
      grain: z.enum(grains).nullable(),
    }),
    async rows(snapshot, query) {
      const { sql, parameters } = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, query.indicator))
        .oneOf("unit_id", knownUnits(snapshot, query.unit)).where;
      // A state is published for its day, the monitor's period ends on it.
      return snapshot.query(
        `with points as (
           select *, period_start = period_end as is_state, period_end = last_day(period_end) as month_ends,
             datediff('month', period_start, period_end) + 1 as months, month(period_end) as last_month
           from reference_points ${sql}
         ),
         placed as (
           select *, case
             when not month_ends or (not is_state and day(period_start) > 1) then null
             when is_state then case last_month when 12 then 'year' when 6 then 'half' else 'month' end
             when months = 12 then if(last_month = 12, 'year', 'r12')
             when months = 6 and last_month % 6 = 0 then 'half'
             when months = 3 and last_month % 3 = 0 then 'quarter'
             when months = 1 then 'month'
           end as grain
           from points
         )
         select placed.indicator_id, placed.unit_id, placed.period_start, placed.period_end, placed."value" as published,
           figures."value" as loaded, figures."value" - placed."value" as difference, figures.complete, figures.withheld_reason,
           placed.source_title, placed.publisher, placed.source_date, placed.source_url, placed.note, placed.grain
         from placed
         left join series as figures
           on figures.indicator_id = placed.indicator_id and figures.unit_id = placed.unit_id
           and figures.grain = placed.grain and figures.breakdown is null and figures.period_end = placed.period_end
         order by placed.indicator_id, placed.unit_id, placed.period_end, placed.period_start, placed.source_title,
           published, placed.note`,
        parameters,
      );
    },
  }),
  snapshotObject({
    path: "/reconciliation/unmatched",
    summary: "How many published figures of our indicators have no place beside ours, by what has no match",
    query: z.strictObject({}),
    schema: z.object({ breakdown: z.number().int(), unit: z.number().int(), period: z.number().int() }),
    async object({ manifest }) {
      return { breakdown: 0, unit: 0, period: 0, ...manifest.unmatched_figures };
    },
  }),
];
