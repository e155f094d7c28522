import { Problem } from "../problem.ts";

/** So much of one person's work on drafts is done at once: a text is checked while its figures are made. */
const atOnce = 2;
/** So much more of it waits, in windows that were left open. */
const mostWaiting = 4;

interface Own {
  running: number;
  waiting: (() => void)[];
}

/** Turns by person at what is asked of drafts: what one asks besides waits for their own, so that nobody takes the places of others. */
export class PersonTurns {
  private readonly people = new Map<string, Own>();

  /** Does the work when it is that person's turn. 429 where too much of theirs waits; whoever is gone gives up their place. */
  async take<T>(person: string, work: () => Promise<T>, gone?: AbortSignal): Promise<T> {
    const own = this.people.get(person) ?? { running: 0, waiting: [] };
    this.people.set(person, own);
    if (own.running < atOnce) own.running += 1;
    else await this.wait(own, gone);
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = own.waiting.shift();
      if (next) next();
      else if ((own.running -= 1) === 0) this.people.delete(person);
    }
  }

  private wait(own: Own, gone?: AbortSignal): Promise<void> {
    if (own.waiting.length >= mostWaiting)
      throw new Problem(429, "too much that you asked of drafts waits already; close what you do not need", {
        code: "busy",
        headers: { "Retry-After": "5" },
      });
    return new Promise((resolve, reject) => {
      const begin = () => {
        gone?.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        own.waiting.splice(own.waiting.indexOf(begin), 1);
        reject(new Problem(422, "broken off", { code: "draft-cancelled" }));
      };
      own.waiting.push(begin);
      gone?.addEventListener("abort", leave, { once: true });
      if (gone?.aborted) leave();
    });
  }
}
