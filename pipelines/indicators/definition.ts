import { z } from "zod";
import { parseYaml, type Fault } from "../yaml-file.ts";

const words = z.strictObject({ nl: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, "write a name in small letters, digits and underscores");
const day = z.iso.date("write a date as 2026-01-31");

export const focusPoints = ["connection", "inclusion", "discrimination", "composition"] as const;
export const kinds = ["share", "rate", "count", "score"] as const;
export const polarities = ["up", "down", "balance", "neutral"] as const;
/** From the widest to the narrowest; those beside each other have the same floors. */
export const levels = ["force", "unit", "district", "service", "team", "bureau"] as const;
export const grains = ["month", "quarter", "half", "year", "r12", "target"] as const;

const breakdownSchema = z.strictObject({
  /** The column of the query. */
  name,
  title: words,
  /** What each value is called; a value without words is shown as it is. */
  values: z.record(z.string(), words).default({}),
});

const definitionSchema = z.strictObject({
  title: words,
  /** The question that the figure answers. */
  question: words,
  description: words,
  why: words,
  caveats: words.optional(),
  /** The figure in words: {value}, {numerator}, {denominator}, {period}; "{klacht|klachten}" is the first where the number is 1. */
  sentence: words,
  focus: z.enum(focusPoints),
  /** A function, never a person. */
  owner: z.string().min(1),
  source: z.array(z.string().min(1)).min(1),
  kind: z.enum(kinds),
  /** The value of a period is that of its last month. */
  stock: z.boolean().default(false),
  /** A rate is per so many. */
  per: z.number().positive().default(1),
  /** How exposure goes over time: the mean of the months' stocks, or their sum. */
  exposure: z.enum(["mean", "sum"]).optional(),
  /** Covered where all feeds cover, or where any of them does. */
  covered_by: z.enum(["all", "any"]).default("all"),
  polarity: z.enum(polarities),
  polarity_note: words.optional(),
  numerator: words,
  denominator: words.optional(),
  excluded: words.optional(),
  breakdowns: z.array(breakdownSchema).default([]),
  /** Levels at which the figure exists. */
  levels: z
    .array(z.enum(levels))
    .min(1)
    .default([...levels]),
  /** Grains at which the figure exists. */
  grains: z
    .array(z.enum(grains))
    .min(1)
    .default([...grains]),
  decimals: z.number().int().min(0).max(3).default(1),
  /** Stricter than the rules for all; laxer is refused. */
  disclosure: z
    .strictObject({
      /** Least denominator that is shown exactly. */
      denominator: z.number().int().min(10).optional(),
      /** Least numerator and complement that are shown exactly. */
      numerator: z.number().int().min(5).optional(),
    })
    .default({}),
  chart: z.enum(["line"]).default("line"),
  version: z.strictObject({ number: z.number().int().positive(), valid_from: day, change: words }),
  reviewed: day,
});

/** What stands in a definition file above its query. */
export type Header = z.output<typeof definitionSchema>;

/** An indicator: what it says, and the query that yields its cells. */
export interface Definition extends Header {
  id: string;
  /** The query: one SELECT. */
  sql: string;
  /** Feeds that the query reads. */
  feeds: string[];
  /** Of feeds of which it reads only rows with certain codes: these. A file that holds only those is the whole of what it reads. */
  parts: Record<string, Record<string, string[]>>;
  /** Reads someone's background, or a feed that is protected as a whole. */
  protected: boolean;
  /** Its breakdowns below unit level show small counts of citizens' cases. */
  sensitive: boolean;
}

const opening = "/*---";
const closing = "---*/";

/** A definition file in its two parts, and its faults. `queryLine` is the line on which the query begins. */
export function parseDefinition(
  text: string,
  file: string,
): { header: Header | undefined; sql: string; queryLine: number; faults: Fault[]; lineOf(key: string): number } {
  const none = { header: undefined, sql: "", queryLine: 1, lineOf: () => 1 };
  const lines = text.split(/\r?\n/);
  const end = lines.indexOf(closing);
  if (lines[0] !== opening || end < 0)
    return {
      ...none,
      faults: [
        { file, line: 1, message: `begin with ${opening} on a line of its own, YAML, and ${closing} on a line` },
      ],
    };
  const { value, faults, lineOf } = parseYaml(lines.slice(1, end).join("\n"), file, definitionSchema, 1);
  const sql = lines
    .slice(end + 1)
    .join("\n")
    .trim()
    .replace(/;$/, "");
  const found = value ? rules(value).map(({ key, message }) => ({ file, line: lineOf([key]), message })) : [];
  return {
    header: value,
    sql,
    queryLine: end + 2,
    faults: [...faults, ...found],
    lineOf: (key) => lineOf([key]),
  };
}

const placeholders = new Set(["period", "value", "numerator", "denominator"]);

/** What a schema cannot see. */
function rules(header: Header): { key: string; message: string }[] {
  const found: { key: string; message: string }[] = [];
  if (header.kind === "rate" && !header.exposure)
    found.push({ key: "kind", message: "a rate says how its exposure goes over time: exposure: mean, or sum" });
  if (header.kind !== "rate" && header.exposure)
    found.push({ key: "exposure", message: `only a rate has an exposure; this is a ${header.kind}` });
  if (header.kind !== "count" && !header.denominator)
    found.push({ key: "kind", message: `a ${header.kind} needs the denominator in words` });
  if (header.stock && (header.kind === "rate" || header.kind === "score"))
    found.push({ key: "stock", message: `a ${header.kind} is no stock` });
  if (header.polarity === "neutral" && !header.polarity_note)
    found.push({ key: "polarity", message: "say in polarity_note why neither direction is better" });
  for (const language of ["nl", "en"] as const) {
    const named = [...header.sentence[language].matchAll(/\{([^}]*)\}/g)].map(([, inside]) => inside!);
    const unknown = named.filter((inside) => !placeholders.has(inside) && !/^[^|]*\|[^|]*$/.test(inside));
    for (const each of unknown)
      found.push({
        key: "sentence",
        message: `sentence.${language}: {${each}} is none of {${[...placeholders].join("}, {")}}`,
      });
    for (const needed of ["period", "value"])
      if (!named.includes(needed)) found.push({ key: "sentence", message: `sentence.${language} lacks {${needed}}` });
  }
  const names = header.breakdowns.map((breakdown) => breakdown.name);
  for (const twice of names.filter((each, i) => names.indexOf(each) !== i))
    found.push({ key: "breakdowns", message: `${twice} stands twice` });
  return found;
}
