import { fetchTexts } from "../locales/text.ts";
import type { TextPart } from "../locales/parts.ts";
import { language } from "./language.svelte.ts";

/** As Svelte has it of what any component takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyProps = Record<string, any>;

/** On the server: all parts of the program that are fetched by themselves. */
const all: Code<unknown>[] = [];

/** A part of the program that is fetched when it is needed, with the texts that only it has. */
export class Code<T> {
  /** Null until it was fetched. */
  current = $state.raw<T | null>(null);
  readonly #fetch: () => Promise<T>;
  readonly #texts: readonly TextPart[];

  constructor(fetch: () => Promise<T>, texts: readonly TextPart[] = []) {
    this.#fetch = fetch;
    this.#texts = texts;
    if (import.meta.env.SSR) all.push(this);
  }

  async load(): Promise<void> {
    if (this.current) return;
    // The server has all texts.
    const texts = import.meta.env.SSR ? null : fetchTexts(language.current, this.#texts);
    const [fetched] = await Promise.all([this.#fetch(), texts]);
    this.current = fetched;
  }
}

/** Fetches all parts, and those that they bring: where pages are drawn before anyone comes near. */
export async function loadAllCode(): Promise<void> {
  for (const code of all) await code.load();
}
