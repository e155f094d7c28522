import type { Period } from "../charts/period.ts";
import { formatPeriod, type Language } from "../format.ts";
import { text } from "../locales/text.ts";
import type { Edges } from "./range.ts";

/** The periods between two edges in words: "2014-I tot en met 2016-II"; one period by itself. */
export function rangeWords(periods: readonly Period[], [first, last]: Edges, language: Language): string {
  const [begin, end] = [periods[first], periods[last - 1]];
  if (!begin || !end) return "";
  const name = (period: Period) => formatPeriod(period, language, "short");
  return begin === end ? name(begin) : text(language, "range.through", { from: name(begin), to: name(end) });
}
