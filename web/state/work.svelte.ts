import { apiAddress, fetchJson, Problem, type Delivery, type WorkState } from "../api.ts";
import { postJson } from "../send.ts";
import { monitor } from "./monitor.svelte.ts";
import { sources } from "./sources.svelte.ts";

const busyMs = 1000;
const idleMs = 8000;
/** After a publication the server needs a moment to take it over. */
const publishingTries = 20;

interface RunAnswer {
  loads: Delivery[];
  /** Sources that did not answer, or a folder that could not be read. */
  failed?: { feed: string; reason: string }[];
  published: { snapshot: string } | null;
}

/** What the pipelines do now: asked every second while something runs, seldom otherwise, never while nobody looks. */
class Work {
  state = $state.raw<WorkState | null>(null);
  /** What this page asked to run: a feed's name, or `all`. */
  asked = $state<string | null>(null);
  /** What became of it. */
  answer = $state.raw<RunAnswer | null>(null);
  problem = $state.raw<Problem | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchers = 0;
  #busy = false;
  /** Pieces of work that this page waits for. */
  #expected = 0;

  get busy(): boolean {
    return this.state !== null && (this.state.task !== null || this.state.waiting > 0);
  }

  /** Whether it is known that no pipelines run beside the server. */
  get absent(): boolean {
    return this.state?.running === false;
  }

  /** Watches until the function that it returns is called. */
  watch(): () => void {
    this.#watchers += 1;
    const look = () => void this.#look();
    document.addEventListener("visibilitychange", look);
    if (this.#watchers === 1) look();
    return () => {
      this.#watchers -= 1;
      document.removeEventListener("visibilitychange", look);
      if (this.#watchers === 0) clearTimeout(this.#timer);
    };
  }

  /** Lets the inbox be loaded now: of one feed, or of all. */
  async run(feed: string | null): Promise<void> {
    this.asked = feed ?? "all";
    this.answer = null;
    this.problem = null;
    try {
      this.answer = await this.during(() => postJson<RunAnswer>("/runs", feed ? { feeds: [feed] } : {}));
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, String(error));
    } finally {
      this.asked = null;
    }
  }

  /** Does something that makes the pipelines work, looks closely meanwhile, and takes over what changed. */
  async during<T>(job: () => Promise<T>): Promise<T> {
    this.#expected += 1;
    void this.#look();
    try {
      return await job();
    } finally {
      this.#expected -= 1;
      await this.#takeOver();
    }
  }

  /** Waits for another snapshot than the one given; false where none comes while the pipelines work or shortly after. */
  async published(before: string | undefined): Promise<boolean> {
    for (let tries = publishingTries; tries > 0 && this.#watchers > 0; tries -= this.busy ? 0 : 1) {
      await monitor.refresh();
      if (monitor.meta?.snapshot !== before) return true;
      await new Promise((resolve) => setTimeout(resolve, busyMs));
    }
    return false;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    if (document.hidden || this.#watchers === 0) return;
    this.state = await fetchJson<WorkState>(apiAddress("/work")).catch(() => this.state);
    if (this.#busy && !this.busy) void this.#takeOver();
    this.#busy = this.busy;
    clearTimeout(this.#timer);
    if (this.#watchers === 0) return;
    this.#timer = setTimeout(() => void this.#look(), this.busy || this.#expected > 0 ? busyMs : idleMs);
  }

  async #takeOver(): Promise<void> {
    sources.changed();
    await Promise.all([sources.refresh(), monitor.refresh()]);
  }
}

export const work = new Work();
