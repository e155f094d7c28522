/** The bytes of an answer, and how they are packed. */
export interface Kept {
  bytes: Buffer;
  coding: "br" | "gzip" | "identity";
}

/** Keeps the answers that were asked for last, up to a number of bytes. */
export class AnswerCache {
  private readonly entries = new Map<string, Kept>();
  private readonly making = new Map<string, Promise<Kept | null>>();
  private readonly limit: number;
  private size = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): Kept | undefined {
    const found = this.entries.get(key);
    if (found) {
      this.entries.delete(key);
      this.entries.set(key, found);
    }
    return found;
  }

  /** What is kept, or will be once it is made; null where it is neither. */
  async known(key: string): Promise<Kept | null> {
    return this.get(key) ?? (await this.making.get(key)) ?? null;
  }

  /** Made once, however many ask meanwhile, and kept; null for all of them where `make` says that it is not to be kept. */
  async once(key: string, make: () => Promise<Kept | null>): Promise<Kept | null> {
    const known = this.get(key) ?? this.making.get(key);
    if (known) return known;
    const made = make().finally(() => this.making.delete(key));
    this.making.set(key, made);
    const kept = await made;
    if (kept) this.set(key, kept);
    return kept;
  }

  set(key: string, value: Kept): void {
    this.drop(key);
    if (value.bytes.length > this.limit) return;
    this.entries.set(key, value);
    this.size += value.bytes.length;
    for (const oldest of this.entries.keys()) {
      if (this.size <= this.limit) return;
      this.drop(oldest);
    }
  }

  clear(): void {
    this.entries.clear();
    this.size = 0;
  }

  private drop(key: string): void {
    this.size -= this.entries.get(key)?.bytes.length ?? 0;
    this.entries.delete(key);
  }
}
