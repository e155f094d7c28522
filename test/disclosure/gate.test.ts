import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { fixedKeys } from "../../pipelines/series/keys.ts";
import { judgementMacros } from "../../pipelines/series/judgement.ts";
import { tableFromJson } from "../../pipelines/series/table.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { wilson } from "../../pipelines/statistics/interval.ts";
import { figures, type SeriesRow } from "../support/figures.ts";
import { long } from "../support/long.ts";

const [begun, reasons, rules, shown] = [
  "series/begun.sql",
  "disclosure/reasons.sql",
  "disclosure/gate.sql",
  "disclosure/shown.sql",
].map((name) => readFileSync(path.join(projectFolder, "pipelines", name), "utf8"));
// Its cells are judged as they come.
const gate = `${begun}\n${reasons}\ncreate or replace temp view judged as from reasoned;\n${rules}\n${shown}`;

/** A figure as it comes to the gate. */
interface Cell {
  indicator_id: string;
  unit_id: string;
  level: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number;
  share: number | null;
  source_withheld: boolean;
  complete: boolean;
  kind: string;
  value: number | null;
  lower: number | null;
  upper: number | null;
  judgement: string;
  target: number | null;
  target_kind: string | null;
  tolerance: number | null;
}

const columns: Record<string, string> = {
  ...Object.fromEntries(
    [
      "indicator_id",
      "unit_id",
      "level",
      "grain",
      "breakdown",
      "breakdown_value",
      "kind",
      "judgement",
      "target_kind",
    ].map((name) => [name, "VARCHAR"]),
  ),
  ...Object.fromEntries(["period_start", "period_end"].map((n) => [n, "DATE"])),
  ...Object.fromEntries(
    [
      "numerator",
      "denominator",
      "numerator2",
      "denominator2",
      "unknown",
      "share",
      "value",
      "lower",
      "upper",
      "target",
      "tolerance",
    ].map((n) => [n, "DOUBLE"]),
  ),
  source_withheld: "BOOLEAN",
  complete: "BOOLEAN",
  reference: "BOOLEAN",
  target_id: "INTEGER",
  version: "INTEGER",
};

const indicators = [
  { indicator_id: "of-background", protected: true, sensitive: false, min_denominator: 10, min_numerator: 5 },
  { indicator_id: "strict", protected: true, sensitive: false, min_denominator: 30, min_numerator: 5 },
  { indicator_id: "stricter", protected: true, sensitive: false, min_denominator: 30, min_numerator: 10 },
  { indicator_id: "of-cases", protected: false, sensitive: true, min_denominator: 10, min_numerator: 5 },
  {
    indicator_id: "of-days",
    in_days: true,
    protected: true,
    sensitive: false,
    min_denominator: 10,
    min_numerator: 5,
  },
  { indicator_id: "open", protected: false, sensitive: false, min_denominator: 10, min_numerator: 5 },
];

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:", { threads: "1" });
  await db.run(judgementMacros() + fixedKeys);
  await tableFromJson(
    db,
    "indicators",
    indicators.map((each) => ({ in_days: false, ...each, freshness: "fresh" })),
    {
      indicator_id: "VARCHAR",
      protected: "BOOLEAN",
      in_days: "BOOLEAN",
      sensitive: "BOOLEAN",
      min_denominator: "INTEGER",
      min_numerator: "INTEGER",
      freshness: "VARCHAR",
    },
  );
  await tableFromJson(db, "applied_targets", [], {
    target_id: "INTEGER",
    indicator_id: "VARCHAR",
    unit_id: "VARCHAR",
    breakdown: "VARCHAR",
    baseline_from: "DATE",
    baseline_to: "DATE",
  });
  await tableFromJson(db, "targets", [], {
    target_id: "INTEGER",
    source: "VARCHAR",
    from: "DATE",
    to: "DATE",
    baseline_to: "DATE",
  });
});
afterAll(() => db.close());

/** Puts cells through the gate; the rows come back in the order of the cells. */
async function through(cells: Cell[]): Promise<SeriesRow[]> {
  const numbered = cells.map((cell, i) => ({
    ...cell,
    version: 1,
    reference: false,
    unit_id: String(i).padStart(6, "0"),
  }));
  await tableFromJson(db, "figures", numbered, columns);
  await db.run(gate);
  return figures(db);
}

const ends: Record<string, [start: string, end: string]> = {
  month: ["2016-12-01", "2016-12-31"],
  quarter: ["2016-10-01", "2016-12-31"],
  half: ["2016-07-01", "2016-12-31"],
  year: ["2016-01-01", "2016-12-31"],
  r12: ["2016-01-01", "2016-12-31"],
  target: ["2015-01-01", "2016-12-31"],
};

