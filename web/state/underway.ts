/** How many answers a page waits for that it never had: when there are none it can take the place of the one before. */
class Underway {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  /** Settles when nothing is under way, at once where nothing is. */
  done(): Promise<void> {
    return this.#count <= 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const underway = new Underway();
