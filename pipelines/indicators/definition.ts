import { z } from "zod";
import { parseYaml, type Fault } from "../yaml-file.ts";

const words = z.strictObject({ nl: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, "write a name in small letters, digits and underscores");
const day = z.iso.date("write a date as 2026-01-31");

export const focusPoints = ["connection", "inclusion", "discrimination", "composition"] as const;
export const kinds = [
  "share",
  "rate",
  "count",
  "score",
  "cumulative",
  "coverage",
  "ratio",
  "duration",
  "change",
] as const;
export type Kind = (typeof kinds)[number];
export const polarities = ["up", "down", "balance", "neutral"] as const;
/** From the widest to the narrowest; those beside each other have the same floors. */
export const levels = ["force", "unit", "district", "service", "team", "bureau"] as const;
export const grains = ["month", "quarter", "half", "year", "r12", "target"] as const;

/** Grains that mean nothing of a kind: a running count is not of twelve months, and no stretch of the baseline is as long as a target's. */
const noGrains: Partial<Record<Kind, readonly string[]>> = { cumulative: ["r12"], change: ["target"] };
/** Kinds with a second number in words. */
const withDenominator = new Set<Kind>(["share", "rate", "score", "coverage", "ratio"]);
/** Kinds of which everything may be counted, so that chance has no part in the figure. */
const enumerable = new Set<Kind>(["share", "count", "cumulative"]);
/** Kinds that can be a state at a period's end. */
const stockKinds = new Set<Kind>(["share", "count", "ratio"]);

const breakdownSchema = z.strictObject({
  /** The column of the query. */
  name,
  title: words,
  /** What each value is called; a value without words is shown as it is. */
  values: z.record(z.string(), words).default({}),
});

/** The keys of a header. */
export const fields = {
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
  /** How the exposure of a rate, or of a ratio of rates, goes over time: the mean of the months' stocks, or their sum. */
  exposure: z.enum(["mean", "sum"]).optional(),
  /** Of a coverage: levels of the units that should have it. Of a change: the indicator that changes. */
  of: z.union([z.array(z.enum(levels)).min(1), z.string().min(1)], "write levels, as [team], or an id").optional(),
  /** Of a coverage: how much a unit needs to have it. */
  least: z.number().positive().optional(),
  /** Of a change: the year that is compared with. */
  baseline: z.strictObject({ from: day, to: day }).optional(),
  /** Money, plans and outputs are counted whole: chance has no part in them, so they have no interval. */
  interval: z.literal("none").optional(),
  /** Covered where all feeds cover, or where any of them does. */
  covered_by: z.enum(["all", "any"]).default("all"),
  polarity: z.enum(polarities),
  polarity_note: words.optional(),
  numerator: words,
  denominator: words.optional(),
  excluded: words.optional(),
  /** Of a share whose query yields `waiting`: what waits at the period's end, in words, with {waiting} and "{zaak|zaken}". */
  waiting: words.optional(),
  breakdowns: z.array(breakdownSchema).default([]),
  /** Levels at which the figure exists. */
  levels: z
    .array(z.enum(levels))
    .min(1)
    .default([...levels]),
  /** Grains at which the figure exists. */
  grains: z.array(z.enum(grains)).min(1).optional(),
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
};

const definitionSchema = z
  .strictObject(fields)
  .transform((header) => ({ ...header, grains: header.grains ?? grainsOf(header.kind) }));

/** Grains at which figures of a kind exist. */
const grainsOf = (kind: Kind) => grains.filter((grain) => !noGrains[kind]?.includes(grain));

/** What stands in a definition file above its query. */
export type Header = z.output<typeof definitionSchema>;

/** An indicator: what it says, and the query that yields its cells. */
export interface Definition extends Header, Reads {
  id: string;
  /** The query: one SELECT. */
  sql: string;
  /** The versions before this one, the oldest first. */
  earlier?: Earlier[];
}

/** What is computed under an earlier version. */
export type Earlier = Omit<Definition, "earlier">;

/** A version of an indicator, and the days on which periods end that are computed under it. */
export interface Computed extends Earlier {
  /** From the month of this day on; null: from the beginning. */
  first_end: string | null;
  /** Before the month of this day; null: for ever. */
  last_end: string | null;
}

/** All versions of an indicator. A period is computed under the one that holds on its last day. */
export function computedOf({ earlier = [], ...current }: Definition): Computed[] {
  const versions = [...earlier, current];
  return versions.map((version, i) => ({
    ...version,
    id: current.id,
    first_end: i === 0 ? null : version.version.valid_from,
    last_end: versions[i + 1]?.version.valid_from ?? null,
  }));
}

/** What the engine's parse of a query tells. */
export interface Reads {
  /** Feeds that the query reads. */
  feeds: string[];
  /** Of feeds of which it reads only rows with certain codes: these. A file that holds only those is the whole of what it reads. */
  parts: Record<string, Record<string, string[]>>;
  /** Reads someone's background, or a feed that is protected as a whole. */
  protected: boolean;
  /** Its breakdowns below unit level show small counts of citizens' cases. */
  sensitive: boolean;
  /** Of a duration: says which cases were closed within their term. */
  has_term?: boolean;
  /** Of a stock that is counted: yields from when until when something is there, so that a month without any has 0. */
  has_spells?: boolean;
  /** Of a share: yields at each month's end what does not count yet but will. */
  has_waiting?: boolean;
  /** Looks at what the source withheld. */
  has_withheld?: boolean;
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
  const below = lines.slice(end + 1).join("\n");
  const sql = below.trim().replace(/;$/, "");
  const blank = /^\s*/.exec(below)![0].split("\n").length - 1;
  const found = value ? rules(value).map(({ key, message }) => ({ file, line: lineOf([key]), message })) : [];
  return {
    header: value,
    sql,
    queryLine: end + 2 + blank,
    faults: [...faults, ...found],
    lineOf: (key) => lineOf([key]),
  };
}

const isYear = ({ from, to }: { from: string; to: string }) =>
  from.endsWith("-01-01") && to === `${from.slice(0, 4)}-12-31`;

const placeholders = new Set(["period", "value", "numerator", "denominator"]);

/** What a schema cannot see. */
function rules(header: Header): { key: string; message: string }[] {
  const found: { key: string; message: string }[] = [];
  const { kind } = header;
  const isOneOf = (...some: Kind[]) => some.includes(kind);
  if (kind === "rate" && !header.exposure)
    found.push({ key: "kind", message: "a rate says how its exposure goes over time: exposure: mean, or sum" });
  if (!isOneOf("rate", "ratio") && header.exposure)
    found.push({ key: "exposure", message: `only a rate, or a ratio of rates, has an exposure; this is a ${kind}` });
  if (withDenominator.has(kind) && !header.denominator)
    found.push({ key: "kind", message: `a ${kind} needs the denominator in words` });
  if (header.stock && !stockKinds.has(kind)) found.push({ key: "stock", message: `a ${kind} is no stock` });
  if (header.interval && !enumerable.has(kind))
    found.push({
      key: "interval",
      message: `only a ${[...enumerable].join(", a ")} can be without; this is a ${kind}`,
    });
  for (const language of ["nl", "en"] as const)
    if (header.waiting && !header.waiting[language].includes("{waiting}"))
      found.push({ key: "waiting", message: `waiting.${language} lacks {waiting}` });
  if (kind === "coverage" && !Array.isArray(header.of))
    found.push({
      key: header.of ? "of" : "kind",
      message: "a coverage says which units should have it: of: [team], say",
    });
  if (kind === "coverage" && header.breakdowns.length > 0)
    found.push({ key: "breakdowns", message: "a unit has it or not: a coverage has no breakdowns" });
  if (kind === "change" && typeof header.of !== "string")
    found.push({
      key: header.of ? "of" : "kind",
      message: "a change says of which indicator: of: discrimination-incidents, say",
    });
  if (kind === "change" && !header.baseline)
    found.push({ key: "kind", message: "a change says since when: baseline: { from: 2014-01-01, to: 2014-12-31 }" });
  if (header.baseline && !isYear(header.baseline))
    found.push({ key: "baseline", message: "write a whole year, as { from: 2014-01-01, to: 2014-12-31 }" });
  for (const [key, owner] of Object.entries({ least: "coverage", baseline: "change" } as const))
    if (kind !== owner && header[key as "least" | "baseline"] !== undefined)
      found.push({ key, message: `only a ${owner} has ${key}; this is a ${kind}` });
  if (header.of && !isOneOf("coverage", "change"))
    found.push({ key: "of", message: `only a coverage or a change is of something; this is a ${kind}` });
  for (const grain of header.grains.filter((each) => noGrains[kind]?.includes(each)))
    found.push({ key: "grains", message: `a ${kind} has no figures by ${grain}` });
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
