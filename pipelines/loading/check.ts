import { hasWithheld, isDated, isNumeric, tableColumns, type Column, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database, type Parameters } from "../database.ts";
import type { Reading } from "../reading/rows.ts";
import {
  codeSql,
  dateSql,
  decimalSql,
  idSql,
  integerSql,
  monthEndSql,
  orderSql,
  personSql,
  shareSql,
  shareStepSql,
  withheldSql,
  yearSql,
} from "./values.ts";
import { isNotAllowedSql, joinCodesSql } from "./codes.ts";
import { isUnitThenSql, isUnknownUnitSql, joinUnitsSql } from "./units.ts";
import { hasWords, wordSql } from "./words.ts";

/** Why a row is quarantined, in the order in which reasons count. */
export const reasons = [
  "missing_required",
  "wrong_type",
  "not_allowed",
  "unknown_unit",
  "unit_not_valid_then",
  "duplicate_key",
  "date_in_future",
  "date_order",
  "negative",
  "out_of_range",
  "parts_exceed_whole",
] as const;
export type Reason = (typeof reasons)[number];

/** One thing that can be wrong with a row of the feed. Its place in the list of faults is its number in `load_checked.fault`. */
export interface FaultKind {
  reason: Reason;
  column: string;
}

export interface CheckOptions {
  /** Today, as ISO date, where the organisation is. */
  today: string;
  idKey: string;
  /** Whether points group thousands in this file's decimal numbers. */
  isDutch: boolean;
  /** Formats of dates that a mapping fixes. */
  dateFormats: ReadonlyMap<string, string>;
}

/** Everything that can be wrong with a row of this feed, in the order in which it counts. */
export function faultKinds(contract: Contract): FaultKind[] {
  return faultConditions(contract, new Set(contract.columns.map((column) => column.name))).map(
    ({ reason, column }) => ({ reason, column }),
  );
}

/** Casts and judges all rows in one pass over the file, into the temporary table `load_checked`, whose rows stay in the file's order (`rowid` is a row's number): `fault` (a place in `faultKinds`, NULL for none), with it the row's texts as `record`, the place `r` and the number `n` of events where the rows have them, the `person` where there is one, and the columns of the feed's table, in which words are not yet resolved (`resolvedSql`). Without joins, for they would lose the order. Duplicates are found afterwards. */
export async function checkRows(db: Database, contract: Contract, rows: Reading, options: CheckOptions): Promise<void> {
  const present = contract.columns.filter((column) => rows.columns.has(column.name));
  const cast = present.flatMap((column) =>
    valueColumns(column, options).map(([name, sql]) => `${sql} as ${identifier(name)}`),
  );
  const conditions = faultConditions(contract, rows.columns);
  const fault = conditions.map(({ sql }, i) => (sql === null ? "" : `when ${sql} then ${i}`)).join("\n      ");
  const parameters: Parameters = { today: options.today, id_key: options.idKey };
  const sql = `create or replace temp table load_checked as
    select fault, case when fault is not null then ${recordSql(contract, rows.columns)} end as record${rows.placed ? ", r" : ""}${rows.weighed ? ", n" : ""}${personColumn(present)},
      ${storedValues(contract, rows.columns).join(",\n      ")}
    from (
      select *, cast(case ${fault || "when false then 0"} end as smallint) as fault
      from (select *${cast.length > 0 ? `,\n        ${cast.join(",\n        ")}` : ""} from (${rows.relation}) as texts) as rows
    ) as judged`;
  const used = Object.fromEntries(Object.entries(parameters).filter(([name]) => sql.includes(`$${name}`)));
  await db.run(sql, used);
}

/** The texts of a row as they came, as JSON; never one of a column about a person. */
export function recordSql(contract: Contract, present: ReadonlySet<string>): string {
  const shown = contract.columns.filter(({ name, personal, person }) => present.has(name) && !personal && !person);
  const pairs = shown.map(({ name }) => `${literal(name)}, ${text(name)}`);
  return `cast(json_object(${pairs.join(", ")}) as varchar)`;
}

