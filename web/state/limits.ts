import type { Definition } from "../api.ts";
import type { Grain } from "../charts/period.ts";

/** Control limits need many points: months or quarters. */
export const limitGrains = (grains: readonly Grain[]): ("month" | "quarter")[] =>
  (["month", "quarter"] as const).filter((grain) => grains.includes(grain));

/** Why a series has no control limits: it has another grain, its indicator has no such grain, it only adds up, or it has too few points. */
export type NoControlLimits = "grain" | "never" | "cumulative" | "few";

export function noControlLimits(
  grain: Grain,
  grains: readonly Grain[],
  { kind }: Pick<Definition, "kind">,
): NoControlLimits {
  if (kind === "cumulative") return "cumulative";
  const possible = limitGrains(grains);
  if (possible.length === 0) return "never";
  return possible.some((each) => each === grain) ? "few" : "grain";
}
