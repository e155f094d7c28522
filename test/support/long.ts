import { it } from "vitest";

/** Whether this is `npm run test:long`, which has the full numbers; `npm test` has a sample of each long suite. */
export const long = Boolean(process.env.KVV_LONG);

/** A test of the long run only: what it shows is shown in parts, and sooner, by others. */
export const inLongRun = it.runIf(long);
