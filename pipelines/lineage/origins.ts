import { identifier, literal, type Database } from "../database.ts";
import type { Contract } from "../contracts/contract.ts";
import type { Computed } from "../indicators/definition.ts";
import { walk, type Node } from "../indicators/parts.ts";

/** Of the rows of feeds that a query reads where each came from, and in which cell it ends. */
const table = `create or replace temp table origins
  (feed varchar, row_no varchar, unit_id varchar, month integer, until date, whole boolean, load_id integer)`;

/**
 * Fills the temporary table `origins`: each row of a feed that the query of a definition reads, with its load, and the
 * unit and month that the query gives it. It is the query itself without its sums: every SELECT of it goes on choosing
 * its rows, and yields them with their loads. Of a feed that it reads in another way (joined to itself, or summed before)
 * all rows are taken by the feed's own day, but for those with codes that the query never reads. Needs the macros of
 * the series.
 */
export async function findOrigins(
  db: Database,
  { sql, feeds, parts }: Pick<Computed, "sql" | "feeds" | "parts">,
  contracts: ReadonlyMap<string, Contract>,
): Promise<void> {
  await db.run(table);
  const branches = await branchesOf(db, sql, feeds);
  for (const feed of feeds) {
    const own = branches.filter((each) => each.feed === feed);
    let whole = own.length > 0;
    for (const { statements } of own) whole &&= await insertFirst(db, feed, statements);
    if (whole) continue;
    await db.run("delete from origins where feed = $feed", { feed });
    await insertAll(db, contracts.get(feed)!, parts[feed] ?? {});
  }
}

/** False where the engine can read none of them. */
async function insertFirst(db: Database, feed: string, statements: readonly Node[]): Promise<boolean> {
  for (const statement of statements) if (await insertFrom(db, feed, statement)) return true;
  return false;
}

/** False where the engine cannot read it so. */
async function insertFrom(db: Database, feed: string, statement: Node): Promise<boolean> {
  const tree = JSON.stringify({ error: false, statements: [statement] });
  try {
    const row = await db.one<{ sql: string }>("select json_deserialize_sql($tree::json) as sql", { tree });
    const columns = await db.all<{ column_name: string }>(`describe ${row!.sql}`);
    const has = new Set(columns.map(({ column_name }) => column_name));
    await db.run(
      `insert into origins select ${literal(feed)}, row_no::varchar, unit_id::varchar, month_of(month::date),
         ${has.has("until") ? "until::date" : "null"}, ${has.has("whole") ? "coalesce(whole, false)" : "false"}, load_id
       from (${row!.sql}) where unit_id is not null and month is not null`,
    );
    return true;
  } catch {
    return false;
  }
}

async function insertAll(
  db: Database,
  { name, date, columns }: Contract,
  part: Record<string, string[]>,
): Promise<void> {
  const day = identifier(date);
  // What is said of a year holds in each of its months.
  const isYear = columns.find((column) => column.name === date)?.type === "year";
  const month = isYear ? `month_of(${day}) - unnest(range(12))::integer` : `month_of(${day})`;
  const only = Object.entries(part).map(
    ([column, values]) => `${identifier(column)} in (${values.map(literal).join(", ")})`,
  );
  await db.run(
    `insert into origins select ${literal(name)}, rowid::varchar, unit_id, ${month}, null, false, load_id
     from ${identifier(name)} where ${["unit_id is not null", `${day} is not null`, ...only].join(" and ")}`,
  );
}

/** A SELECT that adds cells to those of a query, as statements that yield its rows of one feed instead; the first that can be read is meant. */
interface Branch {
  feed: string;
  statements: Node[];
}

async function branchesOf(db: Database, sql: string, feeds: readonly string[]): Promise<Branch[]> {
  const branches = selectsOf(await parse(db, sql));
  const places = placesOf(branches[0]!.node);
  if (!places) return [];
  const made: Branch[] = [];
  for (const { node, ctes } of branches) {
    const list = node.select_list as Node[];
    const cells = Object.entries(places).map(([name, place]) => ({ ...list[place], alias: name }));
    const named = new Map(ctes.map(({ key, value }) => [key.toLowerCase(), value] as const));
    for (const source of tablesOf(node.from_table)) {
      const name = String(source.table_name).toLowerCase();
      const own = identifier(String(source.alias || source.table_name));
      const yields = (columns: string) => listOf(db, columns);
      const numbered = await yields(`${own}.load_id as load_id, row_number() over () as row_no`);
      const cte = named.get(name);
      const read = cte ? feedsOf(cte, feeds) : feeds.filter((each) => each === name);
      const [feed] = read;
      if (!feed) continue;
      if (read.length > 1) {
        made.push(...read.map((each) => ({ feed: each, statements: [] })));
        continue;
      }
      if (!cte) {
        const known = await yields(`${own}.load_id as load_id, ${own}.rowid as row_no`);
        made.push({ feed, statements: [statementOf(node, ctes, [...cells, ...known])] });
        continue;
      }
      // The clause has the load already, as one with a star, or takes it along.
      const along = await yields("load_id");
      const telling = ctes.map((each) => (each.value === cte ? withColumns(each, along) : each));
      const statements = [ctes, telling].map((each) => statementOf(node, each, [...cells, ...numbered]));
      made.push({ feed, statements });
    }
  }
  return made;
}

