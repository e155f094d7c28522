import { plusDays, type Span } from "../../pipelines/cycle-days.ts";

/** Whose turn it is, and from when to when. */
export interface Turn extends Span {
  unit_id: string;
}

/**
 * Gives every unit one turn in the period: as many parts of it, in whole months, as there are units. Those that the order
 * names go first. Who comes during the period has a turn in what is left of it, and moves nobody else's; who goes before
 * its turn has it before it goes.
 */
export function takeTurns(lives: readonly Turn[], period: Span, order: readonly string[]): Turn[] {
  const there = lives.filter(({ start, end }) => start <= period.end && end >= period.start);
  const rank = (unit: string) => (order.includes(unit) ? order.indexOf(unit) : order.length);
  const inOrder = (units: Turn[]) =>
    units.sort((a, b) => rank(a.unit_id) - rank(b.unit_id) || (a.unit_id < b.unit_id ? -1 : 1));
  const groups = [
    inOrder(there.filter(({ start }) => start <= period.start)),
    inOrder(there.filter(({ start }) => start > period.start)),
  ];
  return groups.flatMap((group) =>
    group.map(({ unit_id, start, end }, place) => ({
      unit_id,
      ...partOf(
        { start: start > period.start ? start : period.start, end: end < period.end ? end : period.end },
        place,
        group.length,
      ),
    })),
  );
}

/** The part of a span in that place of so many, in whole months as far as the span has them. */
function partOf(span: Span, place: number, parts: number): Span {
  const first = monthOf(span.start);
  const months = monthOf(span.end) - first + 1;
  const begin = Math.floor((place * months) / parts);
  const next = Math.max(begin + 1, Math.floor(((place + 1) * months) / parts));
  const [start, end] = [dayOne(first + begin), plusDays(dayOne(first + next), -1)];
  return { start: start > span.start ? start : span.start, end: end < span.end ? end : span.end };
}

/** Months since year 0. */
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

const dayOne = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}-01`;
