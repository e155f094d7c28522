import { untrack } from "svelte";

/** Who on the page explains what: of several that would, the first, so that an explanation stands there once. */
export class Claims<Key> {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- what changed is told by the turn
  readonly #holders = new Map<Key, readonly symbol[]>();
  #turn = $state(0);

  /** Joins those who would explain it; gives what takes the holder out again. */
  claim(key: Key, holder: symbol): () => void {
    const others = () => this.#holders.get(key) ?? [];
    this.#hold(key, [...others(), holder]);
    return () =>
      this.#hold(
        key,
        others().filter((each) => each !== holder),
      );
  }

  /** Whether it is this one that explains. */
  holds(key: Key, holder: symbol): boolean {
    void this.#turn;
    return this.#holders.get(key)?.[0] === holder;
  }

  #hold(key: Key, holders: readonly symbol[]): void {
    this.#holders.set(key, holders);
    untrack(() => (this.#turn += 1));
  }
}
