import { normalise } from "../../pipelines/contracts/contract.ts";
import { Problem, shown } from "../problem.ts";
import { changesOf, fieldsOf, type Action, type ActionFields } from "./actions.ts";
import { dateFault, unknownUnit } from "./edits.ts";
import { changedAction, newAction, type ChangedAction, type NewAction } from "./fields.ts";
import type { FileRow } from "./read-file.ts";

/** Units by id, each with its periods. */
type Units = ReadonlyMap<string, readonly { name: string; valid_to: string | null }[]>;

/** What a file asks for. */
export interface Import {
  added: NewAction[];
  changed: ChangedAction[];
  /** Rows that say what stands there already. */
  unchanged: number;
}

const mostTold = 20;

/** What the rows of a file mean beside the actions that there are: a row with the id of one changes it, one without adds one. 422 with every line that cannot be saved. */
export function importOf(rows: readonly FileRow[], actions: readonly Action[], units: Units): Import {
  const known = new Map(actions.map((each) => [each.action_id, each]));
  // A list that was read in before adds nothing anew.
  const there = new Set(actions.map((each) => keyOf(each)));
  const result: Import = { added: [], changed: [], unchanged: 0 };
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const { action_id, version } = row;
    const values = withUnit(row, units);
    const wrong = Object.entries(row.unread).map(([name, text]) => `${name}: ${shown(text)} cannot be read`);
    if (action_id !== null && seen.has(action_id)) wrong.push(`action_id: ${shown(action_id)} stands there twice`);
    if (action_id !== null) seen.add(action_id);
    const current = action_id === null ? undefined : known.get(action_id);
    if (action_id !== null && !current)
      wrong.push(`action_id: no action ${shown(action_id)}; leave it empty for a new one`);
    if (typeof values.unit_id === "string" && !units.has(values.unit_id) && values.unit_id !== current?.unit_id)
      wrong.push(`unit_id: ${unknownUnit(values.unit_id)}`);
    const dates = dateFault({ ...fieldsOf(current ?? {}), ...values } as ActionFields);
    if (dates) wrong.push(dates);
    if (wrong.length === 0 && current) {
      const same = changesOf(current, { ...fieldsOf(current), ...values }).length === 0;
      if (same) result.unchanged += 1;
      else if (version === null) wrong.push(`version: is missing; an export has it, and says with it what you saw`);
      else take(changedAction.safeParse({ action_id, version, ...values }), result.changed, wrong);
    } else if (wrong.length === 0) {
      const parsed = newAction.safeParse(values);
      if (parsed.success && there.has(keyOf(parsed.data))) result.unchanged += 1;
      else {
        take(parsed, result.added, wrong);
        if (parsed.success) there.add(keyOf(parsed.data));
      }
    }
    faults.push(...wrong.map((each) => `line ${row.line}, ${each}`));
  }
  if (faults.length === 0) return result;
  const rest = faults.length - mostTold;
  throw new Problem(
    422,
    `nothing was saved: ${faults.slice(0, mostTold).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`,
    { code: "bad-rows" },
  );
}

const keyOf = (fields: object): string => JSON.stringify(fieldsOf(fields));

type Parsed<T> =
  | { success: true; data: T }
  | { success: false; error: { issues: { path: PropertyKey[]; message: string; input?: unknown }[] } };

function take<T>(parsed: Parsed<T>, list: T[], wrong: string[]): void {
  if (parsed.success) list.push(parsed.data);
  else wrong.push(...parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}

/** The values, a unit by its id where the file has its name. */
function withUnit({ values }: FileRow, units: Units): FileRow["values"] {
  const given = values.unit_id;
  if (typeof given !== "string" || units.has(given)) return values;
  const named = [...units].filter(([id, periods]) => {
    const last = periods.at(-1)!;
    return normalise(id) === normalise(given) || (last.valid_to === null && normalise(last.name) === normalise(given));
  });
  return named.length === 1 ? { ...values, unit_id: named[0]![0] } : values;
}
