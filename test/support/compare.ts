import {
  classOfRate,
  classOfShare,
  classWithin,
  overallOf,
  rateLimits,
  shareLimits,
  spreadOf,
  widened,
} from "../../pipelines/statistics/funnel.ts";
import type { CompareRow, Definition } from "../../web/api.ts";
import type { CompareData } from "../../web/charts/compare.ts";
import { definition, seriesRow } from "./rows.ts";

const noLimits = {
  ...{ overall: null, lower_95: null, upper_95: null, lower_998: null, upper_998: null, class: null },
  ...{ spread: null, wide_lower_95: null, wide_upper_95: null, wide_lower_998: null, wide_upper_998: null },
  wide_class: null,
};

/** A unit's row of a comparison, with what a test says of it. */
export const compareRow = (fields: Partial<CompareRow> = {}): CompareRow => ({
  ...seriesRow({ lower: null, upper: null }),
  ...noLimits,
  ...fields,
});

/** Units with the limits that the server gives them: name, count, and what it is of. */
export function compared(
  units: [name: string, count: number, of: number][],
  more: { definition?: Partial<Definition>; row?: Partial<CompareRow>; others?: CompareRow[]; chosen?: string } = {},
): CompareData {
  const one = definition(more.definition);
  const per = one.per ?? 1;
  const overall = overallOf(units.map(([, count, of]) => ({ count, of })))!;
  const isRate = one.kind === "rate";
  const [limitsOf, classOf] = isRate ? [rateLimits, classOfRate] : [shareLimits, classOfShare];
  const kind = isRate ? "rate" : "share";
  const spread = spreadOf(
    kind,
    overall,
    units.map(([, count, of]) => ({ count, of })),
  );
  const rows = units.map(([name, count, of]) => {
    const near = limitsOf(overall, of, 95);
    const far = limitsOf(overall, of, 998);
    const wideNear = widened(kind, overall, near, spread ?? 1);
    const wideFar = widened(kind, overall, far, spread ?? 1);
    return {
      name,
      row: compareRow({
        unit_id: idOf(name),
        numerator: count,
        denominator: of,
        value: (count / of) * per,
        overall: overall * per,
        lower_95: near.lower * per,
        upper_95: near.upper * per,
        lower_998: far.lower * per,
        upper_998: far.upper * per,
        class: classOf(overall, { count, of }),
        ...(spread === null
          ? {}
          : {
              spread,
              wide_lower_95: wideNear.lower * per,
              wide_upper_95: wideNear.upper * per,
              wide_lower_998: wideFar.lower * per,
              wide_upper_998: wideFar.upper * per,
              wide_class: classWithin(count / of, wideNear, wideFar),
            }),
        ...more.row,
      }),
    };
  });
  return {
    definition: one,
    units: [...rows, ...(more.others ?? []).map((row) => ({ row, name: row.unit_id }))],
    whole: { name: "Politie", row: seriesRow({ unit_id: "politie", value: overall * per, ...targetsOf(more.row) }) },
    chosen: more.chosen ?? null,
  };
}

export const idOf = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, "-");

const targetsOf = ({ target, target_source }: Partial<CompareRow> = {}) => ({
  target: target ?? null,
  target_source: target_source ?? null,
});
