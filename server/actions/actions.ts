/** The codes of an action, as its feed has them. */
export const codes = {
  kind: ["action", "project", "decision"],
  mandatory: ["yes", "no"],
  status: ["proposed", "decided", "running", "done", "stopped", "postponed"],
  funding: ["national", "local", "saop", "shared"],
} as const;

/** In these states nothing is waited for, so nothing is late. */
const over: readonly string[] = ["done", "stopped"] satisfies (typeof codes.status)[number][];

/** What people write of an action; the columns of its feed. `owner` is a function, never a person. */
export interface ActionFields {
  number: string | null;
  kind: (typeof codes.kind)[number];
  focus: string;
  title: string;
  unit_id: string;
  owner: string | null;
  mandatory: (typeof codes.mandatory)[number] | null;
  starts_on: string | null;
  due_on: string | null;
  status: (typeof codes.status)[number];
  year: number | null;
  budget: number | null;
  committed: number | null;
  spent: number | null;
  forecast: number | null;
  funding: (typeof codes.funding)[number] | null;
  cost_code: string | null;
  condition: string | null;
  note: string | null;
}

export const fieldNames = [
  ...["number", "kind", "focus", "title", "unit_id", "owner", "mandatory", "starts_on", "due_on", "status", "year"],
  ...["budget", "committed", "spent", "forecast", "funding", "cost_code", "condition", "note"],
] as (keyof ActionFields)[];

/** An action as its feed delivered it last. */
export interface Delivered extends ActionFields {
  action_id: string;
  delivered_at: string | null;
}

/** An action as somebody saved it; `delivered`: the delivery that they knew of, null where it has none. */
export interface Version extends ActionFields {
  action_id: string;
  version: number;
  delivered: Delivered | null;
  saved_at: string;
  saved_by: string;
}

/** An action as it stands: as it was written last, or else as it was delivered. */
export interface Action extends ActionFields {
  action_id: string;
  /** Of what was saved here; 0 where nothing was. */
  version: number;
  source: "feed" | "here";
  /** Its due date is over and it is neither done nor stopped. */
  late: boolean;
  days_late: number | null;
  /** A later delivery says something else than what was written here. */
  delivered_differs: boolean;
  /** What that delivery says, where it differs. */
  delivered: Partial<ActionFields> | null;
  saved_at: string | null;
  saved_by: string | null;
}

/** What became of one field. */
export interface Change {
  field: keyof ActionFields;
  old: string | number | null;
  new: string | number | null;
}

/** A line of an action's log: a delivery, or what somebody saved. */
export interface LogEntry {
  source: "feed" | "here";
  version: number;
  saved_at: string | null;
  saved_by: string | null;
  changes: Change[];
}

const nothing = Object.fromEntries(fieldNames.map((name) => [name, null])) as unknown as ActionFields;

/** Only what people write of an action. */
export const fieldsOf = (from: Partial<Record<keyof ActionFields, unknown>>): ActionFields =>
  Object.fromEntries(fieldNames.map((name) => [name, from[name] ?? null])) as unknown as ActionFields;

/** The fields that differ, with both values. */
export const changesOf = (old: ActionFields | null, now: ActionFields): Change[] =>
  fieldNames.flatMap((field) => {
    const [before, after] = [(old ?? nothing)[field] ?? null, now[field] ?? null];
    return before === after ? [] : [{ field, old: before, new: after }];
  });

const msInDay = 86_400_000;

/** An action as it stands on a day (ISO): `delivered` as its feed has it now, `version` what was saved last. One of both is there. */
export function actionOf(delivered: Delivered | null, version: Version | null, today: string): Action {
  const { action_id, ...standing } = (version ?? delivered)!;
  const { due_on, status } = standing;
  const late = due_on !== null && due_on < today && !over.includes(status);
  const news = delivered && version ? newsOf(delivered, version) : [];
  return {
    action_id,
    ...fieldsOf(standing),
    version: version?.version ?? 0,
    source: version ? "here" : "feed",
    late,
    days_late: late ? Math.round((Date.parse(today) - Date.parse(due_on)) / msInDay) : null,
    delivered_differs: news.length > 0,
    delivered: news.length > 0 ? Object.fromEntries(news.map(({ field, new: value }) => [field, value])) : null,
    saved_at: version?.saved_at ?? null,
    saved_by: version?.saved_by ?? null,
  };
}

