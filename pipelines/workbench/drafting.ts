import { z } from "zod";
import type { Context } from "../context.ts";
import type { Database } from "../database.ts";
import { isDemoHome } from "../demo-home.ts";
import type { Answer } from "../handover.ts";
import { Refusal, Usage } from "../problem.ts";
import type { Project } from "../project.ts";
import { recordRun } from "../runs.ts";
import { DraftChild, type Needs } from "./draft-child.ts";
import {
  adoptedFiles,
  computingOf,
  faultsBesideStanding,
  refuseNewFaults,
  refuseUnfit,
  writeAdopted,
} from "./adopt.ts";
import type { AdoptAsk, Adopted, Draft, DraftCheck, PreviewAsk } from "./draft.ts";
import { copyDue, copyFeeds, removeCopies, type FeedsCopy } from "./feeds-copy.ts";
import { otherOf } from "./known.ts";
import type { Job, KnownAsLists, PreviewResult, Trial } from "./messages.ts";
import type { Figures } from "./preview.ts";
import { reasonOf } from "./words.ts";

/** What drafts need of the owner of the warehouse. */
export interface Owning {
  context: Context;
  /** Whether nothing is being done and nothing waits. */
  idle(): boolean;
  /** Does something in its turn. */
  work<T>(what: string, job: (project: Project, db: Database) => Promise<T>): Promise<T>;
  /** Reads something of the warehouse as it was kept last, over a connection of its own, whoever has the turn. */
  beside<T>(job: (project: Project, db: Database) => Promise<T>): Promise<T>;
  project(): Promise<Project>;
  publishLater(): void;
}

/** Before it is adopted a draft may take so many times as long: nobody waits for it. */
const adoptTimes = 4;
/** How often is looked whether the copy is to be made anew while drafts are only checked. */
const lookMs = 30_000;
/** So many drafts may wait for the one that is run. */
const mostWaiting = 4;

/** Drafts at the owner of the warehouse: checked and run in a process of their own, beside the work of loads. */
export class Drafting {
  private readonly owning: Owning;
  private readonly child: DraftChild;
  private copy: FeedsCopy | null = null;
  private refreshing: Promise<FeedsCopy> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private looked = -Infinity;
  private stopped = false;
  private known: { of: Pick<Project, "definitions" | "versions">; lists: KnownAsLists } | null = null;

  constructor(owning: Owning) {
    this.owning = owning;
    const { draftMemory, draftMs } = owning.context.settings;
    this.child = new DraftChild({ memory: draftMemory, ms: draftMs });
    removeCopies(owning.context.settings.home, null);
  }

  /** Says what is wrong with a draft, and works its example. */
  check(draft: Draft, signal: AbortSignal, most = mostWaiting): Promise<DraftCheck> {
    return this.inTurn(
      signal,
      async () => {
        const project = await this.owning.project();
        const know = this.knownTo(project);
        const needs = { know, file: null, trial: null };
        const standing = standingOf(project, draft.indicator_id);
        const job: Job = { kind: "check", draft, standing, today: this.today() };
        const check = (await this.child.run(job, needs, signal)) as DraftCheck;
        this.readyUp();
        return {
          ...check,
          faults: [
            ...check.faults,
            ...faultsBesideStanding(draft, check.header, project, this.owning.context.settings.config),
          ],
        };
      },
      most,
    );
  }

  /** Whoever opens or checks a draft wants to see its figures soon: the copy is made meanwhile, and the process has it open. */
  readyUp(): void {
    if (this.stopped || performance.now() - this.looked < lookMs || !this.owning.idle()) return;
    this.looked = performance.now();
    this.makeReady().catch(() => undefined);
  }

  private async makeReady(): Promise<void> {
    const { file } = await this.newestCopy();
    if (this.stopped) return;
    await this.inTurn(new AbortController().signal, async () => {
      const project = await this.owning.project();
      const needs = { ...this.needsOf(project, file), trial: trialOf(project, this.today()) };
      await this.child.ready(needs, () => Promise.resolve());
    });
  }

  /** Something was loaded, or the like: where drafts are worked on, they have it soon. */
  workDone(): void {
    if (this.child.pid !== undefined) this.readyUp();
  }

  /** Makes a draft what counts: its files lie in the home from then on, and it is published. */
  adopt({ by, approved_by, ...draft }: AdoptAsk, signal: AbortSignal): Promise<Adopted> {
    const { context } = this.owning;
    return this.owning.work("draft-adopt", (project, db) =>
      recordRun(db, "draft-adopt", context, async () => {
        // It was approved: however many others wait, it has its turn.
        const check = await this.check(draft, signal, Infinity);
        const header = refuseUnfit(draft, check);
        // What runs without an end would run so at each publication.
        const copy = await this.refresh(project, db);
        await this.inTurn(signal, () => this.run(draft, project, copy, signal, adoptTimes), Infinity);
        const files = adoptedFiles(draft, computingOf(header, check.sql), project, context.settings);
        await writeAdopted(files, async () => {
          refuseNewFaults(draft.indicator_id, project, await this.owning.project());
        });
        const { number: version } = header.version;
        context.log(`${draft.indicator_id} stands as version ${version}: written by ${by}, approved by ${approved_by}`);
        this.owning.publishLater();
        return { indicator_id: draft.indicator_id, version };
      }),
    );
  }

