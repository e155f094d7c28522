import { tableColumns, type Contract } from "../contracts/contract.ts";
import { Database, identifier } from "../database.ts";
import { lockDown } from "../warehouse.ts";

/** A database in memory, for a file about persons: nothing of it can reach a disk. It knows the units of the warehouse, and may read `files`. */
export async function openReader(
  warehouse: Database,
  settings: { memory: string; threads: number },
  files: string[],
): Promise<Database> {
  const reader = await Database.open(":memory:", {
    memory_limit: settings.memory,
    threads: String(settings.threads),
    temp_directory: "",
  });
  await reader.run("set TimeZone = 'UTC'");
  await lockDown(reader, { files });
  await reader.run("create table units (unit_id varchar, name varchar, valid_from date, valid_to date)");
  const units = await warehouse.all("select unit_id, name, valid_from, valid_to from units");
  await reader.run(
    `insert into units select unnest(from_json($rows::json, '[{"unit_id":"VARCHAR","name":"VARCHAR","valid_from":"DATE","valid_to":"DATE"}]'), recursive := true)`,
    { rows: JSON.stringify(units) },
  );
  return reader;
}

/** Takes the cells and the quarantine of a reader over to the warehouse's connection, as its `load_rows` and `load_quarantine`. */
export async function handOver(reader: Database, warehouse: Database, contract: Contract): Promise<void> {
  const bare = tableColumns(contract).map(({ name, type }) => ({ name, type: type.split(" NOT NULL ")[0]! }));
  await copyTable(reader, warehouse, "load_rows", "load_merged", bare);
  await warehouse.run("create or replace temp view load_rows as from load_merged");
  await copyTable(reader, warehouse, "load_quarantine", "load_quarantine", [
    { name: "n", type: "BIGINT" },
    { name: "r", type: "BIGINT" },
    { name: "line", type: "BIGINT" },
    { name: "column_name", type: "VARCHAR" },
    { name: "value", type: "VARCHAR" },
    { name: "reason", type: "VARCHAR" },
    { name: "record", type: "VARCHAR" },
  ]);
}

/** Chunk by chunk, so that however many rows there are, few of them are here. */
async function copyTable(
  from: Database,
  to: Database,
  source: string,
  target: string,
  columns: { name: string; type: string }[],
): Promise<void> {
  const definition = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(", ");
  await to.run(`create or replace temp table ${identifier(target)} (${definition})`);
  const selected = columns.map(({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`);
  const rows = await from.connection.stream(`select ${selected.join(", ")} from ${identifier(source)}`);
  const appender = await to.connection.createAppender(target, null, "temp");
  try {
    for (let chunk = await rows.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await rows.fetchChunk())
      appender.appendDataChunk(chunk);
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}
