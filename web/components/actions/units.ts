import type { Unit } from "../../api.ts";
import type { Organisation } from "../../state/organisation.ts";

const levels = ["unit", "district", "service", "team", "bureau"] as const;

/** The units that there are now as choices of a list, the force first and the others by level; `say` has the words of a key. */
export function unitOptions(
  { organisation, through }: { organisation: Organisation; through: string },
  say: (key: string) => string,
): { value: string; label: string; group?: string }[] {
  const force = organisation.force(through);
  return [
    ...(force ? [{ value: force.unit_id, label: force.name }] : []),
    ...levels.flatMap((level) => {
      const units = organisation.ofLevel(level, through);
      const names = namesBeside(units, organisation, through);
      return units.map(({ unit_id }, i) => ({ value: unit_id, label: names[i]!, group: say(`levels.${level}`) }));
    }),
  ];
}

/** Names of units beside each other: where two share one, with the unit they belong to. */
export function namesBeside(units: readonly Unit[], organisation: Organisation, on: string): string[] {
  const names = units.map(({ name }) => name);
  return units.map(({ name, parent_id }) =>
    parent_id && names.indexOf(name) !== names.lastIndexOf(name)
      ? `${name}, ${organisation.name(parent_id, on)}`
      : name,
  );
}
