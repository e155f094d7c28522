import { DuckDBDataChunk, type DuckDBAppender, type DuckDBType } from "@duckdb/node-api";
import type { Database } from "../database.ts";

/** The engine's client keeps its typed arrays to itself; value by value they cost half the time of the stage. */
export function itemsOf(chunk: DuckDBDataChunk, column: number): ArrayLike<number> {
  return (chunk.getColumnVector(column) as unknown as { items: ArrayLike<number> }).items;
}

const chunkRows = 2048;

/** Rows into a temporary table, a chunk at a time. */
export class Writer {
  private rows: (number | null)[][] = [];

  private readonly appender: DuckDBAppender;
  private readonly types: readonly DuckDBType[];

  private constructor(appender: DuckDBAppender, types: readonly DuckDBType[]) {
    this.appender = appender;
    this.types = types;
  }

  static async open(db: Database, table: string, types: readonly DuckDBType[]): Promise<Writer> {
    return new Writer(await db.connection.createAppender(table, null, "temp"), types);
  }

  add(row: (number | null)[]): void {
    this.rows.push(row);
    if (this.rows.length === chunkRows) this.write();
  }

  flush(): void {
    if (this.rows.length > 0) this.write();
    this.appender.flushSync();
  }

  close(): void {
    this.appender.closeSync();
  }

  private write(): void {
    const chunk = DuckDBDataChunk.create(this.types, this.rows.length);
    this.types.forEach((_, column) => chunk.setColumnValues(column, this.rows.map((row) => row[column]!))); // prettier-ignore
    this.appender.appendDataChunk(chunk);
    this.rows = [];
  }
}
