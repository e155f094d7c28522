import { QueryError } from "./database.ts";
import { Refusal, SourceFailure } from "./problem.ts";

/** Trouble of the machine, not of the work: what was asked may well succeed once it is over. */
const machine = [
  {
    codes: ["ENOSPC", "EDQUOT", "EFBIG"],
    text: /no space left|disk (is )?full|file too large|could not write/i,
    words:
      "the disk is full, and the work could not be ended; what was accepted before is unharmed: make room and do it again (the schedule does so by itself)",
  },
  {
    codes: ["EMFILE", "ENFILE"],
    text: /too many open files/i,
    words: "the machine has too many open files; what was loaded before is unharmed, and it is tried again",
  },
  {
    codes: ["EIO", "EROFS"],
    text: /input\/output error|read-only file system/i,
    words:
      "the disk cannot be written or read; what was loaded before is unharmed: look at the disk, and it is tried again",
  },
  {
    codes: ["ENOMEM"],
    text: /out of memory/i,
    words:
      "there is not enough memory; what was loaded before is unharmed: raise KVV_MEMORY or split the file, and it is tried again",
  },
];

const kindOf = (error: unknown) => {
  if (error instanceof Refusal || error instanceof SourceFailure) return undefined;
  const { code, message } = error as NodeJS.ErrnoException;
  return machine.find(({ codes, text }) => (code && codes.includes(code)) || text.test(message ?? ""));
};

/** Whether the machine and not the work was at fault. */
export const isTransient = (error: unknown): boolean => kindOf(error) !== undefined;

/** Faults of a statement itself, which speak of names and not of values. */
const aboutNames = /^(binder|catalog|parser|syntax) error/i;

/** What went wrong, in one line for a person. What the engine says of a value stays out: it may be one about a person. */
export function inWords(error: unknown): string {
  const known = kindOf(error);
  if (known) return known.words;
  const line = (error as Error).message.split("\n")[0] ?? "unknown";
  if (!(error instanceof QueryError) || aboutNames.test(line)) return line;
  return `the engine could not do it (${line.split(":")[0]}); what was loaded before is unharmed`;
}
