import { SourceFailure } from "../problem.ts";

/** Waiting and chance, as tests choose them. */
export interface Patience {
  sleep(milliseconds: number): Promise<void>;
  /** 0..1. */
  random(): number;
}

const attempts = 4;
const firstWaitMs = 1000;
/** Whoever asks for more than this is asked again at another time. */
const longestWaitMs = 60_000;

/** Tries until it works, a few times, with ever longer waits in between; only what may be gone the next time is tried again. */
export async function withRetries<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SourceFailure) || !error.again) throw error;
      const longest = firstWaitMs * 2 ** (attempt - 1);
      // Chance keeps many who were turned away together from coming back together.
      const wait = error.after ?? longest / 2 + (patience.random() * longest) / 2;
      if (wait > longestWaitMs)
        throw new SourceFailure(`${error.message}; it asks to be left alone for ${Math.ceil(wait / 1000)} s`, {
          again: false,
        });
      if (attempt === attempts) throw new SourceFailure(`${error.message}; tried ${attempts} times`, { again: false });
      await patience.sleep(wait);
    }
  }
}
