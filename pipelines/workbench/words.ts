import { QueryError } from "../database.ts";
import { Refusal } from "../problem.ts";
import type { DraftCode } from "./draft.ts";

/** Why work on a draft was stopped, and what to do. */
const reasons: Record<DraftCode, string> = {
  "draft-refused": "the draft cannot be run",
  "draft-too-slow":
    "the draft takes too long and was stopped; join on unit and month, and group before joining, so that fewer rows are made",
  "draft-too-large":
    "the draft needs too much memory and was stopped; group by fewer columns, or join on unit and month",
  "draft-cancelled": "the draft was cancelled",
  busy: "other drafts are being run; try again in a moment",
};

export const reasonOf = (code: DraftCode): string => reasons[code];

/** Faults of a query itself, which speak of names and not of values. */
const aboutNames = /^(binder|catalog|parser|syntax) error/i;

/** What went wrong with a draft, for its writer. What the engine says of a value stays out: it may be one of a row. */
export function inDraftWords(error: unknown, code: string): string {
  if (error instanceof Refusal) return error.message;
  if (code !== "draft-refused") return reasonOf(code as DraftCode);
  const line = (error as Error).message.split("\n")[0]!;
  if (!(error instanceof QueryError) || aboutNames.test(line)) return line;
  return `the query fails on the rows that there are (${line.split(":")[0]}); look at what it divides and turns into other types`;
}
