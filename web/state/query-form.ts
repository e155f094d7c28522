/** How a number is compared with another. */
export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** What must hold of a row. */
export type Condition =
  /** One of some values, or none of them: an empty column is neither. */
  | { is: "in" | "not_in"; column: string; values: string[] }
  /** One value, or empty. */
  | { is: "or_empty"; column: string; value: string }
  /** Of a column with several values: one of these is among them. */
  | { is: "has"; column: string; values: string[] }
  | { is: "empty" | "filled"; column: string }
  | { is: "number"; column: string; comparison: Comparison; number: number }
  /** Days from one date to another. */
  | { is: "days"; from: string; to: string; comparison: Comparison; number: number };

/** What is counted: rows, the sum of a column, or a column as it stands; of the rows of which the conditions hold. */
export interface Measure {
  of: "rows" | "sum" | "column";
  column: string;
  conditions: Condition[];
}

/** A query as a form: a feed, what is counted of which rows, and by what. */
export interface QueryForm {
  feed: string;
  /** The date by which a row belongs to a month. */
  month: string;
  /** Until when it holds; null where it is of its month only. */
  until: string | null;
  /** How long something took. */
  days: { from: string; to: string } | null;
  numerator: Measure;
  denominator: Measure | null;
  unknown: Measure | null;
  /** Of a duration: what is within its term. */
  within: Condition[] | null;
  /** What rows count at all. */
  conditions: Condition[];
  breakdowns: { name: string; column: string }[];
  /** The column whose withheld values make a cell withheld; `*`: any. */
  withheld: string | null;
}

/** A part that stands in the list of a SELECT. */
export type Role =
  | "unit_id"
  | "month"
  | "until"
  | "days"
  | "numerator"
  | "denominator"
  | "unknown"
  | "within"
  | "withheld"
  | `by ${string}`;

/** Whether anything is counted, so that rows are taken together. */
export const isGrouped = (form: QueryForm): boolean =>
  form.withheld !== null ||
  [form.numerator, form.denominator, form.unknown].some((each) => each && each.of !== "column");

/** The columns by which rows are taken together: all that stand by themselves. */
export function groupedBy(form: QueryForm): string[] {
  const within = (form.within ?? []).flatMap((each) => (each.is === "days" ? [each.from, each.to] : [each.column]));
  const days = form.days ? [form.days.to, form.days.from] : [];
  const until = form.until ? [form.until] : [];
  const breakdowns = form.breakdowns.map((each) => each.column);
  return [...new Set(["unit_id", form.month, ...until, ...days, ...within, ...breakdowns])];
}

/** Kinds whose query counts a second number. */
export const withSecond: ReadonlySet<string> = new Set(["share", "rate", "score"]);
