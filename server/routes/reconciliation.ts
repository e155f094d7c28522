import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
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
    }),
    async rows(snapshot, query) {
      const { sql, parameters } = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, query.indicator))
        .oneOf("unit_id", knownUnits(snapshot, query.unit)).where;
      // A state is published for its day, the monitor's year ends on it.
      return snapshot.query(
        `select points.indicator_id, points.unit_id, points.period_start, points.period_end, points."value" as published,
           figures."value" as loaded, figures."value" - points."value" as difference, figures.complete, figures.withheld_reason,
           points.source_title, points.publisher, points.source_date, points.source_url, points.note
         from (from reference_points ${sql}) as points
         left join series as figures
           on figures.indicator_id = points.indicator_id and figures.unit_id = points.unit_id
           and figures.grain = 'year' and figures.breakdown is null and figures.period_end = points.period_end
         order by points.indicator_id, points.unit_id, points.period_end, points.source_title, published`,
        parameters,
      );
    },
  }),
];