/** What a delivery says that its last writer did not know of, and that is not what they wrote. */
function newsOf(delivered: Delivered, version: Version): Change[] {
  const unknown = new Set(changesOf(version.delivered, delivered).map(({ field }) => field));
  return changesOf(version, delivered).filter(({ field }) => unknown.has(field));
}

/** All actions as they stand on a day, by unit and number. */
export function mergeActions(delivered: readonly Delivered[], versions: readonly Version[], today: string): Action[] {
  const saved = new Map(versions.map((each) => [each.action_id, each]));
  const known = new Set(delivered.map((each) => each.action_id));
  return [
    ...delivered.map((each) => actionOf(each, saved.get(each.action_id) ?? null, today)),
    ...versions.filter((each) => !known.has(each.action_id)).map((each) => actionOf(null, each, today)),
  ].sort(byUnitAndNumber);
}

const natural = new Intl.Collator("nl", { numeric: true });

const never = "9999-12-31";

/** Numbers as people count: 2.10 after 2.9; those without one last. */
function byUnitAndNumber(a: Action, b: Action): number {
  return (
    natural.compare(a.unit_id, b.unit_id) ||
    Number(a.number === null) - Number(b.number === null) ||
    natural.compare(a.number ?? "", b.number ?? "") ||
    (a.starts_on ?? never).localeCompare(b.starts_on ?? never) ||
    natural.compare(a.title, b.title) ||
    (a.action_id < b.action_id ? -1 : 1)
  );
}

/** The log of an action, the last first; `versions` are all that were saved, the first first. */
export function logOf(delivered: Delivered | null, versions: readonly Version[]): LogEntry[] {
  const log: LogEntry[] = [];
  let [told, standing]: [Delivered | null, ActionFields | null] = [null, null];
  const tell = (delivery: Delivered, version: number) => {
    const changes = changesOf(told, delivery);
    told = delivery;
    standing ??= delivery;
    if (changes.length === 0) return;
    log.push({ source: "feed", version, saved_at: delivery.delivered_at, saved_by: null, changes });
  };
  for (const each of versions) {
    if (each.delivered) tell(each.delivered, each.version - 1);
    const { version, saved_at, saved_by } = each;
    log.push({ source: "here", version, saved_at, saved_by, changes: changesOf(standing, each) });
    standing = each;
  }
  if (delivered) tell(delivered, versions.at(-1)?.version ?? 0);
  return log.reverse();
}

/** Which actions are asked for; a list that is null means all. */
export interface ActionQuestion {
  action: readonly string[] | null;
  /** With all below them. */
  units: ReadonlySet<string> | null;
  kind: readonly string[] | null;
  status: readonly string[] | null;
  funding: readonly string[] | null;
  focus?: string | undefined;
  owner?: string | undefined;
  mandatory?: string | undefined;
  late?: boolean | undefined;
  year?: number | undefined;
}

/** Whether an action is asked for. */
export function isAsked(action: Action, asked: ActionQuestion): boolean {
  const among = (list: readonly string[] | null, value: string | null) =>
    !list || (value !== null && list.includes(value));
  const same = <T>(wanted: T | undefined, value: T) => wanted === undefined || value === wanted;
  return (
    among(asked.action, action.action_id) &&
    (!asked.units || asked.units.has(action.unit_id)) &&
    among(asked.kind, action.kind) &&
    among(asked.status, action.status) &&
    among(asked.funding, action.funding) &&
    same(asked.focus, action.focus) &&
    same<string | null>(asked.owner, action.owner) &&
    same<string | null>(asked.mandatory, action.mandatory) &&
    same(asked.late, action.late) &&
    (asked.year === undefined || isOfYear(action, asked.year))
  );
}

/** The year of its budget; of an action without one, each year from its beginning to its due date. */
export function isOfYear({ year, starts_on, due_on }: ActionFields, asked: number): boolean {
  if (year !== null) return year === asked;
  const [first, last] = [starts_on ?? due_on, due_on ?? starts_on].map((day) => (day ? Number(day.slice(0, 4)) : null));
  return first != null && last != null && first <= asked && asked <= last;
}

/** The units with all that lie below them, each as it lay last. */
export function withBelow(
  asked: readonly string[],
  units: ReadonlyMap<string, readonly { parent_id: string | null }[]>,
): Set<string> {
  const found = new Set(asked);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [id, periods] of units) if (found.has(periods.at(-1)!.parent_id ?? "")) found.add(id);
  }
  return found;
}
