import { Problem } from "../api.ts";
import { monitor } from "./monitor.svelte.ts";
import { rehearsal } from "./rehearsal.ts";
import { underway } from "./underway.ts";

/**
 * What the server answers to a question that depends on state: asked anew when the state changes, and when another
 * snapshot is served. While the next answer is under way the last one stays. Make it while a component starts.
 */
export class Answer<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  pending = $state(true);
  #turn = $state(0);

  constructor(question: () => Promise<T>) {
    if (import.meta.env.SSR) {
      Object.assign(this, rehearsal.recall(question));
      return;
    }
    underway.begin();
    let first = true;
    const settle = () => {
      this.pending = false;
      if (first) underway.end();
      first = false;
    };
    $effect(() => () => settle());
    $effect(() => {
      void [this.#turn, monitor.meta];
      let current = true;
      this.pending = true;
      question().then(
        (value) => {
          if (!current) return;
          this.value = value;
          this.problem = null;
          settle();
        },
        (error: unknown) => {
          if (!current) return;
          this.problem = error instanceof Problem ? error : new Problem(0, String(error));
          settle();
        },
      );
      return () => (current = false);
    });
  }

  retry(): void {
    this.#turn += 1;
  }
}
