import type { Context } from "../context.ts";
import { normalise, type Column, type Contract } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import { decodeLookups, mappedRows, type Lookup } from "../reading/mapped.ts";
import type { Mapping } from "../reading/mapping.ts";
import { openTable } from "../reading/open.ts";
import { plainRows } from "../reading/rows.ts";
import type { ByteSource } from "../reading/source.ts";
import { readTable } from "../reading/table.ts";
import { stagingFolder } from "../warehouse.ts";
import { checkRows } from "./check.ts";
import { resolveCodes } from "./codes.ts";
import { openReader } from "./reader.ts";
import { today } from "./today.ts";
import { resolveUnits } from "./units.ts";
import { readWords } from "./words.ts";

/** What the loader says of rows that have no more than what one column is made of, by their numbers from 0. */
export interface Verdict {
  /** Rows that are refused, whatever else they have; of the filters those that they leave out. */
  bad: number[];
  /** Rows of a unit, with the days on which it is one. */
  periods: { row: number; from: string; to: string }[];
  /** Codes of rows, joined by `|`. */
  codes: { row: number; codes: string }[];
}

/** Judges values as a load would: nothing is kept of them. */
export interface Judge {
  /** Of a column of the contract; null for what the mapping's filters leave out. */
  of(column: Column | null, values: ByteSource): Promise<Verdict>;
  close(): void;
}

/** Opens a judge that knows the units of the warehouse. */
export async function openJudge(
  warehouse: Database,
  { settings, ...context }: Pick<Context, "settings" | "now">,
  contract: Contract,
  mapping: Mapping | null,
): Promise<Judge> {
  const limits = {
    ...settings,
    staging: stagingFolder(settings.home),
    // In memory: nothing of it is to stay.
    isPersonal: () => true,
    mentionsPerson: () => true,
    knows: () => true,
  };
  const lookups = mapping ? await decodeLookups(mapping, limits, []) : [];
  const files = lookups.flatMap(({ file }) => file.path ?? []);
  const reader = await openReader(warehouse, settings, files);
  return {
    async of(column, values) {
      await reader.run("drop table if exists load_raw");
      const file = await openTable(values, limits);
      await readTable(reader, "load_raw", file, limits);
      const header = new Set(file.header.map(normalise));
      const found = lookups.filter(({ name }) => Object.keys(mapping!.lookups[name]!.key).every((key) => header.has(normalise(key)))); // prettier-ignore
      if (column === null) return leftOut(reader, contract, file, mapping!, found);
      const only = onlyColumn(contract, column);
      const rows = mapping
        ? await mappedRows(reader, only, file, onlySource(mapping, column), found, limits)
        : plainRows(only, file, "load_raw");
      const { isDutch } = await readWords(reader, only, rows);
      if (column.type === "unit") await resolveUnits(reader, [column.name]);
      if (column.type === "codes") await resolveCodes(reader, [column]);
      await checkRows(reader, only, rows, {
        ...{ today: today({ settings, ...context }), idKey: "", isDutch },
        dateFormats: new Map(),
      });
      const bad = await reader.all<{ row: number }>("select rowid as row from load_checked where fault is not null");
      const sound = (columns: string, joined: string) =>
        `select c.rowid as row, ${columns} from load_checked as c join ${identifier(joined)} as j on j.word = c.${identifier(column.name)} where fault is null`;
      return {
        bad: bad.map(({ row }) => row),
        periods:
          column.type === "unit"
            ? await reader.all(`${sound('since as "from", until as "to"', `load_${column.name}_valid`)} order by all`)
            : [],
        codes:
          column.type === "codes"
            ? await reader.all(sound("array_to_string(codes, '|') as codes", `load_${column.name}_codes`))
            : [],
      };
    },
    close: () => reader.close(),
  };
}

/** Rows that the filters leave out. */
async function leftOut(
  reader: Database,
  contract: Contract,
  file: Parameters<typeof mappedRows>[2],
  mapping: Mapping,
  lookups: Lookup[],
): Promise<Verdict> {
  const column = contract.columns.find(({ type }) => type === "code" || type === "codes")!;
  const filters = { ...onlySource(mapping, column), columns: { [column.name]: constant } };
  await mappedRows(reader, onlyColumn(contract, column), file, { ...filters, filters: mapping.filters }, lookups, {
    maxLineBytes: 0,
    maxCells: 0,
  });
  const bad = await reader.all<{ row: number }>(
    "select rowid as row from load_raw where rowid not in (select r from load_mapped)",
  );
  return { bad: bad.map(({ row }) => row), periods: [], codes: [] };
}

const constant = { constant: "-", whole: false };

const onlyColumn = (contract: Contract, column: Column): Contract => ({
  ...contract,
  columns: [column],
  key: [],
  weight: undefined,
  one_of: [],
  date_order: [],
  parts: [],
  fold: undefined,
});

const onlySource = (mapping: Mapping, { name }: Column): Mapping => ({
  ...mapping,
  columns: name in mapping.columns ? { [name]: mapping.columns[name]! } : {},
  filters: [{}],
});
