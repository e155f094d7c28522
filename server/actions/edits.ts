import type { Database } from "../../pipelines/database.ts";
import { checkWithin } from "../fields.ts";
import { Problem, shown } from "../problem.ts";
import { momentOf, type Author } from "../review/texts.ts";
import {
  actionOf,
  changesOf,
  fieldNames,
  fieldsOf,
  type ActionFields,
  type Delivered,
  type Version,
} from "./actions.ts";
import type { ChangedAction, NewAction } from "./fields.ts";
import { addVersions, lastVersions, nextNumber, ownPrefix } from "./store.ts";

/** What a piece of writing knows of actions and units. */
export interface Known {
  delivered: readonly Delivered[];
  units: { has(unit_id: string): boolean };
  /** Whether who writes may see what a unit does now: of others' actions nothing is known. */
  sees(unit_id: string): boolean;
  /** Units that there are, but not for who writes. */
  outside: ReadonlySet<string>;
}

/** Adds actions and changes others, in the work of one transaction. 409 where someone else saved meanwhile. Gives the ids, those that are new first. */
export async function saveActions(
  db: Database,
  { added, changed }: { added: readonly NewAction[]; changed: readonly ChangedAction[] },
  known: Known,
  author: Author,
): Promise<string[]> {
  const last = new Map((await lastVersions(db)).map((each) => [each.action_id, each]));
  const delivered = new Map(known.delivered.map((each) => [each.action_id, each]));
  const number = await nextNumber(db);
  const saved = { saved_at: momentOf(author.at), saved_by: author.name };
  const fresh = added.map((each, index): Version => {
    checkUnit(each.unit_id, known);
    checkDates(each);
    return { action_id: `${ownPrefix}${number + index}`, ...each, version: 1, delivered: null, ...saved };
  });
  const next = changed.flatMap((edit): Version[] => {
    const { action_id, delivery_seen, version, ...given } = edit;
    const own = { version: last.get(action_id) ?? null, delivered: delivered.get(action_id) ?? null };
    if (!own.version && !own.delivered) throw unknownAction(action_id);
    const current = actionOf(own.delivered, own.version, "");
    if (!known.sees(current.unit_id)) throw unknownAction(action_id);
    const fields: ActionFields = { ...fieldsOf(current), ...definedOf(given) };
    const changes = changesOf(current, fields);
    const sees = delivery_seen && current.delivered_differs;
    // What stands there already needs no saving.
    if (changes.length === 0 && !sees) return [];
    if (current.version !== version) throw changedMeanwhile(edit, own.version);
    const touched = new Set(changes.map(({ field }) => field));
    if (touched.has("unit_id")) checkUnit(fields.unit_id, known);
    if (touched.has("starts_on") || touched.has("due_on")) checkDates(fields);
    const seen = own.version && !sees ? own.version.delivered : own.delivered;
    const made: Version = { action_id, ...fields, version: version + 1, delivered: seen, ...saved };
    last.set(action_id, made);
    return [made];
  });
  if (fresh.length + next.length > 0) await addVersions(db, [...fresh, ...next]);
  return [...fresh, ...changed].map((each) => each.action_id);
}

/** The fields that were given. */
const definedOf = (given: Partial<ActionFields>): Partial<ActionFields> =>
  Object.fromEntries(fieldNames.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));

function checkUnit(unit_id: string, { units, outside, sees }: Known): void {
  checkWithin([unit_id], outside, "unit");
  if (units.has(unit_id) && !sees(unit_id)) checkWithin([unit_id], new Set([unit_id]), "unit");
  if (!units.has(unit_id)) throw new Problem(404, unknownUnit(unit_id), { code: "unknown-unit" });
}

export const unknownUnit = (unit_id: string): string => `no unit ${shown(unit_id)}; /api/v1/units names them`;

function checkDates(fields: Pick<ActionFields, "starts_on" | "due_on">): void {
  const fault = dateFault(fields);
  if (fault) throw new Problem(400, fault, { code: "bad-body" });
}

/** Why the dates of an action cannot be; null where they can. */
export const dateFault = ({ starts_on, due_on }: Pick<ActionFields, "starts_on" | "due_on">): string | null =>
  starts_on !== null && due_on !== null && starts_on > due_on
    ? `due_on: ${due_on} lies before starts_on, ${starts_on}; an action begins before it is due`
    : null;

export const unknownAction = (action_id: string) =>
  new Problem(404, `no action ${shown(action_id)}; GET /api/v1/actions names them`, { code: "unknown-action" });

const changedMeanwhile = ({ action_id, version }: ChangedAction, last: Version | null) =>
  new Problem(
    409,
    last
      ? `${last.saved_by} saved ${shown(action_id)} as version ${last.version} after the version ${version} that you saw; see what stands there now, then save again`
      : `nothing of ${shown(action_id)} was saved here yet, so you cannot have seen version ${version}; send version 0`,
    { code: "action-changed" },
  );
