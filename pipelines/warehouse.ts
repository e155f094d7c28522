import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import type { Context } from "./context.ts";
import { addedColumns, createTableSql, tableColumns, type Contract } from "./contracts/contract.ts";
import { Database, identifier, literal } from "./database.ts";
import { settleArchive } from "./loading/archive.ts";
import { Refusal } from "./problem.ts";

const schema = readFileSync(path.join(import.meta.dirname, "schema.sql"), "utf8");

/** Folder for files that exist only during a load; emptied when the warehouse opens. */
export const stagingFolder = (home: string): string => path.join(home, "staging");

/** Opens or makes `<home>/warehouse.duckdb`, with the fixed tables and one table for each contract. The engine then sees no files but those of the home and of the configuration's data. `rebuilding`: the tables are about to be made anew, whatever their types. */
export async function openWarehouse(
  context: Context,
  contracts: Map<string, Contract>,
  { rebuilding = false } = {},
): Promise<Database> {
  const { home, config, memory, threads } = context.settings;
  const db = await Database.open(path.join(home, "warehouse.duckdb"), {
    memory_limit: memory,
    threads: String(threads),
    // Short texts that recur are kept as a dictionary from this version on, in half the time.
    storage_compatibility_version: "v1.5.0",
  });
  try {
    // Only now: while another process has the warehouse, these are its files.
    rmSync(stagingFolder(home), { recursive: true, force: true });
    mkdirSync(stagingFolder(home), { recursive: true });
    await db.run("set TimeZone = 'UTC'");
    await lockDown(db, { folders: [home, path.join(config, "data")] });
    await db.run(schema);
    await migrate(db);
    await ensureTables(db, contracts.values(), rebuilding);
    await settleArchive(db, home, contracts.keys());
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Brings the fixed tables of an older warehouse up to date; what is so already stays as it is. */
async function migrate(db: Database): Promise<void> {
  await db.run("alter table loads alter column encoding drop not null");
  for (const column of ["format varchar", "sheet varchar", "header_row integer"])
    await db.run(`alter table loads add column if not exists ${column}`);
}

/** Makes the feeds' tables, and adds columns that their contracts have got since. */
async function ensureTables(db: Database, contracts: Iterable<Contract>, rebuilding: boolean): Promise<void> {
  const wanted = [...contracts];
  await db.run(wanted.map(createTableSql).join(";\n"));
  const rows = await db.all<{ table_name: string; column_name: string; data_type: string }>(
    "select table_name, column_name, data_type from duckdb_columns() where database_name = current_database()",
  );
  const present = new Map(rows.map((row) => [`${row.table_name}.${row.column_name}`, row.data_type]));
  for (const contract of wanted)
    for (const { name, type } of [...tableColumns(contract), ...addedColumns(contract)]) {
      const [bare, constraint] = type.split(" NOT NULL ");
      const found = present.get(`${contract.name}.${name}`);
      if (found === undefined)
        await db.run(
          `alter table ${identifier(contract.name)} add column ${identifier(name)} ${bare!} ${constraint ?? ""}`,
        );
      else if (found !== bare && !rebuilding)
        throw new Refusal(
          `the warehouse has ${contract.name}.${name} as ${found}, its contract as ${bare!}; run kvv rebuild, or undo the change of type`,
        );
    }
}

/** From here on the engine reads and writes only below these folders and these files, and its settings are fixed. */
export async function lockDown(db: Database, allowed: { folders?: string[]; files?: string[] }): Promise<void> {
  const list = (names: string[]) => `[${[...new Set(names)].map(literal).join(", ")}]`;
  // The engine compares real paths; a home behind a symbolic link is allowed under both its names.
  const folders = (allowed.folders ?? [])
    .flatMap((folder) => [folder, realPath(folder)])
    .map((each) => each + path.sep);
  const files = (allowed.files ?? []).flatMap((file) => [file, realPath(file)]);
  await db.run(`set allowed_directories = ${list(folders)}`);
  await db.run(`set allowed_paths = ${list(files)}`);
  await db.run("set enable_external_access = false");
  await db.run("set autoinstall_known_extensions = false");
  await db.run("set autoload_known_extensions = false");
  await db.run("set lock_configuration = true");
}

function realPath(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}
