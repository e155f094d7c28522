/** What is known of the cells of a table: sums of them, each between two bounds. Variables are the finest cells: whole numbers from 0 to `most`. */
export interface System {
  /** Of each variable the most that it can be: the people in it. Infinity where that is not known. */
  most: number[];
  statements: Statement[];
}

/** A sum of variables lies between two bounds. `weights` are 1 where they are left out. */
export interface Statement {
  of: number[];
  weights?: number[];
  lower: number;
  upper: number;
}

/** A cell that must not be told: the sum of these variables, with so many people in it. */
export interface Secret {
  of: number[];
  size: number;
  /** Shown as fewer than five, or as all but fewer than five: that much is told of it, and no more. */
  band?: "low" | "high" | undefined;
  /** Least denominator, and least numerator and complement, with which it would be shown. */
  leastWhole?: number;
  leastPart?: number;
}

/** What someone can come to know of a cell: it lies between these two. */
export interface Range {
  lower: number;
  upper: number;
}

/** A cell hides if it can be so many different numbers, at least. */
export const hidingWidth = 4;

/** Bounds of a linear solver are not exact. */
export const slack = 1e-6;

/** Whether a range is wide enough: for an outsider, and for one of the cell who takes himself out, whichever he is. */
export function isWide({ lower, upper }: Range, { size, band }: Secret): boolean {
  const atLeast = (width: number, least: number) => width >= least - slack;
  if (!atLeast(upper - lower, Math.min(hidingWidth, size))) return false;
  // Of a band someone in its smaller part knows one less: that lies in the band itself.
  const others = Math.min(hidingWidth - (band ? 1 : 0), size - 1);
  const withoutOne = upper - Math.max(lower, 1);
  const withoutOther = Math.min(upper, size - 1) - lower;
  return (band === "high" || atLeast(withoutOne, others)) && (band === "low" || atLeast(withoutOther, others));
}

/** Whether nothing that a cell can be by its range would be withheld. */
export function isOpen({ lower, upper }: Range, { size, band, leastWhole = 10, leastPart = 5 }: Secret): boolean {
  return (
    !band &&
    size >= leastWhole &&
    Math.ceil(lower - slack) >= leastPart &&
    size - Math.floor(upper + slack) >= leastPart
  );
}

/** Whether a cell of which this is known tells something that it must not. */
export const isLeak = (range: Range, secret: Secret): boolean => !isWide(range, secret) && !isOpen(range, secret);
