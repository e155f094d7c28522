import { leastComing, reach, type ReachAnswer } from "../../pipelines/statistics/plan.ts";
import type { SeriesRow } from "../api.ts";
import { isShown } from "./figure.ts";
import type { RowsOf, TargetLine } from "./hrm.ts";

/** What coming appointments would have to bring; or why that cannot be said. */
export type Need =
  /** Staff as it stands: appointments alone do not decide it. */
  | { state: "stock" | "over" | "above" | "other" | "none" }
  | { state: "withheld"; reason: string }
  | { state: "few"; outlook: Outlook; coming: number }
  | { state: "answer"; outlook: Outlook; coming: number; bound: number; answer: ReachAnswer };

/** How it went from the target's start to date, and what is usual for the rest. */
export interface Outlook {
  row: SeriesRow;
  counted: number;
  appointed: number;
  /** Half-years from the figure to the target's end, and appointments in one so far. */
  halves: number;
  usual: number;
  until: string;
}

/** Half-years between two days, the first left out. */
export const halvesBetween = (from: string, to: string): number =>
  ((Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7))) / 6;

/** What is needed for a target figure as it stands on a day; `coming` appointments where the reader expects another number than usual. */
export function needOf(line: TargetLine, rowsOf: RowsOf, day: string, coming: number | null): Need {
  const { definition, target, unitId } = line;
  if (definition.kind !== "share" || !target.to || !target.from) return { state: "other" };
  if (definition.stock) return { state: "stock" };
  if (line.ended || target.to <= day) return { state: "over" };
  const rows = rowsOf(definition.indicator_id, "target", unitId).filter(
    (row) => row.complete && row.period_start === target.from && row.period_end <= day,
  );
  const row = rows.findLast((each) => isShown(each) && each.numerator !== null && each.denominator !== null);
  if (!row?.denominator) {
    const hidden = rows.findLast((each) => each.withheld);
    return hidden ? { state: "withheld", reason: hidden.withheld_reason ?? "threshold" } : { state: "none" };
  }
  const outlook = outlookOf(row, target.from, target.to);
  const tolerance = target.kind === "within" ? (target.tolerance ?? 0) : 0;
  const share = outlook.counted / outlook.appointed;
  if (target.kind === "within" && share > target.value + tolerance) return { state: "above" };
  if (target.kind !== "within" && target.kind !== "at_least") return { state: "other" };
  const expected = coming ?? Math.round(outlook.usual * outlook.halves);
  if (expected < leastComing) return { state: "few", outlook, coming: expected };
  const bound = target.value - tolerance;
  const answer = reach({ counted: outlook.counted, appointed: outlook.appointed, target: bound, coming: expected });
  return { state: "answer", outlook, coming: expected, bound, answer };
}

/** What each of some target figures needs; `coming` as the reader expects it for those of the unit itself. */
export const needsAt = (
  lines: TargetLine[],
  { rowsOf, day, unitId, coming }: { rowsOf: RowsOf; day: string; unitId: string; coming: Record<string, number> },
): { line: TargetLine; need: Need }[] =>
  lines.map((line) => ({
    line,
    need: needOf(line, rowsOf, day, line.unitId === unitId ? (coming[line.definition.indicator_id] ?? null) : null),
  }));

function outlookOf(row: SeriesRow, from: string, until: string): Outlook {
  const counted = row.numerator!;
  const appointed = row.denominator!;
  // From the last day before the target began.
  const passed = halvesBetween(from, row.period_end) + 1 / 6;
  return { row, counted, appointed, halves: halvesBetween(row.period_end, until), usual: appointed / passed, until };
}

/** Expected appointments by indicator, as the address has them: `intake-dual:300,leaders-dual:40`. */
export function readComing(text: string | null): Record<string, number> {
  const pairs = (text ?? "").split(",").flatMap((pair) => {
    const [, id, number] = /^([a-z0-9-]+):(\d{1,6})$/.exec(pair) ?? [];
    return id ? [[id, Number(number)] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/** The same as a text; null for none. */
export const writeComing = (coming: Record<string, number>): string | null =>
  Object.entries(coming)
    .map(([id, number]) => `${id}:${number}`)
    .join(",") || null;
