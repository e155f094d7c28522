import { addedColumns, createTableSql, tableColumns, type Column, type Contract } from "../contracts/contract.ts";
import { Database, identifier, literal } from "../database.ts";
import type { Definition } from "./definition.ts";

/** How rows are made up. */
export interface Making {
  /** The first month (12 x year + month - 1), and how many there are. */
  firstMonth: number;
  months: number;
  rowsPerMonth: number;
  /** Events lie on any day of a month; else on its last. */
  anyDay: boolean;
  /** What stands in free texts. */
  texts: readonly string[];
}

const usual: Making = { firstMonth: 2015 * 12, months: 36, rowsPerMonth: 80, anyDay: false, texts: ["one", "other"] };

/** The months of a year of made-up rows that has one on either side (12 x year + month - 1). */
export const middleMonths = Array.from({ length: 12 }, (_, i) => usual.firstMonth + 12 + i);

/** Every share that came as one. */
export const madeShare = 0.25;

/** Opens a database in memory, which whoever asked for it closes. */
export type OpenInMemory = () => Promise<Database>;

const openPlain: OpenInMemory = () => Database.open(":memory:", { threads: "1" });

/** A database in memory with made-up rows in the feeds that the queries read, and those feeds. */
export async function openTrial(
  definitions: Pick<Definition, "feeds">[],
  contracts: Map<string, Contract>,
  open: OpenInMemory = openPlain,
  making: Partial<Making> = {},
): Promise<{ db: Database; feeds: Contract[] }> {
  const read = new Set(definitions.flatMap(({ feeds }) => feeds));
  const feeds = [...contracts.values()].filter(({ name }) => read.has(name));
  const db = await open();
  for (const contract of feeds) {
    await db.run(createTableSql(contract));
    await db.run(`create table ${made(contract)} as ${madeRows(contract, { ...usual, ...making })}`);
    await db.run(fill(contract, "true"));
  }
  return { db, feeds };
}

const made = ({ name }: Contract) => identifier(`made ${name}`);

/** The statement that leaves in a feed's table the made-up rows that a condition on their month chooses. */
export const fill = (contract: Contract, where: string) =>
  `truncate ${identifier(contract.name)};
   insert into ${identifier(contract.name)} by name select * exclude (month_no) from ${made(contract)} where ${where}`;

/** Rows of every month with all sorts of values, no two of one day alike in their codes, as a feed never has. */
function madeRows(contract: Contract, making: Making): string {
  const { columns } = contract;
  const { firstMonth, months, rowsPerMonth } = making;
  const values = new Map(
    columns.map((column) => [column.name, madeValue(column, contract.date === column.name, making)]),
  );
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
function madeValue(column: Column, isDate: boolean, { anyDay, texts }: Making): string {
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
      return oneOf([...texts]);
    case "id":
      return pick;
    case "month_end":
      return `last_day(${day})`;
    case "year":
      return `last_day(make_date(month_no // 12, 12, 1))`;
    case "date":
      return isDate
        ? anyDay
          ? `${day} + (${pick} % day(last_day(${day})))::integer`
          : `last_day(${day})`
        : `last_day(${day}) + (${pick} % 100)::integer`;
    case "share":
      return String(madeShare);
    default:
      return `${column.min ?? 1} + ${pick} % ${(column.max ?? 9) - (column.min ?? 1) + 1}`;
  }
}
