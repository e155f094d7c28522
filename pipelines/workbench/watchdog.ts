import type { StopSign } from "./limits.ts";

/** How often is looked. */
const everyMs = 25;
/** How long work that was told to stop may go on before its process ends. */
export const graceMs = 500;

/**
 * Watches what the process takes. The engine counts what it keeps, but not every text that it makes, so the memory of
 * the process is watched besides. Time is what the processor worked for it: where the machine has much to do a draft
 * is not to blame.
 */
export class Watchdog {
  private readonly most = process.memoryUsage.rss();
  private work: { from: NodeJS.CpuUsage; ms: number; stopped: boolean } | null = null;
  private readonly timer: NodeJS.Timeout;

  /** It may grow by so many bytes; `end` ends the process. */
  constructor(growth: number, sign: StopSign, end: (code: "draft-too-large" | "draft-too-slow") => void) {
    this.most += growth;
    this.timer = setInterval(() => {
      if (process.memoryUsage.rss() > this.most) {
        clearInterval(this.timer);
        end("draft-too-large");
      }
      const { work } = this;
      if (!work || work.stopped || worked(work.from) < work.ms) return;
      work.stopped = true;
      sign.stop("draft-too-slow");
      // What does not let itself be interrupted ends with the process.
      setTimeout(() => this.work === work && end("draft-too-slow"), graceMs);
    }, everyMs);
  }

  /** From here on work counts, which may take so many milliseconds. */
  begin(ms: number): void {
    this.work = { from: process.cpuUsage(), ms, stopped: false };
  }

  end(): void {
    this.work = null;
  }
}

function worked(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}
