import type { Definition } from "../indicators/definition.ts";

/** What is said of a figure is made from these of its fields. */
export interface Figure {
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  /** People or cases that are in neither; of durations those still open. */
  unknown?: number | null;
  target: number | null;
  pace: number | null;
  judgement: string;
  /** Over the last five points: increasing, decreasing or none; null where it cannot be said. */
  trend?: string | null;
  complete: boolean;
  withheld: boolean;
  withheld_reason: string | null;
  restated: boolean;
  reference: boolean;
  /** Which side of a band: few, or all but few. */
  band_side?: string | null;
}

/** The target that a figure is held against. */
export interface FigureTarget {
  unit_id: string;
  goal: string;
  status: string;
  by: string;
  kind: string;
  value: number;
  tolerance: number | null;
  from: string;
  to: string;
  demo: boolean;
}

/** How a target ended that is over. */
export interface Outcome {
  target: FigureTarget;
  judgement: string;
}

/** What a definition gives to the words. */
export type Said = Pick<
  Definition,
  | "kind"
  | "stock"
  | "interval"
  | "waiting"
  | "decimals"
  | "sentence"
  | "denominator"
  | "polarity"
  | "polarity_note"
  | "breakdowns"
>;

/** Whether chance has a part in a figure; not where all of what it is about is counted: units that have something, money, outputs. */
export const hasChance = ({ kind, interval }: Pick<Said, "kind" | "interval">): boolean =>
  kind !== "coverage" && interval !== "none";
