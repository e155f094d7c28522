import { loadCommand, parseCommand } from "./command.ts";
import type { Context } from "./context.ts";
import { dropTemporary, isBroken, type Database } from "./database.ts";
import { startProver, type Prover } from "./disclosure/background.ts";
import type { Answer, Ask } from "./handover.ts";
import { lineageOf, type AskedFigure, type Lineage } from "./lineage/lineage.ts";
import { inWords, isTransient } from "./faults.ts";
import { makeHome } from "./home.ts";
import { Refusal, Usage } from "./problem.ts";
import { ProjectReader, type Project } from "./project.ts";
import { publishProject } from "./publishing.ts";
import { openWarehouse } from "./warehouse.ts";
import { answerDraft, Drafting } from "./workbench/drafting.ts";
import { WorkWatch, type WorkState } from "./work.ts";

/** How long a publication that was asked for gives way to other work. */
const mostYieldMs = 60_000;

/** The one owner of a home's warehouse: does pieces of work one after another. */
export class Owner {
  readonly context: Context;
  private readonly configuration: ProjectReader;
  private warehouse: Database | null;
  private last: Promise<unknown> = Promise.resolve();
  private reading: Promise<unknown> = Promise.resolve();
  private lastLineage: Promise<unknown> = Promise.resolve();
  private readonly watch: WorkWatch;
  private publishWaits = false;
  private prover: Prover | null = null;
  private closing = false;
  private drafting: Drafting | null = null;

  private constructor(context: Context, configuration: ProjectReader, db: Database) {
    this.configuration = configuration;
    this.watch = new WorkWatch(context.now);
    this.context = { ...context, step: (step) => this.watch.step(step) };
    this.warehouse = db;
  }

  /** `command` is what it is opened for, where that is known. */
  static async open(context: Context, command?: string): Promise<Owner> {
    makeHome(context.settings.home);
    const configuration = new ProjectReader(context.settings);
    const { contracts } = await configuration.read();
    return new Owner(
      context,
      configuration,
      await openWarehouse(context, contracts, { rebuilding: command === "rebuild" }),
    );
  }

  /** The warehouse, which is open but for between an engine that fell over and the next piece of work. */
  get db(): Database {
    return this.warehouse!;
  }

  /** Does the work when all that was asked before is done. The configuration is looked at anew each time: an edited definition counts at once. */
  work<T>(what: string, job: (project: Project, db: Database) => Promise<T>): Promise<T> {
    this.watch.wait();
    const next = this.last.then(async () => {
      this.watch.begin(what);
      try {
        if (this.closing) throw new Refusal("the monitor is stopping; try again when it runs");
        const project = await this.configuration.read();
        this.warehouse ??= await openWarehouse(this.context, project.contracts);
        return await job(project, this.warehouse);
      } finally {
        await this.closeIfBroken();
        this.watch.end();
        this.drafting?.workDone();
      }
    });
    this.last = next.catch(() => undefined);
    return next;
  }

  /** Reads the warehouse over a connection of its own, whoever has the turn; the end waits for it. */
  private beside<T>(job: (project: Project, db: Database) => Promise<T>): Promise<T> {
    const reading = (async () => {
      const project = await this.configuration.read();
      if (this.closing || !this.warehouse) throw new Refusal("the monitor is starting or stopping; try again", "busy");
      const own = await this.warehouse.connect();
      try {
        return await job(project, own);
      } finally {
        own.disconnect();
      }
    })();
    this.reading = Promise.allSettled([this.reading, reading]);
    return reading;
  }

  /** An engine that fell over does nothing any more: the next piece of work opens the warehouse anew. */
  private async closeIfBroken(): Promise<void> {
    const error: unknown = await this.warehouse?.run("select 1").then(
      () => null,
      (each: unknown) => each,
    );
    if (!isBroken(error)) return;
    this.warehouse!.close();
    this.warehouse = null;
  }

  /** What is being done now, and how many wait. */
  state(): WorkState {
    return this.watch.state();
  }

  /** From here on proofs of protected figures that take long are made in the background; when they are there it publishes again. */
  proveInBackground(): void {
    const { context } = this;
    this.prover ??= startProver(context.settings.home, () => this.publishLater(), context.log);
    context.prove = (parts) => this.prover?.add(parts);
  }

  /** Publishes when its turn comes, and lets what waits go first for a while: several files in a row become one publication. */
  private publishLater(asked = performance.now()): void {
    if (this.publishWaits) return;
    this.publishWaits = true;
    const { context } = this;
    this.work("publish", async (project, db) => {
      this.publishWaits = false;
      if (this.state().waiting > 0 && performance.now() - asked < mostYieldMs) this.publishLater(asked);
      else await publishProject({ db, context, project });
    }).catch((error: unknown) => {
      this.publishWaits = false;
      context.log(`publishing failed: ${toAnswer(error, context).failed}`);
    });
  }

