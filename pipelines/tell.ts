import type { Progress } from "./context.ts";

/** Tells a person on a terminal what goes on; progress stays on one line where the output is a terminal, and is told sparsely elsewhere. */
export interface Teller {
  (message: string, progress?: Progress): void;
  /** Closes an open line of progress. */
  done(): void;
}

const sparse = 0.25;

export function createTeller(out: NodeJS.WriteStream, now: () => number = Date.now): Teller {
  let open = false;
  let subject = "";
  let started = 0;
  let told = 0;
  const tell = (message: string, progress?: Progress) => {
    if (!progress) {
      done();
      out.write(message + "\n");
      return;
    }
    if (message !== subject) {
      done();
      [subject, started, told] = [message, now(), 0];
    }
    const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
    const left = share > 0.02 ? Math.ceil(((now() - started) / 1000) * (1 / share - 1)) : null;
    const line = `${message} ${Math.floor(share * 100)}%${left === null || share === 1 ? "" : `, ${left} s left`}`;
    if (out.isTTY) {
      out.write(`\r${line}\u001b[K`);
      open = true;
    } else if (share - told >= sparse) {
      out.write(line + "\n");
      told = share;
    }
  };
  const done = () => {
    if (open) out.write("\n");
    open = false;
    subject = "";
  };
  return Object.assign(tell, { done });
}
