import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";

const schema = readFileSync(path.join(import.meta.dirname, "schema.sql"), "utf8");

/** Enough for texts; the figures have memory of their own. */
const options = { threads: "1", memory_limit: "256MB" };

/**
 * What people write, in one file that one server owns. Work on it is done one piece after another, so that nobody writes
 * over what they have not seen; a piece of writing is kept whole, and safe on the disk, or not at all.
 */
export class Workspace {
  readonly #file: string;
  #opened: Promise<Database> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** The file is opened at the first question. */
  constructor(file: string) {
    this.#file = file;
  }

  /** The home, where files lie beside it. */
  get folder(): string {
    return path.dirname(this.#file);
  }

  /** Answers of what is written. 503 where another server holds the file. */
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
    const db = await this.#opened?.catch(() => null);
    this.#opened = null;
    db?.close();
  }

  #inTurn<T>(work: (db: Database) => Promise<T>): Promise<T> {
    const next = this.#last.then(async () => work(await this.#open()));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #open(): Promise<Database> {
    this.#opened ??= open(this.#file);
    try {
      return await this.#opened;
    } catch (error) {
      // It may be free again at the next question.
      this.#opened = null;
      throw error;
    }
  }
}

async function open(file: string): Promise<Database> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let db: Database;
  try {
    db = await Database.open(file, options);
  } catch (error) {
    if (!/lock/i.test((error as Error).message)) throw error;
    throw new Problem(503, "another server of this home keeps what people write; write there, or stop it first", {
      code: "workspace-in-use",
    });
  }
  await db.run("set temp_directory = ''");
  await db.run("set enable_external_access = false");
  await db.run("set lock_configuration = true");
  await db.run(schema);
  return db;
}
