/** Of the names of all snapshots, those that need not be kept: not the current one, nor the newest, nor the last of a half-year, nor those that reviews are made of. `keep` counts the current one. */
export function snapshotsToRemove(
  names: string[],
  current: string,
  keep: number,
  reviewed: ReadonlySet<string> = new Set(),
): string[] {
  const others = names.filter((name) => name !== current && !reviewed.has(name)).sort();
  const lasts = new Set(new Map([...names].sort().map((name) => [halfYearOf(name), name])).values());
  return others.slice(0, Math.max(0, others.length - (keep - 1))).filter((name) => !lasts.has(name));
}

const halfYearOf = (snapshot: string): string =>
  `${snapshot.slice(0, 4)}-${snapshot.slice(4, 6) <= "06" ? "H1" : "H2"}`;
