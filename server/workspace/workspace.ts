import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";

const schema = readFileSync(path.join(import.meta.dirname, "schema.sql"), "utf8");

/** Enough for texts; the figures have memory of their own. */
const options = { threads: "1", memory_limit: "256MB" };

/** How long one waits for another process to let go of the file. */
const patienceMs = 8000;
/** Between two tries to open it, and between two looks whether another waits for it. */
const [tryMs, lookMs] = [20, 50];
/** It is left to those who wait for longer than they need to see that it is free. */
const leaveMs = 6 * tryMs;
/** Work in a row keeps others waiting no longer than this. */
const mostHeldMs = 250;

/**
 * What people write, in one file that the servers of a home have in turn: the engine lets one process open it. Work on it
 * is done one piece after another, so that nobody writes over what they have not seen; a piece of writing is kept whole,
 * and safe on the disk, or not at all.
 */
export class Workspace {
  readonly #file: string;
  /** Whoever waits for the file touches this one. */
  readonly #wanted: string;
  #opened: Promise<Database> | null = null;
  #openedAt = 0;
  #leftAt = 0;
  #last: Promise<unknown> = Promise.resolve();
  #watching: NodeJS.Timeout | undefined;

  /** The file is opened at the first question, and kept open until another process wants it. */
  constructor(file: string) {
    this.#file = file;
    this.#wanted = `${file}-wanted`;
  }

  /** Whether anybody wrote anything yet. */
  get begun(): boolean {
    return this.#opened !== null || existsSync(this.#file);
  }

  /** The home, where files lie beside it. */
  get folder(): string {
    return path.dirname(this.#file);
  }

  /** Answers of what is written. 503 where another process does not let go of the file. */
  read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#inTurn(work);
  }

  /** Writes what the work writes, all of it or nothing. */
  write<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#inTurn((db) => db.transaction(() => work(db)));
  }

  /** Ends after the work that was begun. */
  async close(): Promise<void> {
    await this.#last;
    await this.#letGo();
  }

  #inTurn<T>(work: (db: Database) => Promise<T>): Promise<T> {
    const next = this.#last.then(async () => work(await this.#open()));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #open(): Promise<Database> {
    if (this.#opened && Date.now() - this.#openedAt > mostHeldMs && this.#isWanted()) await this.#letGo();
    if (!this.#opened) await sleep(Math.max(0, this.#leftAt + leaveMs - Date.now()));
    this.#opened ??= this.#openWhenFree();
    try {
      return await this.#opened;
    } catch (error) {
      // It may be free again at the next question.
      this.#opened = null;
      throw error;
    }
  }

  async #openWhenFree(): Promise<Database> {
    for (const end = performance.now() + patienceMs; ; await sleep(tryMs)) {
      const db = await openUnlocked(this.#file);
      if (db) {
        this.#openedAt = Date.now();
        clearInterval(this.#watching);
        this.#watching = setInterval(() => this.#letGoIfWanted(), lookMs);
        this.#watching.unref();
        return db;
      }
      writeFileSync(this.#wanted, "", { mode: 0o600 });
      if (performance.now() > end)
        throw new Problem(503, "another process of this home is at work on what people write; try again in a moment", {
          code: "workspace-in-use",
          headers: { "Retry-After": "5" },
        });
    }
  }

  #isWanted(): boolean {
    return (statSync(this.#wanted, { throwIfNoEntry: false })?.mtimeMs ?? 0) > this.#openedAt;
  }

  #letGoIfWanted(): void {
    if (this.#opened && this.#isWanted()) this.#last = this.#last.then(() => this.#letGo());
  }

  async #letGo(): Promise<void> {
    clearInterval(this.#watching);
    const db = await this.#opened?.catch(() => null);
    this.#opened = null;
    if (!db) return;
    db.close();
    this.#leftAt = Date.now();
  }
}

/** Null where another process has the file open. */
async function openUnlocked(file: string): Promise<Database | null> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let db: Database;
  try {
    db = await Database.open(file, options);
  } catch (error) {
    if (/could not set lock|used by another process/i.test((error as Error).message)) return null;
    throw error;
  }
  await db.run("set temp_directory = ''");
  await db.run("set enable_external_access = false");
  await db.run("set lock_configuration = true");
  await db.run(schema);
  return db;
}
