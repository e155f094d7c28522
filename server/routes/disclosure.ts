import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { snapshotRows } from "../route.ts";
import { grains } from "../series-row.ts";
import { Conditions } from "../where.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

const withheld = sqlOf("disclosure.sql");
const finest = sqlOf("finest.sql");
const count = z.number().int();

export default [
  snapshotRows({
    path: "/disclosure",
    summary: "What the disclosure gate withholds of protected indicators, by level and grain, and why",
    query: z.strictObject({ indicator: ids.default(null) }),
    row: z.object({
      indicator_id: z.string(),
      level: z.string(),
      grain: z.enum(grains),
      broken_down: z.boolean(),
      figures: count,
      shown: count,
      bands: count,
      too_few: count,
      for_others: count,
      below_floor: count,
      unproven: count,
      other: count,
      share_withheld: z.number(),
    }),
    async rows(snapshot, { indicator }) {
      const { sql, parameters } = new Conditions()
        .and("complete and judgement <> 'no_data'")
        .oneOf("indicator_id", knownIndicators(snapshot, indicator)).where;
      return snapshot.query(withheld.replace("{where}", sql), parameters);
    },
  }),
  snapshotRows({
    path: "/disclosure/finest",
    summary: "The finest grain at which a unit can show an indicator's total; null where at none",
    query: z.strictObject({
      indicator: ids.meta({ description: "Ids with commas between them, or `all`" }),
      unit: ids.meta({ description: "Ids with commas between them, or `all`" }),
    }),
    row: z.object({ indicator_id: z.string(), unit_id: z.string(), grain: z.enum(grains).nullable() }),
    async rows(snapshot, { indicator, unit }) {
      const { sql, parameters } = new Conditions()
        .and("complete and breakdown is null")
        .oneOf("indicator_id", knownIndicators(snapshot, indicator))
        .oneOf("unit_id", knownUnits(snapshot, unit)).where;
      return snapshot.query(finest.replace("{where}", sql), parameters);
    },
  }),
];
