import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { projectFolder } from "../../pipelines/settings.ts";

/** A real process of the monitor. */
export interface Run {
  output: string;
  exit: Promise<number | null>;
  process: ChildProcess;
  /** Waits until the output has the words. */
  says(words: RegExp): Promise<RegExpExecArray>;
  /** Tells it to stop, and waits for its end; how it ended, and after how many milliseconds. */
  stop(signal?: NodeJS.Signals): Promise<{ exit: number | null; ms: number }>;
}

/** `node server/start.cjs …` on a free port. */
export const runServer = (args: string[], env: Record<string, string>): Run =>
  run(path.join("server", "start.cjs"), args, { PORT: "0", ...env });

/** `kvv …`. */
export const runKvv = (args: string[], env: Record<string, string>): Run =>
  run(path.join("pipelines", "kvv.cjs"), args, env);

function run(script: string, args: string[], env: Record<string, string>): Run {
  const child = spawn(process.execPath, [path.join(projectFolder, script), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const waiting: (() => void)[] = [];
  const found: Run = {
    output: "",
    process: child,
    exit: new Promise((resolve) => child.once("close", resolve)),
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = words.exec(found.output);
          if (match) resolve(match);
          return match;
        };
        if (look()) return;
        waiting.push(look);
        void found.exit.then(() => look() ?? reject(new Error(`it ended and said: ${found.output}`)));
      }),
    async stop(signal = "SIGTERM") {
      const started = performance.now();
      child.kill(signal);
      const exit = await found.exit;
      return { exit, ms: performance.now() - started };
    },
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      found.output += piece.toString();
      for (const look of waiting) look();
    });
  return found;
}
