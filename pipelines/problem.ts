/** The work is refused or failed for a reason that a person can act on: the message names the value and the remedy. Exit code 1. */
export class Refusal extends Error {
  override name = "Refusal";
}

/** The command was called wrongly. Exit code 2. */
export class Usage extends Error {
  override name = "Usage";
}
