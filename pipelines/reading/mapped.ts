import path from "node:path";
import { normalise, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import { dateSql, fieldSql } from "../loading/values.ts";
import { Refusal } from "../problem.ts";
import { conditionsSql, sourceSql, type Field } from "./compile.ts";
import type { TableFile } from "./file.ts";
import { knowsHeader, matchHeader, requireColumns, shownHeader } from "./header.ts";
import { headersOf, type Mapping } from "./mapping.ts";
import { openTable, type OpenOptions } from "./open.ts";
import { weightSql, type Reading } from "./rows.ts";
import { fileSource } from "./source.ts";
import { readTable, type TableOptions } from "./table.ts";

/** A second file, decoded. */
export interface Lookup {
  name: string;
  file: TableFile;
}

/** Decodes the files that a mapping looks things up in; those on disk are added to `staged`, to be removed in the end. */
export async function decodeLookups(
  mapping: Mapping,
  options: Omit<OpenOptions, "knows" | "progress">,
  staged: string[],
): Promise<Lookup[]> {
  const found: Lookup[] = [];
  for (const [name, lookup] of Object.entries(mapping.lookups)) {
    const keys = new Set(Object.values(lookup.key).map(normalise));
    try {
      const file = await openTable(fileSource(path.resolve(mapping.folder, lookup.file)), {
        ...options,
        encoding: lookup.encoding,
        delimiter: lookup.delimiter,
        sheet: lookup.sheet,
        headerRow: lookup.header_row,
        knows: (header) => keys.has(normalise(header)),
      });
      if (file.staged) staged.push(file.path!);
      found.push({ name, file });
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal(`lookup "${name}" (${lookup.file}): ${error.message}`);
      throw error;
    }
  }
  return found;
}

/** Makes the texts of the rows in `load_raw` as the mapping says, in the temporary table `load_mapped`. */
export async function mappedRows(
  db: Database,
  contract: Contract,
  file: TableFile,
  mapping: Mapping,
  lookups: Lookup[],
  options: TableOptions,
  weighed = false,
): Promise<Reading> {
  const joins: string[] = [];
  const places = new Map<string, string>();
  file.header.forEach((header, i) => {
    if (!places.has(normalise(header))) places.set(normalise(header), fieldSql(`raw.c${i}`, file.oddSpaces));
  });
  const missing = new Set<string>();
  const named = new Set(headersOf(mapping).map(normalise));
  const known = knowsHeader(contract);
  const shown = (header: string[]) =>
    shownHeader(contract, header, (name) => known(name) || named.has(normalise(name)));
  const field: Field = (header) => {
    const found = places.get(normalise(header));
    if (!found) missing.add(header);
    return found ?? "null";
  };
  for (const lookup of lookups) {
    joins.push(await joinLookup(db, lookup, mapping, field, options, shown));
    lookup.file.header.forEach((header, i) => {
      const name = normalise(`${lookup.name}.${header}`);
      if (!places.has(name)) places.set(name, `${identifier(`lookup_${lookup.name}`)}.c${i}`);
    });
  }
  const texts = textColumns(contract, file, mapping, field);
  const expanded = expansion(contract, mapping, field, texts);
  const where = mapping.filters.map((each) => `(${conditionsSql(each, field)})`).join(" or ");
  const keep = keepSql(mapping, field);
  if (missing.size > 0)
    throw new Refusal(`the mapping names ${quoted(missing)}, but the header has ${shown(file.header)}`);
  requireColumns(contract, new Set(texts.keys()), file.header);
  const columns = [...texts].map(([name, sql]) => `nullif(trim(${sql}), '') as ${identifier(`t_${name}`)}`);
  if (weighed) columns.push(weightSql(file, "raw."));
  await db.run(
    `create or replace temp table load_mapped as
     select raw.rowid as r, ${columns.join(", ")}
     from load_raw as raw ${joins.join(" ")} ${expanded.join}
     where (${where}) ${keep} order by raw.rowid`,
  );
  const counts = weighed
    ? `(select coalesce(sum(n), 0)::bigint from (select ${weightSql(file)} from load_raw)) as read, (select coalesce(sum(n), 0)::bigint from load_mapped) as kept`
    : `(select ${expanded.count} from load_raw as raw) as read, (select count(*) from load_mapped) as kept`;
  const { read, kept } = (await db.one<{ read: number; kept: number }>(`select ${counts}`))!;
  return {
    relation: "from load_mapped",
    placed: true,
    columns: new Set(texts.keys()),
    skipped: read - kept,
    weighed,
  };
}

const quoted = (names: Iterable<string>) =>
  [...names]
    .slice(0, 40)
    .map((name) => `"${name}"`)
    .join(", ");

/** The first or last row of each key of a second file, as a table; returns its join. */
async function joinLookup(
  db: Database,
  { name, file }: Lookup,
  mapping: Mapping,
  field: Field,
  options: TableOptions,
  shown: (header: string[]) => string,
): Promise<string> {
  const { key, keep, file: shownFile } = mapping.lookups[name]!;
  const table = identifier(`load_lookup_${name}`);
  await readTable(db, "load_lookup_raw", file, options);
  const spelled = file.header.map(normalise);
  const pairs = Object.entries(key).map(([own, other]) => {
    const place = spelled.indexOf(normalise(other));
    if (place < 0)
      throw new Refusal(`lookup "${name}": ${shownFile} has no header "${other}"; it has ${shown(file.header)}`);
    return { own: field(own), other: `c${place}` };
  });
  const columns = file.header.map((_, i) => `${fieldSql(`c${i}`, file.oddSpaces)} as c${i}`);
  const keys = pairs.map(({ other }) => other).join(", ");
  await db.run(
    `create or replace temp table ${table} as
     select ${columns.join(", ")} from load_lookup_raw
     qualify row_number() over (partition by ${keys} order by rowid ${keep === "last" ? "desc" : "asc"}) = 1`,
  );
  await db.run("drop table load_lookup_raw");
  const alias = identifier(`lookup_${name}`);
  return `left join ${table} as ${alias} on ${pairs.map(({ own, other }) => `${alias}.${other} = ${own}`).join(" and ")}`;
}

/** The text of each column of the contract that the mapping or the header gives. */
function textColumns(contract: Contract, file: TableFile, mapping: Mapping, field: Field): Map<string, string> {
  const made = new Set(
    [mapping.unpivot?.name, mapping.unpivot?.value, mapping.spells && contract.date].filter(
      (name) => name !== undefined,
    ),
  );
  const named = (name: string) => name in mapping.columns || made.has(name);
  const rest = { ...contract, columns: contract.columns.filter((column) => !named(column.name)) };
  const texts = new Map<string, string>();
  for (const [name, place] of matchHeader(rest, file.header))
    texts.set(name, fieldSql(`raw.c${place}`, file.oddSpaces));
  for (const [name, source] of Object.entries(mapping.columns)) if (source) texts.set(name, sourceSql(source, field));
  return texts;
}

/** Joins that make several rows of one, the columns that they give, and the number of rows that they make. */
function expansion(
  contract: Contract,
  mapping: Mapping,
  field: Field,
  texts: Map<string, string>,
): { join: string; count: string } {
  const { unpivot, spells } = mapping;
  let join = "";
  let each = "1";
  if (unpivot) {
    const entries = Object.entries(unpivot.columns);
    join += ` cross join (values ${entries.map(([name], i) => `(${i}, ${literal(name)})`).join(", ")}) as unpivoted(place, name)`;
    texts.set(unpivot.name, "unpivoted.name");
    texts.set(
      unpivot.value,
      `case unpivoted.place ${entries.map(([, header], i) => `when ${i} then ${field(header)}`).join(" ")} end`,
    );
    each = String(entries.length);
  }
  if (spells) {
    const months = monthsSql(spells, field);
    join += ` cross join lateral (select unnest(${months}) as month_end) as spell`;
    texts.set(contract.date, "cast(spell.month_end as varchar)");
    // A period without a month's end is read, and skipped.
    each += ` * greatest(len(${months}), 1)`;
  }
  return { join, count: each === "1" ? "count(*)" : `coalesce(sum(${each}), 0)::bigint` };
}

/** The month ends of a period, which runs on where it has no last day. */
function monthsSql(spells: NonNullable<Mapping["spells"]>, field: Field): string {
  const until = `date ${literal(spells.until)}`;
  const first = dateSql(field(spells.from));
  const from = spells.since ? `greatest(${first}, date ${literal(spells.since)})` : first;
  const last = spells.to !== undefined ? dateSql(field(spells.to)) : `${dateSql(field(spells.before!))} - 1`;
  const to = `least(coalesce(${last}, ${until}), ${until})`;
  const months = `range(date_trunc('month', ${from})::timestamp, ${to} + interval 1 day, interval 1 month)`;
  return `coalesce(list_filter(list_transform(${months}, lambda month: last_day(month::date)), lambda month: month <= ${to}), [])`;
}

function keepSql(mapping: Mapping, field: Field): string {
  if (!mapping.keep) return "";
  const { first, last } = mapping.keep;
  const keys = (first ?? last!).map(field).join(", ");
  return `qualify row_number() over (partition by ${keys} order by raw.rowid ${last ? "desc" : "asc"}) = 1`;
}
