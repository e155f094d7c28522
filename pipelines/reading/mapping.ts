import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { isDated, type Column, type Contract } from "../contracts/contract.ts";
import { Refusal } from "../problem.ts";
import { parseYaml, type Fault } from "../yaml-file.ts";
import { encodings } from "./decode.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as 2026-01-31");
const scalar = z.union([z.string(), z.number(), z.boolean()], "write a text or a number").transform(String);
const bound = z.union([z.number(), day], "write a number, or a date as 2026-01-31");

const pattern = z.union([scalar, z.array(scalar).min(1)], "write a text, or a list of texts");

/** What a field must be: a text (any case; `*` stands for anything, `"*"` alone for not empty, `""` for empty), one of several, a range, or not something. */
const test = z.union(
  [pattern, z.strictObject({ from: bound.optional(), to: bound.optional() }), z.strictObject({ not: pattern })],
  "write a text, a list of texts, {from, to} or {not: …}",
);

/** Fields by header, each with its test; all must hold. */
const conditions = z.record(z.string(), test);

const choice = z.strictObject({ if: conditions, then: scalar });

const sourceSchema = z.strictObject({
  /** The header whose field is taken; `lookup.header` for one of a second file. */
  from: z.string().optional(),
  /** With `from`: the header whose field is taken where that one is empty. */
  or: z.string().optional(),
  /** The same value for every row. */
  constant: scalar.optional(),
  /** Headers whose fields together are the id. */
  key: z.array(z.string()).min(2).optional(),
  /** Headers, or values with their conditions: all that apply, in one column with several values. */
  several: z
    .array(z.union([z.string(), choice], "write a header, or {if, then}"))
    .min(1)
    .optional(),
  /** The first whose conditions hold gives the value. */
  when: z.array(choice).min(1).optional(),
  /** What the source writes -> what it means; any case and spacing. */
  values: z.record(z.string(), scalar).optional(),
  /** For what `values` does not name, or where no `when` holds. */
  otherwise: scalar.optional(),
  /** For an empty field. */
  empty: scalar.optional(),
  /** The field is a number without fraction (`16.0` is `16`). */
  whole: z.boolean().default(false),
  /** Put before the field. */
  prefix: z.string().optional(),
  /** How the source writes dates, as in strftime: `%m/%d/%Y`. */
  date_format: z.string().optional(),
});

const origins = ["from", "constant", "key", "several", "when"] as const;

const source = z
  .preprocess((value) => (typeof value === "string" ? { from: value } : value), sourceSchema)
  .refine((value) => origins.filter((name) => value[name] !== undefined).length === 1, {
    message: `write one of ${origins.join(", ")}`,
  })
  .refine((value) => value.or === undefined || value.from !== undefined, { message: "write from beside or" });

/** How a file is read, where that is not to be found out. */
const readingKeys = {
  encoding: z.enum(encodings).optional(),
  delimiter: z.string().length(1).optional(),
  /** Name of the sheet of a spreadsheet. */
  sheet: z.string().min(1).optional(),
  /** The row of the sheet, or the line of the text, in which the header stands. */
  header_row: z.number().int().min(1).max(50).optional(),
};

