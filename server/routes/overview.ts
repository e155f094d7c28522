import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { z } from "zod";
import { chosenFields, fieldsOf, withFields } from "../chosen-fields.ts";
import { ids, knownIndicators, knownUnits } from "../fields.ts";
import { checkLevel, periodFor } from "../period-of.ts";
import { snapshotRows } from "../route.ts";
import { addSentences, languagesOf } from "../sentences.ts";
import { publicFields, sentences, seriesMarks, seriesRow } from "../series-row.ts";
import { areTopLevels, askedOf, figuresOf } from "../totals.ts";

const sql = readFileSync(path.join(import.meta.dirname, "overview.sql"), "utf8");
const ladder = ["month", "quarter", "half", "year", "target"] as const;
const calendarGrains = ["month", "quarter", "half", "year"] as const;

export default [
  snapshotRows({
    path: "/overview",
    bounded: true,
    summary:
      "The figure of each indicator for the force and the units of a level; where these cannot show the period, of the finest coarser grain, as `grain` says",
    query: z.strictObject({
      grain: z.enum(calendarGrains, `is no grain; choose of ${calendarGrains.join(", ")}`).default("half"),
      period: z.string().max(20).optional().meta({
        description: "As 2016-H2, 2016-Q3, 2016-07 or 2016, by the grain; without it, the last one that the data cover",
      }),
      level: z
        .string()
        .regex(
          /^[a-z_]{1,30}(,[a-z_]{1,30}){0,9}$/,
          "is no level; write unit, district, service or team, or some of them",
        )
        .default("unit")
        .meta({ description: "Levels with commas between them; each has a grain of its own" }),
      unit: ids.default(null).meta({ description: "Of these units only" }),
      indicator: ids.default(null).meta({ description: "Of these indicators only" }),
      fields: chosenFields.optional().meta({
        description:
          "Names with commas between them: only these fields, without `spark`. `sentence` adds sentence_nl and sentence_en; without a name beside it, to all fields",
      }),
    }),
    row: seriesRow
      .extend(sentences.partial().shape)
      .extend(seriesMarks.shape)
      .extend({ spark: z.array(z.number().nullable()) }),
    async rows(snapshot, { grain, period, level, unit, indicator, fields: named }) {
      const levels = level.split(",");
      for (const each of levels) checkLevel(snapshot, each);
      const [units, indicators] = [knownUnits(snapshot, unit), knownIndicators(snapshot, indicator)];
      const { start, end } = periodFor(snapshot, grain, period);
      const coarser = ladder.slice(ladder.indexOf(grain) + 1);
      const figures = figuresOf({ asked: [grain, ...coarser], tops: areTopLevels(levels), totals: true });
      const { fields, sentences } = fieldsOf(named);
      const sparks = fields === publicFields ? ["spark"] : [];
      const chosen = sentences.length ? [...publicFields, "target_id"] : fields;
      const columns = [...chosen.map((name) => snapshot.column(name, figures)), ...sparks].join(", ");
      const table = await snapshot.query(askedOf(figures, sql).replace("{columns}", columns), {
        levels: listValue(levels),
        units: units && listValue(units),
        indicators: indicators && listValue(indicators),
        grain,
        period_start: start,
        period_end: end,
        coarser: listValue(coarser),
      });
      if (sentences.length === 0) return table;
      return withFields(
        addSentences(table, snapshot.catalogue, languagesOf(sentences)),
        new Set([...fields, ...sparks, ...sentences]),
      );
    },
  }),
];
