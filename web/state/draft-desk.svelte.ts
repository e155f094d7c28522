import type { DraftCheck, DraftPreview, DraftTexts } from "../../pipelines/workbench/draft.ts";
import { apiAddress, fetchJson, Problem } from "../api.ts";
import { postJson, putJson } from "../send.ts";
import { isEditable, isSameTexts, textsOf, type AskedStep, type DraftWhole, type Part } from "./drafts.ts";
import { keepUnsaved, unsavedDrafts } from "./unsaved-drafts.ts";

const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, String(error)));

/** So long somebody must have stopped writing before their text is checked, in milliseconds. */
const pause = 400;
/** After so long a check that failed is tried again, in milliseconds. */
const again = 5000;

/** What figures are compared with. */
export type Against = "current" | DraftTexts;

/** A draft on somebody's desk: its texts as they write them, what is said of them, and their figures. */
export class DraftDesk {
  readonly id: number;
  /** As it was fetched or saved last. */
  draft = $state.raw<DraftWhole | null>(null);
  texts = $state.raw<DraftTexts>({ definition: "", examples: "", targets: "" });
  problem = $state.raw<Problem | null>(null);
  /** Why it could not be saved, or a step not be taken. */
  refused = $state.raw<Problem | null>(null);
  busy = $state(false);

  check = $state.raw<DraftCheck | null>(null);
  checkProblem = $state.raw<Problem | null>(null);
  checking = $state(false);

  preview = $state.raw<{ of: DraftTexts; against: Against; answer: DraftPreview } | null>(null);
  previewProblem = $state.raw<Problem | null>(null);
  previewing = $state(false);
  /** Whoever asked for figures stopped that. */
  stopped = $state(false);

  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checkTurn = 0;
  #stop: AbortController | null = null;

  constructor(id: number) {
    this.id = id;
  }

  /** Whether the texts differ from what was saved. */
  get changed(): boolean {
    return this.draft !== null && !isSameTexts(this.texts, this.draft);
  }

  get editable(): boolean {
    return this.draft !== null && isEditable(this.draft.state);
  }

  /** Whether the figures at hand are of the texts as they are now. */
  get fresh(): boolean {
    return this.preview !== null && isSameTexts(this.preview.of, this.texts);
  }

