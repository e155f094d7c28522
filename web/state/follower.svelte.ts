import { untrack } from "svelte";
import { afterPaint } from "./after-paint.ts";

/** A value that follows another once what changed with that is painted: for what lies out of sight. Make it while a component starts. */
export class Follower<T> {
  readonly #source: () => T | undefined;
  #late = $state.raw<T | undefined>(undefined);

  /** At first there is none: the first value is taken over at once. */
  constructor(source: () => T | undefined) {
    this.#source = source;
    if (import.meta.env.SSR) return;
    $effect(() => {
      const now = source();
      if (untrack(() => this.#late) === undefined) {
        this.#late = now;
        return;
      }
      return afterPaint(() => (this.#late = now));
    });
  }

  get value(): T | undefined {
    return this.#late ?? this.#source();
  }
}
