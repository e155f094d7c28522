import { statSync, type Stats } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../pipelines/database.ts";
import { createQueries, type Parameters, type Queries } from "./queries.ts";
import type { Table } from "./table.ts";

interface Opened {
  /** Which file it is: its inode, and when it was written. */
  version: string;
  instance: DuckDBInstance;
  queries: Queries;
  users: number;
}

/** What the server may know of the pipelines' work: the file that they replace by rename, opened anew whenever it is another. */
export class Operations {
  private readonly file: string;
  private readonly timeoutMs: number;
  private opened: Opened | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(file: string, timeoutMs = 10_000) {
    this.file = file;
    this.timeoutMs = timeoutMs;
  }

  /** Which file there is now; "none" before the first. */
  async version(): Promise<string> {
    const found = this.look();
    return found ? `${found.ino}-${found.mtimeMs}` : "none";
  }

  /** When it was written, as ISO date and time; null before the first. */
  async writtenAt(): Promise<string | null> {
    const found = this.look();
    return found && found.mtime.toISOString();
  }

  /** At once: many questions begin with it, and it must not wait for threads that are busy. */
  private look(): Stats | null {
    return statSync(this.file, { throwIfNoEntry: false }) ?? null;
  }

  /** The rows of a question; null where there is no file yet. */
  async query(sql: string, parameters?: Parameters): Promise<Table | null> {
    const opened = await this.hold();
    if (!opened) return null;
    try {
      return await opened.queries.query(sql, parameters);
    } finally {
      this.release(opened);
    }
  }

  close(): void {
    const opened = this.opened;
    this.opened = null;
    if (opened && opened.users === 0) shut(opened);
  }

  private hold(): Promise<Opened | null> {
    const next = this.turn.then(async () => {
      const version = await this.version();
      if (version === "none") return null;
      if (this.opened?.version !== version) {
        const fresh = await open(this.file, version, this.timeoutMs);
        const old = this.opened;
        this.opened = fresh;
        if (old && old.users === 0) shut(old);
      }
      this.opened.users += 1;
      return this.opened;
    });
    this.turn = next.catch(() => undefined);
    return next;
  }

  private release(opened: Opened): void {
    opened.users -= 1;
    if (opened.users === 0 && opened !== this.opened) shut(opened);
  }
}

/** Each file gets an engine of its own, locked in like that of the snapshots: the path is the same every time, and one engine attaches a path once. */
async function open(file: string, version: string, timeoutMs: number): Promise<Opened> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "128MB" });
  const admin = await instance.connect();
  await admin.run("set temp_directory = ''");
  await admin.run(`attach ${literal(file)} as operations (read_only)`);
  await admin.run("set enable_external_access = false");
  await admin.run("set lock_configuration = true");
  admin.closeSync();
  const queries = createQueries(instance, { setup: ["use operations"], connections: 2, timeoutMs });
  return { version, instance, queries, users: 0 };
}

function shut({ instance, queries }: Opened): void {
  queries.close();
  instance.closeSync();
}
