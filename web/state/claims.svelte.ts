import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";

/** Who on the page explains what: of several that would, the first, so that an explanation stands there once. */
export class Claims<Key> {
  readonly #holders = new SvelteMap<Key, readonly symbol[]>();

  /** Joins those who would explain it; gives what takes the holder out again. */
  claim(key: Key, holder: symbol): () => void {
    const others = () => untrack(() => this.#holders.get(key) ?? []);
    this.#holders.set(key, [...others(), holder]);
    return () => {
      this.#holders.set(
        key,
        others().filter((each) => each !== holder),
      );
    };
  }

  /** Whether it is this one that explains. */
  holds(key: Key, holder: symbol): boolean {
    return this.#holders.get(key)?.[0] === holder;
  }
}
