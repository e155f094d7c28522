import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  snapshotRows({
    path: "/breaks",
    bounded: true,
    summary: "Days on which a series changed its meaning; without a unit: for all",
    query: z.strictObject({ indicator: ids.default(null), unit: ids.default(null) }),
    row: z.object({
      indicator_id: z.string(),
      unit_id: z.string().nullable(),
      on_date: z.iso.date(),
      kind: z.string(),
      label_nl: z.string(),
      label_en: z.string(),
    }),
    async rows(snapshot, query) {
      const { sql, parameters } = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, query.indicator))
        .oneOfOrNone("unit_id", knownUnits(snapshot, query.unit)).where;
      return snapshot.query(
        `select indicator_id, unit_id, on_date, kind, label_nl, label_en from breaks ${sql}
         order by indicator_id, on_date, unit_id nulls first, kind`,
        parameters,
      );
    },
  }),
];
