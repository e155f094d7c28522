import type { Database } from "../../pipelines/database.ts";
import { momentOf } from "../review/texts.ts";
import { stepNames, type Step, type StepName } from "./steps.ts";

/** What became of telling someone of a step. Without an end an attempt may have reached them. */
export interface Attempt {
  half: string;
  step: StepName;
  /** A unit's id, or `all`. */
  audience: string;
  attempt: number;
  state: "begun" | "sent" | "failed";
}

export const readAttempts = (db: Database): Promise<Attempt[]> =>
  db.all<Attempt>("select half, step, audience, attempt, state from reminders");

export async function addAttempt(db: Database, row: Attempt, at: Date): Promise<void> {
  await db.run(
    `insert into reminders (half, step, audience, attempt, state, acted_at)
     values ($half, $step, $audience, $attempt, $state, $at::timestamp)`,
    { ...row, at: momentOf(at) },
  );
}

/**
 * The number of the next attempt to tell someone of a step; null where they are told no more. Nobody hears of a step
 * twice, nor of one before a step that they have heard of, whatever the clock says. Only what is known to have failed is
 * tried again.
 */
export function nextAttempt(attempts: readonly Attempt[], { half, step }: Step, audience: string): number | null {
  const own = attempts.filter((each) => each.audience === audience);
  const place = (each: { half: string; step: StepName }) => `${each.half} ${stepNames.indexOf(each.step)}`;
  const here = place({ half: half.half, step });
  if (own.some((each) => place(each) > here)) return null;
  const tries = own.filter((each) => place(each) === here);
  const failed = new Set(tries.filter(({ state }) => state === "failed").map(({ attempt }) => attempt));
  if (tries.some(({ attempt }) => !failed.has(attempt))) return null;
  return Math.max(0, ...failed) + 1;
}
