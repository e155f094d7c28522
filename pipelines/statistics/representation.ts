/** A group's share in the staff over its share in the area: 1 is the same, 0.5 half as many. Shares 0..1; null where the area has none of the group. */
export const representationRatio = (staffShare: number, areaShare: number): number | null =>
  areaShare > 0 ? staffShare / areaShare : null;

/** Index of dissimilarity ½Σ|pᵢ - qᵢ| (Duncan and Duncan 1955): which part of one side would have to be of another group for both to be made up alike, 0..1. Counts of the same groups in the same order; null where a side has nobody. */
export function dissimilarity(one: readonly number[], other: readonly number[]): number | null {
  if (one.length !== other.length) throw new RangeError(`${one.length} groups against ${other.length}`);
  const all = sum(one);
  const others = sum(other);
  if (!(all > 0) || !(others > 0)) return null;
  return sum(one.map((count, i) => Math.abs(count / all - other[i]! / others))) / 2;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