  async load(): Promise<void> {
    try {
      const draft = await fetchJson<DraftWhole>(apiAddress(`/drafts/${this.id}`));
      const kept = unsavedDrafts.get(this.id);
      this.#take(draft, kept?.texts, kept?.version);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** Another text of a part; it is checked when the writer pauses. */
  set(part: Part, text: string): void {
    if (!this.editable || this.texts[part] === text) return;
    this.texts = { ...this.texts, [part]: text };
    this.#keep();
    this.checking = true;
    this.#checkSoon();
  }

  async save(): Promise<boolean> {
    if (!this.changed) return true;
    if (this.busy) return false;
    return this.#act(() => putJson<DraftWhole>(`/drafts/${this.id}`, { version: this.#seen, ...this.texts }));
  }

  /** Takes a step. What is proposed is the text as it stands here, which is saved first; the other steps are about what was saved. */
  async step(step: AskedStep, note: string, publish_on: string | null, accepts_less = false): Promise<boolean> {
    if (step === "propose" && !(await this.save())) return false;
    const asked = { version: this.#seen, step, note, publish_on, ...(accepts_less ? { accepts_less } : {}) };
    return this.#act(() => postJson<DraftWhole>(`/drafts/${this.id}/steps`, asked));
  }

  /** Ends a conflict: what is written here is saved over what somebody else saved meanwhile. */
  async keepMine(): Promise<void> {
    const theirs = await this.#fetch();
    if (!theirs) return;
    [this.draft, this.#seen, this.refused] = [theirs, theirs.version, null];
    await this.save();
  }

  /** Ends a conflict: what somebody else saved, or did with it, takes the place of this. */
  async takeTheirs(): Promise<void> {
    const theirs = await this.#fetch();
    if (theirs) this.#take(theirs);
  }

  /** Looks anew at what others did with it; what is written here and not saved stays. */
  async renew(): Promise<void> {
    const theirs = await this.#fetch();
    if (theirs) this.#take(theirs, this.changed ? this.texts : undefined, this.changed ? this.#seen : undefined);
  }

  /** The figures of the texts as they are; of some units also those that are not among the first. */
  async runPreview(against: Against = "current", units: string[] = []): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    const of = this.texts;
    this.previewing = true;
    this.stopped = false;
    this.previewProblem = null;
    try {
      const asked = {
        ...{ indicator_id: this.draft!.indicator_id, definition: of.definition, targets: of.targets, against },
        ...(units.length > 0 ? { units } : {}),
      };
      const answer = await whenFree(() => postJson<DraftPreview>("/preview", asked, stop.signal), stop.signal);
      this.preview = { of, against, answer };
    } catch (error) {
      if (this.#stop === stop) this.previewProblem = asProblem(error);
    }
    if (this.#stop !== stop) return;
    [this.previewing, this.#stop] = [false, null];
  }

  /** Whoever no longer waits stops the work. */
  stopPreview(): void {
    this.stopped = this.previewing;
    this.#stop?.abort();
    [this.previewing, this.#stop] = [false, null];
  }

  /** Leaves the desk. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#checkTurn++;
    this.stopPreview();
  }

  #take(draft: DraftWhole, texts = textsOf(draft), seen = draft.version): void {
    this.draft = draft;
    this.texts = texts;
    this.#seen = seen;
    this.refused = null;
    this.#keep();
    this.#checkSoon(0);
  }

  #keep(): void {
    if (this.changed) keepUnsaved(this.id, { version: this.#seen, texts: this.texts });
    else unsavedDrafts.delete(this.id);
  }

  async #act(send: () => Promise<DraftWhole>): Promise<boolean> {
    this.busy = true;
    this.refused = null;
    try {
      const [sent, before] = [this.texts, this.draft!];
      const draft = await send();
      // What was written while it was under way, or was not sent, stays: but not beside a draft that is closed.
      const same = isSameTexts(sent, this.texts) && (isSameTexts(sent, draft) || isSameTexts(sent, before));
      [this.draft, this.#seen] = [draft, draft.version];
      if (same || !this.editable) this.texts = textsOf(draft);
      this.#keep();
      return true;
    } catch (error) {
      this.refused = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Looks whether the monitor did something with it meanwhile: what waits for its day is published by itself. */
  async look(): Promise<void> {
    if (this.busy || this.changed || this.draft?.state !== "approved") return;
    const draft = await fetchJson<DraftWhole>(apiAddress(`/drafts/${this.id}`)).catch(() => null);
    if (draft && !this.busy && !this.changed) [this.draft, this.#seen] = [draft, draft.version];
  }

  async #fetch(): Promise<DraftWhole | null> {
    try {
      return await fetchJson<DraftWhole>(apiAddress(`/drafts/${this.id}`));
    } catch (error) {
      this.refused = asProblem(error);
      return null;
    }
  }

  #checkSoon(after = pause): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#runCheck(), after);
  }

  async #runCheck(): Promise<void> {
    const turn = ++this.#checkTurn;
    this.checking = true;
    try {
      const asked = { indicator_id: this.draft!.indicator_id, ...this.texts };
      const check = await postJson<DraftCheck>("/drafts/check", asked);
      if (turn === this.#checkTurn) [this.check, this.checkProblem] = [check, null];
    } catch (error) {
      if (turn !== this.#checkTurn) return;
      this.checkProblem = asProblem(error);
      // Whoever was too busy, or only starting, is asked again.
      this.#checkSoon(again);
    }
    if (turn === this.#checkTurn) this.checking = false;
  }
}

/** Asks again, a few times, where others are being helped first. Throws `Problem`. */
async function whenFree<T>(question: () => Promise<T>, signal: AbortSignal, times = 5): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 429 || times === 0 || signal.aborted) throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return whenFree(question, signal, times - 1);
}