const mappingSchema = z.strictObject({
  feed: z.string(),
  ...readingKeys,
  /** Column of the contract -> where it comes from; null leaves it out. Columns that are not named are found by their header. */
  columns: z.record(z.string(), source.nullable()).default({}),
  lookups: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, "write a name in small letters"),
      z.strictObject({
        /** Path from the mapping. */
        file: z.string(),
        /** Header of this file -> header of the second. */
        key: z.record(z.string(), z.string()).refine((key) => Object.keys(key).length > 0, "name at least one header"),
        /** Which row of a key counts. */
        keep: z.enum(["first", "last"]).default("first"),
        ...readingKeys,
      }),
    )
    .default({}),
  /** Only rows for which all of these hold are read, or all of one set of a list; the others are skipped. */
  filters: z
    .union([conditions, z.array(conditions).min(1)], "write conditions, or a list of them")
    .transform((filters) => [filters].flat())
    .prefault({}),
  /** Of the rows that are left, only the first or the last with these fields. */
  keep: z
    .strictObject({ first: z.array(z.string()).min(1).optional(), last: z.array(z.string()).min(1).optional() })
    .refine((keep) => (keep.first === undefined) !== (keep.last === undefined), "write first or last")
    .optional(),
  /** Each row becomes one for each of these: `name` is the contract's column for the word before the colon, `value` that for the field under the header after it. */
  unpivot: z
    .strictObject({ name: z.string(), value: z.string(), columns: z.record(z.string(), z.string()) })
    .optional(),
  /** Each row is a period from one field through another (`to`: the last day; `before`: the first day after); it becomes a row for every month at whose end it runs. */
  spells: z
    .strictObject({
      from: z.string(),
      to: z.string().optional(),
      before: z.string().optional(),
      since: day.optional(),
      until: day,
    })
    .refine((spells) => (spells.to === undefined) !== (spells.before === undefined), "write to or before")
    .optional(),
  /** What the file is the whole of, where its rows do not show it; `only` is a part of the feed: columns of codes with the values that it has. */
  covers: z
    .strictObject({
      from: day.optional(),
      to: day.optional(),
      unit: z.string().optional(),
      only: z.record(z.string(), pattern).optional(),
    })
    .default({}),
  /** Keys that the load's coverage has and the file has not are deleted. */
  full: z.boolean().default(false),
  /** A share of the rows that may be quarantined, and why that is right. */
  max_quarantined: z.strictObject({ share: z.number().min(0).max(1), reason: z.string().min(10) }).optional(),
});

export type Source = z.output<typeof sourceSchema>;
export type Test = z.output<typeof test>;
export type Conditions = z.output<typeof conditions>;

/** How a source differs from the contract. `hash` changes with every change of the file; `folder` is where it lies. */
export type Mapping = z.output<typeof mappingSchema> & { hash: string; folder: string };

/** Parses a mapping for a feed; every fault names its line, and so do those that `more` finds in a sound one. */
export function parseMapping(
  text: string,
  file: string,
  contract: Contract,
  more: (mapping: Mapping) => { at: PropertyKey[]; message: string }[] = () => [],
): { mapping: Mapping | undefined; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(text, file, mappingSchema);
  if (!value) return { mapping: undefined, faults };
  const hash = createHash("sha256").update(text).digest("hex");
  const mapping = { ...value, hash, folder: path.dirname(file) };
  const own = faultsOf(value, contract);
  const found = (own.length > 0 ? own : more(mapping)).map(({ at, message }) => ({ file, line: lineOf(at), message }));
  return found.length > 0 ? { mapping: undefined, faults: found } : { mapping, faults: [] };
}

function faultsOf(
  mapping: z.output<typeof mappingSchema>,
  contract: Contract,
): { at: PropertyKey[]; message: string }[] {
  const found: { at: PropertyKey[]; message: string }[] = [];
  const names = new Map(contract.columns.map((column) => [column.name, column]));
  const refer = (at: PropertyKey[], name: string) => {
    if (!names.has(name))
      found.push({ at, message: `${contract.name} has no column "${name}"; it has ${[...names.keys()].join(", ")}` });
  };
  if (mapping.feed !== contract.name)
    found.push({ at: ["feed"], message: `this mapping is for "${mapping.feed}", not for ${contract.name}` });
  for (const [name, source] of Object.entries(mapping.columns)) {
    refer(["columns", name], name);
    const column = names.get(name);
    if (source?.date_format !== undefined && column && !isDated(column))
      found.push({ at: ["columns", name, "date_format"], message: `${name} is not a date` });
  }
  if (mapping.unpivot) for (const part of ["name", "value"] as const) refer(["unpivot", part], mapping.unpivot[part]);
  for (const [name, values] of Object.entries(mapping.covers.only ?? {})) {
    refer(["covers", "only", name], name);
    const column = names.get(name);
    if (column && !partsFeed(column))
      found.push({
        at: ["covers", "only", name],
        message: `${name} does not part ${contract.name}: name ${contract.columns.filter(partsFeed).map(quote).join(" or ") || "no column"}`,
      });
    else if (column)
      for (const value of [values].flat().filter((each) => !(each in column.values!)))
        found.push({
          at: ["covers", "only", name],
          message: `${name} has no value "${value}"; it has ${Object.keys(column.values!).join(", ")}`,
        });
  }
  if (mapping.full && contract.mode !== "upsert")
    found.push({ at: ["full"], message: `${contract.name} replaces its coverage by itself; leave full out` });
  return found;
}

