import { spawn } from "node:child_process";
import { programArguments } from "../pipelines/program.ts";

/** The half of the monitor that owns the warehouse, as a child of the server. */
export interface PipelinesProcess {
  /** Asks it to stop, and waits; one that does not is ended. */
  stop(): Promise<void>;
}

export interface PipelinesEvents {
  /** It owns the warehouse, and takes commands. */
  running(): void;
  /** Another monitor has the home; it has told so, and ends. */
  inUse(): void;
  /** A snapshot was published. */
  published(): void;
  /** It ended by itself; the code is null where a signal ended it. */
  ended(code: number | null): void;
}

/** What it may take to end after its work, which it cuts off itself. */
const endMs = 2500;

/** Starts `kvv schedule`; what it says goes to this process's output. `stopMs` is how long its work may take when it is to stop. */
export function startPipelines(stopMs: number, events: PipelinesEvents): PipelinesProcess {
  const child = spawn(process.execPath, programArguments("pipelines/cli.ts", "schedule"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let stopping = false;
  child.on("message", (message) => {
    const { type } = (message ?? {}) as { type?: unknown };
    if (type === "running") events.running();
    if (type === "in use") events.inUse();
    if (type === "published") events.published();
  });
  const ended = new Promise<void>((resolve) => {
    const end = (code: number | null) => {
      if (!stopping) events.ended(code);
      resolve();
    };
    child.once("exit", end);
    child.once("error", () => end(1));
  });
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      stopping = true;
      // Not a signal: on a terminal it has had that already, and a second one would end it in the middle of its work.
      if (child.connected) child.disconnect();
      const impatient = setTimeout(() => child.kill("SIGKILL"), stopMs + endMs);
      await ended;
      clearTimeout(impatient);
    },
  };
}
