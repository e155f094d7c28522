import type { Action, ActionFields } from "../api.ts";

/** The focus points of the programme, in the order of its papers. */
export const focusPoints = ["connection", "inclusion", "discrimination", "composition"] as const;

/** The codes of an action, in the order of a list. */
export const actionCodes = {
  kind: ["action", "project", "decision"],
  status: ["proposed", "decided", "running", "postponed", "done", "stopped"],
  mandatory: ["yes", "no"],
  funding: ["national", "local", "saop", "shared"],
} as const satisfies {
  [Name in "kind" | "status" | "mandatory" | "funding"]: readonly NonNullable<ActionFields[Name]>[];
};

/** What a reader chose of the list, as the address has it and as the interface to the data takes it. */
export const filterNames = ["unit", "status", "kind", "focus", "year", "late"] as const;
export type ActionFilters = Partial<Record<(typeof filterNames)[number], string>>;

/** The filters of an address; those that are empty are none. */
export const filtersOf = (query: Readonly<Record<string, string>>): ActionFilters =>
  Object.fromEntries(filterNames.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

export const moneyNames = ["budget", "committed", "spent", "forecast"] as const;
type Money = (typeof moneyNames)[number];

/** The money of some actions; null where none has any. `left`: of the budgets what is not spent. */
export type Totals = Record<Money | "left", number | null>;

/** Sums of money. Proposals have none yet: they do not count, as in the indicators of the budget. */
export function totalsOf(actions: readonly ActionFields[]): Totals {
  const counted = actions.filter((each) => each.status !== "proposed");
  const sum = (name: Money) => {
    const known = counted.map((each) => each[name]).filter((each) => each !== null);
    return known.length > 0 ? known.reduce((total, each) => total + each, 0) : null;
  };
  const [budget, committed, spent, forecast] = moneyNames.map(sum) as [number | null, number | null, number | null, number | null]; // prettier-ignore
  const left = counted.map(leftOf).filter((each) => each !== null);
  return {
    ...{ budget, committed, spent, forecast },
    left: left.length > 0 ? left.reduce((total, each) => total + each, 0) : null,
  };
}

/** What is left of the budget of an action; null where it has none. */
export const leftOf = ({ budget, spent }: ActionFields): number | null =>
  budget === null ? null : budget - (spent ?? 0);

/** Actions of one focus point. */
export interface ActionGroup {
  focus: string;
  actions: Action[];
  totals: Totals;
  late: number;
}

/** Actions by focus point: those of the programme in its order, then others by name; within each what is late first. */
export function groupsOf(actions: readonly Action[]): ActionGroup[] {
  const place = (focus: string) => {
    const known = focusPoints.findIndex((each) => each === focus);
    return known < 0 ? focusPoints.length : known;
  };
  return [...new Set(actions.map((each) => each.focus))]
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b, "nl"))
    .map((focus) => {
      const own = actions.filter((each) => each.focus === focus);
      return {
        focus,
        actions: inOrder(own),
        totals: totalsOf(own),
        late: own.filter((each) => each.late).length,
      };
    });
}

const isOver = ({ status }: ActionFields): boolean => status === "done" || status === "stopped";

/** What is late first, the longest on top; then what is still to come by its due date; then what is over, the last first. Else the order as it came. */
export function inOrder(actions: readonly Action[]): Action[] {
  const rank = (each: Action) => (each.late ? 0 : isOver(each) ? 2 : 1);
  const never = "9999-12-31";
  return [...actions].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (rank(a) === 2) return (b.due_on ?? "").localeCompare(a.due_on ?? "");
    return (a.due_on ?? never).localeCompare(b.due_on ?? never);
  });
}

/** How many actions there are in a few words: all, late, running, over. */
export interface Counts {
  all: number;
  late: number;
  running: number;
  done: number;
}

export const countsOf = (actions: readonly Action[]): Counts => ({
  all: actions.length,
  late: actions.filter((each) => each.late).length,
  running: actions.filter((each) => each.status === "running").length,
  done: actions.filter((each) => each.status === "done").length,
});

/** The day from which lateness was counted; the clock may be another than the reader's. */
export function todayOf(actions: readonly Action[], otherwise: string): string {
  const late = actions.find((each) => each.days_late !== null);
  if (!late) return otherwise;
  return new Date(Date.parse(late.due_on!) + late.days_late! * msInDay).toISOString().slice(0, 10);
}

const msInDay = 86_400_000;

/** A part of the time line, in hundredths of its width. */
export interface Span {
  left: number;
  width: number;
}

/** Where an action lies in time. */
export interface Bar {
  /** From its beginning to its due date; without a beginning a point, without a due date to the end. */
  span: Span;
  /** From its due date to today, where it is late. */
  over: Span | null;
  /** Whether it has no due date. */
  open: boolean;
}

export interface TimeLine {
  /** Whole years; each begins at `left`. */
  years: { year: number; left: number }[];
  /** Null where today lies outside. */
  today: number | null;
  /** By action; those without any date have none. */
  bars: Map<string, Bar>;
}

