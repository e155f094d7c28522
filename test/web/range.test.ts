import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeLine } from "../../web/charts/range.ts";
import { periodsBetween } from "../../web/charts/period.ts";
import { edgesBetween, isWithin, moveEdge, rangeOf, readEdges, shiftEdges, shownPeriods, writeEdges, type Edges } from "../../web/state/range.ts"; // prettier-ignore
import { rangeWords } from "../../web/state/range-words.ts";
import { seriesFrom, seriesRow, withheld } from "../support/rows.ts";

const halves = periodsBetween("half", "2014-01-01", "2016-12-31");
const running = ["2015-06-30", "2015-12-31", "2016-06-30", "2016-12-31"].map((period_end) => ({
  grain: "r12" as const,
  period_start: `${Number(period_end.slice(0, 4)) - 1}-01-01`,
  period_end,
}));

describe("readEdges(periods, from, to)", () => {
  it("finds the periods between two codes, both included", () => {
    expect(readEdges(halves, "2014-H2", "2016-H1")).toEqual([1, 5]);
    expect(readEdges(halves, "2015-H1", null)).toEqual([2, 6]);
    expect(readEdges(halves, null, "2014-H1")).toEqual([0, 1]);
  });

  it("takes codes of another grain for the days that they hold", () => {
    expect(readEdges(halves, "2015", "2015-Q3")).toEqual([2, 4]);
    expect(readEdges(periodsBetween("year", "2014-01-01", "2016-12-31"), "2014-H2", "2015-H1")).toEqual([0, 2]);
  });

  it("shows all where the address names none, none of these, or the last before the first", () => {
    expect(readEdges(halves, null, null)).toEqual([0, 6]);
    expect(readEdges(halves, "2031-H1", null)).toEqual([0, 6]);
    expect(readEdges(halves, "zomer", "2016-H9")).toEqual([0, 6]);
    expect(readEdges(halves, "2016-H1", "2014-H1")).toEqual([0, 6]);
    expect(readEdges([], "2014-H1", null)).toEqual([0, 0]);
  });

  it("takes periods that run up to a day by that day", () => {
    expect(readEdges(running, "2015-12-31", "2016-06-30")).toEqual([1, 3]);
    expect(rangeOf(running, [1, 3])).toEqual({ from: "2015-12-31", to: "2016-06-30" });
    expect(running.map((period) => isWithin(period, rangeOf(running, [1, 3])))).toEqual([false, true, true, false]);
  });
});

describe("writeEdges(periods, edges)", () => {
  const edges = (count: number) =>
    fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).map(([a, b]): Edges => [Math.min(a, b), Math.max(a, b) + 1]);

  it("is read back as the same edges, at every grain", () => {
    for (const periods of [halves, running, periodsBetween("month", "2014-01-01", "2016-12-31")])
      fc.assert(
        fc.property(edges(periods.length), (chosen) => {
          const { from, to } = writeEdges(periods, chosen);
          expect(readEdges(periods, from, to ?? null)).toEqual(chosen);
          const range = rangeOf(periods, chosen);
          const shown = periods.filter((period) => isWithin(period, range));
          expect(shown).toEqual(periods.slice(...chosen));
        }),
      );
  });

  it("leaves the address as it is where all is shown", () => {
    expect(writeEdges(halves, [0, 6])).toEqual({ from: null, to: null });
    expect(rangeOf(halves, [0, 6])).toBeNull();
  });
});

describe("moveEdge, shiftEdges, edgesBetween", () => {
  it("always leave one period or more, within those there are", () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(5), fc.integer({ min: -9, max: 15 }), fc.double({ min: -0.5, max: 1.5, noNaN: true }), (a, b, by, place) => {
        const start: Edges = [Math.min(a, b), Math.max(a, b) + 1];
        for (const [first, last] of [moveEdge(start, "first", by, 6), moveEdge(start, "last", by, 6), shiftEdges(start, by, 6), edgesBetween(place, by / 6, 6)])
          expect([first >= 0, last <= 6, last > first]).toEqual([true, true, true]);
        const [first, last] = shiftEdges(start, by, 6);
        expect(last - first).toBe(start[1] - start[0]);
      }),
    ); // prettier-ignore
  });

  it("take every period that is touched, from left to right or back", () => {
    expect(edgesBetween(0.2, 0.6, 6)).toEqual([1, 4]);
    expect(edgesBetween(0.6, 0.2, 6)).toEqual([1, 4]);
    expect(edgesBetween(0.4, 0.4, 6)).toEqual([2, 3]);
  });
});

describe("shownPeriods(rows)", () => {
  it("goes from the first of which anything is known to the last; gaps between stay", () => {
    const none = { value: null, judgement: "no_data" } as const;
    const rows = seriesFrom("half", "2014-01-01", [none, withheld(), none, { value: 0.2 }, none]);
    expect(shownPeriods(rows).map(({ period_start }) => period_start)).toEqual([
      "2014-07-01",
      "2015-01-01",
      "2015-07-01",
    ]);
    expect(shownPeriods([seriesRow(none)])).toEqual([]);
  });
});

describe("rangeWords(periods, edges, language)", () => {
  it("names the first and the last, and one alone once", () => {
    expect(rangeWords(halves, [1, 5], "nl")).toBe("2014-II tot en met 2016-I");
    expect(rangeWords(halves, [1, 5], "en")).toBe("2014-II to 2016-I");
    expect(rangeWords(halves, [1, 2], "nl")).toBe("2014-II");
  });
});

describe("rangeLine(rows, isShare)", () => {
  it("has each figure in the middle of its column, gaps, and strokes for figures that stand alone", () => {
    const values = [0, 2, null, 4, null].map((value) => ({ value, complete: true }));
    // Columns of 20; the axis goes from 0 to 5, over a height of 40.
    expect(rangeLine(values, false)).toBe("M10 40L30 24M69.6 8h0.8");
  });

  it("leads no line to a period that is not complete: a sum over half of it would seem to fall", () => {
    const values = [4, 4, 2].map((value, index) => ({ value, complete: index < 2 }));
    // Columns of 33.33; the stroke of the last begins 0.4 before its middle.
    expect(rangeLine(values, false)).toBe("M16.67 8L50 8M82.93 24h0.8");
  });
});
