import { reach, Problem, type Soon } from "../api.ts";

/** What became of a question, as an `Answer` has it. */
export interface Outcome {
  value: unknown;
  problem: Problem | null;
  pending: boolean;
}

/**
 * On the server a component is made in one go, without waiting: it is rehearsed until each of its questions has an
 * answer. Questions are known again by what they ask and by their place among the others.
 */
export class Rehearsal {
  readonly #outcomes = new Map<string, Outcome>();
  #open: Promise<void>[] = [];
  #place = 0;
  readonly #claimed = new Set<string>();
  /** Why an answer failed for now: the same question may have one later. */
  failed: Problem | null = null;

  /** What became of a question last time; at first it is under way. */
  recall<T>(question: () => Soon<T>): Partial<Outcome> {
    const place = this.#place++;
    const asked: string[] = [];
    reach.asked = (address) => void asked.push(address);
    let answer: Soon<T>;
    try {
      answer = question();
    } finally {
      reach.asked = () => undefined;
    }
    if (!(answer instanceof Promise)) return { value: answer, problem: null, pending: false };
    const key = [place, ...asked].join(" ");
    const known = this.#outcomes.get(key);
    answer.catch(() => undefined);
    if (known) return known;
    this.#open.push(
      answer.then(
        (value) => void this.#outcomes.set(key, { value, problem: null, pending: false }),
        (error: unknown) => {
          const problem = error instanceof Problem ? error : new Problem(0, String(error));
          if (problem.status === 0 || problem.status >= 500) this.failed = problem;
          this.#outcomes.set(key, { value: null, problem, pending: false });
        },
      ),
    );
    return { pending: true };
  }

  /** Begins a pass. */
  begin(): void {
    this.#place = 0;
    this.#open = [];
    this.#claimed.clear();
  }

  /** Whether nobody else stands for this on the page so far. */
  claim(what: string): boolean {
    const isFirst = !this.#claimed.has(what);
    this.#claimed.add(what);
    return isFirst;
  }

  /** Waits for what was asked in a pass for the first time; whether there was any. */
  async wait(): Promise<boolean> {
    await Promise.all(this.#open);
    return this.#open.length > 0;
  }
}

/** The rehearsal of the page that is being made. */
export let rehearsal = /* @__PURE__ */ new Rehearsal();

/** Begins with a page of which nothing is known. */
export const rehearseAnew = (): Rehearsal => (rehearsal = new Rehearsal());
