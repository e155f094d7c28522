import type { Scope } from "./access.ts";
import { fillAnswer, type Answer, type Coding } from "./answer.ts";
import type { AnswerCache } from "./cache.ts";
import type { ScopedSnapshots, Snapshot } from "./snapshot.ts";

/** So many different questions are remembered. */
const mostQuestions = 1000;
/** A new snapshot waits no longer than this for its answers. */
const patienceMs = 20_000;
/** A question that a reader asked of the current snapshot. */
export interface Question {
  scope: Scope;
  coding: Coding;
  /** What answers it from a snapshot as the scope shows it. */
  answerOf(snapshot: Snapshot): Answer;
}

interface Remembered extends Question {
  /** How often it was asked, of late more than before. */
  weight: number;
}

/**
 * What readers ask, so that a new snapshot has the answers ready before it is served: else all who read have to wait at
 * once, whenever something is published.
 */
export class Asked {
  private readonly questions = new Map<string, Remembered>();

  /** Remembers a question, which a name tells from all others. */
  note(name: string, question: Question): void {
    const known = this.questions.get(name);
    if (known) return void (known.weight += 1);
    this.questions.set(name, { ...question, weight: 1 });
    if (this.questions.size > mostQuestions) this.forgetOne();
  }

  /** The oldest goes; one that was asked again comes in once more, with half its weight. */
  private forgetOne(): void {
    for (const [name, question] of this.questions) {
      this.questions.delete(name);
      if (question.weight <= 1) return;
      this.questions.set(name, { ...question, weight: question.weight / 2 });
    }
  }

  /** Makes the answers of a snapshot that is not served yet, those asked most first; ends when time is up. A question that fails is left to whoever asks it. */
  async answerAll(
    cache: AnswerCache,
    scoped: (scope: Scope) => ScopedSnapshots,
    pause: () => Promise<void>,
  ): Promise<void> {
    const end = performance.now() + patienceMs;
    // What somebody asked just once waits for whoever asks it again.
    const often = [...this.questions.values()].filter(({ weight }) => weight > 1);
    const waiting = often.sort((a, b) => a.weight - b.weight);
    for (let next = waiting.pop(); next && performance.now() < end; next = waiting.pop()) {
      const { scope, coding, answerOf } = next;
      await pause();
      await scoped(scope)
        .use(undefined, (snapshot) => fillAnswer(cache, answerOf(snapshot), coding))
        .catch(() => undefined);
    }
    for (const [name, question] of this.questions) if ((question.weight /= 2) < 1 / 8) this.questions.delete(name);
  }
}