/** A select of the columns of the feed's table from rows like those of `load_checked`, with words resolved to units and codes. */
export function resolvedSql(contract: Contract, present: ReadonlySet<string>, relation: string): string {
  const joins = contract.columns
    .filter((column) => hasWords(column) && present.has(column.name))
    .map(({ name, type }) => [name, type === "unit" ? joinUnitsSql(name, contract.date) : joinCodesSql(name)] as const);
  const resolved = new Map(joins.map(([name, { value }]) => [name, value]));
  const columns = tableColumns(contract).map(({ name, type }) => {
    const bare = type.split(" NOT NULL ")[0]!;
    return `${resolved.get(name) ?? `cast(rows.${identifier(name)} as ${bare})`} as ${identifier(name)}`;
  });
  return `select ${columns.join(", ")} from (${relation}) as rows ${joins.map(([, { join }]) => join).join(" ")}`;
}

const text = (name: string) => identifier(`t_${name}`);
const value = (name: string) => identifier(`v_${name}`);
const withheld = (name: string) => identifier(`w_${name}`);

/** The columns that casting makes of a text column: `v_<column>` and what belongs to it. */
function valueColumns(column: Column, options: CheckOptions): [string, string][] {
  const x = text(column.name);
  const v = `v_${column.name}`;
  const format = options.dateFormats.get(column.name);
  switch (column.type) {
    case "text":
      return [[v, x]];
    case "unit":
    case "codes":
      return [[v, wordSql(column.name)]];
    case "code":
      return [[v, codeSql(x, column.values ?? {})]];
    case "date":
      return [[v, dateSql(x, format)]];
    case "month_end":
      return [[v, monthEndSql(x, format)]];
    case "year":
      return [[v, yearSql(x, format)]];
    case "id":
      return [
        [v, column.person ? personSql(x) : idSql(x)],
        ...(column.order ? [[`o_${column.name}`, orderSql(x)] as [string, string]] : []),
      ];
    case "integer":
      return [[v, integerSql(x)], ...withheldColumn(column)];
    case "decimal":
      return [[v, decimalSql(x, options.isDutch)], ...withheldColumn(column)];
    case "share":
      return [[v, shareSql(x, options.isDutch)], [`s_${column.name}`, shareStepSql(x)], ...withheldColumn(column)];
  }
}

const withheldColumn = (column: Column): [string, string][] => [
  [`w_${column.name}`, `coalesce(${withheldSql(text(column.name))}, false)`],
];

const personColumn = (present: Column[]) => {
  const person = present.find((column) => column.person);
  return person ? `, ${value(person.name)} as person` : "";
};

/** The columns of the feed's table, from the values; codes and words stay as they are, small. Those that the file lacks are NULL or their default. */
function storedValues(contract: Contract, present: ReadonlySet<string>): string[] {
  const columns = new Map(contract.columns.map((column) => [column.name, column]));
  const hasPerson = contract.columns.some((column) => column.person && present.has(column.name));
  const stored = tableColumns(contract).map(({ name, type }) => {
    const bare = type.split(" NOT NULL ")[0]!;
    const column = columns.get(name);
    const owner = contract.columns.find((each) => name === `${each.name}_step` || name === `${each.name}_order`);
    if (name === "withheld" && !column) return `${withheldList(contract, present)} as withheld`;
    if (!column && owner) {
      const source = identifier(`${name.endsWith("_step") ? "s" : "o"}_${owner.name}`);
      const sql = name.endsWith("_step") ? `if(${value(owner.name)} is null, null, ${source})` : source;
      return `${present.has(owner.name) ? sql : `null::${bare}`} as ${identifier(name)}`;
    }
    const weightOfPerson = hasPerson && name === contract.weight ? 1 : undefined;
    const fallback = column?.default ?? weightOfPerson;
    if (!present.has(name)) return `${fallback ?? "null"}::${bare} as ${identifier(name)}`;
    if (column && (column.type === "code" || hasWords(column))) return `${value(name)} as ${identifier(name)}`;
    const key = columns.get(contract.key[0] ?? "");
    if (column?.default !== undefined && isNumeric(column)) {
      // A column that is never NULL has 0 where its value was withheld; an event with an id is one.
      const known = `if(${withheld(name)}, 0, coalesce(${value(name)}, ${column.default}))`;
      const isOne = key?.unless === name && present.has(key.name) ? `${value(key.name)} is not null` : "false";
      return `if(${isOne}, ${column.default}, ${known})::${bare} as ${identifier(name)}`;
    }
    return `${fallback === undefined ? value(name) : `coalesce(${value(name)}, ${fallback})`}::${bare} as ${identifier(name)}`;
  });
  return stored;
}