/** A cell of a year, of a team's figure; `numerator` of `denominator`. */
function cell(fields: Partial<Cell> = {}): Cell {
  const { numerator = 20, denominator = 60, grain = "year" } = fields;
  const [period_start, period_end] = ends[grain]!;
  const isShare = numerator !== null && denominator !== null && denominator > 0;
  const interval = isShare ? wilson(numerator, denominator) : { lower: null, upper: null };
  return {
    indicator_id: "of-background",
    unit_id: "",
    level: "team",
    grain,
    period_start,
    period_end,
    breakdown: null,
    breakdown_value: null,
    numerator,
    denominator,
    unknown: 0,
    share: null,
    source_withheld: false,
    complete: true,
    kind: "share",
    value: isShare ? numerator / denominator : null,
    ...interval,
    judgement: isShare ? "no_target" : "no_data",
    target: null,
    target_kind: null,
    tolerance: null,
    ...fields,
  };
}

const reason = async (fields: Partial<Cell>) => (await through([cell(fields)]))[0]!.withheld_reason;

describe("the gate: floors of what is protected", () => {
  // The finest grain that each level shows, and with a breakdown.
  const finest: Record<string, [total: string, split: string | null]> = {
    force: ["month", "half"],
    unit: ["quarter", "half"],
    district: ["half", "year"],
    service: ["half", "year"],
    team: ["year", null],
    bureau: ["year", null],
  };
  const order = ["month", "quarter", "half", "year"];
  const cases = Object.entries(finest).flatMap(([level, [total, split]]) =>
    order.flatMap((grain) => [
      { level, grain, by: false, shown: order.indexOf(grain) >= order.indexOf(total) },
      { level, grain, by: true, shown: split !== null && order.indexOf(grain) >= order.indexOf(split) },
    ]),
  );

  it.each(cases)("$level by $grain, breakdown $by: shown $shown", async ({ level, grain, by, shown }) => {
    const split = by ? { breakdown: "gender", breakdown_value: "woman" } : {};
    expect(await reason({ level, grain, ...split })).toBe(shown ? null : "floor");
  });

  it.each([
    // level, breakdown, start, end, shown
    ["force", false, "2016-01-01", "2016-12-31", true],
    ["force", false, "2015-07-01", "2016-06-30", true],
    ["force", false, "2015-10-01", "2016-09-30", false],
    ["force", false, "2015-06-01", "2016-05-31", false],
    ["force", true, "2015-07-01", "2016-06-30", true],
    ["force", true, "2015-04-01", "2016-06-30", false],
    ["unit", false, "2015-07-01", "2016-06-30", true],
    ["unit", false, "2016-05-01", "2016-06-30", false],
    ["district", false, "2015-07-01", "2016-06-30", true],
    ["district", false, "2015-10-01", "2016-06-30", false],
    ["district", false, "2016-04-01", "2016-06-30", false],
    ["district", true, "2015-07-01", "2016-06-30", false],
    ["district", true, "2016-01-01", "2016-12-31", true],
    ["team", false, "2016-01-01", "2016-12-31", true],
    ["team", false, "2015-07-01", "2016-06-30", false],
    ["team", false, "2016-07-01", "2016-12-31", false],
    ["team", true, "2016-01-01", "2016-12-31", false],
  ])("windows, %s, breakdown %s, %s to %s: shown %s", async (level, by, period_start, period_end, shown) => {
    const split = by ? { breakdown: "gender", breakdown_value: "woman" } : {};
    for (const grain of ["r12", "target"])
      expect(await reason({ level, grain, ...split, period_start, period_end }), grain).toBe(shown ? null : "floor");
  });

  it("holds for nothing that is not protected", async () => {
    for (const level of Object.keys(finest))
      for (const grain of Object.keys(ends))
        expect(
          await reason({ indicator_id: "open", level, grain, numerator: 1, denominator: 2, complete: false }),
        ).toBe(null);
  });

  it("shows complete periods only", async () => {
    expect(await reason({ complete: false })).toBe("incomplete");
    expect(await reason({ complete: false, level: "force", grain: "month" })).toBe("incomplete");
  });
});

