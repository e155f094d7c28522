import type { Signal } from "../api.ts";

/** Signals that were found in the same period. */
export interface FoundIn {
  key: string;
  grain: Signal["grain"];
  found_start: string;
  found_end: string;
  signals: Signal[];
}

/** Signals by the period in which they were found; the order stays. */
export function byPeriod(signals: readonly Signal[]): FoundIn[] {
  const groups: FoundIn[] = [];
  for (const signal of signals) {
    const { grain, found_start, found_end } = signal;
    const key = `${found_start} ${found_end}`;
    const group = groups.find((each) => each.key === key);
    if (group) group.signals.push(signal);
    else groups.push({ key, grain, found_start, found_end, signals: [signal] });
  }
  return groups;
}
