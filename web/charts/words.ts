import type { Definition, SeriesRow } from "../api.ts";

/** Looks up a text of the interface; charts get it passed in, so that they stay free of the language files. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

/** The short sign of a figure that is shown as a band only: "<5", or ">32" where all but a few belong to it. */
export function bandSign(row: { denominator: number | null; band_side?: "low" | "high" | null }, t: Translate): string {
  return row.band_side === "high" && row.denominator !== null
    ? t("figure.bandSignHigh", { most: row.denominator - 5 })
    : t("figure.bandSign");
}

/** What a figure shows instead of a value, by the key of its text; null where it has a value. */
export function absence(row: {
  value: number | null;
  withheld: boolean;
  withheld_reason: string | null;
  band?: boolean | null;
  judgement: string;
}): "band" | "withheld" | "no_data" | null {
  if (row.value !== null) return null;
  if (row.band || row.withheld_reason === "band") return "band";
  return row.withheld ? "withheld" : "no_data";
}

/** Whether numerator and denominator are people or cases of which the value is a part. */
export const isPart = (
  row: Pick<SeriesRow, "numerator" | "denominator">,
  definition: Pick<Definition, "kind">,
): boolean =>
  row.numerator !== null && row.denominator !== null && ["share", "score", "coverage"].includes(definition.kind);