describe("the gate: thresholds and bands", () => {
  it.each([
    // numerator, denominator, reason
    [5, 10, null],
    [4, 9, "threshold"],
    [5, 9, "threshold"],
    [4, 10, "threshold"],
    [6, 10, "threshold"],
    [0, 10, "threshold"],
    [10, 10, "threshold"],
    [5, 24, null],
    [19, 24, null],
    [4, 24, "threshold"],
    [20, 24, "threshold"],
    [0, 24, "threshold"],
    [24, 24, "threshold"],
    [5, 25, null],
    [20, 25, null],
    [4, 25, "band"],
    [0, 25, "band"],
    [21, 25, "band"],
    [25, 25, "band"],
    [300, 301, "band"],
  ])("%d of %d: %s", async (numerator, denominator, wanted) => {
    expect(await reason({ numerator, denominator })).toBe(wanted);
  });

  it.each([
    // kind, unknown, reason
    ["share", 0, null],
    ["share", 1, "threshold"],
    ["share", 4, "threshold"],
    ["share", 5, null],
    ["score", 0, "threshold"],
    ["rate", 0, "threshold"],
    ["ratio", 0, "threshold"],
  ])("0 of 0 of a %s, of %d unknown: %s", async (kind, unknown, wanted) => {
    const [row] = await through([cell({ kind, unknown, numerator: 0, denominator: 0 })]);
    expect(row).toMatchObject({ withheld_reason: wanted, judgement: wanted ? "withheld" : "no_data", value: null });
    expect(await reason({ kind, unknown, numerator: 0, denominator: 0, level: "district", grain: "month" })).toBe(
      "floor",
    );
  });

  it("shows of a band the denominator and its side, and nothing else", async () => {
    const [low, high] = await through([
      cell({ numerator: 3, denominator: 37 }),
      cell({ numerator: 35, denominator: 37 }),
    ]);
    const open = { value: null, numerator: null, unknown: null, lower: null, upper: null, pace: null };
    expect(low).toMatchObject({ ...open, withheld: true, denominator: 37, band: true, band_side: "low" });
    expect(high).toMatchObject({ ...open, withheld: true, denominator: 37, band: true, band_side: "high" });
  });

  const against = { target: 0.25, target_kind: "at_least", judgement: "missed" };
  const judgementOf = async (fields: Partial<Cell>) => (await through([cell({ ...against, ...fields })]))[0]!.judgement;

  it("judges a band where each of its values is judged the same", async () => {
    // 4 of 60 is still below the target with certainty; 0 to 4 of 30 are not all.
    expect(wilson(4, 60).upper).toBeLessThan(0.25);
    expect(await judgementOf({ numerator: 0, denominator: 60 })).toBe("missed");
    expect(await judgementOf({ numerator: 4, denominator: 60 })).toBe("missed");
    expect(wilson(4, 30).upper).toBeGreaterThan(0.25);
    expect(await judgementOf({ numerator: 0, denominator: 30 })).toBe("withheld");
    expect(await judgementOf({ numerator: 4, denominator: 30 })).toBe("withheld");
    expect(await judgementOf({ numerator: 60, denominator: 60, judgement: "reached" })).toBe("reached");
    expect(
      await judgementOf({ numerator: 2, denominator: 60, target: null, target_kind: null, judgement: "no_target" }),
    ).toBe("no_target");
    expect(await judgementOf({ numerator: 2, denominator: 12 })).toBe("withheld");
  });

  it("has stricter numbers for a stricter indicator, without bands that say more", async () => {
    expect(await reason({ indicator_id: "strict", numerator: 10, denominator: 29 })).toBe("threshold");
    expect(await reason({ indicator_id: "strict", numerator: 3, denominator: 29 })).toBe("threshold");
    expect(await reason({ indicator_id: "strict", numerator: 3, denominator: 30 })).toBe("band");
    expect(await reason({ indicator_id: "stricter", numerator: 9, denominator: 40 })).toBe("threshold");
    expect(await reason({ indicator_id: "stricter", numerator: 3, denominator: 40 })).toBe("threshold");
    expect(await reason({ indicator_id: "stricter", numerator: 10, denominator: 40 })).toBe(null);
  });

  it("hides one to four people of unknown background", async () => {
    const rows = await through([0, 1, 4, 5].map((unknown) => cell({ unknown })));
    expect(rows.map((row) => row.unknown)).toEqual([0, null, null, 5]);
  });

  it("withholds a protected count: it has no denominator to hide in", async () => {
    expect(await reason({ kind: "count", numerator: 7, denominator: null, value: 7 })).toBe("threshold");
  });

  it("passes a share that came without its numbers, and says only the share", async () => {
    const [row] = await through([
      cell({
        share: 0.22,
        value: 0.22,
        numerator: null,
        denominator: null,
        lower: 0.215,
        upper: 0.225,
        level: "force",
        grain: "month",
      }),
    ]);
    expect(row).toMatchObject({ withheld: false, value: 0.22, numerator: null, denominator: null, lower: 0.215 });
  });

  it("keeps what its source withheld, also where nothing is protected", async () => {
    for (const indicator_id of ["of-background", "open"])
      expect(await reason({ indicator_id, source_withheld: true })).toBe("source");
  });
});

