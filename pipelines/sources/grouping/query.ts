import type { FoldedContract } from "../../loading/fold.ts";
import { weightHeader } from "../../reading/rows.ts";
import type { Engine } from "../engine.ts";
import { dayOfText } from "./formats.ts";
import type { Id, Plan, Word } from "./plan.ts";

/** What was learnt of the values that a word may have. */
export interface Judged {
  /** Words for which a row is refused. */
  bad: string[];
  /** Of units: the words that are some only on these days, from the first through the last. */
  periods: { words: string[]; days: [from: string, to: string][] }[];
  /** What the codes of a word are, where they are united: joined by `|`. */
  meanings: [word: string, meaning: string][];
}

/** What a feed's events are grouped with. */
export interface Grouping {
  engine: Pick<Engine, "dialect" | "quoted" | "textual">;
  contract: FoldedContract;
  plan: Plan;
  /** The select of the source. */
  asked: string;
  /** Days within a month on which a unit came, went or moved: a day keeps its side of them. */
  bounds: string[];
  today: string;
  /** By column of the contract, and by `null` for the filters; empty where no events belong together. */
  judged: ReadonlyMap<string | null, Judged>;
}

const value = (at: number) => `kvv_v${at}`;
const day = (at: number) => `kvv_d${at}`;
const written = (at: number) => `kvv_x${at}`;
const united = (contract: FoldedContract) => Object.keys(contract.fold.unites);

/** Farther than any day of a month lies from its first. */
const far = "31";

/** The rows with their days and ids read, and nothing else of what is not needed. */
function readRows({ engine, plan, asked, contract }: Grouping): string {
  const { dialect, quoted } = engine;
  const idSql = ({ of, columns }: Id) => {
    const texts = columns.map((column) => dialect.text(quoted(column.name), column));
    if (texts.length === 1) return texts[0]!;
    return of === "all" ? dialect.joined(texts) : `coalesce(${texts.join(", ")})`;
  };
  const days = plan.days.flatMap(({ column, formats }, at) => {
    const source = quoted(column.name);
    const text = dialect.text(source, column);
    const read = column.kind === "date" ? dialect.day(source, column) : dayOfText(text, formats, dialect);
    return [`${read} as ${day(at)}`, `${text} as ${written(at)}`];
  });
  const ids = [
    `${idSql(plan.id)} as kvv_id`,
    ...(plan.group ? [`${idSql(plan.group)} as kvv_of`] : []),
    ...(plan.first && contract.fold.group ? [`${dialect.order(idSql(plan.first))} as kvv_order`] : []),
  ];
  const values = plan.values.map((column, at) => `${quoted(column.name)} as ${value(at)}`);
  return `select ${[...values, ...days, ...ids].join(",\n    ")}\n  from (${asked}\n) as kvv_asked${dialect.once}`;
}

const wordSql = ({ engine: { dialect } }: Grouping, { values, days }: Word): string =>
  dialect.word([...values.map(value), ...days.map((at) => `case when ${day(at)} is null then '' else '1' end`)]);

/** The contract's dates as they are read here: of several columns the first that has one. */
function dateSql({ plan }: Grouping, name: string): string | null {
  const found = plan.dates.find(({ column }) => column.name === name);
  if (!found) return null;
  return found.places.length === 1 ? day(found.places[0]!) : `coalesce(${found.places.map(day).join(", ")})`;
}

/** By how many days all days of an event go back so that each keeps its month, and its side of any bound. */
function backSql(grouping: Grouping): string {
  const { engine, plan, contract, bounds, today } = grouping;
  const { dialect } = engine;
  const inMonth = (each: string) => `${dialect.dayOfMonth(each)} - 1`;
  const terms = plan.days.map((_, at) => inMonth(day(at)));
  for (const [name, days] of Object.entries(contract.fold.later)) {
    const found = dateSql(grouping, name);
    if (found) terms.push(inMonth(dialect.after(found, days)));
  }
  const date = dateSql(grouping, contract.date)!;
  const cases = [...bounds].sort().reverse().map((bound) => `when ${date} >= ${dialect.date(bound)} and ${dialect.month(date)} = ${dialect.month(dialect.date(bound))} then ${dialect.daysBetween(dialect.date(bound), date)}`); // prettier-ignore
  if (cases.length > 0) terms.push(`case ${cases.join(" ")} else ${far} end`);
  // One that lies in the future still does, and is refused.
  const tomorrow = dialect.after(dialect.date(today), 1);
  for (const { column, places } of plan.dates)
    if (!column.future)
      for (const at of places)
        terms.push(
          `case when ${day(at)} >= ${tomorrow} then ${dialect.daysBetween(tomorrow, day(at))} else ${far} end`,
        );
  return terms.map((term) => `coalesce(${term}, ${far})`).reduce((least, term) => `least(${least}, ${term})`);
}

