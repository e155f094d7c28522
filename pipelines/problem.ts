/** The work is refused or failed for a reason that a person can act on: the message names the value and the remedy. Exit code 1. */
export class Refusal extends Error {
  override name = "Refusal";
  /** A short name of the reason, where others go by it. */
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** The command was called wrongly. Exit code 2. */
export class Usage extends Error {
  override name = "Usage";
}

/** Trouble on the way to or from another machine: no fault of a file. `again` says that it may be gone at the next try, `after` how long to wait before it, in milliseconds. */
export class SourceFailure extends Error {
  override name = "SourceFailure";
  readonly again: boolean;
  readonly after: number | null;
  constructor(message: string, { again = true, after = null }: { again?: boolean; after?: number | null } = {}) {
    super(message);
    this.again = again;
    this.after = after;
  }
}