describe("the gate: the sensitive class", () => {
  const split = { indicator_id: "of-cases", breakdown: "aspect", breakdown_value: "force", level: "team" };

  it.each([
    ["count", 0, null, null],
    ["count", 1, null, "sensitive"],
    ["count", 4, null, "sensitive"],
    ["count", 5, null, null],
    ["rate", 4, 100, "sensitive"],
    ["rate", 0, 3, null],
    ["share", 0, 4, "sensitive"],
    ["share", 0, 5, null],
    ["share", 5, 5, null],
    ["share", 5, 9, "sensitive"],
    ["share", 5, 10, null],
    ["share", 0, 0, null],
  ])("%s, %d of %s: %s", async (kind, numerator, denominator, wanted) => {
    for (const level of ["district", "service", "team", "bureau"])
      expect(await reason({ ...split, level, kind, numerator, denominator }), level).toBe(wanted);
    for (const level of ["force", "unit"])
      expect(await reason({ ...split, level, kind, numerator, denominator }), level).toBe(null);
  });

  it("shows breakdowns below units by half-year and year only, plain totals always", async () => {
    for (const grain of ["month", "quarter", "r12", "target"])
      expect(await reason({ ...split, grain, kind: "count", numerator: 8, denominator: null })).toBe("sensitive");
    for (const grain of Object.keys(ends))
      expect(await reason({ indicator_id: "of-cases", grain, kind: "count", numerator: 1, denominator: null })).toBe(
        null,
      );
  });
});

describe("the gate: any cell", () => {
  const anyCell = fc
    .record({
      indicator_id: fc.constantFrom(...indicators.map((each) => each.indicator_id)),
      level: fc.constantFrom("force", "unit", "district", "service", "team", "bureau"),
      grain: fc.constantFrom(...Object.keys(ends)),
      split: fc.boolean(),
      x: fc.oneof(fc.nat(8), fc.nat(60)),
      more: fc.oneof(fc.nat(8), fc.nat(60)),
      unknown: fc.nat(8),
      complete: fc.boolean(),
      source_withheld: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      target: fc.constantFrom(null, 0.1, 0.25, 0.5),
    })
    .map(({ split, x, more, target, ...rest }) =>
      cell({
        ...rest,
        numerator: x,
        denominator: x + more,
        ...(split ? { breakdown: "by", breakdown_value: "one" } : {}),
        ...(target && x + more > 0 ? { target, target_kind: "at_least", judgement: "missed_uncertain" } : {}),
      }),
    );

  it("shows nothing of what it withholds, and no protected cell under its threshold", () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyCell, { minLength: 50, maxLength: 300 }), async (cells) => {
        const rows = await through(cells);
        expect(rows).toHaveLength(cells.length);
        for (const [i, row] of rows.entries()) {
          const { numerator, denominator, unknown, indicator_id, level } = cells[i]!;
          const [x, n] = [numerator!, denominator!];
          const rules = indicators.find((each) => each.indicator_id === indicator_id)!;
          const label = JSON.stringify({ ...cells[i], row });
          if (row.withheld) {
            const hidden = { value: null, numerator: null, unknown: null, lower: null, upper: null, pace: null };
            expect(row, label).toMatchObject({ ...hidden, restated: false });
            expect(row.withheld_reason, label).not.toBe(null);
            expect(row.denominator, label).toBe(row.band ? n : null);
            if (!row.band) expect(row.judgement, label).toBe("withheld");
            else expect(n >= 25 && Math.min(x, n - x) < 5, label).toBe(true);
            continue;
          }
          expect(row, label).toMatchObject({ withheld_reason: null, numerator: x, denominator: n, band: false });
          if (rules.protected) {
            const isNobody = n === 0 && !(unknown > 0 && unknown < 5);
            expect(isNobody || (n >= rules.min_denominator && Math.min(x, n - x) >= rules.min_numerator), label).toBe(
              true,
            );
            expect(
              row.complete && (row.unknown === null ? unknown > 0 && unknown < 5 : row.unknown === unknown),
              label,
            ).toBe(true);
            if (row.breakdown) expect(["team", "bureau"], label).not.toContain(level);
          } else if (rules.sensitive && row.breakdown && !["force", "unit"].includes(level))
            expect([1, 2, 3, 4].includes(x) || [1, 2, 3, 4].includes(n - x), label).toBe(false);
        }
      }),
      { numRuns: long ? 300 : 15 },
    ));

  it("says the same of all cells of one band", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 25, max: 400 }),
        fc.constantFrom(0.01, 0.02, 0.1, 0.2, 0.25, 0.5, 0.75, 0.9, 0.99),
        fc.constantFrom("at_least", "at_most", "within"),
        fc.boolean(),
        async (n, target, target_kind, isHigh) => {
          const judged = { denominator: n, target, target_kind, tolerance: 0.05, judgement: "missed" };
          const rows = await through(
            [0, 1, 2, 3, 4].map((few) => cell({ ...judged, numerator: isHigh ? n - few : few })),
          );
          const seen = rows.map((row) => JSON.stringify({ ...row, unit_id: "" }));
          expect(new Set(seen).size).toBe(1);
        },
      ),
      { numRuns: long ? 300 : 25 },
    ));
});