/** Whether the loader takes a row, as far as it can be known here. */
function soundSql(grouping: Grouping): string {
  const { engine, contract, plan, today, judged } = grouping;
  const { dialect, textual } = engine;
  const conditions = ["kvv_lacks = 0", "kvv_unread = 0"];
  for (const { column } of plan.dates) {
    const date = dateSql(grouping, column.name)!;
    if (column.required) conditions.push(`${date} is not null`);
    if (!column.future) conditions.push(`coalesce(${date}, ${dialect.date(today)}) <= ${dialect.date(today)}`);
  }
  for (const [first, second] of contract.date_order) {
    const [a, b] = [dateSql(grouping, first), dateSql(grouping, second)];
    if (a && b) conditions.push(`(${a} is null or ${b} is null or ${a} <= ${b})`);
  }
  const texts = (words: string[]) => words.map(textual).join(", ");
  const words = [
    ...plan.columns.map(({ column, word }) => [column.name, word] as const),
    ...(plan.filters ? [[null, plan.filters] as const] : []),
  ];
  for (const [name, word] of words) {
    const { bad, periods } = judged.get(name) ?? { bad: [], periods: [] };
    if (bad.length > 0) conditions.push(`not (${wordSql(grouping, word)} in (${texts(bad)}))`);
    const date = dateSql(grouping, contract.date)!;
    for (const { words, days } of periods) {
      const within = days.map(([from, to]) => `${date} between ${dialect.date(from)} and ${dialect.date(to)}`);
      conditions.push(`(not (${wordSql(grouping, word)} in (${texts(words)})) or ${date} is null or ${within.join(" or ")})`); // prettier-ignore
    }
  }
  return `case when ${conditions.join("\n      and ")} then 1 else 0 end`;
}

/** The events, one row each: with what their cell is made of, and the first of those that belong together with what all have. */
function eventsSql(grouping: Grouping, isWritten = false): string {
  const { engine, contract, plan, judged } = grouping;
  const { dialect } = engine;
  const { days, values } = plan;
  const unread = days.map((_, at) => `(${written(at)} is not null and ${day(at)} is null)`).join(" or ");
  const lacks = ["kvv_id is null", ...(isGroupRequired(contract) && plan.group ? ["kvv_of is null"] : [])];
  const carried = [...values.map((_, at) => value(at)), ...days.map((_, at) => day(at))];
  const texts = isWritten ? days.map((_, at) => written(at)) : [];
  const flags = [
    `case when ${lacks.join(" or ")} then 1 else 0 end as kvv_lacks`,
    `case when ${unread} then 1 else 0 end as kvv_unread`,
    `${dialect.month(dateSql(grouping, contract.date)!)} as kvv_month`,
    `${backSql(grouping)} as kvv_back`,
  ];
  const all = [...carried, ...texts, "kvv_lacks", "kvv_unread", "kvv_month", "kvv_back"];
  if (isWritten || united(contract).length === 0)
    return `select ${[...carried, ...texts, ...flags].join(", ")}\n  from (${readRows(grouping)}) as kvv_read${dialect.once}`;
  const ids = ["kvv_id", ...(plan.group ? ["kvv_of"] : []), ...(plan.first ? ["kvv_order"] : [])];
  const read = `select ${[...carried, ...ids, ...flags].join(", ")}\n  from (${readRows(grouping)}) as kvv_read${dialect.once}`;
  const unites = Object.entries(contract.fold.unites);
  const meant = unites.map(([, of], at) => {
    const word = plan.columns.find(({ column }) => column.name === of)?.word;
    return `${word ? dialect.meaning(wordSql(grouping, word), judged.get(of)?.meanings ?? []) : "''"} as kvv_w${at}`;
  });
  const judgedRows = `select ${[...all, ...ids].join(", ")}, ${[`${soundSql(grouping)} as kvv_sound`, ...meant].join(", ")}\n  from (${read}) as kvv_flagged${dialect.once}`;
  const own = dialect.joined(["'i'", "kvv_id"]);
  return dialect.united({
    from: judgedRows,
    columns: all,
    sound: "kvv_sound = 1",
    group: plan.group ? `coalesce(${dialect.joined(["'g'", "kvv_of"])}, ${own})` : own,
    order: [dateSql(grouping, contract.date)!, ...(plan.first ? ["kvv_order"] : []), "kvv_id"],
    words: unites.map((_, at) => [`kvv_w${at}`, `kvv_u${at}`]),
  });
}

const isGroupRequired = ({ columns, fold }: FoldedContract) =>
  columns.some(({ name, required }) => name === fold.group && required);

