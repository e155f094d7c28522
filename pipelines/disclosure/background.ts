import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { goBehind } from "../priority.ts";
import { programArguments } from "../program.ts";
import { infinityToo, proofsIn, type Proven, type Unproven } from "./proofs.ts";

/** Proves parts in a process of its own, one after another, and keeps what it found. */
export interface Prover {
  /** Adds parts; `done` is called when all that were added are proven. */
  add(parts: Unproven[]): void;
  stop(): void;
}

/** A prover for a home. What fails is told to `log`, and its parts stay at force level. */
export function startProver(home: string, done: () => void, log: (message: string) => void): Prover {
  const proofs = proofsIn(home);
  const waiting = new Set<string>();
  const failed = new Set<string>();
  let child: ReturnType<typeof start> | null = null;
  const start = () => {
    const started = spawn(process.execPath, programArguments("pipelines/disclosure/prove.ts"), {
      stdio: ["pipe", "pipe", "ignore"],
    });
    // Whoever reads and loads goes first.
    if (started.pid !== undefined) goBehind(started.pid);
    started.on("exit", () => {
      if (child !== started) return;
      child = null;
      if (waiting.size > 0)
        log(`${waiting.size} parts of the protected figures could not be proven; they are shown at force level`);
      for (const hash of waiting) failed.add(hash);
      waiting.clear();
    });
    started.stdin.on("error", () => undefined);
    createInterface({ input: started.stdout }).on("line", (line) => {
      const { hash, withheld, leaks, hidden } = JSON.parse(line) as Proven;
      waiting.delete(hash);
      if (leaks === 0) {
        proofs.keep(hash, withheld);
        proofs.keepHidden?.(hidden);
      } else failed.add(hash);
      if (waiting.size > 0) return;
      child = null;
      started.stdin.end();
      done();
    });
    return started;
  };
  return {
    add(parts) {
      const fresh = parts.filter(({ hash }) => !waiting.has(hash) && !failed.has(hash));
      if (fresh.length === 0) return;
      child ??= start();
      for (const each of fresh) {
        waiting.add(each.hash);
        child.stdin.write(JSON.stringify(each, infinityToo) + "\n");
      }
    },
    stop() {
      const stopped = child;
      child = null;
      stopped?.kill();
    },
  };
}
