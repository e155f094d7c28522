import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { Problem } from "./problem.ts";
import { tableOf, type Table } from "./table.ts";

export type Parameters = Record<string, DuckDBValue>;

/** What asks the engine: a few connections, each for one query at a time, each query with its time. */
export interface Queries {
  /** The result as columns, wholly out of the engine's hands: it stays readable when the database is detached. */
  query(sql: string, parameters?: Parameters): Promise<Table>;
  close(): void;
}

export interface QueryOptions {
  /** Statements that make a new connection ready. */
  setup: readonly string[];
  connections: number;
  timeoutMs: number;
}

/** Queries over one instance; more at once than there are connections wait for their turn, within the same time. */
export function createQueries(instance: DuckDBInstance, options: QueryOptions): Queries {
  const free: DuckDBConnection[] = [];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  let made = 0;

  async function take(): Promise<DuckDBConnection> {
    const idle = free.pop();
    if (idle) return idle;
    if (made >= options.connections) return waitForOne();
    made += 1;
    try {
      const connection = await instance.connect();
      for (const statement of options.setup) await connection.run(statement);
      return connection;
    } catch (error) {
      made -= 1;
      throw error;
    }
  }

  function waitForOne(): Promise<DuckDBConnection> {
    return new Promise((resolve, reject) => {
      const take = (connection: DuckDBConnection) => {
        clearTimeout(timer);
        resolve(connection);
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(tooBusy());
      }, options.timeoutMs);
      waiting.push(take);
    });
  }

  function give(connection: DuckDBConnection): void {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  }

  return {
    async query(sql, parameters) {
      const connection = await take();
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        connection.interrupt();
      }, options.timeoutMs);
      try {
        return tableOf(await connection.run(sql, parameters));
      } catch (error) {
        if (late) throw tooSlow(options.timeoutMs);
        if (/out of memory/i.test((error as Error).message)) throw tooLarge();
        throw error;
      } finally {
        clearTimeout(timer);
        give(connection);
      }
    },
    close() {
      for (const connection of free.splice(0)) connection.closeSync();
    },
  };
}

const tooBusy = () =>
  new Problem(503, "too many questions at once; ask again in a moment", {
    code: "busy",
    headers: { "Retry-After": "2" },
  });

const tooSlow = (ms: number) =>
  new Problem(503, `the answer took longer than ${ms / 1000} seconds; ask for fewer indicators, units or periods`, {
    code: "too-slow",
  });

const tooLarge = () =>
  new Problem(503, "the answer needs more memory than there is; ask for fewer indicators, units or periods", {
    code: "too-large",
  });
