import type { Logger } from "pino";
import type { Deed } from "../audit.ts";
import type { Pipelines } from "../pipelines.ts";
import { Problem } from "../problem.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { adoptDraft } from "./asks.ts";
import { isDue, lastVersion, standingOf, type Draft } from "./life.ts";
import { addStep, readDraft, readKnown } from "./store.ts";

/** What publishing works with. */
export interface Publishing {
  workspace: Workspace;
  pipelines: Pipelines;
  /** The day of a moment, where the monitor is. */
  dayOf(at: Date): string;
  now: () => Date;
  log: Pick<Logger, "info" | "warn">;
  /** Tells the audit log. */
  record?(told: { did: Deed; what: string; selection: string; status: number }): void;
}

/** Under this name the monitor takes its steps; nobody is called so. */
export const monitorName = "monitor";

/**
 * Hands approved drafts to the pipelines when their day has come: at each tick, one after another. Handing over the same
 * texts twice changes nothing, so whatever was cut off is done again. Never throws: what failed stands as a step of the
 * draft, with its reason, and is tried again at the next tick.
 */
export class Publisher {
  private readonly all: Publishing;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(all: Publishing) {
    this.all = all;
  }

  /** Publishes what is to be published now; whoever asks while one is at work is sure that another round follows. */
  tick(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.again = this.running !== null;
    this.running ??= this.rounds().finally(() => (this.running = null));
    return this.running;
  }

  /** Begins nothing more, and waits for the draft at hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async rounds(): Promise<void> {
    do {
      this.again = false;
      await this.round().catch((error: unknown) =>
        this.all.log.warn(`no draft could be published: ${firstLine(error)}; it is tried again later`),
      );
    } while (this.again && !this.stopped);
  }

  private async round(): Promise<void> {
    const { workspace, dayOf, now } = this.all;
    // Where nobody wrote anything the file is left alone.
    if (!workspace.begun) return;
    const today = dayOf(now());
    const due = (await workspace.read(readKnown)).filter((draft) => isDue(draft, today));
    for (const draft of due) {
      if (this.stopped) return;
      await this.publish(draft.draft_id, today);
    }
  }

  private async publish(draft_id: number, today: string): Promise<void> {
    const { workspace, pipelines, log } = this.all;
    // While another was published it may have been withdrawn, or returned and written anew.
    const draft = await workspace.read((db) => readDraft(db, draft_id));
    if (!draft || !isDue(draft, today)) return;
    const { indicator_id, texts } = draft;
    const { saved_by, approved_by } = standingOf(draft);
    try {
      const adopted = await adoptDraft(pipelines, { indicator_id, ...texts, by: saved_by, approved_by: approved_by! });
      await this.note(draft, "publish", null);
      log.info(`draft ${draft_id}: ${indicator_id} stands as version ${adopted.version}`);
    } catch (error) {
      // Pipelines that are not there say nothing of the draft.
      if (error instanceof Problem && ["no-pipelines", "figures-fetched"].includes(error.code ?? "")) return;
      await this.note(draft, "failed", error instanceof Problem ? error.detail : "the server failed; its log says why");
      log.warn(`draft ${draft_id} of ${indicator_id} was not published: ${firstLine(error)}; it is tried again later`);
    }
  }

  /** Adds the step, unless it stands there already: another server of the home may have been first. */
  private async note(draft: Draft, step: "publish" | "failed", note: string | null): Promise<void> {
    const { workspace, now, record } = this.all;
    const { draft_id, indicator_id } = draft;
    const { version } = lastVersion(draft);
    const added = await workspace.write(async (db) => {
      const current = (await readDraft(db, draft_id))!;
      const { state, trouble } = standingOf(current);
      // What was handed over stands, whatever was decided meanwhile.
      if (step === "publish" ? state === "published" : state !== "approved" || trouble === note) return false;
      await addStep(db, { draft_id, step, version, note, publish_on: null }, { name: monitorName, at: now() });
      return true;
    });
    if (!added) return;
    const selection = `/drafts/${draft_id}?step=${step}&indicator=${indicator_id}&version=${version}`;
    record?.({ did: "changed", what: "publisher", selection, status: step === "publish" ? 200 : 409 });
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split("\n")[0]!;
