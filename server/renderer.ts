import { existsSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { withoutValues } from "../pipelines/log.ts";
import type { MadePage } from "../web/render.ts";
import type { Reply, Request } from "../web/render-worker.ts";
import { pageOf } from "./route-of.ts";

/** More than this many at once are turned away. */
const mostWaiting = 40;
/** A page waits for no more than these: its reader's own machine makes it sooner. */
const mostBeforePage = 2;
/** So many pages and drawings are kept, for those who ask while one is made: the answers that were made of them are kept elsewhere. */
const mostKept = 16;

/** What the thread may hold: without a bound it tidies up when it has grown to gigabytes. What lives shortly gets room, so that it is not moved about while a page is made; with more, the engine would think too early that the rest is full. */
const megabytes = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 24 };

/** A thread that makes what nobody waits for ends after so long without work. */
const idleMs = 20_000;

/** With whose eyes a page is made: the cookie that it asks with, what marks its questions as the server's own, and what they may see. */
export type Asker = Request["asker"];

interface Waiting {
  settle(reply: Reply): void;
}

const keyOf = ({ address, frame, chart }: Pick<Request, "address" | "frame" | "chart">, state: readonly string[]) =>
  JSON.stringify([address, frame, chart, state]);

/** Makes pages and draws charts beside the server, in a thread of its own: what is slow or fails there delays no other answer. */
export class Renderer {
  private readonly file: string;
  private readonly log: Pick<Logger, "warn">;
  private readonly stuckMs: number;
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private readonly kept = new Map<string, Promise<unknown>>();
  private watching: NodeJS.Timeout | undefined;
  private next = 0;
  private origin = "";
  /** Makes what nobody waits for, in another thread: no reader's page comes after it. */
  private readonly behind: Renderer | null;
  private idle: NodeJS.Timeout | undefined;

  /** `folder` holds the built pages; after `stuckMs` with one request something is stuck. */
  constructor(folder: string, log: Pick<Logger, "warn">, stuckMs = 20_000, isBehind = false) {
    this.stuckMs = stuckMs;
    this.file = path.join(folder, ".server", "render-worker.js");
    this.log = log;
    this.behind = isBehind ? null : new Renderer(folder, log, stuckMs, true);
  }

  /** Where the API is reached; before it is known no page is made. */
  at(origin: string): void {
    this.origin = origin;
    this.behind?.at(origin);
  }

  /** The page at an address for frames of charts of at most so many pixels, made once in a state, for somebody who waits for it; null where it cannot be made. */
  page(address: string, frame: number, state: readonly string[], asker: Asker): Promise<MadePage | null> {
    return this.once<MadePage>({ address, frame, asker }, state, mostBeforePage);
  }

  /** The same page, for those who come later. */
  pageAhead(address: string, frame: number, state: readonly string[], asker: Asker): Promise<MadePage | null> {
    return (this.behind ?? this).once<MadePage>({ address, frame, asker }, state);
  }

  /** The SVG of a chart of a page; null where there is none. */
  drawing(
    address: string,
    chart: string,
    frame: number,
    state: readonly string[],
    asker: Asker,
  ): Promise<string | null> {
    return this.once<string>({ address, chart, frame, asker }, state);
  }

  /** Makes pages for nobody, one after another: the first readers wait for no thread to begin, and find the answers that pages are made of. */
  async warm(cookie: string, addresses: readonly string[]): Promise<void> {
    const asker = { cookie, inside: "", scope: "" };
    for (const address of addresses) await this.ask({ address, frame: 400, seen: "", asker });
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await Promise.all([worker?.terminate(), this.behind?.close()]);
  }

  /** What is made in a state is the same for all whose state it is, whatever their cookie. */
  private once<T>(
    asked: Omit<Request, "id" | "origin" | "seen">,
    state: readonly string[],
    most = mostWaiting,
  ): Promise<T | null> {
    const key = keyOf(asked, state);
    const known = this.kept.get(key) as Promise<T | null> | undefined;
    if (known) return known;
    if (this.waiting.size >= most) return Promise.resolve(null);
    const made = this.ask<T>({ ...asked, seen: JSON.stringify(state) });
    this.keep(key, made);
    void made.then((result) => void (result === null && this.kept.delete(key)));
    return made;
  }

  private keep(key: string, made: Promise<unknown>): void {
    this.kept.delete(key);
    this.kept.set(key, made);
    for (const oldest of this.kept.keys()) if (this.kept.size > mostKept) this.kept.delete(oldest);
  }

  private ask<T>(asked: Omit<Request, "id" | "origin">): Promise<T | null> {
    if (this.origin === "" || !existsSync(this.file)) return Promise.resolve(null);
    const id = this.next++;
    this.worker ??= this.start();
    const { worker } = this;
    return new Promise((resolve) => {
      this.waiting.set(id, {
        settle: ({ result, failed }) => {
          if (failed)
            this.log.warn(
              { page: pageOf(asked.address), failed: withoutValues(failed) },
              "a page could not be made before it was sent",
            );
          resolve((result as T | undefined) ?? null);
        },
      });
      worker.postMessage({ ...asked, id, origin: this.origin } satisfies Request);
      if (this.waiting.size === 1) this.watch(worker);
    });
  }

  private start(): Worker {
    const isBehind = this.behind === null;
    const worker = new Worker(this.file, { execArgv: [], resourceLimits: megabytes, workerData: { isBehind } });
    worker.unref();
    worker.on("message", (reply: Reply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      waiting?.settle(reply);
      this.watch(worker);
    });
    worker.on("error", (error) => this.drop(worker, error.message));
    return worker;
  }

  /** Looks after a thread until it answers next: it works on one request after another, so each has its own time. */
  private watch(worker: Worker): void {
    clearTimeout(this.watching);
    clearTimeout(this.idle);
    if (this.waiting.size === 0) {
      // What is made ahead is made at times, and the thread takes a hundred megabytes.
      if (this.behind === null) this.idle = setTimeout(() => void this.close(), idleMs).unref();
      return;
    }
    this.watching = setTimeout(() => this.drop(worker, "took too long"), this.stuckMs);
    this.watching.unref();
  }

  /** Ends a thread that fell over or is stuck; the next request starts another. */
  private drop(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const [id, waiting] of this.waiting) waiting.settle({ id, failed: why });
    this.waiting.clear();
    void worker.terminate();
  }
}
