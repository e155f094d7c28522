import { z } from "zod";
import { day, ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { grains } from "../series-row.ts";
import { Conditions } from "../where.ts";

const number = z.number().nullable();

export default [
  snapshotRows({
    path: "/restatements",
    bounded: true,
    summary: "Published figures that changed afterwards: old and new, the last first",
    query: z.strictObject({
      since: day.optional().meta({ description: "Restated on or after this day" }),
      indicator: ids.default(null),
      unit: ids.default(null),
      grain: z.enum(grains, `is no grain; choose of ${grains.join(", ")}`).optional(),
    }),
    row: z.object({
      indicator_id: z.string(),
      unit_id: z.string(),
      grain: z.enum(grains),
      period_start: z.iso.date(),
      period_end: z.iso.date(),
      breakdown: z.string().nullable(),
      breakdown_value: z.string().nullable(),
      old_value: number,
      new_value: number,
      old_numerator: number,
      new_numerator: number,
      old_denominator: number,
      new_denominator: number,
      load_id: z.number().int().nullable(),
      restated_at: z.iso.datetime(),
      load_ids: z.array(z.number().int()),
    }),
    async rows(snapshot, { since, indicator, unit, grain }) {
      const conditions = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, indicator))
        .oneOf("unit_id", knownUnits(snapshot, unit));
      if (since) conditions.and("restated_at >= $since::date", { since });
      if (grain) conditions.and("grain = $grain", { grain });
      const { sql, parameters } = conditions.where;
      return snapshot.query(
        `select indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value, old_value, new_value,
                old_numerator, new_numerator, old_denominator, new_denominator, load_id, restated_at, load_ids
         from restatements ${sql}
         order by restated_at desc, indicator_id, unit_id, grain, period_start, breakdown, breakdown_value`,
        parameters,
      );
    },
  }),
];
