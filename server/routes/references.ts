import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  snapshotRows({
    path: "/references",
    summary: "Figures of years that were published elsewhere, with their source; contradictory ones side by side",
    query: z.strictObject({ indicator: ids.default(null), unit: ids.default(null) }),
    row: z.object({
      indicator_id: z.string(),
      unit_id: z.string(),
      period_start: z.iso.date(),
      period_end: z.iso.date(),
      value: z.number(),
      source_title: z.string().nullable(),
      publisher: z.string().nullable(),
      source_date: z.string().nullable(),
      source_url: z.string().nullable(),
      note: z.string().nullable(),
    }),
    async rows(snapshot, query) {
      const { sql, parameters } = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, query.indicator))
        .oneOf("unit_id", knownUnits(snapshot, query.unit))
        // Beside a chart of years stand those of a whole year or of its last day; the others are for reconciliation.
        .and("period_end = make_date(year(period_end), 12, 31)")
        .and("(period_start = period_end or period_start = make_date(year(period_end), 1, 1))").where;
      return snapshot.query(
        `select indicator_id, unit_id, period_start, period_end, "value", source_title, publisher, source_date, source_url, note
         from reference_points ${sql} order by indicator_id, unit_id, period_start, period_end, source_title, "value"`,
        parameters,
      );
    },
  }),
];
