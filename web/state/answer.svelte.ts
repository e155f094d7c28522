import { Problem } from "../api.ts";
import { monitor } from "./monitor.svelte.ts";

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
    $effect(() => {
      void [this.#turn, monitor.meta];
      let current = true;
      this.pending = true;
      question().then(
        (value) => {
          if (!current) return;
          this.value = value;
          this.problem = null;
          this.pending = false;
        },
        (error: unknown) => {
          if (!current) return;
          this.problem = error instanceof Problem ? error : new Problem(0, String(error));
          this.pending = false;
        },
      );
      return () => (current = false);
    });
  }

  retry(): void {
    this.#turn += 1;
  }
}
