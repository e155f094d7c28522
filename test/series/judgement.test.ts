import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { judgementMacros } from "../../pipelines/series/judgement.ts";
import { events, wilson } from "../../pipelines/statistics/interval.ts";
import type { Target } from "../../pipelines/targets.ts";
import {
  compute,
  cover,
  emptyWarehouse,
  figures,
  insertMany,
  insertUnits,
  target,
  type SeriesRow,
} from "../support/figures.ts";

describe("judgementMacros", () => {
  let db: Database;
  beforeAll(async () => {
    db = await Database.open(":memory:");
    await db.run(judgementMacros());
  });
  afterAll(() => db.close());

  const close = (found: number, wanted: number) =>
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * (1 + wanted));

  async function compareShares(pairs: [x: number, n: number][]): Promise<void> {
    const rows = await db.all<{ x: number; n: number; lower: number; upper: number }>(
      `select x, n, wilson_lower(x, n) as lower, wilson_upper(x, n) as upper
       from (select unnest(from_json($pairs::json, '[{"x": "DOUBLE", "n": "DOUBLE"}]'), recursive := true))`,
      { pairs: JSON.stringify(pairs.map(([x, n]) => ({ x, n }))) },
    );
    expect(rows).toHaveLength(pairs.length);
    for (const { x, n, lower, upper } of rows) {
      const wanted = wilson(x, n);
      close(lower, wanted.lower);
      close(upper, wanted.upper);
    }
  }

  it("has the interval of shares of statistics/interval.ts, over a grid", async () => {
    const pairs: [number, number][] = [];
    for (const n of [1, 2, 3, 9, 10, 24, 25, 100, 1000, 65000])
      for (const x of [0, 1, 2, 4, 5, Math.floor(n / 3), Math.floor(n / 2), n - 1, n]) if (x <= n) pairs.push([x, n]);
    await compareShares(pairs);
  });

  it("has the interval of shares of statistics/interval.ts, for any", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(50_000), fc.nat(50_000)).map(([x, more]): [number, number] => [x, x + more || 1]),
          { minLength: 1, maxLength: 200 },
        ),
        compareShares,
      ),
      { numRuns: 5 },
    ));

  it("has the interval of events of statistics/interval.ts", async () => {
    const counts = [...Array(60).keys(), 99, 570, 971, 12_345];
    for (const x of counts) {
      const row = await db.one<{ lower: number; upper: number }>(
        "select events_lower($x::double) as lower, events_upper($x::double) as upper",
        { x },
      );
      close(row!.lower, events(x).lower);
      close(row!.upper, events(x).upper);
    }
  });

  const judged = async (...[kind, value, lower, upper, goal, tolerance]: (string | number | null)[]) =>
    (await db.one<{ said: string }>(
      "select judge($kind::varchar, $value::double, $lower::double, $upper::double, $goal::double, $tolerance::double) as said",
      { kind: kind!, value: value!, lower: lower!, upper: upper!, goal: goal!, tolerance: tolerance! },
    ))!.said;

  it.each([
    // kind, value, lower, upper, target, tolerance, judgement
    ["at_least", 0.3, 0.26, 0.34, 0.25, null, "reached"],
    ["at_least", 0.3, 0.25, 0.34, 0.25, null, "reached"],
    ["at_least", 0.3, 0.24, 0.34, 0.25, null, "reached_uncertain"],
    ["at_least", 0.25, 0.2, 0.3, 0.25, null, "reached_uncertain"],
    ["at_least", 0.24, 0.2, 0.28, 0.25, null, "missed_uncertain"],
    ["at_least", 0.24, 0.2, 0.25, 0.25, null, "missed_uncertain"],
    ["at_least", 0.2, 0.18, 0.24, 0.25, null, "missed"],
    ["at_most", 0.2, 0.18, 0.24, 0.25, null, "reached"],
    ["at_most", 0.25, 0.2, 0.3, 0.25, null, "reached_uncertain"],
    ["at_most", 0.26, 0.25, 0.3, 0.25, null, "missed_uncertain"],
    ["at_most", 0.3, 0.26, 0.34, 0.25, null, "missed"],
    ["within", 0.5, 0.46, 0.54, 0.5, 0.05, "reached"],
    ["within", 0.55, 0.5, 0.6, 0.5, 0.05, "reached_uncertain"],
    ["within", 0.45, 0.4, 0.5, 0.5, 0.05, "reached_uncertain"],
    ["within", 0.5, 0.4, 0.6, 0.5, 0.05, "reached_uncertain"],
    ["within", 0.56, 0.52, 0.6, 0.5, 0.05, "missed_uncertain"],
    ["within", 0.6, 0.56, 0.64, 0.5, 0.05, "missed"],
    ["within", 0.3, 0.26, 0.34, 0.5, 0.05, "missed"],
    ["number", 24, 15, 36, 24, null, "reached"],
    ["number", 23, 15, 36, 24, null, "missed"],
  ])(
    "judges %s of %d (%d to %d) against %d, tolerance %s: %7$s",
    async (kind, value, lower, upper, goal, tolerance, said) => {
      expect(await judged(kind, value, lower, upper, goal, tolerance)).toBe(said);
    },
  );

  it("takes a share exactly on the target, or on the edge of its tolerance, as reached", async () => {
    for (const n of [20, 40, 60, 100, 180, 700, 3000]) {
      for (const [x, goal, tolerance] of [
        [n / 4, 0.25, null],
        [n / 5, 0.2, null],
        [(n * 55) / 100, 0.5, 0.05],
        [(n * 45) / 100, 0.5, 0.05],
      ] as const) {
        const { lower, upper } = wilson(x, n);
        const kind = tolerance === null ? "at_least" : "within";
        expect(await judged(kind, x / n, lower, upper, goal, tolerance), `${x} of ${n}`).toBe("reached_uncertain");
      }
    }
  });
});

