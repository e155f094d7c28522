import type { Definition, Level, Unit } from "../api.ts";
import type { Organisation } from "./organisation.ts";

const levelOrder: Level[] = ["unit", "district", "service", "team", "bureau"];

/** Levels below the force at which an indicator exists and the organisation has more than one unit. */
export function levelsFor(
  definition: Pick<Definition, "levels">,
  organisation: Organisation,
  on: string,
): Exclude<Level, "force">[] {
  return levelOrder.filter(
    (level): level is Exclude<Level, "force"> =>
      level !== "force" && (definition.levels?.includes(level) ?? true) && organisation.ofLevel(level, on).length > 1,
  );
}

/** The level at which a chosen unit is compared: its own, where the indicator has it. */
export const levelOf = (unit: Unit | null, levels: readonly Level[]): Level | null =>
  unit && levels.includes(unit.level) ? unit.level : null;
