import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { Conditions } from "../where.ts";

const sql = readFileSync(path.join(import.meta.dirname, "limits.sql"), "utf8");
const grains = ["month", "quarter"] as const;

export default [
  snapshotRows({
    path: "/limits",
    summary: "Control limits of shown totals, point by point; under twelve points between two breaks they are on trial",
    query: z.strictObject({
      indicator: ids.meta({ description: "Ids with commas between them, or `all`" }),
      unit: ids.meta({ description: "Ids with commas between them, or `all`" }),
      grain: z.enum(grains, `has no control limits; choose of ${grains.join(", ")}`).default("month"),
    }),
    row: z.object({
      indicator_id: z.string(),
      unit_id: z.string(),
      grain: z.enum(grains),
      period_start: z.iso.date(),
      period_end: z.iso.date(),
      chart: z.enum(["xmr", "p", "u"]),
      centre: z.number(),
      lower: z.number(),
      upper: z.number(),
      trial: z.boolean(),
    }),
    async rows(snapshot, { indicator, unit, grain }) {
      const conditions = new Conditions()
        .oneOf("indicator_id", knownIndicators(snapshot, indicator))
        .oneOf("unit_id", knownUnits(snapshot, unit))
        .oneOf("grain", [grain]);
      const { sql: where, parameters } = conditions.where;
      return snapshot.query(sql.replace("{where}", where), parameters);
    },
  }),
];