describe("computeSeries: targets", () => {
  let db: Database;
  beforeEach(async () => {
    db = await emptyWarehouse();
    await insertUnits(
      db,
      `
      unit_id   level parent_id valid_from
      politie   force -         2005-01-01
      den-haag  unit  politie   2005-01-01
      rotterdam unit  politie   2005-01-01`,
    );
  });
  afterEach(() => db.close());

  /** Intake of a half-year: dual, single; for both units. */
  async function intake(...halves: [date: string, dual: number, single: number][]): Promise<void> {
    for (const [date, dual, single] of halves)
      for (const unit_id of ["den-haag", "rotterdam"])
        for (const [background, count] of [
          ["dual", dual],
          ["single", single],
        ] as const)
          if (count > 0)
            await insertMany(db, "movements", [
              { date, unit_id, kind: "intake", category: "executive", gender: "man", background, count },
            ]);
    const dates = halves.map(([date]) => date.slice(0, 4)).sort();
    await cover(db, "movements", "politie", `${dates[0]}-01`, `${dates.at(-1)}-12`);
  }

  const goal = (fields: Partial<Target>) =>
    target({
      indicator_id: "intake-dual",
      unit_id: "politie",
      from: "2015-01-01",
      to: "2017-12-31",
      value: 0.25,
      ...fields,
    });

  async function series(targets: Target[], where: string, today = "2019-02-01"): Promise<SeriesRow[]> {
    await compute(db, { ids: ["intake-dual"], targets, today });
    return figures(db, `breakdown is null and (${where})`);
  }
  const said = (rows: SeriesRow[]) =>
    rows.map((row) => `${row.unit_id} ${row.period_end} ${row.target} ${row.judgement}`);

  it("lets units inherit the target of the force, and nothing after it ended", async () => {
    await intake(["2016-03-01", 60, 100], ["2018-03-01", 60, 100]);
    expect(said(await series([goal({})], "grain = 'year'"))).toEqual([
      "den-haag 2016-12-31 0.25 reached",
      "den-haag 2017-12-31 0.25 no_data",
      "den-haag 2018-12-31 null no_target",
      "politie 2016-12-31 0.25 reached",
      "politie 2017-12-31 0.25 no_data",
      "politie 2018-12-31 null no_target",
      "rotterdam 2016-12-31 0.25 reached",
      "rotterdam 2017-12-31 0.25 no_data",
      "rotterdam 2018-12-31 null no_target",
    ]);
  });

  it("does not let units inherit a target of another unit, nor a number", async () => {
    await intake(["2016-03-01", 60, 100]);
    const own = goal({ unit_id: "rotterdam" });
    expect(said(await series([own], "grain = 'year'"))).toEqual([
      "den-haag 2016-12-31 null no_target",
      "politie 2016-12-31 null no_target",
      "rotterdam 2016-12-31 0.25 reached",
    ]);
    const number = goal({ kind: "number", value: 0.3 });
    expect(said(await series([number], "grain = 'year' and unit_id = 'rotterdam'"))).toEqual([
      "rotterdam 2016-12-31 null no_target",
    ]);
  });

  it("lets a unit's own target go before that of the force for as long as it holds", async () => {
    await intake(["2015-03-01", 60, 100], ["2016-03-01", 60, 100], ["2017-03-01", 60, 100]);
    const own = goal({ target_id: 2, unit_id: "rotterdam", from: "2016-01-01", to: "2016-12-31", value: 0.6 });
    expect(said(await series([goal({}), own], "grain = 'year' and unit_id = 'rotterdam'"))).toEqual([
      "rotterdam 2015-12-31 0.25 reached",
      "rotterdam 2016-12-31 0.6 missed",
      "rotterdam 2017-12-31 0.25 reached",
    ]);
    const running = await figures(db, "breakdown is null and grain = 'target' and unit_id = 'rotterdam'");
    expect(running.map(({ period_start, target }) => `${period_start} ${target}`)).toEqual([
      "2016-01-01 0.6",
      "2016-01-01 0.6",
    ]);
  });

  it("gives one figure one target, also where an aim on a day and a target over years meet", async () => {
    await intake(["2016-03-01", 60, 100]);
    const aim = goal({
      target_id: 2,
      unit_id: "rotterdam",
      from: "2018-12-31",
      to: "2018-12-31",
      value: 0.9,
      baseline_to: "2015-12-31",
    });
    const rows = await series([goal({}), aim], "grain = 'year' and unit_id = 'rotterdam'");
    expect(said(rows)).toHaveLength(1);
  });

  it("says too_few under ten, and no_data where there was no one", async () => {
    await db.run("update units set level = 'force' where unit_id <> 'politie'");
    await insertMany(db, "complaints", [
      { unit_id: "den-haag", received_on: "2016-01-05", aspects: ["other"], outcome: "founded", count: 9 },
      { unit_id: "rotterdam", received_on: "2016-01-05", aspects: ["other"], outcome: "founded", count: 10 },
    ]);
    await cover(db, "complaints", "politie", "2016-01", "2016-12");
    const targets = [
      goal({ indicator_id: "complaints-founded", unit_id: "den-haag" }),
      goal({ indicator_id: "complaints-founded", unit_id: "rotterdam", target_id: 2 }),
    ];
    await compute(db, { ids: ["complaints-founded"], targets, today: "2019-02-01" });
    const rows = await figures(db, "breakdown is null and grain = 'half' and unit_id <> 'politie'");
    expect(rows.map((row) => `${row.unit_id} ${row.period_end} ${row.judgement}`)).toEqual([
      "den-haag 2016-06-30 too_few",
      "den-haag 2016-12-31 no_data",
      "rotterdam 2016-06-30 reached",
      "rotterdam 2016-12-31 no_data",
    ]);
  });

  it("runs the figure of a target over years from its start to each half-year's end", async () => {
    await intake(["2015-03-01", 10, 90], ["2015-09-01", 10, 90], ["2016-03-01", 80, 20], ["2018-03-01", 90, 10]);
    const rows = await series([goal({ to: "2016-12-31" })], "grain = 'target' and unit_id = 'politie'");
    expect(
      rows.map((row) => `${row.period_start} ${row.period_end} ${row.numerator} ${row.denominator} ${row.judgement}`),
    ).toEqual([
      "2015-01-01 2015-06-30 20 200 missed",
      "2015-01-01 2015-12-31 40 400 missed",
      "2015-01-01 2016-06-30 200 600 reached",
      "2015-01-01 2016-12-31 200 600 reached",
    ]);
  });

  it("judges a breakdown by a target that is set for each of its values", async () => {
    await intake(["2016-03-01", 60, 100]);
    await db.run("update movements set intake_level = if(unit_id = 'rotterdam', 'mbo4', 'hbo')");
    await compute(db, { ids: ["intake-dual"], targets: [goal({ breakdown: "intake_level" })], today: "2019-02-01" });
    const rows = await figures(
      db,
      "breakdown = 'intake_level' and grain = 'year' and unit_id = 'politie' and period_end = '2016-12-31'",
    );
    expect(rows.map((row) => `${row.breakdown_value} ${row.target} ${row.judgement}`)).toEqual([
      "hbo 0.25 reached",
      "mbo4 0.25 reached",
    ]);
    expect(await figures(db, "breakdown is null and target is not null")).toEqual([]);
  });

  describe("an aim on a day", () => {
    const aim = target({
      indicator_id: "staffing-women",
      unit_id: "rotterdam",
      from: "2018-12-31",
      to: "2018-12-31",
      kind: "within",
      value: 0.5,
      tolerance: 0.05,
      baseline_from: "2015-12-01",
      baseline_to: "2015-12-31",
    });

    beforeEach(async () => {
      for (const [period, women] of [
        ["2015-06-30", 10],
        ["2015-12-31", 20],
        ["2016-12-31", 30],
        ["2018-12-31", 40],
        ["2019-12-31", 40],
      ] as const)
        for (const [gender, headcount] of [
          ["woman", women],
          ["man", 100 - women],
        ] as const)
          await insertMany(db, "staffing", [
            { period, unit_id: "rotterdam", category: "executive", role: "employee", gender, headcount },
          ]);
      await cover(db, "staffing", "politie", "2015-01", "2019-12");
      await compute(db, { ids: ["staffing-women"], targets: [aim], today: "2020-02-01" });
    });

    it("is judged on that day only, with the pace of a straight path before", async () => {
      const rows = await figures(db, "breakdown is null and grain = 'year' and unit_id = 'rotterdam'");
      const days = 1096;
      expect(rows.map((row) => [row.period_end, row.target, row.judgement])).toEqual([
        ["2015-12-31", null, "no_target"],
        ["2016-12-31", 0.5, "no_target"],
        ["2018-12-31", 0.5, "missed_uncertain"],
        ["2019-12-31", null, "no_target"],
      ]);
      expect(rows[1]!.pace).toBeCloseTo(0.2 + (0.3 * 366) / days, 10);
      expect(rows[2]!.pace).toBeCloseTo(0.5, 10);
      expect([rows[0]!.pace, rows[3]!.pace]).toEqual([null, null]);
    });

    it("makes no figure of a running period, and is not inherited by others", async () => {
      expect(await figures(db, "grain = 'target'")).toEqual([]);
      expect(await figures(db, "unit_id <> 'rotterdam' and target is not null")).toEqual([]);
    });
  });

  describe("a number to reach", () => {
    beforeEach(async () => {
      await insertMany(db, "complaints", [
        { unit_id: "den-haag", received_on: "2015-09-05", aspects: ["other"], outcome: "pending", count: 10 },
        { unit_id: "den-haag", received_on: "2016-03-05", aspects: ["other"], outcome: "pending", count: 10 },
      ]);
      await cover(db, "complaints", "politie", "2015-01", "2016-12");
    });
    const number = (fields: Partial<Target>) =>
      target({
        indicator_id: "complaints",
        unit_id: "den-haag",
        kind: "number",
        from: "2015-07-01",
        to: "2016-06-30",
        value: 24,
        grain: "target",
        ...fields,
      });
    const judgements = async (targets: Target[], grain: string, today: string) => {
      await compute(db, { ids: ["complaints"], targets, today });
      const rows = await figures(db, `breakdown is null and unit_id = 'den-haag' and grain = '${grain}'`);
      return rows.map((row) => `${row.period_end} ${row.value} ${row.judgement}`);
    };

    it("is not missed before its time is over", async () => {
      expect(await judgements([number({})], "target", "2017-02-01")).toEqual([
        "2015-12-31 10 no_target",
        "2016-06-30 20 missed",
      ]);
      expect(await judgements([number({ value: 8 })], "target", "2017-02-01")).toEqual([
        "2015-12-31 10 reached",
        "2016-06-30 20 reached",
      ]);
    });

    it("of each year is held against the year alone", async () => {
      const yearly = number({ from: "2015-01-01", to: "2016-12-31", value: 10, grain: "year" });
      expect(await judgements([yearly], "year", "2016-12-01")).toEqual([
        "2015-12-31 10 reached",
        "2016-12-31 10 reached",
      ]);
      expect(await judgements([yearly], "half", "2016-12-01")).toEqual([
        ...["2015-06-30 0 no_target", "2015-12-31 10 no_target", "2016-06-30 10 no_target", "2016-12-31 0 no_target"],
      ]);
      expect(await judgements([yearly], "target", "2016-12-01")).toEqual([]);
      const atMost = { ...yearly, kind: "at_most" as const };
      expect(await judgements([atMost], "half", "2016-12-01")).toEqual(
        await judgements([yearly], "half", "2016-12-01"),
      );
      expect((await judgements([number({ ...yearly, value: 11 })], "year", "2016-12-01"))[1]).toBe(
        "2016-12-31 10 no_target",
      );
    });
  });
});
