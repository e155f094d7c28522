import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { z } from "zod";
import { examples, lastPeriod, parsePeriod, type CalendarGrain, type Period } from "../period.ts";
import { Problem, shown } from "../problem.ts";
import { snapshotRows } from "../route.ts";
import { addSentences } from "../sentences.ts";
import { publicFields, sentences, seriesMarks, seriesRow } from "../series-row.ts";
import type { Snapshot } from "../snapshot.ts";
import { sentenceField } from "./series.ts";

const sql = readFileSync(path.join(import.meta.dirname, "overview.sql"), "utf8");
const ladder = ["month", "quarter", "half", "year", "target"] as const;
const calendarGrains = ["month", "quarter", "half", "year"] as const;

export default [
  snapshotRows({
    path: "/overview",
    summary:
      "The figure of each indicator for the force and the units of a level; where they cannot show the period, of the finest coarser grain, as `grain` says",
    query: z.strictObject({
      grain: z.enum(calendarGrains, `is no grain; choose of ${calendarGrains.join(", ")}`).default("half"),
      period: z.string().max(20).optional().meta({
        description: "As 2016-H2, 2016-Q3, 2016-07 or 2016, by the grain; without it, the last one that the data cover",
      }),
      level: z
        .string()
        .regex(/^[a-z_]{1,30}$/, "is no level; write unit, district, service or team")
        .default("unit"),
      fields: sentenceField,
    }),
    row: seriesRow
      .extend(sentences.partial().shape)
      .extend(seriesMarks.shape)
      .extend({ spark: z.array(z.number().nullable()) }),
    async rows(snapshot, { grain, period, level, fields: extra }) {
      checkLevel(snapshot, level);
      const { start, end } = periodFor(snapshot, grain, period);
      const chosen = extra ? [...publicFields, "target_id"] : publicFields;
      const table = await snapshot.query(
        sql.replace("{columns}", chosen.map((name) => snapshot.column(name)).join(", ")),
        {
          level,
          grain,
          period_start: start,
          period_end: end,
          coarser: listValue(ladder.slice(ladder.indexOf(grain) + 1)),
        },
      );
      return extra ? addSentences(table, snapshot.catalogue) : table;
    },
  }),
];

function periodFor(snapshot: Snapshot, grain: CalendarGrain, text: string | undefined): Period {
  if (text === undefined)
    return lastPeriod(grain, snapshot.manifest.data_through ?? snapshot.manifest.published_at.slice(0, 10));
  const period = parsePeriod(grain, text);
  if (!period)
    throw new Problem(400, `period: ${shown(text)} is no ${grain}; write one as ${examples[grain]}`, {
      code: "bad-query",
    });
  return period;
}

function checkLevel(snapshot: Snapshot, level: string): void {
  const levels = new Set([...snapshot.catalogue.units.values()].flat().map((unit) => unit.level));
  if (!levels.has(level))
    throw new Problem(400, `level: no unit has level ${shown(level)}; there are: ${[...levels].sort().join(", ")}`, {
      code: "bad-query",
    });
}
