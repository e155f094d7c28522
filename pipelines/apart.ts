import { fork } from "node:child_process";
import type { Progress } from "./context.ts";
import { Refusal } from "./problem.ts";
import { programArguments } from "./program.ts";

/** Runs a program of this project in a process of its own, and waits for what it tells: how far it is, and in the end its result, or why it `failed`. `what` says in a refusal what was not done. */
export function runInOwnProcess<T extends object>(
  program: string,
  input: object,
  { what, tell }: { what: string; tell(progress: Progress): void },
): Promise<T> {
  const [runner, ...args] = programArguments(program, JSON.stringify(input));
  const child = fork(runner!, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.on("message", (told: Progress | T | { failed: string }) => {
      if ("done" in told) tell(told);
      else if ("failed" in told) reject(new Refusal(`${what}: ${told.failed}`));
      else resolve(told);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Refusal(`${what}: it ended with ${code}`)));
  });
}
