import { DuckDBInstance, type DuckDBConnection, type DuckDBValue, type JS } from "@duckdb/node-api";

export type Parameters = Record<string, DuckDBValue>;
export type Row = Record<string, unknown>;

/** A statement failed: the message of the engine, with the statement. For logs; never shown to readers. */
export class QueryError extends Error {
  override name = "QueryError";
  readonly sql: string;
  constructor(cause: unknown, sql: string) {
    super(
      `${cause instanceof Error ? cause.message : String(cause)}\n\nSQL: ${sql.length > 4000 ? sql.slice(0, 4000) + " …" : sql}`,
      { cause },
    );
    this.sql = sql;
  }
}

/** Whether the engine itself fell over, as it does where the disk is full just after a commit: its file must be opened anew, and only then it is known whether the last commit holds. */
export const isBroken = (error: unknown): boolean =>
  error instanceof QueryError && /^FATAL Error|database has been invalidated/.test(error.message);

/** One connection of a DuckDB instance. A file is opened by one instance only, and never read by other means while it is open: either would drop the engine's lock. */
export class Database {
  readonly connection: DuckDBConnection;
  readonly instance: DuckDBInstance;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.instance = instance;
    this.connection = connection;
  }

  static async open(file: string, options: Record<string, string> = {}): Promise<Database> {
    const instance = await DuckDBInstance.create(file, options);
    return new Database(instance, await instance.connect());
  }

  /** Another connection of the same instance, with its own transactions and temporary tables. */
  async connect(): Promise<Database> {
    return new Database(this.instance, await this.instance.connect());
  }

  async run(sql: string, parameters?: Parameters): Promise<void> {
    try {
      await this.connection.run(sql, parameters);
    } catch (error) {
      throw new QueryError(error, sql);
    }
  }

  /** All rows as plain values: BIGINT and DECIMAL as number, DATE and TIMESTAMP as ISO text, lists as arrays. */
  async all<T = Row>(sql: string, parameters?: Parameters): Promise<T[]> {
    try {
      const reader = await this.connection.runAndReadAll(sql, parameters);
      // By columns: made row by row, the objects take five times as long.
      const columns = reader.getColumnsJS().map((values, i) => {
        const isDate = reader.columnType(i).toString() === "DATE";
        return values.map((value) => toPlain(value, isDate));
      });
      return toRows(reader.deduplicatedColumnNames(), columns, reader.currentRowCount) as T[];
    } catch (error) {
      throw new QueryError(error, sql);
    }
  }

  async one<T = Row>(sql: string, parameters?: Parameters): Promise<T | undefined> {
    return (await this.all<T>(sql, parameters))[0];
  }

  /** Runs the work in one transaction: all of it is kept, or nothing. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run("begin transaction");
    try {
      const result = await work();
      await this.run("commit");
      return result;
    } catch (error) {
      await this.run("rollback").catch(() => undefined);
      throw error;
    }
  }

  /** Closes this connection only. */
  disconnect(): void {
    this.connection.closeSync();
  }

  /** Closes the connection and the instance. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function toRows(names: string[], columns: unknown[][], count: number): Row[] {
  const rows: Row[] = Array.from({ length: count }, () => ({}));
  for (const [i, name] of names.entries()) {
    const values = columns[i]!;
    for (let row = 0; row < count; row++) rows[row]![name] = values[row];
  }
  return rows;
}

function toPlain(value: JS, isDate: boolean): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Date) return isDate ? value.toISOString().slice(0, 10) : value.toISOString();
  if (Array.isArray(value)) return value.map((item) => toPlain(item, isDate));
  return value;
}

/** A text as an SQL literal. Only for names and paths of our own: values of users are bound. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Drops the temporary tables and views of a connection, but for some tables: figures that have not passed the gate do not outlive their work. */
export async function dropTemporary(db: Database, except: ReadonlySet<string> = new Set()): Promise<void> {
  const views = await db.all<{ name: string }>(
    "select view_name as name from duckdb_views() where temporary and not internal",
  );
  for (const { name } of views) await db.run(`drop view if exists temp.${identifier(name)}`);
  for (const name of await temporaryTables(db))
    if (!except.has(name)) await db.run(`drop table if exists temp.${identifier(name)}`);
}

/** Names of the temporary tables of a connection. */
export async function temporaryTables(db: Database): Promise<string[]> {
  const tables = await db.all<{ name: string }>("select table_name as name from duckdb_tables() where temporary");
  return tables.map(({ name }) => name);
}