function withheldList(contract: Contract, present: ReadonlySet<string>): string {
  const numeric = contract.columns.filter((column) => isNumeric(column) && present.has(column.name));
  if (!hasWithheld(contract) || numeric.length === 0) return "null::varchar[]";
  const any = numeric.map((column) => withheld(column.name)).join(" or ");
  const names = numeric.map((column) => `if(${withheld(column.name)}, ${literal(column.name)}, null)`).join(", ");
  return `case when ${any} then list_filter([${names}], lambda name: name is not null) end`;
}

/** The last value that does not lie in the future: the day, the month, the year that has begun. */
const latestSql = {
  date: "$today::date",
  month_end: "last_day($today::date)",
  year: "make_date(year($today::date), 12, 31)",
};

interface Condition extends FaultKind {
  /** NULL where the file has no column that could be wrong in this way. */
  sql: string | null;
}

/** The conditions of all faults, by reason and then in the order of the contract. */
function faultConditions(contract: Contract, present: ReadonlySet<string>): Condition[] {
  const all: Condition[] = [];
  const add = (reason: Reason, column: string, sql: string | null) => all.push({ reason, column, sql });
  const has = (name: string) => present.has(name);
  const missing = (name: string) => (has(name) ? `${text(name)} is null` : "true");
  for (const column of contract.columns) {
    const { name } = column;
    const given = has(name) ? name : null;
    if (column.required)
      add("missing_required", name, column.unless ? `${missing(name)} and ${missing(column.unless)}` : missing(name));
    if (column.person) add("missing_required", name, given && missing(name));
    if (column.type === "code")
      add("not_allowed", name, given && `${text(name)} is not null and ${value(name)} is null`);
    else if (column.type === "codes") add("not_allowed", name, given && isNotAllowedSql(name, value(name)));
    else if (column.type === "unit") {
      add("unknown_unit", name, given && isUnknownUnitSql(name, value(name)));
      add(
        "unit_not_valid_then",
        name,
        given && has(contract.date) ? `not ${isUnitThenSql(name, value(name), value(contract.date))}` : null,
      );
    } else if (isNumeric(column)) {
      add(
        "wrong_type",
        name,
        given && `${value(name)} is null and ${text(name)} is not null and not ${withheld(name)}`,
      );
      if (!column.signed) add("negative", name, given && `${value(name)} < 0`);
      const bounds = [
        column.min === undefined ? [] : `${value(name)} < ${column.min}`,
        column.max === undefined ? [] : `${value(name)} > ${column.max}`,
      ].flat();
      if (bounds.length > 0) add("out_of_range", name, given && bounds.join(" or "));
    } else if (isDated(column)) {
      add("wrong_type", name, given && `${text(name)} is not null and ${value(name)} is null`);
      const latest = latestSql[column.type];
      if (!column.future) add("date_in_future", name, given && `${value(name)} > ${latest}`);
    }
  }
  if (contract.one_of.length > 0) {
    const set = (names: string[]) => `(${names.map((name) => `not (${missing(name)})`).join(" and ")})`;
    add("missing_required", contract.one_of[0]![0]!, `not (${contract.one_of.map(set).join(" or ")})`);
  }
  for (const [first, second] of contract.date_order)
    add("date_order", second, has(first) && has(second) ? `${value(first)} > ${value(second)}` : null);
  for (const [part, whole] of contract.parts)
    add("parts_exceed_whole", part, has(part) && has(whole) ? `${value(part)} > ${value(whole)}` : null);
  add(
    "duplicate_key",
    contract.key[0] ?? contract.columns.find((column) => column.person)?.name ?? contract.date,
    null,
  );
  const rank = (condition: Condition) => reasons.indexOf(condition.reason);
  return all.sort((a, b) => rank(a) - rank(b));
}
