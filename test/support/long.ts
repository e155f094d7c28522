import { it } from "vitest";

/** Whether this is `npm run test:long`, which has the full numbers; `npm test` has a sample of each long suite. */
export const long = Boolean(process.env.KVV_LONG);

/** A test of the long run only: what it shows is shown in parts, and sooner, by others. */
export const inLongRun = it.runIf(long);

/** Each of these with each of those. The short run has each of these once, with those in turn. */
export const crossed = <A, B>(these: readonly A[], those: readonly B[]): (readonly [A, B])[] =>
  these.flatMap((one, i) =>
    those.filter((_, j) => long || j === i % those.length).map((other) => [one, other] as const),
  );

/** A list; the short run has one in so many of it, beginning with that one. */
export const oneIn = <T>(many: number, list: readonly T[], first = 0): readonly T[] =>
  long ? list : list.filter((_, i) => i % many === first % many);
