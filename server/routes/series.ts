import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { z } from "zod";
import { chosenFields, fieldsOf, withFields } from "../chosen-fields.ts";
import { day, id, ids, known, knownIndicators, knownUnits } from "../fields.ts";
import { Problem, shown } from "../problem.ts";
import { snapshotRows } from "../route.ts";
import { addSentences, languagesOf } from "../sentences.ts";
import { grains, publicFields, sentences, seriesMarks, seriesRow } from "../series-row.ts";
import type { Snapshot } from "../snapshot.ts";
import { areTops, askedOf, figuresOf, orderIn } from "../totals.ts";
import { Conditions } from "../where.ts";

const bestGrain = readFileSync(path.join(import.meta.dirname, "best-grain.sql"), "utf8");

const calendarGrains: readonly string[] = ["month", "quarter", "half", "year"];

type Grain = (typeof grains)[number];
const isGrain = (word: string): word is Grain => (grains as readonly string[]).includes(word);

const grainList = z
  .string()
  .max(100, `is longer than 100 characters; choose of ${grains.join(", ")}`)
  .transform((text, context): Grain[] => {
    const words = text.split(",").map((each) => each.trim());
    const stranger = words.find((each) => !isGrain(each));
    if (stranger !== undefined)
      context.addIssue({ code: "custom", message: `${shown(stranger)} is no grain; choose of ${grains.join(", ")}` });
    return [...new Set(words.filter(isGrain))].sort();
  })
  .meta({ description: `Of ${grains.join(", ")}; several with commas between them` });

export default [
  snapshotRows({
    path: "/series",
    bounded: true,
    summary: "Figures of indicators and units over time",
    query: z
      .strictObject({
        indicator: ids.meta({ description: "Ids with commas between them, or `all`" }),
        unit: ids.default(null).meta({ description: "Ids with commas between them, or `all`" }),
        grain: grainList.default(["half"]),
        from: day.optional().meta({ description: "Periods that begin on or after this day" }),
        to: day.optional().meta({ description: "Periods that end on or before this day" }),
        by: z.string().min(1).max(100).optional().meta({ description: "A breakdown; without it, totals" }),
        as_of: day.optional().meta({ description: "As published on that day" }),
        best_for: id.optional().meta({
          description:
            "A unit: of each indicator the figures of the grain, from the asked one upwards and the targets' periods last, at which this unit is best shown",
        }),
        fields: chosenFields.optional(),
      })
      .refine(({ grain, best_for }) => grain.length === 1 || !best_for, {
        path: ["grain"],
        message: "may be one only where `best_for` chooses among those above it",
      })
      .refine(({ from, to }) => !from || !to || from <= to, { path: ["to"], message: "lies before `from`" }),
    row: seriesRow.extend(sentences.partial().shape).extend(seriesMarks.shape),
    async rows(snapshot, query) {
      const indicators = knownIndicators(snapshot, query.indicator);
      const units = knownUnits(snapshot, query.unit);
      const ladder = query.best_for ? ladderFrom(query.grain[0]!) : query.grain;
      const conditions = new Conditions().oneOf("indicator_id", indicators).oneOf("unit_id", units);
      if (query.by) conditions.and("breakdown = $by", { by: knownBreakdown(snapshot, indicators, query.by) });
      else conditions.and("breakdown is null");
      if (query.from) conditions.and("period_start >= $from::date", { from: query.from });
      if (query.to) conditions.and("period_end <= $to::date", { to: query.to });
      if (query.best_for) {
        known([query.best_for], snapshot.catalogue.units, "unit");
        conditions.and(`(indicator_id, grain) in (${bestGrain})`, {
          ladder: listValue(ladder),
          best_for: query.best_for,
        });
      } else conditions.oneOf("grain", query.grain);
      const { sql, parameters } = conditions.where;
      const { fields, sentences } = fieldsOf(query.fields);
      const chosen = sentences.length ? [...publicFields, "target_id"] : fields;
      // Figures of one indicator lie together in the series, those of a unit in the totals.
      const [tops, totals] = [areTops(units, snapshot.catalogue), indicators === null];
      const figures = query.by ? "series" : figuresOf({ asked: ladder, tops, totals });
      const columns = chosen.map((name) => snapshot.column(name, figures)).join(", ");
      const statement = askedOf(
        figures,
        `select ${columns} from series ${sql} order by ${orderIn(figures, units, snapshot)}`,
      );
      const table = await snapshot.query(statement, parameters);
      if (sentences.length === 0) return table;
      return withFields(
        addSentences(table, snapshot.catalogue, languagesOf(sentences)),
        new Set([...fields, ...sentences]),
      );
    },
  }),
];

/** Grains in the order in which they are tried. */
function ladderFrom(grain: Grain): string[] {
  const place = calendarGrains.indexOf(grain);
  return [...new Set([grain, ...calendarGrains.slice(place < 0 ? calendarGrains.indexOf("half") : place), "target"])];
}

/** 400 that names the breakdowns there are. */
function knownBreakdown(snapshot: Snapshot, indicators: string[] | null, by: string): string {
  const chosen = indicators ?? [...snapshot.catalogue.definitions.keys()];
  const there = new Set(chosen.flatMap((each) => breakdownsOf(snapshot, each)));
  if (there.has(by)) return by;
  const list = [...there].sort().join(", ");
  throw new Problem(
    400,
    `by: no breakdown ${shown(by)}; ${list ? `there are: ${list}` : "these indicators have none"}`,
  );
}

function breakdownsOf(snapshot: Snapshot, indicatorId: string): string[] {
  return snapshot.catalogue.definitions.get(indicatorId)!.breakdowns.map((breakdown) => breakdown.name);
}
