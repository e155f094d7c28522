import { readAddress, type Address } from "./address.ts";

/** So many addresses are asked for at once by one choice that comes near, and by a page at rest. */
const most = { now: 14, later: 5 };

/** Fetches what a reader may turn to next, one address after another, and gives up what is no longer near. */
class Ahead {
  /** Fetches what an address needs, until the signal says otherwise; all of it where the reader is near. */
  prepare: (address: Address, signal: AbortSignal, near: boolean) => Promise<void> = () => Promise.resolve();
  #choice: AbortController | null = null;

  /** For a choice between addresses that a reader comes near to: in place of the choice before it. */
  now(hrefs: readonly string[]): void {
    this.#choice?.abort();
    this.#choice = new AbortController();
    void this.#each(hrefs.slice(0, most.now), this.#choice.signal, null);
  }

  /** For a page at rest: when the browser has nothing else to do. The answer gives it up. */
  later(hrefs: readonly string[]): () => void {
    const stop = new AbortController();
    void this.#each([...new Set(hrefs)].slice(0, most.later), stop.signal, idle);
    return () => stop.abort();
  }

  async #each(hrefs: readonly string[], signal: AbortSignal, before: (() => Promise<void>) | null): Promise<void> {
    for (const href of hrefs) {
      await before?.();
      if (signal.aborted || savesData()) return;
      await this.prepare(readAddress(href), signal, before === null);
    }
  }
}

/** Who saves data fetches nothing in vain. */
const savesData = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

const idle = (): Promise<void> =>
  new Promise((resolve) =>
    typeof requestIdleCallback === "function"
      ? requestIdleCallback(() => resolve(), { timeout: 5000 })
      : setTimeout(resolve, 500),
  );

export const ahead = new Ahead();

/** A link is meant when the pointer stays on it for so many milliseconds. */
const dwell = 70;

/** Fetches what a link leads to when a pointer rests on it or the focus comes to it. */
export function watchLinks(root: Document): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stop: AbortController | null = null;
  const leave = () => {
    clearTimeout(waiting);
    stop?.abort();
    stop = null;
  };
  const come = ({ target }: Event) => {
    leave();
    const link = (target as Element | null)?.closest?.("a");
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    if (link.pathname.startsWith("/api/") || link.getAttribute("href")!.startsWith("#")) return;
    const own = (stop = new AbortController());
    waiting = setTimeout(() => void ahead.prepare(readAddress(link.href), own.signal, true), dwell);
  };
  root.addEventListener("pointerover", come);
  root.addEventListener("focusin", come);
  root.addEventListener("pointerout", leave);
}
