import type { Unproven } from "./disclosure/proofs.ts";
import type { Run } from "./runs.ts";
import type { Settings } from "./settings.ts";
import { createOutside, type Outside } from "./sources/outside.ts";
import type { Step } from "./work.ts";

/** How far a long piece of work is: `done` of `total`, in the unit that the message names. */
export interface Progress {
  done: number;
  total: number;
}

/** The effects of the pipelines, passed in so that tests choose them. */
export interface Context {
  settings: Settings;
  now(): Date;
  /** Tells a person what is going on; never a value of a column about a person. */
  log(message: string, progress?: Progress): void;
  /** Notes in the log for machines how a run ended, and the error where it failed; left out where runs are not logged. */
  note?: (run: Run, error?: unknown) => void;
  /** Tells those who watch where the work at hand has come. */
  step(step: Step): void;
  /** Proves parts of protected figures in the background, and publishes again then; without it they are proven at once. */
  prove?: (parts: Unproven[]) => void;
  /** Other machines: sources, webhooks. */
  outside: Outside;
}

/** The clock of the settings: fixed where KVV_NOW says so. */
export function createContext(settings: Settings, log: Context["log"], note?: Context["note"]): Context {
  return {
    settings,
    ...(note ? { note } : {}),
    now: () => settings.fixedNow ?? new Date(),
    log,
    step: () => undefined,
    outside: createOutside(settings),
  };
}
