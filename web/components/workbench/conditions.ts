import type { Condition } from "../../state/query-form.ts";
import { columnNamed, isDate, isNumber, isText, type WorkColumn, type WorkFeed } from "../../state/vocabulary.ts";

/** What can be said of a column: a kind of condition, and for numbers and days how they are compared. */
export type Saying = Condition["is"] | `number ${Comparison}` | `days ${Comparison}`;
type Comparison = Extract<Condition, { is: "number" }>["comparison"];

const comparisons: Comparison[] = ["=", "<>", "<", "<=", ">", ">="];
const bounds: Comparison[] = ["<=", "<", ">", ">="];

/** What can be said of a column, in the order in which it is offered. */
export function sayingsOf(column: WorkColumn | undefined, feed: WorkFeed): Saying[] {
  if (!column) return ["filled", "empty"];
  if (column.type === "codes") return ["has", "filled", "empty"];
  if (isNumber(column)) return [...comparisons.map((each) => `number ${each}` as const), "filled", "empty"];
  if (isDate(column))
    return [
      ...(feed.columns.filter(isDate).length > 1 ? bounds.map((each) => `days ${each}` as const) : []),
      "filled",
      "empty",
    ];
  if (isText(column)) return ["in", "not_in", "or_empty", "filled", "empty"];
  return ["filled", "empty"];
}

export const sayingOf = (condition: Condition): Saying =>
  condition.is === "number" || condition.is === "days" ? `${condition.is} ${condition.comparison}` : condition.is;

export const columnOf = (condition: Condition): string => (condition.is === "days" ? condition.to : condition.column);

/** What is said first of a column that was just chosen. */
export const beginCondition = (column: WorkColumn, feed: WorkFeed): Condition =>
  withSaying({ is: "filled", column: column.name }, sayingsOf(column, feed)[0]!, feed);

/** The same column with something else said of it; its values and numbers stay where they mean something. */
export function withSaying(condition: Condition, saying: Saying, feed: WorkFeed): Condition {
  const column = columnOf(condition);
  const values = valuesOf(condition);
  const codes = columnNamed(feed, column)?.values ?? [];
  const begun = values.length > 0 ? values : codes.slice(0, 1).map(({ code }) => code);
  const number = condition.is === "number" || condition.is === "days" ? condition.number : 0;
  const [is, comparison] = saying.split(" ") as [Condition["is"], Comparison];
  switch (is) {
    case "in":
    case "not_in":
    case "has":
      return { is, column, values: begun };
    case "or_empty":
      return { is, column, value: begun[0] ?? "unknown" };
    case "number":
      return { is, column, comparison, number };
    case "days": {
      const from = condition.is === "days" ? condition.from : otherDate(column, feed);
      return { is, from, to: column, comparison, number };
    }
    default:
      return { is, column };
  }
}

/** The codes or texts that a condition names. */
export function valuesOf(condition: Condition): string[] {
  if ("values" in condition) return condition.values;
  return condition.is === "or_empty" ? [condition.value] : [];
}

/** The date that days are counted from unless somebody says otherwise: that by which rows belong to a month. */
const otherDate = (column: string, feed: WorkFeed): string =>
  feed.date !== column
    ? feed.date
    : (feed.columns.find((each) => isDate(each) && each.name !== column)?.name ?? column);
