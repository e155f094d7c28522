/** Looks up a text of the interface; charts get it passed in, so that they stay free of the language files. */
export type Translate = (key: string, values?: Record<string, string | number>) => string;

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
