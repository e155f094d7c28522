/** Where a piece of work has come: what is left out stays as it was told last. */
export interface Step {
  feed?: string | null;
  /** Base name. */
  file?: string | null;
  /** A short word: reading, checking, storing, publishing. */
  step?: string;
  /** Of `total`, in the unit of the step: bytes that are read, parts of a publication. */
  done?: number | null;
  total?: number | null;
  /** Rows read so far. */
  rows?: number | null;
  /** Share of the load or publication that is done, 0..1. */
  share?: number | null;
}

/** The piece of work at hand. */
export interface Task {
  /** What was asked: a command, or `inbox`, `schedule`, `start`. */
  what: string;
  feed: string | null;
  file: string | null;
  step: string | null;
  done: number | null;
  total: number | null;
  share: number | null;
  /** Estimated from the share and the time since this file or publication began. */
  seconds_left: number | null;
  rows: number | null;
  started_at: string;
}

/** What the pipelines do now, and how much waits. */
export interface WorkState {
  running: boolean;
  task: Task | null;
  waiting: number;
}

/** A share below this says nothing yet about how long the rest takes. */
const leastShare = 0.02;

/** Watches one piece of work after another; `elapsed` is a clock in milliseconds that is never set back. */
export class WorkWatch {
  private task: Omit<Task, "seconds_left"> | null = null;
  private since = 0;
  private waiting = 0;
  private readonly now: () => Date;
  private readonly elapsed: () => number;

  constructor(now: () => Date, elapsed: () => number = () => performance.now()) {
    this.now = now;
    this.elapsed = elapsed;
  }

  /** One more waits its turn. */
  wait(): void {
    this.waiting += 1;
  }

  /** One that waited begins. */
  begin(what: string): void {
    this.waiting -= 1;
    this.since = this.elapsed();
    const nothing = { feed: null, file: null, step: null, done: null, total: null, share: null, rows: null };
    this.task = { what, ...nothing, started_at: this.now().toISOString() };
  }

  /** Where it has come. Another file, or a share that falls back, is something new: its time counts from here. */
  step(step: Step): void {
    if (!this.task) return;
    const other = step.file !== undefined && step.file !== this.task.file;
    const fresh = other ? { done: null, total: null, rows: null, share: null } : {};
    const before = this.task;
    this.task = { ...before, ...fresh, ...step };
    if (step.step !== undefined && step.step !== before.step && step.done === undefined)
      this.task = { ...this.task, done: null, total: null };
    if (other || (this.task.share ?? 0) < (before.share ?? 0)) this.since = this.elapsed();
  }

  end(): void {
    this.task = null;
  }

  /** Nothing is being done, and nothing waits. */
  isIdle(): boolean {
    return this.task === null && this.waiting === 0;
  }

  state(): WorkState {
    if (!this.task) return { running: true, task: null, waiting: this.waiting };
    const { started_at, ...task } = this.task;
    return {
      running: true,
      task: { ...task, seconds_left: this.secondsLeft(task.share), started_at },
      waiting: this.waiting,
    };
  }

  private secondsLeft(share: number | null): number | null {
    if (share === null || share < leastShare) return null;
    return Math.ceil(((this.elapsed() - this.since) / 1000) * (1 / Math.min(1, share) - 1));
  }
}
