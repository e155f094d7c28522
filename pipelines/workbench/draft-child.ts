import { fork, type ChildProcess } from "node:child_process";
import { programArguments } from "../program.ts";
import { Refusal } from "../problem.ts";
import type { KnownAsLists, Job, Result, Said, StopCode, Told, Trial } from "./messages.ts";
import { graceMs } from "./watchdog.ts";
import { reasonOf } from "./words.ts";

/** How the process is bounded. */
export interface Bounds {
  /** What its engine may keep, as DuckDB writes it. */
  memory: string;
  /** How long a draft may work, in milliseconds. */
  ms: number;
}

/** A job may take so many times as long as it works: the machine may have other things to do. */
const busyTimes = 2;
/** Being started and reading a copy of the feeds may take so long. */
const startMs = 60_000;

/** Without anything to do for so long it ends: another begins in a moment. */
const restMs = 10 * 60_000;

/** What it must know before it can run a draft; what is the same object as before is not told again. */
export interface Needs {
  know: KnownAsLists;
  /** The copy of the feeds; null where the job needs none. */
  file: string | null;
  /** What it tries a new copy with. */
  trial: Trial | null;
}

/** The process that runs drafts, one at a time; it is there again after each, whatever a draft did to it. */
export class DraftChild {
  private readonly bounds: Bounds;
  private child: ChildProcess | null = null;
  private rest: NodeJS.Timeout | undefined;
  /** It was told to end, whatever it was doing. */
  private halted = false;
  private told: { know: KnownAsLists | null; file: string | null } = { know: null, file: null };

  constructor(bounds: Bounds) {
    this.bounds = bounds;
  }

  /** Runs a job in it, `times` as long as is allowed; refused where the job is, takes too long, needs too much memory, or is cancelled. */
  async run(job: Job, needs: Needs, signal: AbortSignal, times = 1): Promise<Result> {
    const ms = this.bounds.ms * times;
    return (await this.ready(needs, (child) => this.tell(child, { job, ms }, { ms: ms * busyTimes, signal })))!;
  }

  /** Starts it, where it is not there, and tells it what it must know for what comes next. */
  async ready<T>({ know, file, trial }: Needs, next: (child: ChildProcess) => Promise<T>): Promise<T> {
    clearTimeout(this.rest);
    const child = (this.child ??= await this.start());
    try {
      if (this.told.know !== know) await this.tell(child, { know });
      this.told.know = know;
      if (file && this.told.file !== file) {
        await this.tell(child, { open: file, trial });
        this.told.file = file;
      }
      return await next(child);
    } finally {
      this.rest = setTimeout(() => this.stop(), restMs).unref();
    }
  }

  /** The process now, for those who look whether there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  stop(): void {
    this.halted = true;
    clearTimeout(this.rest);
    this.end(this.child);
  }

  private async start(): Promise<ChildProcess> {
    const [runner, ...args] = programArguments("pipelines/workbench/draft-once.ts", this.bounds.memory);
    const child = fork(runner!, args, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: bareEnvironment(),
      // Megabytes of text go over as they are.
      serialization: "advanced",
    });
    this.told = { know: null, file: null };
    this.halted = false;
    child.on("exit", () => this.forget(child));
    await this.tell(child, null);
    return child;
  }

  private forget(child: ChildProcess): void {
    if (this.child === child) this.child = null;
  }

  private end(child: ChildProcess | null): void {
    if (!child) return;
    this.forget(child);
    child.kill("SIGKILL");
  }

  /** Tells it something and waits for its answer; null waits until it is up. */
  private tell(
    child: ChildProcess,
    told: Told | null,
    { ms, signal }: { ms: number; signal?: AbortSignal } = { ms: startMs },
  ): Promise<Result | null> {
    return new Promise((resolve, reject) => {
      let stopped: StopCode | null = null;
      let last: NodeJS.Timeout | undefined;
      const stop = (code: StopCode) => {
        if (stopped) return;
        stopped = code;
        if (child.connected) child.send({ stop: code } satisfies Told);
        // What cannot be interrupted is ended.
        last = setTimeout(() => this.end(child), graceMs);
      };
      const cancel = () => stop("draft-cancelled");
      const time = setTimeout(() => stop("draft-too-slow"), ms);
      const settle = (then: () => void) => {
        clearTimeout(time);
        clearTimeout(last);
        signal?.removeEventListener("abort", cancel);
        child.off("message", hear);
        child.off("exit", gone);
        child.off("error", gone);
        then();
      };
      const hear = (said: Said) =>
        settle(() => {
          if ("ready" in said) resolve(null);
          else if ("done" in said) resolve(said.done);
          else {
            // A process that has too much memory ends by itself.
            if (said.code === "draft-too-large") this.end(child);
            reject(new Refusal(said.failed, said.code));
          }
        });
      const gone = (_code?: unknown, signal?: unknown) =>
        settle(() => {
          if (!told) return reject(new Error("the process that runs drafts ended before it was up"));
          // The system ends what has too much memory.
          const ended = this.halted ? "draft-cancelled" : signal === "SIGKILL" ? "draft-too-large" : "draft-refused";
          const code = stopped ?? ended;
          const words = code === "draft-refused" ? "it ended the process that ran it" : undefined;
          reject(new Refusal(words ? `${reasonOf(code)}: ${words}` : reasonOf(code), code));
        });
      child.on("message", hear);
      child.once("exit", gone);
      child.once("error", gone);
      signal?.addEventListener("abort", cancel);
      if (told) child.send(told);
      if (signal?.aborted) cancel();
    });
  }
}

/** What a process needs to begin, and nothing that says anything of the monitor. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG", "KVV_PREBUILT", "UV_THREADPOOL_SIZE"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