  /** The figures of a draft, over the feeds as the last copy has them: a `DraftPreview` as JSON. */
  preview(ask: PreviewAsk, signal: AbortSignal): Promise<string> {
    return this.inTurn(signal, async () => this.run(ask, await this.owning.project(), await this.newestCopy(), signal));
  }

  private async run(
    ask: PreviewAsk,
    project: Project,
    { file, through_load }: FeedsCopy,
    signal: AbortSignal,
    times = 1,
  ): Promise<string> {
    const started = performance.now();
    const { settings } = this.owning.context;
    const job: Job = {
      kind: "preview",
      ask,
      standing: ask.against === "current" ? standingOf(project, ask.indicator_id) : null,
      today: this.today(),
      demo: isDemoHome(settings.home),
    };
    const { rows, ...result } = (await this.child.run(
      job,
      this.needsOf(project, file),
      signal,
      times,
    )) as PreviewResult;
    const rest = { ...result, through_load, took_ms: Math.round(performance.now() - started) };
    return `${JSON.stringify(rest).slice(0, -1)},"rows":${rows}}`;
  }

  stop(): void {
    this.stopped = true;
    this.child.stop();
    removeCopies(this.owning.context.settings.home, null);
  }

  /** One after another; where many wait, the next is refused rather than kept. */
  private async inTurn<T>(signal: AbortSignal, work: () => Promise<T>, most = mostWaiting): Promise<T> {
    if (this.waiting >= most) throw new Refusal(reasonOf("busy"), "busy");
    this.waiting += 1;
    const before = this.last;
    const next = before.then(() => {
      this.waiting -= 1;
      if (signal.aborted) throw new Refusal(reasonOf("draft-cancelled"), "draft-cancelled");
      return work();
    });
    this.last = next.catch(() => undefined);
    return next;
  }

  /** The copy of the feeds: made anew where something was loaded since and nobody is at work, else that of before. The first is not waited for: it is made beside the work, and again when that is done. */
  private async newestCopy(): Promise<FeedsCopy> {
    if (this.refreshing) return this.refreshing;
    const isIdle = this.owning.idle();
    if (!isIdle && this.copy) return this.copy;
    this.refreshing = (
      isIdle
        ? this.owning.work("copy for drafts", (project, db) => this.refresh(project, db))
        : this.owning.beside((project, db) => this.refresh(project, db, "beside work"))
    ).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async refresh({ contracts }: Project, db: Database, of?: string): Promise<FeedsCopy> {
    const due = await copyDue(db, contracts);
    if (this.copy?.of === due.of) return this.copy;
    if (of) due.of = of;
    const { home } = this.owning.context.settings;
    const before = this.copy?.file ?? null;
    this.copy = { ...due, file: await copyFeeds(db, contracts, home) };
    if (before) removeCopies(home, this.copy.file);
    return this.copy;
  }

  private needsOf(project: Project, file: string): Needs {
    return { know: this.knownTo(project), file, trial: null };
  }

  private today(): string {
    return this.owning.context.now().toISOString().slice(0, 10);
  }

  /** Told to the process anew only where the configuration changed. */
  private knownTo(project: Project): KnownAsLists {
    const { contracts, papers, definitions, versions } = project;
    if (this.known?.of.definitions === definitions && this.known.of.versions === versions) return this.known.lists;
    const lists = { contracts: [...contracts.values()], papers, others: definitions.map(otherOf), versions };
    this.known = { of: { definitions, versions }, lists };
    return lists;
  }
}

function standingOf({ definitions, targets }: Project, id: string): Figures | null {
  const definition = definitions.find((each) => each.id === id);
  return definition ? { definition, targets: targets.filter(({ indicator_id }) => indicator_id === id) } : null;
}

function trialOf(project: Project, today: string): Trial | null {
  const open = project.definitions.find((each) => !each.protected && !each.sensitive);
  return open ? { ...standingOf(project, open.id)!, today } : null;
}

/** Answers what was asked of drafts. */
export async function answerDraft(
  drafting: Drafting,
  command: string,
  draft: unknown,
  gone: AbortSignal,
): Promise<Pick<Answer, "result" | "json">> {
  switch (command) {
    case "draft-ready":
      drafting.readyUp();
      return { result: {} };
    case "draft-check":
      return { result: await drafting.check(parsed(draftSchema, draft), gone) };
    case "draft-preview":
      return { json: await drafting.preview(parsed(previewSchema, draft) as PreviewAsk, gone) };
    case "draft-adopt":
      return { result: await drafting.adopt(parsed(adoptSchema, draft), gone) };
    default:
      throw new Usage(`no command "${command}"`);
  }
}

function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const { data, error } = schema.safeParse(value);
  if (error) throw new Usage(`no such draft: ${z.prettifyError(error)}`);
  return data as z.output<S>;
}

const draftSchema = z.strictObject({
  indicator_id: z.string(),
  definition: z.string(),
  examples: z.string(),
  targets: z.string(),
});
const adoptSchema = z.strictObject({ ...draftSchema.shape, by: z.string(), approved_by: z.string() });
const previewSchema = z.strictObject({
  indicator_id: z.string(),
  definition: z.string(),
  targets: z.string(),
  against: z.union([z.literal("current"), z.strictObject({ definition: z.string(), targets: z.string() })]).optional(),
  units: z.array(z.string()).optional(),
});
