import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Logger } from "pino";
import { sendMail, type Mail } from "../pipelines/notify/mail.ts";
import { readReminded } from "../pipelines/owners-file.ts";
import type { Settings } from "../pipelines/settings.ts";
import type { CycleFile } from "./calendar/cycle.ts";
import { messageOf, type Found, type Message } from "./reminders/message.ts";
import { addAttempt, nextAttempt, readAttempts, type Attempt } from "./reminders/sent.ts";
import { latestStep, type Step } from "./reminders/steps.ts";
import { progressOf } from "./review/progress.ts";
import type { Snapshots } from "./snapshot.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** What reminders work with. */
export interface Reminding {
  settings: Pick<Settings, "config" | "smtpUrl" | "mailFrom">;
  /** Where readers reach the monitor, without a slash at its end. */
  address: string;
  cycle: CycleFile;
  snapshots: Snapshots;
  workspace: Workspace;
  log: Pick<Logger, "info" | "warn">;
  now: () => Date;
  send?: (server: string, mail: Mail) => Promise<void>;
}

/** Someone who is to be told of a step, and which attempt that is. */
interface Untold {
  audience: string;
  to: string[];
  attempt: number;
}

/**
 * Reminds people by e-mail of a half-year's reviews: when they open and before they close, each once, also over a restart
 * or a clock that is set back. What was missed while the server was off is told if it is the latest. Never throws: what
 * could not be told is logged, and tried again at the next tick.
 */
export class Reminders {
  private readonly all: Reminding;
  private readonly told = new Set<string>();
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(all: Reminding) {
    this.all = all;
  }

  /** Tells what is to be told now; a tick while one is at work waits for that. */
  tick(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.running ??= this.remind()
      .catch((error: unknown) => this.warn(error))
      .finally(() => (this.running = null));
    return this.running;
  }

  /** Begins nothing more, and waits for the message at hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async remind(): Promise<void> {
    const { settings, cycle, snapshots, workspace } = this.all;
    if (!settings.smtpUrl || !snapshots.manifest) return;
    // Before the workspace is touched: without anyone to remind it is left alone.
    const reminded = this.reminded();
    if (reminded.size === 0) return;
    const review = (await cycle.duties()).find(({ kind }) => kind === "review");
    const today = this.today();
    const step = review && latestStep(review, today);
    if (!step) return;
    const attempts = await workspace.read(readAttempts);
    const untold = [...reminded].flatMap(([audience, to]): Untold[] => {
      const attempt = nextAttempt(attempts, step, audience);
      return attempt === null ? [] : [{ audience, to, attempt }];
    });
    if (untold.length === 0) return;
    const found = await this.found(step);
    for (const each of untold) {
      if (this.stopped) return;
      if (each.audience !== "all" && !found.reviews.some(({ unit_id }) => unit_id === each.audience)) {
        this.once(
          `data/owners.yaml: reviews: no review of "${each.audience}" in ${step.half.half}; nobody is reminded`,
        );
        continue;
      }
      const message = messageOf(step, each.audience, today, found);
      if (message) await this.tell(step, each, message);
    }
  }

  /** Written down before it is sent: whoever may have been told is not told again. */
  private async tell(step: Step, { audience, to, attempt }: Untold, message: Message): Promise<void> {
    const { settings, workspace, log, now, send = sendMail } = this.all;
    const row = { half: step.half.half, step: step.step, audience, attempt };
    const note = (state: Attempt["state"]) => workspace.write((db) => addAttempt(db, { ...row, state }, now()));
    // Another server of this home may have begun since it was looked at.
    const first = await workspace.write(async (db) => {
      if (nextAttempt(await readAttempts(db), step, audience) !== attempt) return false;
      await addAttempt(db, { ...row, state: "begun" }, now());
      return true;
    });
    if (!first) return;
    const about = `reminder of ${row.half} (${row.step}) to ${audience}`;
    try {
      const messageId = `<kvv-review.${row.half}.${row.step}.${encodeURIComponent(audience)}@${hostOf(settings.mailFrom)}>`;
      await send(settings.smtpUrl, { ...message, from: settings.mailFrom, to, messageId });
    } catch (error) {
      await note("failed");
      return log.warn(`${about}: ${firstLine(error)}; it is tried again later`);
    }
    await note("sent");
    log.info(`${about}: sent`);
  }

  private async found(step: Step): Promise<Found> {
    const { snapshots, workspace, address } = this.all;
    const { release, reviews } = await progressOf(snapshots, workspace, step.half);
    return { released: release !== null, reviews, demo: snapshots.manifest?.demo ?? false, address };
  }

  private reminded(): Map<string, string[]> {
    const file = path.join(this.all.settings.config, "data", "owners.yaml");
    if (!existsSync(file)) return new Map();
    const { reminded, faults } = readReminded(readFileSync(file, "utf8"), "data/owners.yaml");
    for (const { file, line, message } of faults) this.once(`nobody is reminded: ${file}:${line}: ${message}`);
    return reminded;
  }

  /** A review opens when its half-year is over by the clock of the world, as its page has it; here the day begins earlier. */
  private today(): string {
    const { snapshots, now } = this.all;
    const [here, world] = [snapshots.dayOf(now()), now().toISOString().slice(0, 10)];
    return here < world ? here : world;
  }

  private warn(error: unknown): void {
    this.all.log.warn(`nobody could be reminded of reviews: ${firstLine(error)}; it is tried again later`);
  }

  private once(message: string): void {
    if (!this.told.has(message)) this.all.log.warn(message);
    this.told.add(message);
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split("\n")[0]!;

const hostOf = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? "localhost";