/** Where actions lie in time: whole years from the first beginning to the last due date. Null where none has a date. */
export function timeLineOf(actions: readonly Action[], today: string): TimeLine | null {
  const dated = actions.filter((each) => each.starts_on !== null || each.due_on !== null);
  if (dated.length === 0) return null;
  const days = dated.flatMap((each) => [each.starts_on, each.due_on, each.late ? today : null]);
  const known = days.filter((each) => each !== null).sort();
  const [first, last] = [Number(known[0]!.slice(0, 4)), Number(known.at(-1)!.slice(0, 4))];
  const start = Date.UTC(first, 0, 1);
  const length = Date.UTC(last + 1, 0, 1) - start;
  const at = (day: string, plus = 0) => round(((Date.parse(day) + plus * msInDay - start) / length) * 100);
  const span = (from: number, to: number): Span => ({ left: from, width: round(to - from) });
  const bars = new Map(
    dated.map(({ action_id, starts_on, due_on, late }): [string, Bar] => [
      action_id,
      {
        span: span(at((starts_on ?? due_on)!), due_on === null ? 100 : at(due_on, 1)),
        over: late ? span(at(due_on!, 1), at(today, 1)) : null,
        open: due_on === null,
      },
    ]),
  );
  const now = at(today);
  return {
    years: Array.from({ length: last - first + 1 }, (_, index) => ({
      year: first + index,
      left: at(`${first + index}-01-01`),
    })),
    today: now >= 0 && now <= 100 ? now : null,
    bars,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** So many years of an axis get their number, that they do not touch where it is narrow. */
export const labelledEvery = (years: number, most: number): number => Math.max(1, Math.ceil(years / most));

/** What a reader writes in the form, as the fields have it. */
export type ActionDraft = { [Name in keyof ActionFields]: string };

const amounts: readonly (keyof ActionFields)[] = moneyNames;

/** An action as the form shows it; `decimal` is the sign of the reader's language. */
export function draftOf(action: ActionFields, decimal: "," | "."): ActionDraft {
  const text = (name: keyof ActionFields) => {
    const value = action[name];
    return value === null ? "" : amounts.includes(name) ? String(value).replace(".", decimal) : String(value);
  };
  return Object.fromEntries(
    Object.keys(emptyAction).map((name) => [name, text(name as keyof ActionFields)]),
  ) as ActionDraft;
}

/** What an action that is added begins with. */
export const emptyAction: ActionFields = {
  ...{ number: null, kind: "action", focus: "connection", title: "", unit_id: "", owner: null, mandatory: null },
  ...{ starts_on: null, due_on: null, status: "running", year: null },
  ...{ budget: null, committed: null, spent: null, forecast: null, funding: null, cost_code: null },
  ...{ condition: null, note: null },
};

/** What stands in the way of saving, by field: names of texts. */
export type Faults = Partial<Record<keyof ActionFields, "needed" | "amount" | "year" | "order">>;

/** The fields of a draft, or what is wrong with it. */
export function readDraft(draft: ActionDraft): { fields: ActionFields; faults: Faults } {
  const faults: Faults = {};
  const amount = (name: Money): number | null => {
    const value = readAmount(draft[name]);
    if (value === undefined) faults[name] = "amount";
    return value ?? null;
  };
  for (const name of ["focus", "title", "unit_id"] as const) if (draft[name].trim() === "") faults[name] = "needed";
  const year = draft.year.trim();
  if (year !== "" && !(/^\d{4}$/.test(year) && Number(year) >= 2000 && Number(year) <= 2100)) faults.year = "year";
  const given = (name: keyof ActionFields) => draft[name].trim() || null;
  const fields = {
    ...Object.fromEntries(Object.keys(emptyAction).map((name) => [name, given(name as keyof ActionFields)])),
    ...{ focus: draft.focus.trim(), title: draft.title.trim(), unit_id: draft.unit_id },
    year: year === "" ? null : Number(year),
    ...Object.fromEntries(moneyNames.map((name) => [name, amount(name)])),
  } as ActionFields;
  if (fields.starts_on && fields.due_on && fields.starts_on > fields.due_on) faults.due_on = "order";
  return { fields, faults };
}

/** An amount as people write it: 35000, 35.000, 1.250,50, 1,250.50, € 10. Null where empty, undefined where it is none. */
export function readAmount(text: string): number | null | undefined {
  const plain = text.replace(/[€\s\u00a0]/g, "");
  if (plain === "") return null;
  const cents = /[.,](\d{1,2})$/.exec(plain);
  const whole = cents ? plain.slice(0, cents.index) : plain;
  if (!/^\d+$|^\d{1,3}([.,]\d{3})+$/.test(whole)) return undefined;
  const value = Number(`${whole.replace(/[.,]/g, "")}${cents ? `.${cents[1]}` : ""}`);
  return value <= 1e12 ? value : undefined;
}

/** The fields that differ from what a reader began with: only these are sent. */
export function editsOf(begun: ActionFields, now: ActionFields): Partial<ActionFields> {
  const names = Object.keys(emptyAction) as (keyof ActionFields)[];
  return Object.fromEntries(names.filter((name) => begun[name] !== now[name]).map((name) => [name, now[name]]));
}