/** A column that every row has, whose codes say what a row is about and nothing of a person: senders may share a feed by it. */
const partsFeed = (column: Column) =>
  column.type === "code" && column.required && !column.personal && column.values !== undefined;

const quote = ({ name }: Column) => `"${name}"`;

/** Reads a mapping; refuses one that has faults, with all of them. */
export function readMapping(file: string, contract: Contract): Mapping {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Refusal(`there is no mapping ${path.basename(file)}, or it may not be read`);
  }
  return faultless(text, file, contract);
}

/** A mapping that was sent with its file: it lies in no folder, so there is nothing beside it to look things up in. */
export function readSentMapping(text: string, contract: Contract): Mapping {
  const mapping = faultless(text, "mapping", contract);
  const [lookup] = Object.keys(mapping.lookups);
  if (lookup === undefined) return mapping;
  throw new Refusal(
    `the mapping looks things up in a second file (lookup "${lookup}"), which was not sent; load the file with kvv load, or leave the lookup out`,
  );
}

/** Folder beside a mapping in the inbox for the files that it looks things up in. */
export const lookupFolder = "lookups";

/** Whoever may drop a mapping in the inbox may not have the monitor read any file of the machine. */
export function refuseLookupsElsewhere(mapping: Mapping): void {
  for (const [name, { file }] of Object.entries(mapping.lookups)) {
    const folder = real(path.join(mapping.folder, lookupFolder));
    if (!real(path.resolve(mapping.folder, file)).startsWith(folder + path.sep))
      throw new Refusal(
        `lookup "${name}": a mapping in the inbox looks things up in its folder ${lookupFolder} only, and ${file} lies elsewhere; put it there and write ${lookupFolder}/${path.basename(file)}`,
      );
  }
}

const real = (file: string) => (existsSync(file) ? realpathSync(file) : path.resolve(file));

function faultless(text: string, file: string, contract: Contract): Mapping {
  const { mapping, faults } = parseMapping(text, file, contract);
  if (mapping) return mapping;
  const lines = faults.map((fault) => `${path.basename(file)}:${fault.line}: ${fault.message}`);
  throw new Refusal(
    `the mapping has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}: ${lines.join("; ")}`,
  );
}

/** The headers that one source names. */
export const headersOfSource = (source: Source | null): string[] =>
  [
    source?.from ?? [],
    source?.or ?? [],
    source?.key ?? [],
    (source?.several ?? []).flatMap((part) => (typeof part === "string" ? part : Object.keys(part.if))),
    (source?.when ?? []).flatMap((part) => Object.keys(part.if)),
  ].flat();

/** The headers of the file itself that a mapping names: they help to find the delimiter. */
export function headersOf(mapping: Mapping): string[] {
  return [
    ...Object.values(mapping.columns).flatMap(headersOfSource),
    mapping.filters.flatMap((each) => Object.keys(each)),
    mapping.keep?.first ?? mapping.keep?.last ?? [],
    Object.values(mapping.unpivot?.columns ?? {}),
    Object.values(mapping.lookups).flatMap((lookup) => Object.keys(lookup.key)),
  ].flat();
}
