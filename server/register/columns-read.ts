import { createTableSql, type Contract } from "../../pipelines/contracts/contract.ts";
import { Database, identifier } from "../../pipelines/database.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";

/** Of each indicator, by its id, the columns that it needs of each feed. */
export type ColumnsRead = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/**
 * Which columns of which feeds each indicator needs, under any of its versions: those without which the engine cannot
 * bind its query. Where a query no longer fits the contracts at all, every column of its feeds counts as needed.
 */
export async function columnsRead(
  definitions: Iterable<Definition>,
  contracts: ReadonlyMap<string, Contract>,
): Promise<ColumnsRead> {
  const db = await Database.open(":memory:", { threads: "1" });
  try {
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    const found = new Map<string, Map<string, Set<string>>>();
    const known = new Map<string, string[]>();
    const neededOnce = async (sql: string, contract: Contract) => {
      const key = `${contract.name} ${sql}`;
      const needed = known.get(key) ?? (await neededOf(db, sql, contract));
      known.set(key, needed);
      return needed;
    };
    for (const definition of definitions) {
      const feeds = new Map<string, Set<string>>();
      for (const { sql, feeds: names } of [definition, ...(definition.earlier ?? [])])
        for (const name of names) {
          const contract = contracts.get(name);
          if (!contract) continue;
          const columns = feeds.get(name) ?? new Set();
          for (const column of await neededOnce(sql, contract)) columns.add(column);
          feeds.set(name, columns);
        }
      found.set(definition.id, feeds);
    }
    return found;
  } finally {
    db.close();
  }
}

async function neededOf(db: Database, sql: string, contract: Contract): Promise<string[]> {
  const stored = contract.columns.filter(({ person }) => !person).map(({ name }) => name);
  if (!(await binds(db, sql))) return stored;
  const needed: string[] = [];
  for (const name of stored) if (await needs(db, sql, contract, name)) needed.push(name);
  return needed;
}

/** Whether the query cannot do without a column, or without one that the warehouse makes of it. */
async function needs(db: Database, sql: string, { name: feed, columns, fold }: Contract, name: string) {
  const column = columns.find((each) => each.name === name)!;
  const made = [
    name,
    ...(column.type === "share" ? [`${name}_step`] : []),
    ...(column.order ? [`${name}_order`] : []),
    ...Object.entries(fold?.unites ?? {}).flatMap(([united, of]) => (of === name ? [united] : [])),
  ];
  for (const each of made) {
    // What a query does not name it does not need, whatever a star brings along.
    if (!new RegExp(`\\b${each}\\b`, "i").test(sql)) continue;
    // A temporary table of the same name goes before the feed's own.
    const table = identifier(feed);
    await db.run(`create temp table ${table} as select * exclude (${identifier(each)}) from memory.main.${table}`);
    const without = await binds(db, sql);
    await db.run(`drop table temp.${table}`);
    if (!without) return true;
  }
  return false;
}

async function binds(db: Database, sql: string): Promise<boolean> {
  try {
    await db.all(`describe ${sql}`);
    return true;
  } catch {
    return false;
  }
}
