import type { CompareRow, Definition, SeriesRow } from "../api.ts";

/** Units beside each other over one period, in the order of the organisation. */
export interface CompareData {
  definition: Definition;
  units: CompareUnit[];
  /** The force over the same period. */
  whole: { name: string; row: SeriesRow } | null;
  /** The unit that the reader chose: named at its mark, whatever it is. */
  chosen: string | null;
  /** The limits allow for more than chance: those of chance alone stand beside them. */
  isWide?: boolean;
}

export interface CompareUnit {
  row: CompareRow;
  /** The name that tells it from the others here. */
  name: string;
}

/** The row whose target holds for all units here: the force's, else one that they all have. A number to reach is another part of each of them. */
export function targetRowOf({ units, whole, definition }: CompareData): SeriesRow | null {
  if (definition.kind === "coverage" && [whole?.row, units[0]?.row].some((row) => (row?.target ?? 0) > 1)) return null;
  if (whole?.row.target != null) return whole.row;
  const first = units[0]?.row;
  const same = units.every(({ row }) => row.target === first?.target && row.target_source === first?.target_source);
  return same && first?.target != null ? first : null;
}
