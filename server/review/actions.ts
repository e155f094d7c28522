import { isOfYear, mergeActions, withBelow, type Action, type Version } from "../actions/actions.ts";
import { readDelivered } from "../actions/store.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Half } from "./half.ts";

/** What a review keeps of an action. Money in euros. */
export type ReviewAction = Pick<
  Action,
  "action_id" | "number" | "kind" | "focus" | "title" | "unit_id" | "owner" | "mandatory" | "due_on" | "status" | "late"
> &
  Pick<Action, "budget" | "committed" | "spent" | "forecast">;

const kept = [
  ...["action_id", "number", "kind", "focus", "title", "unit_id", "owner", "mandatory", "due_on", "status", "late"],
  ...["budget", "committed", "spent", "forecast"],
] as const;

/** The actions of a unit and those below it in the year of a half-year; late as of its end. Of the force all of them. */
export async function reviewActions(
  snapshot: Snapshot,
  versions: readonly Version[],
  unit: { unit_id: string; level: string },
  half: Half,
): Promise<ReviewAction[]> {
  const after = new Date(Date.parse(half.end) + 86_400_000).toISOString().slice(0, 10);
  const units = unit.level === "force" ? null : withBelow([unit.unit_id], snapshot.catalogue.units);
  return mergeActions(await readDelivered(snapshot), versions, after)
    .filter((each) => (!units || units.has(each.unit_id)) && isOfYear(each, Number(half.half.slice(0, 4))))
    .map(
      (each) => Object.fromEntries(kept.map((name) => [name, each[name as keyof Action]])) as unknown as ReviewAction,
    );
}