/** The values of a word, each once: the columns as the loader takes them, and `kvv_word`, by which the engine knows it again. Not more than `most`. */
export function wordsSql(grouping: Grouping, word: Word, most: number): string {
  const { engine, plan } = grouping;
  const names = [...word.values.map(value), ...word.days.map((at) => `kvv_p${at}`)];
  const days = word.days.map((at) => `case when ${day(at)} is null then '' else '2000-01-01' end as kvv_p${at}`);
  const columns = [...word.values.map(value), ...days, `${wordSql(grouping, word)} as kvv_word`];
  const shown = [
    ...word.values.map((at) => `${value(at)} as ${engine.quoted(plan.values[at]!.name)}`),
    ...word.days.map((at) => `kvv_p${at} as ${engine.quoted(plan.days[at]!.column.name)}`),
  ];
  return `select ${[...shown, "kvv_word"].join(", ")}
from (select ${columns.join(", ")} from (${readRows(grouping)}) as kvv_read) as kvv_worded
group by ${[...names, "kvv_word"].join(", ")} limit ${most}`;
}

/** How many events each month has, and a print of them: `month`, or nothing for those without a day; `unread`, whether a day cannot be read. */
export function countsSql(grouping: Grouping): string {
  const { engine, plan, contract, today } = grouping;
  const { dialect } = engine;
  // A day that lay in the future and no longer does changes what becomes of the row.
  const future = plan.dates.filter(({ column }) => !column.future).map(({ column }) => `case when ${dateSql(grouping, column.name)} > ${dialect.date(today)} then 1 else 0 end`); // prettier-ignore
  const all = [
    ...plan.values.map((_, at) => value(at)),
    ...plan.days.map((_, at) => day(at)),
    "kvv_lacks",
    ...united(contract).map((_, at) => `kvv_u${at}`),
    ...future,
  ];
  return `select ${dialect.iso("kvv_month")} as month, kvv_unread as unread, count(*) as n, ${dialect.fingerprint(all)} as print
from (${eventsSql(grouping)}) as kvv_events group by kvv_month, kvv_unread`;
}

/** How many rows repeat an id that another has. */
export const repeatedSql = (grouping: Grouping): string =>
  grouping.engine.dialect.repeated("kvv_id", readRows(grouping));

/** How many events a row stands for: as the contract's column, which is empty where these lack an id, so that the loader refuses them; and in any case. */
const weights = ({ engine, contract }: Grouping) => [
  `case when kvv_lacks = 1 then null else kvv_many end as ${engine.quoted(contract.weight!)}`,
  `kvv_many as ${weightHeader}`,
];

const withinSql = ({ engine: { dialect } }: Grouping, months: string[] | null) =>
  months ? ` and kvv_month in (${months.map(dialect.date).join(", ")})` : "";

/** The cells, under the names that the loader reads: of all months and what has no day, or of these months. */
export function cellsSql(grouping: Grouping, months: string[] | null): string {
  const { engine, plan, contract } = grouping;
  const { dialect } = engine;
  const values = plan.values.map((column, at) => [value(at), value(at), column.name] as const);
  const days = plan.days.map(({ column }, at) => [dialect.before(day(at), "kvv_back"), `kvv_c${at}`, column.name] as const); // prettier-ignore
  const all = [...values, ...days, ...united(contract).map((name, at) => [`kvv_u${at}`, `kvv_u${at}`, name] as const)];
  return alikeSql(grouping, all, `(${eventsSql(grouping)}) as kvv_events where kvv_unread = 0${withinSql(grouping, months)}`); // prettier-ignore
}

/** Of rows those that are alike in some columns (as SQL, a name on the way, and the loader's name) as one, with their number. */
function alikeSql(
  grouping: Grouping,
  columns: readonly (readonly [sql: string, name: string, header: string])[],
  rows: string,
  order = "",
): string {
  const names = [...columns.map(([, name]) => name), "kvv_lacks"].join(", ");
  const shown = columns.map(([, name, header]) => `${name} as ${grouping.engine.quoted(header)}`);
  return `select ${[...shown, ...weights(grouping)].join(", ")}
from (
  select ${names}, count(*) as kvv_many from (
    select ${columns.map(([sql, name]) => `${sql} as ${name}`).join(", ")}, kvv_lacks
    from ${rows}
  ) as kvv_moved group by ${names}${order}
) as kvv_alike`;
}

const marked = (text: string) => `case when ${text} is null then null else concat('? ', ${text}) end`;

/** Rows of which a day cannot be read: those that are alike as one, the most frequent first, not more than `most`. */
export function unreadSql(grouping: Grouping, months: string[] | null, most: number): string {
  const { engine, plan } = grouping;
  const { dialect } = engine;
  const values = plan.values.map((column, at) => [value(at), value(at), column.name] as const);
  // What can be read is of no use but for its month. What cannot be is marked, so that the loader reads no day in it either: that row would come and go with the months that are asked for.
  const days = plan.days.map(({ column }, at) => [`case when ${day(at)} is null then ${marked(written(at))} else ${dialect.iso(dialect.month(day(at)))} end`, `kvv_c${at}`, column.name] as const); // prettier-ignore
  const rows = `(${eventsSql(grouping, true)}) as kvv_events where kvv_unread = 1${withinSql(grouping, months)}`;
  return alikeSql(grouping, [...values, ...days], rows, ` order by kvv_many desc limit ${most}`);
}
