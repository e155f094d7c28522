import type { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";
import { momentOf, type Author, type ReviewKey } from "./texts.ts";

export const states = ["draft", "submitted", "signed", "reopened"] as const;
export type ReviewState = (typeof states)[number];

/** Something that became of a review. */
export interface ReviewStep {
  state: Exclude<ReviewState, "draft">;
  reason: string | null;
  at: string;
  by: string;
}

/** What was signed: canonical JSON, and its SHA-256 in 64 lower-case hex digits. */
export interface Signed {
  document: string;
  hash: string;
  at: string;
  by: string;
}

/** From which states each step can be taken. */
const from: Record<ReviewStep["state"], readonly ReviewState[]> = {
  submitted: ["draft", "reopened"],
  signed: ["submitted"],
  reopened: ["submitted", "signed"],
};

/** Whether texts may be written. */
export const isOpen = (state: ReviewState): boolean => state === "draft" || state === "reopened";

/** What became of a review, the first first. */
export const stepsOf = (db: Database, key: ReviewKey): Promise<ReviewStep[]> =>
  db.all<ReviewStep>(
    `select state, reason, acted_at as "at", acted_by as "by" from review_steps where unit_id = $unit_id and half = $half order by step`,
    { ...key },
  );

export const stateOf = (steps: readonly ReviewStep[]): ReviewState => steps.at(-1)?.state ?? "draft";

/** What was signed last; null where the review never was, or was reopened since. */
export async function signedOf(db: Database, key: ReviewKey): Promise<Signed | null> {
  const last = await db.one<Signed & { state: string }>(
    `select state, document, hash, acted_at as "at", acted_by as "by" from review_steps
     where unit_id = $unit_id and half = $half order by step desc limit 1`,
    { ...key },
  );
  return last?.state === "signed" ? { document: last.document, hash: last.hash, at: last.at, by: last.by } : null;
}

/** Takes a step; 409 where it does not follow on the state. */
export async function takeStep(
  db: Database,
  key: ReviewKey,
  step: Pick<ReviewStep, "state"> & { reason?: string; signed?: Pick<Signed, "document" | "hash"> },
  author: Author,
): Promise<void> {
  const steps = await stepsOf(db, key);
  const state = stateOf(steps);
  if (!from[step.state].includes(state))
    throw new Problem(409, `the review of ${key.half} is ${state}; it cannot be ${step.state} from there`, {
      code: "wrong-state",
    });
  await db.run(
    "insert into review_steps values ($unit_id, $half, $step, $state, $reason, $at::timestamp, $by, $document, $hash)",
    {
      ...key,
      step: steps.length + 1,
      state: step.state,
      reason: step.reason ?? null,
      at: momentOf(author.at),
      by: author.name,
      document: step.signed?.document ?? null,
      hash: step.signed?.hash ?? null,
    },
  );
}

/** Refuses what is written in a review that is with others. */
export async function checkOpen(db: Database, key: ReviewKey): Promise<void> {
  const state = stateOf(await stepsOf(db, key));
  if (!isOpen(state))
    throw new Problem(409, `the review of ${key.half} is ${state}; reopen it, with the reason, to write in it`, {
      code: "wrong-state",
    });
}
