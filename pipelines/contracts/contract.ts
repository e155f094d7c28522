import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { parseYaml, type Fault } from "../yaml-file.ts";

export type { Fault } from "../yaml-file.ts";

const words = z.strictObject({ nl: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, "write a name in small letters, digits and underscores");
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as 2026-01-31");

export const columnTypes = [
  "text",
  "code",
  "codes",
  "unit",
  "date",
  "month_end",
  "year",
  "integer",
  "decimal",
  "share",
  "id",
] as const;

/** Under which law personal data fall; `none`: there are none. */
export const laws = ["gdpr", "police_data", "none"] as const;
export type Law = (typeof laws)[number];

/** Whom data are about. */
export const subjectKinds = ["staff", "leavers", "candidates", "complainants", "involved", "users"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Special categories of personal data (GDPR art. 9, Police Data Act art. 5). */
export const specialKinds = ["origin", "belief", "health", "orientation"] as const;
export type SpecialKind = (typeof specialKinds)[number];

const columnSchema = z.strictObject({
  name,
  type: z.enum(columnTypes),
  /** Every row has it, and so must the header. */
  required: z.boolean().default(false),
  /** With `required`: a row that has a value in this other column may do without. */
  unless: name.optional(),
  /** Allowed codes, each with the words that exports use for it; a column of type `codes` without them takes any. */
  values: z.record(name, z.array(z.string())).optional(),
  /** Headers that mean this column, besides its name; any case and spacing. */
  aliases: z.array(z.string().min(1)).default([]),
  /** Taken for a row that has none. */
  default: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  /** A number that may lie below 0. */
  signed: z.boolean().default(false),
  /** A date that may lie in the future. */
  future: z.boolean().default(false),
  /** A number that is added up where rows are equal in all columns that are not. */
  adds: z.boolean().default(false),
  /** An id whose natural order is kept beside its hash. */
  order: z.boolean().default(false),
  /** About a person: its values are never shown in messages, logs or quarantine. */
  personal: z.boolean().default(false),
  /** Identifies a person: only read to aggregate, never stored. */
  person: z.boolean().default(false),
  /** What it can tell of somebody that is of a special category. */
  special: z.array(z.enum(specialKinds, `write some of ${specialKinds.join(", ")}`)).default([]),
  /** Free text, in which somebody may have written a name. */
  free: z.boolean().default(false),
});

const contractSchema = z.strictObject({
  name,
  title: words,
  description: words,
  /** What a row means. */
  grain: words,
  mode: z.enum(["upsert", "replace"]),
  key: z.array(name).default([]),
  /** The date a row belongs to: its event, or the day of the state it describes. */
  date: name,
  /** The column that says how many people or events a row stands for. */
  weight: name.optional(),
  columns: z.array(columnSchema).min(1),
  /** Sets of columns of which a row must have at least one set whole. */
  one_of: z.array(z.array(name).min(1)).default([]),
  /** Pairs of dates: the first is not after the second. */
  date_order: z.array(z.tuple([name, name])).default([]),
  /** Pairs of numbers: the first is a part of the second. */
  parts: z.array(z.tuple([name, name])).default([]),
  /** Events with an id become cells once they have long been closed. */
  fold: z
    .strictObject({
      /** The date on which an event is closed; one without it stays. */
      closed: name,
      /** Whole months between the closing and the start of the current month. */
      months: z.number().int().min(1),
      /** Of events that share this id the first stands for all; they are folded together. */
      group: name.optional(),
      /** The id whose order says which is the first, of those on one day. */
      first: name.optional(),
      /** Columns of cells that only the first has, with the column of codes that each unites over the group. */
      unites: z.record(name, name).default({}),
      /** Dates of which the day so many days later keeps its month too, because something is counted by it. */
      later: z.record(name, z.number().int().min(1)).default({}),
    })
    .optional(),
  /** How often the next period is expected; `none` for a feed that comes when something changes. */
  cadence: z.enum(["month", "quarter", "half", "year", "none"]),
  due_days: z.number().int().min(0),
  overdue_days: z.number().int().min(0),
  sensitivity: z.enum(["open", "internal", "personal", "special"]),
  owner: z.string().min(1),
  /** From whom the data come. */
  supplier: words,
  /** What they are processed for. */
  purpose: words,
  law: z.enum(laws, `write one of ${laws.join(", ")}`),
  subjects: z.array(z.enum(subjectKinds, `write some of ${subjectKinds.join(", ")}`)).default([]),
  legal_ground: words,
  /** The day on which the force decided on the ground; left out while it is a proposal. */
  ground_decided: day.optional(),
  retention: words,
  /** What only the force can decide about these data, and has not yet. */
  questions: z.array(words).default([]),
  /** Changes of the contract itself, newest first. */
  history: z.array(z.strictObject({ on: day, change: z.string().min(1) })).min(1),
});

export type Column = z.output<typeof columnSchema>;
export type ColumnType = Column["type"];

/** What a feed is: the only place that knows it. `hash` changes with every change of the file. */
export type Contract = z.output<typeof contractSchema> & { hash: string };

/** Reads every contract of a folder; the file's name is the feed's. Collects all faults of all files and throws none. */
export function readContracts(folder: string): { contracts: Map<string, Contract>; faults: Fault[] } {
  const contracts = new Map<string, Contract>();
  const faults: Fault[] = [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort();
  for (const file of files) {
    const { contract, faults: found } = parseContract(
      readFileSync(path.join(folder, file), "utf8"),
      path.join(folder, file),
    );
    faults.push(...found);
    if (contract) contracts.set(contract.name, contract);
  }
  return { contracts, faults };
}

/** Parses one contract. */
export function parseContract(text: string, file: string): { contract: Contract | undefined; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(text, file, contractSchema);
  if (!value) return { contract: undefined, faults };
  const found = faultsOf(value, path.basename(file, ".yaml")).map(({ at, message }) => ({
    file,
    line: lineOf(at),
    message,
  }));
  if (found.length > 0) return { contract: undefined, faults: found };
  return { contract: { ...value, hash: createHash("sha256").update(text).digest("hex") }, faults: [] };
}

interface Found {
  at: PropertyKey[];
  message: string;
}

/** What a schema cannot see: names that refer to nothing, headers that mean two columns. */
function faultsOf(contract: z.output<typeof contractSchema>, fileName: string): Found[] {
  const found: Found[] = [];
  const names = new Set(contract.columns.map((column) => column.name));
  const refer = (at: PropertyKey[], column: string | undefined) => {
    if (column !== undefined && !names.has(column)) found.push({ at, message: `there is no column "${column}"` });
  };
  if (contract.name !== fileName)
    found.push({ at: ["name"], message: `"${contract.name}" is not the file's name, "${fileName}"` });
  contract.key.forEach((column, i) => refer(["key", i], column));
  refer(["date"], contract.date);
  refer(["weight"], contract.weight);
  contract.one_of.forEach((set, i) => set.forEach((column, j) => refer(["one_of", i, j], column)));
  contract.date_order.forEach((pair, i) => pair.forEach((column, j) => refer(["date_order", i, j], column)));
  contract.parts.forEach((pair, i) => pair.forEach((column, j) => refer(["parts", i, j], column)));
  const { fold } = contract;
  for (const part of ["closed", "group", "first"] as const) refer(["fold", part], fold?.[part]);
  for (const column of Object.keys(fold?.later ?? {})) refer(["fold", "later", column], column);
  for (const [united, column] of Object.entries(fold?.unites ?? {})) {
    refer(["fold", "unites", united], column);
    if (names.has(united)) found.push({ at: ["fold", "unites", united], message: `"${united}" is a column already` });
  }
  if (fold && (contract.mode !== "upsert" || contract.key.length !== 1 || !contract.weight))
    found.push({ at: ["fold"], message: "a feed that is folded needs mode upsert, a key of one column and a weight" });
  if (contract.mode === "upsert" && contract.key.length === 0)
    found.push({ at: ["mode"], message: "a feed with mode upsert needs a key" });
  if (contract.overdue_days < contract.due_days)
    found.push({ at: ["overdue_days"], message: `${contract.overdue_days} is before due_days ${contract.due_days}` });
  found.push(...faultsOfPrivacy(contract));
  const headers = new Map<string, string>();
  contract.columns.forEach((column, i) => {
    refer(["columns", i, "unless"], column.unless);
    const coded = column.type === "code" || column.type === "codes";
    if (column.values ? !coded : column.type === "code")
      found.push({
        at: ["columns", i, "name"],
        message: `${column.name}: type code needs values; codes may have them, other types have none`,
      });
    for (const header of [column.name, ...column.aliases]) {
      const other = headers.get(normalise(header));
      if (other !== undefined && other !== column.name)
        found.push({ at: ["columns", i, "aliases"], message: `header "${header}" already means ${other}` });
      headers.set(normalise(header), column.name);
    }
    const codes = new Map<string, string>();
    for (const [code, aliases] of Object.entries(column.values ?? {}))
      for (const word of [code, ...aliases]) {
        const other = codes.get(normalise(word));
        if (other !== undefined && other !== code)
          found.push({ at: ["columns", i, "values", code], message: `"${word}" already means ${other}` });
        codes.set(normalise(word), code);
      }
  });
  return found;
}

/** Whether what is said of persons fits together: the register is made of it. */
function faultsOfPrivacy(contract: z.output<typeof contractSchema>): Found[] {
  const { law, subjects, sensitivity, columns, ground_decided } = contract;
  if (law !== "none")
    return subjects.length > 0
      ? []
      : [{ at: ["law"], message: `subjects is missing: say whom the data are about, or law: none` }];
  const found: Found[] = [];
  if (subjects.length > 0)
    found.push({ at: ["subjects"], message: `data about ${subjects.join(", ")} fall under a law: not law: none` });
  if (sensitivity === "personal" || sensitivity === "special")
    found.push({ at: ["sensitivity"], message: `${sensitivity} data fall under a law: not law: none` });
  if (ground_decided)
    found.push({ at: ["ground_decided"], message: "without personal data there is no ground to decide on" });
  columns.forEach((column, i) => {
    if (column.personal || column.person || column.special.length > 0)
      found.push({ at: ["columns", i, "name"], message: `${column.name} is about persons: not law: none` });
  });
  return found;
}

/** Feeds with personal data whose ground is a proposal: the force has yet to decide. */
export const undecidedGrounds = (contracts: Iterable<Contract>): string[] =>
  [...contracts].filter(({ law, ground_decided }) => law !== "none" && !ground_decided).map(({ name }) => name);

/** A header or a code as it is compared: any case, spacing, hyphens and underscores. */
export function normalise(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}

/** Columns that have a place in the warehouse: all but those that identify a person. */
export function storedColumns(contract: Contract): Column[] {
  return contract.columns.filter((column) => !column.person);
}

export const isNumeric = (column: Pick<Column, "type">): boolean =>
  column.type === "integer" || column.type === "decimal" || column.type === "share";

/** Whether the column's values are days: an event's, or the last of a month or of a year. */
export const isDated = <T extends Pick<Column, "type">>(
  column: T,
): column is T & { type: "date" | "month_end" | "year" } =>
  column.type === "date" || column.type === "month_end" || column.type === "year";

/** Whether the feed's table has a column `withheld`. */
export const hasWithheld = (contract: Contract): boolean => storedColumns(contract).some(isNumeric);

const sqlTypes: Record<ColumnType, string> = {
  text: "VARCHAR",
  code: "VARCHAR",
  codes: "VARCHAR[]",
  unit: "VARCHAR",
  date: "DATE",
  month_end: "DATE",
  year: "DATE",
  integer: "BIGINT",
  decimal: "DOUBLE",
  share: "DOUBLE",
  id: "UBIGINT",
};

/** The columns of the feed's table as name and SQL type, without `load_id`. */
export function tableColumns(contract: Contract): { name: string; type: string }[] {
  const columns = storedColumns(contract).flatMap((column) => [
    {
      name: column.name,
      type: sqlTypes[column.type] + (column.default === undefined ? "" : ` NOT NULL DEFAULT ${column.default}`),
    },
    ...(column.type === "share" ? [{ name: `${column.name}_step`, type: "DOUBLE" }] : []),
    ...(column.order ? [{ name: `${column.name}_order`, type: "VARCHAR" }] : []),
  ]);
  return hasWithheld(contract) ? [...columns, { name: "withheld", type: "VARCHAR[]" }] : columns;
}

/** The columns that the warehouse adds to those of a load: the load, and where the feed is folded, `folded` (NULL for a row as it was loaded, `known` for a cell) and what the first of a group unites. */
export function addedColumns(contract: Contract): { name: string; type: string }[] {
  const load = { name: "load_id", type: "INTEGER" };
  if (!contract.fold) return [load];
  const united = Object.keys(contract.fold.unites).map((name) => ({ name, type: "VARCHAR[]" }));
  return [load, { name: "folded", type: "VARCHAR" }, ...united];
}

/** The statement that makes the feed's table in the warehouse. */
export function createTableSql(contract: Contract): string {
  const columns = [...tableColumns(contract), ...addedColumns(contract)];
  return `create table if not exists "${contract.name}" (\n${columns.map((c) => `  "${c.name}" ${c.type}`).join(",\n")}\n)`;
}
