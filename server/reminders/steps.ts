import { dueOn, periodsOf, plusDays, startsOn } from "../../pipelines/cycle-days.ts";
import type { Duty } from "../../pipelines/cycle-file.ts";
import { halfBefore, halfOf, type Half } from "../review/half.ts";

/** What people are reminded of, in this order. */
export const stepNames = ["opened", "closing"] as const;
export type StepName = (typeof stepNames)[number];

/** A moment in the life of a half-year's reviews that people are told of. */
export interface Step {
  half: Half;
  step: StepName;
  /** The first day on which it is told. */
  on: string;
  /** The last day on which the reviews are in time. */
  due_on: string;
}

/** The step that was reached last; null where there is none, or where its last day and the next half-year are over: nobody wants to hear of it. */
export function latestStep(review: Duty, today: string): Step | null {
  const { every, since, until, starts, due, remind_days } = review;
  if (!every || since === undefined || !starts || !due) return null;
  const year = Number(today.slice(0, 4));
  const steps = periodsOf({ every, since, until }, { from: year - 2, to: year }).flatMap((period): Step[] => {
    const half = halfOf(period.code)!;
    const [opens, due_on] = [startsOn(period, starts), dueOn(period, due)];
    const closing = remind_days === undefined ? null : later(opens, plusDays(due_on, -remind_days));
    return [
      { half, step: "opened", on: opens, due_on },
      ...(closing ? [{ half, step: "closing" as const, on: closing, due_on }] : []),
    ];
  });
  const latest = steps.filter(({ on }) => on <= today).reduce<Step | null>((a, b) => (a && a.on > b.on ? a : b), null);
  if (!latest) return null;
  return today <= latest.due_on || latest.half.half >= halfBefore(halfOfDay(today)).half ? latest : null;
}

const later = (a: string, b: string): string => (a > b ? a : b);

const halfOfDay = (day: string): Half => halfOf(`${day.slice(0, 4)}-H${day.slice(5, 7) <= "06" ? 1 : 2}`)!;