type Cte = { key: string; value: Node };

/** The SELECTs whose cells a query puts together, each with the WITH clauses that it knows. */
function selectsOf(node: Node, above: readonly Cte[] = []): { node: Node; ctes: Cte[] }[] {
  const own = ((node.cte_map as { map?: Cte[] } | undefined)?.map ?? []).filter(Boolean);
  const ctes = [...above, ...own];
  if (node.type !== "SET_OPERATION_NODE") return [{ node, ctes }];
  const parts = (node.children as Node[] | undefined) ?? [node.left as Node, node.right as Node];
  return parts.flatMap((each) => selectsOf(each, ctes));
}

/** At which places a query has what a cell is by; null where its first SELECT does not say. */
function placesOf(node: Node): Record<string, number> | null {
  const names = ((node.select_list as Node[] | undefined) ?? []).map(nameOf);
  if (names.includes(null)) return null;
  const places: Record<string, number> = {};
  for (const name of ["unit_id", "month", "until", "whole"]) {
    const place = names.indexOf(name);
    if (place >= 0) places[name] = place;
  }
  return "unit_id" in places && "month" in places ? places : null;
}

/** What a column of a SELECT is called; null for a star. */
function nameOf(column: Node): string | null {
  if (column.class === "STAR") return null;
  if (column.alias) return String(column.alias).toLowerCase();
  return column.type === "COLUMN_REF" ? String((column.column_names as string[]).at(-1)).toLowerCase() : "";
}

/** The tables that a SELECT reads itself, also those of its joins; none within another SELECT. */
function tablesOf(from: unknown): Node[] {
  const node = (from ?? {}) as Node;
  if (node.type === "BASE_TABLE") return [node];
  return node.type === "JOIN" ? [...tablesOf(node.left), ...tablesOf(node.right)] : [];
}

/** The feeds that a WITH clause reads. */
function feedsOf(cte: Node, feeds: readonly string[]): string[] {
  const read = new Set<string>();
  walk(cte, (node) => {
    if (node.type === "BASE_TABLE") read.add(String(node.table_name).toLowerCase());
  });
  return feeds.filter((each) => read.has(each));
}

/** A WITH clause whose rows have more columns; one that adds its rows up stays as it is. */
function withColumns({ key, value }: Cte, columns: readonly Node[]): Cte {
  const query = value.query as Node;
  const node = query.node as Node;
  const adds = node.type !== "SELECT_NODE" || node.aggregate_handling !== "STANDARD_HANDLING";
  if (adds || (node.group_expressions as unknown[]).length > 0) return { key, value };
  const list = [...(node.select_list as Node[]), ...columns];
  return { key, value: { ...value, query: { ...query, node: { ...node, select_list: list } } } };
}

/** The columns of a SELECT as the engine's parse has them. */
const listOf = async (db: Database, columns: string): Promise<Node[]> =>
  (await parse(db, `select ${columns}`)).select_list as Node[];

/** The engine's parse of a query. Places in the text are left out: they are larger than a number here can be. */
async function parse(db: Database, sql: string): Promise<Node> {
  const row = await db.one<{ tree: string }>("select json_serialize_sql($sql::varchar)::varchar as tree", { sql });
  const tree = row!.tree.replace(/"query_location":\d+/g, '"query_location":0');
  return (JSON.parse(tree) as { statements: { node: Node }[] }).statements[0]!.node;
}

/** The SELECT with other columns, and without what adds its rows up. */
const statementOf = (node: Node, ctes: Cte[], list: Node[]): Node => ({
  node: {
    ...node,
    cte_map: { map: ctes },
    select_list: list,
    ...{ modifiers: [], group_expressions: [], group_sets: [], having: null },
    aggregate_handling: "STANDARD_HANDLING",
  },
  named_param_map: [],
});
