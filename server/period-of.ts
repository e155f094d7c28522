import { Problem, shown } from "./problem.ts";
import { examples, lastPeriod, parsePeriod, type CalendarGrain, type Period } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";

/** The asked period; without one, the last that the data cover. 400 for a text that is none. */
export function periodFor(snapshot: Snapshot, grain: CalendarGrain, text: string | undefined): Period {
  if (text === undefined)
    return lastPeriod(grain, snapshot.manifest.data_through ?? snapshot.manifest.published_at.slice(0, 10));
  const period = parsePeriod(grain, text);
  if (!period)
    throw new Problem(400, `period: ${shown(text)} is no ${grain}; write one as ${examples[grain]}`, {
      code: "bad-query",
    });
  return period;
}

/** 400 for a level that no unit has. */
export function checkLevel(snapshot: Snapshot, level: string): void {
  const levels = new Set([...snapshot.catalogue.units.values()].flat().map((unit) => unit.level));
  if (!levels.has(level))
    throw new Problem(400, `level: no unit has level ${shown(level)}; there are: ${[...levels].sort().join(", ")}`, {
      code: "bad-query",
    });
}
