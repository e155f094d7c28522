/** As Svelte has it of what any component takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyProps = Record<string, any>;

/** On the server: all parts of the program that are fetched by themselves. */
const all: Code<unknown>[] = [];

/** A part of the program that is fetched when it is needed. */
export class Code<T> {
  /** Null until it was fetched. */
  current = $state.raw<T | null>(null);
  readonly #fetch: () => Promise<T>;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
    if (import.meta.env.SSR) all.push(this);
  }

  async load(): Promise<void> {
    if (!this.current) this.current = await this.#fetch();
  }
}

/** Fetches all parts, and those that they bring: where pages are drawn before anyone comes near. */
export async function loadAllCode(): Promise<void> {
  for (const code of all) await code.load();
}
