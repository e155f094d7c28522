/** How an address is asked: `ahead` for answers that nobody waits for yet. */
export type Fetch = (address: string, ahead: AbortSignal | null) => Promise<{ value: unknown; size: number }>;

interface Kept {
  answer: Promise<unknown>;
  /** What it is, once it has come. */
  come: { value: unknown } | null;
  /** Whether someone waits for it, or it was used. */
  wanted: boolean;
  /** Of its text, in characters; 0 while it is under way. */
  size: number;
}

/** Answers by address: each is fetched once. Those asked for last are kept, up to an amount of text. */
export class Answers {
  readonly #fetch: Fetch;
  readonly #most: number;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  /** `most` is the amount of text in characters. */
  constructor(fetch: Fetch, most: number) {
    this.#fetch = fetch;
    this.#most = most;
  }

  ask(address: string): Promise<unknown> {
    return this.#use(address)?.answer ?? this.#begin(address, null);
  }

  /** An answer that has come; null where it is not here, and nothing is asked. */
  known(address: string): { value: unknown } | null {
    return this.#kept.get(address)?.come ? this.#use(address)!.come : null;
  }

  /** Fetches an answer that may be wanted soon; it is given up where the signal says so before anyone wants it. */
  async askAhead(address: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const stop = new AbortController();
    const answer = this.#kept.get(address)?.answer ?? this.#begin(address, stop.signal);
    const kept = this.#kept.get(address);
    const give = () => {
      if (!kept || kept.wanted || kept.size > 0) return;
      if (this.#kept.get(address) === kept) this.#kept.delete(address);
      stop.abort();
    };
    signal.addEventListener("abort", give, { once: true });
    await answer.catch(() => undefined);
    signal.removeEventListener("abort", give);
  }

  /** All answers no longer hold. */
  forget(): void {
    this.#kept.clear();
    this.#size = 0;
  }

  #use(address: string): Kept | undefined {
    const known = this.#kept.get(address);
    if (!known) return undefined;
    known.wanted = true;
    // The one used last goes last.
    this.#kept.delete(address);
    this.#kept.set(address, known);
    return known;
  }

  #begin(address: string, ahead: AbortSignal | null): Promise<unknown> {
    const kept: Kept = { answer: Promise.resolve(), come: null, wanted: ahead === null, size: 0 };
    this.#kept.set(address, kept);
    kept.answer = this.#fetch(address, ahead).then(
      ({ value, size }) => {
        kept.come = { value };
        // One that was forgotten meanwhile takes no room.
        if (this.#kept.get(address) === kept) this.#keep(kept, size);
        return value;
      },
      (error: unknown) => {
        if (this.#kept.get(address) === kept) this.#kept.delete(address);
        throw error;
      },
    );
    return kept.answer;
  }

  #keep(kept: Kept, size: number): void {
    kept.size = Math.max(1, size);
    this.#size += kept.size;
    for (const [address, oldest] of this.#kept) {
      if (this.#size <= this.#most) return;
      if (oldest === kept || oldest.size === 0) continue;
      this.#kept.delete(address);
      this.#size -= oldest.size;
    }
  }
}