  /** Which loads a figure is made of: one question after another, beside the work at hand, as it changes nothing. */
  private lineage(figure: AskedFigure): Promise<Lineage> {
    const next = this.lastLineage.then(async () => {
      const project = await this.configuration.read();
      if (this.closing || !this.warehouse) throw new Refusal("the monitor is stopping; try again when it runs");
      const db = await this.warehouse.connect();
      try {
        return await lineageOf(db, project, figure, this.context.now());
      } finally {
        await dropTemporary(db);
        db.disconnect();
      }
    });
    this.lastLineage = next.catch(() => undefined);
    return next;
  }

  /** What is asked of drafts: beside the work of loads, and given up when its asker is. */
  private async ofDrafts({ command, draft }: Ask, gone: AbortSignal): Promise<Pick<Answer, "result" | "json">> {
    this.drafting ??= new Drafting({
      context: this.context,
      idle: () => this.watch.isIdle(),
      work: (what, job) => this.work(what, job),
      beside: (job) => this.beside(job),
      project: () => this.configuration.readAgain(),
      publishLater: () => this.publishLater(),
    });
    return answerDraft(this.drafting, command, draft, gone);
  }

  /** Does a command; `gone` is aborted when its asker hangs up. Whatever goes wrong comes back as an answer for people, the rest goes to the log. */
  async answer(
    ask: Ask,
    tell: (answer: Answer) => void,
    gone: AbortSignal = new AbortController().signal,
  ): Promise<Answer> {
    try {
      // Whoever asks how far the work is must not wait for its end.
      if (ask.command === "work") return { result: this.state(), exit: 0 };
      if (ask.command === "lineage") return { result: await this.lineage(ask.figure!), exit: 0 };
      if (ask.command === "publish" && ask.later) {
        this.publishLater();
        return { result: { publishing: true }, exit: 0 };
      }
      if (ask.command.startsWith("draft-")) return { ...(await this.ofDrafts(ask, gone)), exit: 0 };
      const command = await loadCommand(ask.command);
      if (command.where !== "owner") throw new Usage(`${ask.command} does not run at the owner of the warehouse`);
      const { values, positionals } = parseCommand(command, ask.arguments);
      const context: Context = {
        ...this.context,
        log: (log, progress) => tell({ log, progress }),
      };
      const result = await this.work(ask.command, (project, db) =>
        command.run({
          ...{ context, project, db, values, positionals, cwd: ask.cwd },
          ...(ask.upload ? { upload: ask.upload } : {}),
        }),
      );
      return { result, exit: command.exit?.(result) ?? 0 };
    } catch (error) {
      return toAnswer(error, this.context);
    }
  }

  /** Ends after the work at hand; what waits for its turn is refused. */
  async close(): Promise<void> {
    this.closing = true;
    this.prover?.stop();
    this.drafting?.stop();
    await this.last;
    await this.lastLineage;
    await this.reading;
    this.warehouse?.close();
    this.warehouse = null;
  }
}

/** Another process has the home's warehouse. */
export class InUse extends Refusal {}

/** Opens the home's warehouse; the engine's lock on its file says whether another process has it. */
export async function openOwner(context: Context, command?: string): Promise<Owner> {
  try {
    return await Owner.open(context, command);
  } catch (error) {
    if (!/could not set lock|used by another process/i.test((error as Error).message)) throw error;
    throw new InUse(
      `another monitor or command is at work in ${context.settings.home}; wait until it is done and try again`,
    );
  }
}

/** What went wrong, in words for the person who asked; the trace of a fault of ours goes to the log only. */
export function toAnswer(error: unknown, context: Pick<Context, "log">): Answer {
  if (error instanceof Usage) return { failed: error.message, exit: 2 };
  if (error instanceof Refusal) return { failed: error.message, exit: 1, ...(error.code ? { code: error.code } : {}) };
  const known = error as NodeJS.ErrnoException;
  if (known.code === "ENOENT") return { failed: `no such file: ${known.path}`, exit: 1 };
  if (known.code === "EACCES") return { failed: `not allowed to read: ${known.path}`, exit: 1 };
  if (isTransient(error)) return { failed: inWords(error), exit: 1 };
  if (process.env.KVV_DEBUG) context.log(known.stack ?? String(error));
  return { failed: firstLine(known.message ?? String(error)), exit: 1, fault: "ours" };
}

const firstLine = (text: string) => text.split("\n")[0] ?? text;
