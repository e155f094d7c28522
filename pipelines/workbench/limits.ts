import { Database, QueryError, type Parameters } from "../database.ts";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { lockDown } from "../warehouse.ts";
import type { DraftCode } from "./draft.ts";

/** Work on a draft was stopped from outside. */
export class Stopped extends Error {
  override name = "Stopped";
  readonly code: DraftCode;
  constructor(code: DraftCode) {
    super(`stopped: ${code}`);
    this.code = code;
  }
}

/** Why work on a draft was stopped; null where it failed for another reason. */
export function stoppedBy(error: unknown): DraftCode | null {
  if (error instanceof Stopped) return error.code;
  return error instanceof QueryError && /^Out of Memory Error/i.test(error.message) ? "draft-too-large" : null;
}

/** Stops what is being done: the statement at hand is interrupted, and the next one does not begin. */
export class StopSign {
  private code: DraftCode | null = null;
  private readonly connections = new Set<DuckDBConnection>();

  /** Before another piece of work. */
  lift(): void {
    this.code = null;
  }

  stop(code: DraftCode): void {
    this.code ??= code;
    for (const connection of this.connections) connection.interrupt();
  }

  /** Throws where it was stopped meanwhile. */
  check(): void {
    if (this.code) throw new Stopped(this.code);
  }

  watch(connection: DuckDBConnection): void {
    this.connections.add(connection);
  }

  forget(connection: DuckDBConnection): void {
    this.connections.delete(connection);
  }
}

/** A database whose work can be stopped. */
export class LimitedDatabase extends Database {
  private readonly sign: StopSign;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, sign: StopSign) {
    super(instance, connection);
    this.sign = sign;
    sign.watch(connection);
  }

  /** A database in memory that sees nothing outside itself, and has so much memory; `prepare` runs while it still sees the files that it names. */
  static async openLimited(
    memory: string,
    sign: StopSign,
    prepare: (db: LimitedDatabase) => Promise<void> = () => Promise.resolve(),
  ): Promise<LimitedDatabase> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "1",
      memory_limit: memory,
      temp_directory: "",
      max_expression_depth: "250",
    });
    const db = new LimitedDatabase(instance, await instance.connect(), sign);
    try {
      await db.run("set TimeZone = 'UTC'");
      await prepare(db);
      await lockDown(db, {});
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Another connection that can be stopped alike. */
  override async connect(): Promise<LimitedDatabase> {
    return new LimitedDatabase(this.instance, await this.instance.connect(), this.sign);
  }

  override async run(sql: string, parameters?: Parameters): Promise<void> {
    this.sign.check();
    await this.stoppable(super.run(sql, parameters));
  }

  override async all<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    this.sign.check();
    return this.stoppable(super.all<T>(sql, parameters));
  }

  private async stoppable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.sign.check();
      throw error;
    }
  }

  override disconnect(): void {
    this.sign.forget(this.connection);
    super.disconnect();
  }

  override close(): void {
    this.sign.forget(this.connection);
    super.close();
  }
}
