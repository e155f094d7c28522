import { Problem, type Soon } from "../api.ts";
import { monitor } from "./monitor.svelte.ts";
import { rehearsal, type Outcome } from "./rehearsal.ts";
import { underway } from "./underway.ts";

/**
 * What the server answers to a question that depends on state: asked anew when the state changes, and when another
 * snapshot is served. What is here already is shown with the same change; while the next answer is under way the last
 * one stays. Make it while a component starts.
 */
export class Answer<T> {
  readonly #question: () => Soon<T>;
  /** What became of it while the server made the page. */
  readonly #made: Partial<Outcome> = {};
  #turn = $state(0);
  /** The last that is known. */
  #last = $state.raw<T | null>(null);
  /** What became of what was asked last, as far as something did. */
  #outcome = $state.raw<{ asked: unknown; problem: Problem | null }>({ asked: null, problem: null });
  readonly #asked = $derived.by(() => {
    void [this.#turn, monitor.meta];
    return this.#question();
  });
  readonly #here = $derived(!(this.#asked instanceof Promise));
  readonly #value = $derived(this.#here ? (this.#asked as T) : this.#last);

  constructor(question: () => Soon<T>) {
    this.#question = question;
    if (import.meta.env.SSR) {
      this.#made = rehearsal.recall(question);
      return;
    }
    underway.begin();
    let first = true;
    const end = () => {
      if (first) underway.end();
      first = false;
    };
    $effect(() => end);
    $effect(() => {
      const asked = this.#asked;
      let current = true;
      const settle = (problem: Problem | null, value = this.#last) => {
        if (!current) return;
        this.#last = value;
        this.#outcome = { asked, problem };
        end();
      };
      if (!(asked instanceof Promise)) settle(null, asked);
      else
        asked.then(
          (value) => settle(null, value),
          (error: unknown) => settle(error instanceof Problem ? error : new Problem(0, String(error))),
        );
      return () => (current = false);
    });
  }

  get value(): T | null {
    return import.meta.env.SSR ? ((this.#made.value ?? null) as T | null) : this.#value;
  }

  get problem(): Problem | null {
    if (import.meta.env.SSR) return this.#made.problem ?? null;
    return this.#here ? null : this.#outcome.problem;
  }

  get pending(): boolean {
    if (import.meta.env.SSR) return this.#made.pending ?? false;
    return !this.#here && this.#outcome.asked !== this.#asked;
  }

  retry(): void {
    this.#turn += 1;
  }
}
