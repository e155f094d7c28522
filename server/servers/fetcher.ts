import { mkdirSync, readFileSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import { renameDurably, sync, writeDurably } from "../../pipelines/durable.ts";
import { Refusal, SourceFailure } from "../../pipelines/problem.ts";
import { snapshotsToRemove } from "../../pipelines/publishing/kept.ts";
import {
  hashOf,
  isNameOfSnapshot,
  listSnapshots,
  manifestSchema,
  pointedAt,
  readPointer,
  type Manifest,
} from "../manifest.ts";
import { Inspector, isThere } from "./inspector.ts";
import type { PublishedFiles } from "./published-files.ts";

/** A snapshot that is kept where it was published. */
export interface Listed {
  snapshot: string;
  published_at: string;
}

export interface FetcherOptions {
  /** The folder `published` of this home. */
  published: string;
  files: Pick<PublishedFiles, "text" | "into">;
  /** Largest database. */
  maxBytes: number;
  /** As `KVV_KEEP_SNAPSHOTS`. */
  keep: number;
  log: Pick<Logger, "info" | "error">;
  now: () => number;
  /** After so long a snapshot that is served is read again. */
  inspectMs?: number;
}

const mostText = { current: 1000, manifest: 64 * 1024, list: 4 * 1024 * 1024 };
const isMoment = (text: string): boolean => !Number.isNaN(Date.parse(text));
const listSchema = z.array(
  z.object({ snapshot: z.string().refine(isNameOfSnapshot), published_at: z.string().refine(isMoment) }),
);
const aside = ".fetching-";
/** After failures in a row it waits longer, up to this. */
const longestWaitMs = 60_000;

/** What was fetched is not what was published. */
class Damaged extends Error {}

/** What is to be fetched is not kept there, or not yet. */
class NotThere extends SourceFailure {}

/**
 * Brings what is published elsewhere into this home: the pointer, then the manifest, then the database, aside under
 * another name, in as many tries as it takes. Only what has the hash of its manifest gets its name, and only then is it
 * pointed at. Whatever fails, what is served stays. What was fetched and is damaged here later goes, and is fetched anew;
 * until then the last one that is sound is pointed at.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #inspector: Inspector;
  /** Snapshots that were damaged here, and are not fetched anew yet. */
  readonly #damaged = new Set<string>();
  #etags = { current: null as string | null, list: null as string | null };
  /** What the pointer there named at the last look; null before. */
  #wanted: string | null = null;
  #list: Listed[] | null;
  #listIsOf: string | null = null;
  #looking: Promise<boolean> | null = null;
  #fault: { message: string; reason: string } | null = null;
  #waitUntil = 0;
  #inARow = 0;
  /** Tries that failed, since the start. */
  failures = 0;
  /** When it was last known what is published, as milliseconds since 1970; null before. */
  lookedAt: number | null = null;

  constructor(options: FetcherOptions) {
    this.#options = options;
    const { published, now, inspectMs } = options;
    this.#inspector = new Inspector({ published, now, ...(inspectMs === undefined ? {} : { everyMs: inspectMs }) });
    mkdirSync(options.published, { recursive: true });
    this.#list = readList(this.#listFile);
  }

  /** Snapshots that are kept where they are published, as far as that is known; null where nobody told. */
  get listed(): readonly Listed[] | null {
    return this.#list;
  }

  /** What keeps this server from what is published; null where all is well. Names no host. */
  get trouble(): string | null {
    const troubles = [...this.#damaged].map((name) => `snapshot ${name} was damaged on this disk, and is fetched anew`);
    if (this.#fault) troubles.push(`what is published cannot be fetched: ${this.#fault.reason}`);
    return troubles.length > 0 ? troubles.join("\n") : null;
  }

  /** Looks once whether what is here is sound, and fetches what is new; true where this home points at another snapshot now, or at the same anew. Nothing is thrown. */
  look(): Promise<boolean> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookOnce(): Promise<boolean> {
    const isOther = await this.#inspect().catch((error: Error) => {
      this.#options.log.error({ err: error }, "what was fetched could not be looked at");
      return false;
    });
    if (this.#options.now() < this.#waitUntil) return isOther;
    return (await this.#tryOnce()) || isOther;
  }

  /** Takes away what is no longer what was fetched. True where the pointer names another snapshot therefore. */
  async #inspect(): Promise<boolean> {
    const { published, log } = this.#options;
    const current = await readPointer(published).catch(() => null);
    if (current === null) return false;
    const all = await listSnapshots(published);
    const other = this.#inspector.next(all.filter((name) => name !== current));
    for (const name of [current, ...(other === null ? [] : [other])]) {
      if (await this.#inspector.isSound(name)) continue;
      log.error({ snapshot: name }, "a snapshot was damaged on this disk, or is gone; it is fetched anew");
      this.#damaged.add(name);
      const last = name === current ? await this.#lastSound(all.filter((each) => each < name)) : null;
      if (last !== null) this.#write("current", `${last}\n`);
      await rm(path.join(published, name), { recursive: true, force: true });
      if (last !== null) return true;
    }
    return false;
  }

  async #lastSound(names: readonly string[]): Promise<string | null> {
    for (const name of [...names].reverse()) if (await this.#inspector.isSound(name)) return name;
    return null;
  }

  async #tryOnce(): Promise<boolean> {
    const { log, now } = this.#options;
    try {
      const changed = await this.#fetch();
      this.#fault = null;
      this.#inARow = 0;
      return changed;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#fault?.message) {
        if (isNothing(error)) log.info(message);
        else log.error({ err: error }, "what is published could not be fetched");
      }
      this.#fault = { message, reason: reasonOf(error as Error) };
      this.failures += 1;
      // Where nothing is published yet, the first is looked for as often as any.
      this.#inARow += isNothing(error) ? 0 : 1;
      if (this.#inARow > 1) this.#waitUntil = now() + Math.min(longestWaitMs, 1000 * 2 ** this.#inARow);
      return false;
    }
  }

  async #fetch(): Promise<boolean> {
    const { published, files, now } = this.#options;
    const pointer = await files.text("current", mostText.current, this.#etags.current);
    if (!pointer) throw new Refusal("nothing is published there yet", "nothing");
    if (!pointer.unchanged) {
      this.#wanted = pointedAt(pointer.text);
      this.#etags.current = pointer.etag;
    }
    const name = this.#wanted;
    if (name === null) throw new Refusal("nothing is published there yet", "nothing");
    const here = await readPointer(published).catch(() => null);
    const isHere = name === here && (await isThere(path.join(published, name)));
    if (!isHere) await this.#bring(name);
    this.lookedAt = now();
    if (name !== this.#listIsOf) await this.#fetchList(name);
    if (!isHere) await this.#removeOld(name);
    await this.#restore();
    return !isHere;
  }

  /** Fetches what was damaged here of the past, as far as it is still kept there. */
  async #restore(): Promise<void> {
    const { published, log } = this.#options;
    for (const name of this.#damaged) {
      if (!(await isThere(path.join(published, name))))
        await this.#fetchSnapshot(name).catch((error: unknown) => {
          if (!(error instanceof NotThere)) throw error;
          log.error({ snapshot: name }, "a snapshot that was damaged on this disk is kept nowhere any more");
        });
      this.#damaged.delete(name);
    }
  }

  /** Makes this home point at a snapshot, when all of it is here. */
  async #bring(name: string): Promise<void> {
    const { published, log } = this.#options;
    const isHere = () => isThere(path.join(published, name));
    if (!(await isHere()))
      await this.#fetchSnapshot(name).catch(async (error: unknown) => {
        // Another server of this home was sooner.
        if (!(await isHere())) throw error;
      });
    this.#write("current", `${name}\n`);
    this.#damaged.delete(name);
    log.info({ snapshot: name }, "fetched what is published");
  }

  async #fetchSnapshot(name: string): Promise<void> {
    const { published, files, maxBytes } = this.#options;
    const folder = path.join(published, `${aside}${name}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const manifest = await this.#manifestOf(name);
    const file = path.join(folder, "series.duckdb");
    await files.into(file, `${name}/series.duckdb`, maxBytes);
    if ((await hashOf(file)) !== manifest.hash) {
      await rm(folder, { recursive: true, force: true });
      throw new Damaged(`snapshot ${name} arrived as something else than was published (its hash differs)`);
    }
    await writeFile(path.join(folder, "manifest.json"), JSON.stringify(manifest) + "\n");
    for (const each of ["manifest.json", "series.duckdb"]) sync(path.join(folder, each));
    renameDurably(folder, path.join(published, name));
    await this.#inspector.know(name);
  }

  async #manifestOf(name: string): Promise<Manifest> {
    const found = await this.#options.files.text(`${name}/manifest.json`, mostText.manifest);
    if (!found || found.unchanged) throw new NotThere(`snapshot ${name} has no manifest there`);
    const manifest = parsed(manifestSchema, found.text);
    if (manifest?.snapshot !== name || !/^[0-9a-f]{64}$/.test(manifest.hash) || !isMoment(manifest.published_at))
      throw new Damaged(`the manifest of snapshot ${name} is not one of it`);
    return manifest;
  }

  /** Without a list it is not known what there is of the past; that keeps nobody from the present. */
  async #fetchList(name: string): Promise<void> {
    const found = await this.#options.files.text("snapshots.json", mostText.list, this.#etags.list);
    if (found?.unchanged === true) return void (this.#listIsOf = name);
    const list = found && parsed(listSchema, found.text);
    this.#etags.list = found?.etag ?? null;
    this.#list = list;
    this.#listIsOf = name;
    if (list) this.#write("snapshots.json", JSON.stringify(list) + "\n");
    else await rm(this.#listFile, { force: true });
  }

  async #removeOld(current: string): Promise<void> {
    const { published, keep } = this.#options;
    for (const name of snapshotsToRemove(await listSnapshots(published), current, keep))
      await rm(path.join(published, name), { recursive: true, force: true });
    // What is newer another server of this home may be fetching.
    for (const name of await readdir(published))
      if (name.startsWith(aside) && name <= `${aside}${current}`)
        await rm(path.join(published, name), { recursive: true, force: true });
  }

  /** Other servers of this home may write the same at the same time. */
  #write(name: string, text: string): void {
    const { published } = this.#options;
    writeDurably(path.join(published, name), text, 0o666, path.join(published, `.${name}-${process.pid}`));
  }

  get #listFile(): string {
    return path.join(this.#options.published, "snapshots.json");
  }
}

function readList(file: string): Listed[] | null {
  try {
    return listSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** What a text says, where it is JSON of that shape; else null. */
function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const isNothing = (error: unknown): error is Refusal => error instanceof Refusal && error.code === "nothing";

/** For whoever looks from outside; all of it is in the log. */
function reasonOf(error: Error): string {
  if (error instanceof Damaged) return "what arrives is not what was published";
  if (isNothing(error)) return error.message;
  if (error instanceof Refusal) return "it is refused; see the log";
  if (error instanceof SourceFailure)
    return /secret/.test(error.message) ? "the secret is not taken there" : "the server there cannot be reached";
  return (error as NodeJS.ErrnoException).code === "ENOSPC" ? "the disk is full" : "it cannot be kept; see the log";
}
