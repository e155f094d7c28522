import { say } from "../../state/language.svelte.ts";
import { monitor } from "../../state/monitor.svelte.ts";

const levels = ["unit", "district", "service", "team", "bureau"] as const;

/** The units that there are now as choices of a list, the force first and the others by level. */
export function unitOptions(): { value: string; label: string; group?: string }[] {
  const { organisation, through } = monitor;
  const force = organisation.force(through);
  return [
    ...(force ? [{ value: force.unit_id, label: force.name }] : []),
    ...levels.flatMap((level) =>
      organisation
        .ofLevel(level, through)
        .map((unit) => ({ value: unit.unit_id, label: unit.name, group: say(`levels.${level}`) })),
    ),
  ];
}
