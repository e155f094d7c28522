import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import {
  classOfRate,
  classOfShare,
  classWithin,
  overallOf,
  rateLimits,
  shareLimits,
  spreadOf,
  widened,
  type FunnelPoint,
} from "../../pipelines/statistics/funnel.ts";
import { id, knownIndicators } from "../fields.ts";
import { membersOf } from "../members.ts";
import { checkLevel, periodFor } from "../period-of.ts";
import { snapshotRows } from "../route.ts";
import { publicFields, seriesMarks, seriesRow } from "../series-row.ts";
import { rowsOf, smallTable, type Field } from "../table.ts";
import { areTopLevels, askedOf, figuresOf } from "../totals.ts";

const sql = readFileSync(path.join(import.meta.dirname, "compare.sql"), "utf8");
const grains = ["month", "quarter", "half", "year"] as const;
const classes = ["within", "low95", "high95", "low998", "high998"] as const;
const number = z.number().nullable();

const funnel = z.object({
  overall: number.meta({ description: "Of all units here whose figures are complete and shown: sum over sum" }),
  lower_95: number,
  upper_95: number,
  lower_998: number,
  upper_998: number,
  class: z.enum(classes).nullable().meta({ description: "Within what chance explains, or outside it on a side" }),
  spread: number.meta({
    description:
      "How much more the units differ than chance explains (φ, from z scores drawn in to their 10th and 90th percentile); 1 is chance alone. Null for fewer than ten units",
  }),
  wide_lower_95: number.meta({ description: "Limits √φ times as far from `overall`, never nearer than the others" }),
  wide_upper_95: number,
  wide_lower_998: number,
  wide_upper_998: number,
  wide_class: z.enum(classes).nullable().meta({ description: "The class by those limits" }),
});

type Funnel = z.output<typeof funnel>;
type Row = Record<string, unknown>;

const noWide = {
  ...{ spread: null, wide_lower_95: null, wide_upper_95: null, wide_lower_998: null, wide_upper_998: null },
  wide_class: null,
};
const none: Funnel = {
  ...{ overall: null, lower_95: null, upper_95: null, lower_998: null, upper_998: null, class: null },
  ...noWide,
};

const extra: Field[] = Object.keys(funnel.shape).map((name) =>
  name.endsWith("class") ? { name, kind: "coded", words: classes } : { name, kind: "number" },
);

export default [
  snapshotRows({
    path: "/compare",
    bounded: true,
    summary:
      "The units of a level side by side, with the limits between which chance alone may put them; in the order of the organisation, never ranked. Shares and rates have limits",
    query: z.strictObject({
      indicator: id,
      level: z
        .string()
        .regex(/^[a-z_]{1,30}$/, "is no level; write unit, district, service or team")
        .default("unit"),
      grain: z.enum(grains, `is no grain; choose of ${grains.join(", ")}`).default("year"),
      period: z.string().max(20).optional().meta({
        description: "As 2016, 2016-H2, 2016-Q3 or 2016-07, by the grain; without it, the last one that the data cover",
      }),
    }),
    row: seriesRow.extend(seriesMarks.shape).extend(funnel.shape),
    async rows(snapshot, { indicator, level, grain, period }) {
      knownIndicators(snapshot, [indicator]);
      checkLevel(snapshot, level);
      const { start, end } = periodFor(snapshot, grain, period);
      const figures = figuresOf({ asked: [grain], tops: areTopLevels([level]), totals: false });
      const columns = publicFields.map((name) => snapshot.column(name, figures)).join(", ");
      const table = await snapshot.query(askedOf(figures, sql).replace("{columns}", columns), {
        ...{ indicator, grain, period_start: start, period_end: end },
        members: (await membersOf(snapshot, level, end)).join(","),
      });
      const rows = await rowsOf(table);
      const limits = funnelOf(rows, snapshot.catalogue.definitions.get(indicator)!);
      return smallTable(
        // The rows have the words themselves.
        [...table.fields, ...extra].map((field) =>
          field.kind === "coded" ? { name: field.name, kind: "text" } : field,
        ),
        rows.map((row, i) => ({ ...row, ...limits[i]! })),
      );
    },
  }),
];

/** The limits and class of each row; none of what is withheld, may still change, or cannot be compared. */
function funnelOf(rows: readonly Row[], { kind, per, interval }: Definition): Funnel[] {
  const points = rows.map((row) => pointOf(row));
  const shown = points.filter((point) => point !== null);
  const overall = overallOf(shown);
  const isShare = kind === "share" || kind === "score";
  // What is spent of a budget is a share of money, not of chances, and may be above 1.
  const isCounted =
    interval !== "none" && (kind === "rate" || (isShare && shown.every(({ count, of }) => count <= of)));
  if (overall === null || shown.length < 2 || !isCounted) return rows.map(() => none);
  const funnelKind = isShare ? "share" : "rate";
  const [limitsOf, classOf] = isShare ? [shareLimits, classOfShare] : [rateLimits, classOfRate];
  const spread = spreadOf(funnelKind, overall, shown);
  return points.map((point) => {
    if (!point) return none;
    const near = limitsOf(overall, point.of, 95);
    const far = limitsOf(overall, point.of, 998);
    const widen = (limits: typeof near) => widened(funnelKind, overall, limits, spread ?? 1);
    const wide = { near: widen(near), far: widen(far) };
    return {
      overall: overall * per,
      lower_95: near.lower * per,
      upper_95: near.upper * per,
      lower_998: far.lower * per,
      upper_998: far.upper * per,
      class: classOf(overall, point),
      ...(spread === null
        ? noWide
        : {
            spread,
            wide_lower_95: wide.near.lower * per,
            wide_upper_95: wide.near.upper * per,
            wide_lower_998: wide.far.lower * per,
            wide_upper_998: wide.far.upper * per,
            wide_class: classWithin(point.count / point.of, wide.near, wide.far),
          }),
    };
  });
}

function pointOf({ numerator, denominator, withheld, complete }: Row): FunnelPoint | null {
  if (withheld || !complete || typeof numerator !== "number" || typeof denominator !== "number") return null;
  return denominator > 0 ? { count: numerator, of: denominator } : null;
}
