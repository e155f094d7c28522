import { readFileSync } from "node:fs";
import path from "node:path";
import { addedColumns, createTableSql, tableColumns, type Column, type Contract } from "../contracts/contract.ts";
import { Database, identifier, literal } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import { parseDefinition, type Definition } from "./definition.ts";

/** Feeds of states at a month's end: over months they are not added up. */
export const stateFeeds = new Set(["staffing", "establishment", "background"]);

/** Months of the made-up rows, and those of which each is tried by itself: a year with one on either side. */
const firstMonth = 2015 * 12;
const months = 36;
const tried = Array.from({ length: 12 }, (_, i) => firstMonth + 12 + i);
const rowsPerMonth = 80;

/** Definitions whose query adds states up over months. A parse does not tell where a query puts what it adds, so each is run over made-up rows: its cells of a month must be the same whether that month's states are the only ones or those of three years lie there, and states of one month must make no cells of another. */
export async function stateFaults(
  folder: string,
  definitions: Definition[],
  contracts: Map<string, Contract>,
): Promise<Fault[]> {
  const concerned = definitions.filter(({ feeds }) => feeds.some((feed) => stateFeeds.has(feed)));
  if (concerned.length === 0) return [];
  const db = await Database.open(":memory:", { threads: "1" });
  try {
    const read = new Set(concerned.flatMap(({ feeds }) => feeds));
    const concerning = [...contracts.values()].filter(({ name }) => read.has(name));
    const states = concerning.filter(({ name }) => stateFeeds.has(name));
    for (const contract of concerning) {
      await db.run(createTableSql(contract));
      await db.run(`create table ${made(contract)} as ${madeRows(contract)}`);
      if (!stateFeeds.has(contract.name)) await db.run(fill(contract, "true"));
    }
    const faults = new Map<string, string>();
    const run = async (where: string, table: string, each: (definition: Definition) => Promise<void>) => {
      for (const contract of states) await db.run(fill(contract, where));
      for (const definition of concerned.filter(({ id }) => !faults.has(id))) {
        await db.run(
          `create or replace table ${identifier(`${table} ${definition.id}`)} as
           select * replace (12 * year(month) + month(month) - 1 as month) from (${definition.sql}\n)`,
        );
        await each(definition);
      }
    };
    const keep = () => Promise.resolve();
    await run("false", "none", keep);
    await run("true", "all", keep);
    for (const month of tried)
      await run(`month_no = ${month}`, "one", async ({ id }) => {
        const other = await firstOther(db, id, month);
        if (other !== undefined) faults.set(id, other);
      });
    return definitions
      .filter(({ id }) => faults.has(id))
      .map(({ id }) => {
        const file = path.join(folder, `${id}.sql`);
        return { file, line: parseDefinition(readFileSync(file, "utf8"), file).queryLine, message: faults.get(id)! };
      });
  } finally {
    db.close();
  }
}

/** What is wrong where cells of the only month with states are not those of that month among others, or cells of other months not those without any. */
async function firstOther(db: Database, id: string, month: number): Promise<string | undefined> {
  const [none, all, one] = ["none", "all", "one"].map((table) => identifier(`${table} ${id}`));
  const differs = (left: string, right: string, where: string) =>
    `(select month from ((from ${left} where ${where}) except all (from ${right} where ${where})))
     union all (select month from ((from ${right} where ${where}) except all (from ${left} where ${where})))`;
  const elsewhere = await db.one<{ month: number | null }>(
    `select month from (${differs(one!, none!, `month is distinct from ${month}`)}) order by month limit 1`,
  );
  if (elsewhere)
    return `states of ${monthName(month)} make cells of ${elsewhere.month === null ? "no month" : monthName(elsewhere.month)}: yield each state in its own month, with period as month`;
  const here = await db.one(`select month from (${differs(one!, all!, `month = ${month}`)}) limit 1`);
  return here
    ? `cells of ${monthName(month)} change with the states of other months: a state is not added up over months, so group by period and look at no other`
    : undefined;
}

const monthName = (month: number) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;

const made = ({ name }: Contract) => identifier(`made ${name}`);

/** The statement that leaves in a feed's table the made-up rows that a condition on their month chooses. */
const fill = (contract: Contract, where: string) =>
  `truncate ${identifier(contract.name)};
   insert into ${identifier(contract.name)} by name select * exclude (month_no) from ${made(contract)} where ${where}`;

/** Rows of every month with all sorts of values, no two of one day alike in their codes, as a feed never has. */
function madeRows(contract: Contract): string {
  const { columns } = contract;
  const values = new Map(columns.map((column) => [column.name, madeValue(column, contract.date === column.name)]));
  const stored = [...tableColumns(contract), ...addedColumns(contract)];
  const alike = [
    "month_no",
    ...columns.filter(({ type }) => type === "code" || type === "unit").map(({ name }) => name),
  ];
  const list = stored
    .filter(({ name }) => values.has(name))
    .map(({ name, type }) => `(${values.get(name)})::${type.split(" ")[0]} as ${identifier(name)}`);
  return `select month_no, ${list.join(", ")}
    from (select unnest(range(${firstMonth}, ${firstMonth + months})) as month_no), (select unnest(range(${rowsPerMonth})) as row_no)
    qualify row_number() over (partition by ${alike.map(identifier).join(", ")} order by row_no) = 1`;
}

/** A value as an expression of `month_no` and `row_no`. */
function madeValue(column: Column, isDate: boolean): string {
  // Of one text: the engine's hash of several values leaves columns that go together.
  const pick = `hash(concat_ws(' ', month_no, row_no, ${literal(column.name)}))`;
  const oneOf = (list: string[]) => `[${list.map(literal).join(", ")}][1 + (${pick} % ${list.length})::integer]`;
  const day = "make_date(month_no // 12, month_no % 12 + 1, 1)";
  switch (column.type) {
    case "unit":
      return oneOf(["one", "other"]);
    case "code":
      return oneOf(Object.keys(column.values ?? {}));
    case "codes":
      return `[${oneOf(Object.keys(column.values ?? { any: [] }))}]`;
    case "text":
      return oneOf(["one", "other"]);
    case "id":
      return pick;
    case "month_end":
      return `last_day(${day})`;
    case "year":
      return `last_day(make_date(month_no // 12, 12, 1))`;
    case "date":
      return isDate ? `last_day(${day})` : `last_day(${day}) + (${pick} % 100)::integer`;
    case "share":
      return "0.25";
    default:
      return `${column.min ?? 1} + ${pick} % ${(column.max ?? 9) - (column.min ?? 1) + 1}`;
  }
}
