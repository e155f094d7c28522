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
  /** Shared by all who ask one engine; left out, only the connections count. */
  turns?: Turns;
  /** Whether nobody waits for what is asked now: it comes after all others. */
  isAhead?: () => boolean;
}

/** So many questions at once to an engine, whoever asks: each holds a thread that files and packing need too, and more would not be answered sooner. */
export class Turns {
  private free: number;
  /** So many are kept free of what nobody waits for. */
  private readonly kept: number;
  private readonly waiting: (() => void)[] = [];
  private readonly ahead: (() => void)[] = [];

  constructor(most: number) {
    this.free = most;
    this.kept = most > 1 ? 1 : 0;
  }

  /** Resolves when it is one's turn; rejects after so many milliseconds. Give it back with `give`. */
  take(timeoutMs: number, isAhead = false): Promise<void> {
    if (this.free <= (isAhead ? this.kept : 0)) return waitIn(isAhead ? this.ahead : this.waiting, timeoutMs);
    this.free -= 1;
    return Promise.resolve();
  }

  give(): void {
    const next = this.waiting.shift() ?? (this.free >= this.kept ? this.ahead.shift() : undefined);
    if (next) next();
    else this.free += 1;
  }
}

/** Waits in a queue until whoever gives something back calls. */
function waitIn<T>(queue: ((given: T) => void)[], timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const take = (given: T) => {
      clearTimeout(timer);
      resolve(given);
    };
    const timer = setTimeout(() => {
      queue.splice(queue.indexOf(take), 1);
      reject(tooBusy());
    }, timeoutMs);
    queue.push(take);
  });
}

/** Queries over one instance; more at once than there are connections wait for their turn, within the same time. */
export function createQueries(instance: DuckDBInstance, options: QueryOptions): Queries {
  const free: DuckDBConnection[] = [];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  let made = 0;

  async function take(): Promise<DuckDBConnection> {
    const idle = free.pop();
    if (idle) return idle;
    if (made >= options.connections) return waitIn(waiting, options.timeoutMs);
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

  function give(connection: DuckDBConnection): void {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  }

  return {
    async query(sql, parameters) {
      await options.turns?.take(options.timeoutMs, options.isAhead?.());
      try {
        return await ask(sql, parameters);
      } finally {
        options.turns?.give();
      }
    },
    close() {
      for (const connection of free.splice(0)) connection.closeSync();
    },
  };

  async function ask(sql: string, parameters?: Parameters): Promise<Table> {
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
  }
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
