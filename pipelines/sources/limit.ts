import { SourceFailure } from "../problem.ts";

/** How long a database may take over a question, and whether anybody still wants the answer. Counts until the first rows are there, and anew while they are read: not while they wait for their turn at the loader. */
export class Limit {
  /** Why it was stopped; null where it was not. */
  reason: SourceFailure | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly host: string;
  private readonly totalMs: number;
  private readonly stop: () => void;
  private readonly signal: AbortSignal | undefined;
  private readonly onAbort = () => this.end(new SourceFailure("the monitor stops", { again: false }));

  /** `stop` breaks the question off, wherever it is. */
  constructor(
    { host, totalMs, signal }: { host: string; totalMs: number; signal?: AbortSignal | undefined },
    stop: () => void,
  ) {
    this.host = host;
    this.totalMs = totalMs;
    this.signal = signal;
    this.stop = stop;
    signal?.addEventListener("abort", this.onAbort, { once: true });
    this.count();
    if (signal?.aborted) this.onAbort();
  }

  /** From here on the time counts anew. */
  count(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () =>
        this.end(
          new SourceFailure(
            `${this.host} took longer than KVV_SOURCE_SECONDS over the query; make it quicker, or raise that`,
            { again: false },
          ),
        ),
      this.totalMs,
    );
    this.timer.unref();
  }

  pause(): void {
    clearTimeout(this.timer);
  }

  /** Nothing more is wanted. */
  done(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.onAbort);
  }

  private end(reason: SourceFailure): void {
    this.reason ??= reason;
    this.done();
    this.stop();
  }
}
