import { apiAddress, fetchJson, Problem, type AgreementEdit, type PlanEdit, type Review } from "../api.ts";
import { postJson, putJson } from "../send.ts";
import { monitor } from "./monitor.svelte.ts";

const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, String(error)));

/** The review of one unit and half-year on the reader's desk: what is written is saved one piece after another. */
export class ReviewDesk {
  review = $state.raw<Review | null>(null);
  problem = $state.raw<Problem | null>(null);
  readonly path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(unit: string, half: string) {
    this.path = `/reviews/${encodeURIComponent(unit)}/${encodeURIComponent(half)}`;
  }

  /** Whether the reader can write in it now. */
  get open(): boolean {
    return monitor.may("write_reviews") && this.isOpen;
  }

  /** Whether it can be written in, by whoever may. */
  get isOpen(): boolean {
    return this.review?.state === "draft" || this.review?.state === "reopened";
  }

  async load(): Promise<void> {
    try {
      this.review = await fetchJson<Review>(apiAddress(this.path));
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  saveText(indicator_id: string | null, text: string, version: number): Promise<void> {
    return this.#do(() => putJson<Review>(this.path, { texts: [{ indicator_id, text, version }] }));
  }

  saveAgreement(edit: AgreementEdit): Promise<void> {
    return this.#do(() => putJson<Review>(this.path, { agreements: [edit] }));
  }

  savePlan(edit: PlanEdit): Promise<void> {
    return this.#do(() => putJson<Review>(this.path, { plans: [edit] }));
  }

  step(name: "submit" | "sign" | "reopen", body: object = {}): Promise<void> {
    return this.#do(() => postJson<Review>(`${this.path}/${name}`, body));
  }

  /** Throws `Problem`. */
  #do(work: () => Promise<Review>): Promise<void> {
    const next = this.#last.then(async () => {
      try {
        this.review = await work();
      } catch (error) {
        throw asProblem(error);
      }
    });
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** So long after the last key a text is saved. */
const pauseMs = 1500;
/** So long after it could not be reached where texts are kept it is tried again. */
const awayMs = 5000;

/** A text that someone writes: saved when they pause, and never over what someone else saved meanwhile. */
export class Comment {
  text = $state("");
  phase = $state<"same" | "changed" | "saving" | "saved" | "failed" | "conflict">("same");
  problem = $state.raw<Problem | null>(null);
  /** What someone else saved, while it stands against this text. */
  theirs = $state.raw<{ text: string; version: number; saved_by: string } | null>(null);
  readonly #desk: ReviewDesk;
  readonly #indicator: string | null;
  #seen = { text: "", version: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: ReviewDesk, indicator: string | null) {
    this.#desk = desk;
    this.#indicator = indicator;
    this.#take();
  }

  get saved() {
    return this.#desk.review?.texts.find((each) => each.indicator_id === this.#indicator) ?? null;
  }

  write(text: string): void {
    this.text = text;
    if (this.phase === "conflict") return;
    this.phase = text === this.#seen.text ? "same" : "changed";
    clearTimeout(this.#timer);
    if (this.phase === "changed") this.#timer = setTimeout(() => void this.save(), pauseMs);
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.phase !== "changed" && this.phase !== "failed") return;
    const sent = this.text;
    this.phase = "saving";
    this.problem = null;
    try {
      await this.#desk.saveText(this.#indicator, sent, this.#seen.version);
      this.#seen = { text: sent, version: this.saved?.version ?? 0 };
      this.phase = "saved";
      // What was typed while it was under way.
      if (this.text !== sent) this.write(this.text);
    } catch (error) {
      await this.#fail(error as Problem);
    }
  }

  /** Ends a conflict: this text is saved over the other, which stays among the earlier versions. */
  keepMine(): void {
    if (!this.theirs) return;
    this.#seen = { text: this.theirs.text, version: this.theirs.version };
    this.theirs = null;
    this.phase = "changed";
    void this.save();
  }

  /** Ends a conflict: the other text takes the place of this one. */
  takeTheirs(): void {
    this.theirs = null;
    this.#take();
  }

  async #fail(problem: Problem): Promise<void> {
    this.phase = "failed";
    this.problem = problem;
    // It is saved by itself when that can be done again; the version that was seen keeps it from being saved twice.
    if (String(problem.type).includes(":writes-")) this.#timer = setTimeout(() => void this.save(), awayMs);
    if (problem.status !== 409) return;
    await this.#desk.load();
    const saved = this.saved;
    if (!saved || saved.version === this.#seen.version) return;
    this.theirs = saved;
    this.phase = "conflict";
  }

  #take(): void {
    this.#seen = { text: this.saved?.text ?? "", version: this.saved?.version ?? 0 };
    this.text = this.#seen.text;
    this.phase = "same";
  }
}
