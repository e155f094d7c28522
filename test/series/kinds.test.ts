import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import type { Target } from "../../pipelines/targets.ts";
import {
  contracts,
  cover,
  emptyWarehouse,
  figures,
  insertMany,
  insertRows,
  insertUnits,
  table,
  target,
} from "../support/figures.ts";
import { computeSynthetic, synthetic } from "../support/synthetic.ts";

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
  await insertUnits(
    db,
    `unit_id  level    parent_id valid_from valid_to
     politie  force    -         2005-01-01 -
     noord    unit     politie   2005-01-01 -
     zuid     unit     politie   2005-01-01 -
     laak     district noord     2005-01-01 -
     laak-1   team     laak      2005-01-01 -
     laak-2   team     laak      2005-01-01 2016-09-30
     laak-3   team     laak      2016-05-10 -
     zuid-1   team     zuid      2005-01-01 -`,
  );
});
afterEach(() => db.close());

/** `end value numerator/denominator unknown [lower upper] judgement` of a unit's figures, numbers to 4 digits; `?` where incomplete. */
async function rows(unit: string, grain: string, where = "breakdown is null"): Promise<string[]> {
  const found = await figures(db, `unit_id = '${unit}' and grain = '${grain}' and ${where}`);
  const short = (value: number | null) => (value === null ? "-" : String(Math.round(value * 1e4) / 1e4));
  return found.map(
    (row) =>
      `${row.period_end.slice(0, 7)}${row.complete ? "" : "?"} ${short(row.value)} ${short(row.numerator)}/${short(row.denominator)} ${short(row.unknown)} [${short(row.lower)} ${short(row.upper)}] ${row.judgement}`,
  );
}

const add = (feed: string, text: string) => insertRows(db, contracts.get(feed)!, table(text));

describe("cumulative", () => {
  const places = {
    indicator_id: "places",
    unit_id: "noord",
    kind: "number",
    value: 24,
    grain: "target",
    from: "2015-07-01",
    to: "2016-06-30",
  } as const;

  async function run(today: string, targets: Target[]) {
    const definition = await synthetic(
      "places",
      ["kind: cumulative"],
      "select unit_id, date as month, sum(quantity) as numerator from outputs where output = 'plenary' group by unit_id, date",
    );
    await add(
      "outputs",
      `date       unit_id output  quantity
       2015-03-10 laak-1  plenary 2
       2015-08-10 laak-1  plenary 5
       2015-11-10 laak-1  plenary 9
       2016-05-10 laak-3  plenary 10
       2016-08-10 laak-1  plenary 1`,
    );
    await cover(db, "outputs", "politie", "2015-01", "2016-12");
    await computeSynthetic(db, [definition], { today, targets });
  }

  it("runs from 1 January, at every grain to the period's end", async () => {
    await run("2017-02-01", []);
    expect(await rows("noord", "half")).toEqual([
      "2015-06 2 2/- 0 [0.2422 7.2247] no_target",
      "2015-12 16 16/- 0 [9.1395 25.9844] no_target",
      "2016-06 10 10/- 0 [4.7874 18.3915] no_target",
      "2016-12 11 11/- 0 [5.4837 19.6832] no_target",
    ]);
    expect((await rows("noord", "quarter")).map((row) => row.split(" ")[1])).toEqual([
      "2",
      "2",
      "7",
      "16",
      "0",
      "10",
      "11",
      "11",
    ]);
    expect((await rows("noord", "month")).map((row) => row.split(" ")[1]).join(" ")).toBe(
      "0 0 2 2 2 2 2 7 7 7 16 16 0 0 0 0 10 10 10 11 11 11 11 11",
    );
    expect(await rows("noord", "r12")).toEqual([]);
  });

  it("runs from its target's start, and is not missed before its end", async () => {
    await run("2017-02-01", [target(places)]);
    expect((await rows("noord", "half")).map((row) => row.replace(/\[.*\] /, ""))).toEqual([
      "2015-06 2 2/- 0 no_target",
      "2015-12 14 14/- 0 no_target",
      "2016-06 24 24/- 0 reached",
      "2016-12 11 11/- 0 no_target",
    ]);
    // The year ends outside the target, and a unit that has none counts from January.
    expect((await rows("noord", "year")).map((row) => row.split(" ")[1])).toEqual(["14", "11"]);
    expect((await rows("politie", "year")).map((row) => row.split(" ")[1])).toEqual(["16", "11"]);
    expect((await rows("noord", "target")).map((row) => row.split(" ").slice(0, 2).join(" "))).toEqual([
      "2015-12 14",
      "2016-06 24",
    ]);
  });

  it("is missed when its time is over", async () => {
    await run("2017-02-01", [target({ ...places, value: 25 })]);
    expect((await rows("noord", "half")).map((row) => row.split("] ")[1])).toEqual([
      "no_target",
      "no_target",
      "missed",
      "no_target",
    ]);
  });

  it("is incomplete where any month of the run is not there", async () => {
    await db.run("delete from coverage");
    await run("2017-02-01", []);
    await db.run("delete from coverage");
    await cover(db, "outputs", "politie", "2015-01", "2015-01");
    await cover(db, "outputs", "politie", "2015-03", "2016-12");
    const definition = await synthetic(
      "places",
      ["kind: cumulative"],
      "select unit_id, date as month, quantity as numerator from outputs",
    );
    await computeSynthetic(db, [definition], { today: "2017-02-01" });
    expect((await rows("noord", "half")).map((row) => row.split(" ")[0])).toEqual([
      "2015-06?",
      "2015-12?",
      "2016-06",
      "2016-12",
    ]);
  });
});

describe("coverage", () => {
  async function run(keys: string[] = ["least: 2"], targets: Target[] = []) {
    const definition = await synthetic(
      "trained",
      ["kind: coverage", "of: [team]", ...keys],
      "select unit_id, date as month, until, quantity as numerator from outputs where output = 'trained_colleague'",
    );
    await add(
      "outputs",
      `date       unit_id output            quantity until
       2016-01-10 laak-1  trained_colleague 1        -
       2016-03-05 laak-1  trained_colleague 1        2016-11-15
       2016-02-20 laak-2  trained_colleague 3        -
       2016-06-30 laak-3  trained_colleague 2        2016-12-31
       2016-04-01 zuid-1  trained_colleague 1        -`,
    );
    await cover(db, "outputs", "politie", "2016-01", "2016-12");
    await computeSynthetic(db, [definition], { today: "2017-02-01", targets });
  }

  it("counts the units that have enough among those that there are at each month's end", async () => {
    await run();
    // laak-3 begins in May and has enough from June; laak-2 ends in September; of laak-1 one leaves in November.
    expect((await rows("noord", "month")).map((row) => row.split(" ")[2])).toEqual([
      ...["0/2", "1/2", "2/2", "2/2", "2/3", "3/3", "3/3", "3/3", "2/2", "2/2", "1/2", "1/2"].map((each, i) =>
        i === 8 ? "3/3" : each,
      ),
    ]);
    expect(await rows("noord", "half")).toEqual([
      "2016-06 1 3/3 0 [- -] no_target",
      "2016-12 0.5 1/2 0 [- -] no_target",
    ]);
    expect(await rows("politie", "half")).toEqual([
      "2016-06 0.75 3/4 0 [- -] no_target",
      "2016-12 0.3333 1/3 0 [- -] no_target",
    ]);
    expect(await rows("laak-3", "year")).toEqual(["2016-12 1 1/1 0 [- -] no_target"]);
  });

  it("needs one where nothing else is said", async () => {
    await run([]);
    expect((await rows("politie", "year"))[0]).toBe("2016-12 1 3/3 0 [- -] no_target");
  });

  it("is judged as a share, also the force's for those below, and as a number of units", async () => {
    const fields = { indicator_id: "trained", from: "2016-01-01", to: "2016-12-31" };
    await run(undefined, [target({ ...fields, unit_id: "politie", value: 0.6 })]);
    expect((await rows("politie", "half")).map((row) => row.split("] ")[1])).toEqual(["reached", "missed"]);
    expect((await rows("noord", "half")).map((row) => row.split("] ")[1])).toEqual(["reached", "missed"]);
    await db.run("delete from outputs");
    await run(undefined, [target({ ...fields, unit_id: "politie", kind: "number", value: 2 })]);
    expect((await rows("politie", "half")).map((row) => row.split("] ")[1])).toEqual(["reached", "missed"]);
    expect((await rows("politie", "quarter")).map((row) => row.split("] ")[1])).toEqual([
      "reached",
      "reached",
      "reached",
      "missed",
    ]);
    expect((await rows("noord", "half")).map((row) => row.split("] ")[1])).toEqual(["no_target", "no_target"]);
  });
});

describe("interval: none", () => {
  const query =
    "select unit_id, date as month, quantity as numerator, 20 as denominator from outputs where output = 'tool_training'";

  async function run(keys: string[], targets: Target[] = []) {
    const definition = await synthetic("made", keys, query);
    await add(
      "outputs",
      `date       unit_id output        quantity
       2016-02-10 laak-1  tool_training 8
       2016-09-10 laak-1  tool_training 9`,
    );
    await cover(db, "outputs", "politie", "2016-01", "2016-12");
    await computeSynthetic(db, [definition], { today: "2017-02-01", targets });
  }

  it("gives no interval, and judges by the value alone, however few there are", async () => {
    const fields = { indicator_id: "made", unit_id: "politie", from: "2016-01-01", to: "2016-12-31" };
    await run(["kind: share", "interval: none"], [target({ ...fields, value: 0.41 })]);
    expect(await rows("politie", "half")).toEqual([
      "2016-06 0.4 8/20 0 [- -] missed",
      "2016-12 0.45 9/20 0 [- -] reached",
    ]);
  });

  it("is of each definition: without it chance has its part", async () => {
    await run(["kind: share"]);
    expect((await rows("politie", "half"))[0]).toMatch(/^2016-06 0.4 8\/20 0 \[0\.2\d* 0\.6\d*\]/);
  });
});

describe("ratio", () => {
  const staff = `
    period     unit_id category  role     gender headcount
    2016-01-31 laak-1  executive employee woman  100
    2016-01-31 laak-1  executive employee man    400
    2016-02-29 laak-1  executive employee woman  100
    2016-02-29 laak-1  executive employee man    400`;
  const leavers = `
    date       unit_id kind gender count
    2016-01-10 laak-1  exit woman  4
    2016-01-10 laak-1  exit man    5
    2016-02-10 laak-1  exit woman  6
    2016-02-10 laak-1  exit man    15`;
  const rates = `
    select unit_id, date as month, sum(count) filter (gender = 'woman') as numerator, 0 as denominator,
      sum(count) filter (gender = 'man') as numerator2, 0 as denominator2
    from movements where kind = 'exit' group by unit_id, date
    union all
    select unit_id, period, 0, sum(headcount) filter (gender = 'woman'), 0, sum(headcount) filter (gender = 'man')
    from staffing group by unit_id, period`;

  it("divides sums by sums, of rates by their mean exposure", async () => {
    await add("staffing", staff);
    await add("movements", leavers);
    for (const feed of ["staffing", "movements"]) await cover(db, feed, "politie", "2016-01", "2016-02");
    await computeSynthetic(db, [await synthetic("leaving", ["kind: ratio", "exposure: mean"], rates)], {
      today: "2016-04-01",
    });
    // (10 / 100) / (20 / 400) = 2; e^(ln 2 ± 1.96 √(1/10 + 1/20)) = 0.9362, 4.2727. January: (4 / 100) / (5 / 400) = 3.2.
    expect(await rows("noord", "quarter")).toEqual(["2016-03? 2 10/100 0 [0.9362 4.2727] no_target"]);
    expect((await rows("noord", "month"))[0]).toContain("2016-01 3.2 4/100 0 [0.8593 11.9166]");
    // Nobody on the other side: there is nothing to divide by.
    expect(await rows("zuid", "month")).toEqual(["2016-01 - 0/0 0 [- -] no_data", "2016-02 - 0/0 0 [- -] no_data"]);
  });

  it("of shares has the interval of their logarithm, and as a stock the last month", async () => {
    await add("staffing", staff);
    await cover(db, "staffing", "politie", "2016-01", "2016-02");
    const shares = `select unit_id, period as month, 20 as numerator, 100 as denominator, 40 as numerator2, 400 as denominator2
      from staffing group by unit_id, period`;
    await computeSynthetic(db, [await synthetic("shares", ["kind: ratio", "stock: true"], shares)], {
      today: "2016-04-01",
    });
    // (20 / 100) / (40 / 400) = 2; √(1/20 - 1/100 + 1/40 - 1/400) = 0.25; e^(±0.48999) = 0.6126, 1.6323.
    expect(await rows("noord", "quarter")).toEqual(["2016-03? 2 20/100 0 [1.2253 3.2646] no_target"]);
  });
});

describe("duration", () => {
  const query = `select unit_id, received_on as month, outcome, count as numerator, closed_on - received_on as days,
    closed_on <= received_on + 42 as within from complaints`;
  const keys = ["kind: duration", "breakdowns: [{ name: outcome, title: { nl: Uitkomst, en: Outcome } }]"];

  async function complaints(text: string): Promise<void> {
    await insertMany(
      db,
      "complaints",
      table(text).map((row) => ({ aspects: ["other"], count: 1, ...row })),
    );
    await cover(db, "complaints", "politie", "2016-01", "2016-12");
  }

  it("has the median of the closed, the number within the term, and the open ones beside it", async () => {
    await complaints(`
      unit_id received_on closed_on  outcome
      laak-1  2016-01-10  2016-01-20 founded
      laak-1  2016-01-10  2016-01-30 founded
      laak-2  2016-02-10  2016-04-10 unfounded
      laak-2  2016-03-10  -          pending
      zuid-1  2016-02-10  2016-02-12 unfounded`);
    await computeSynthetic(db, [await synthetic("days", keys, query)], { today: "2017-02-01" });
    // noord: 10, 20 and 60 days, one open; with zuid 2, 10, 20, 60: the mean of 10 and 20.
    expect((await rows("noord", "half"))[0]).toBe("2016-06 20 2/3 1 [- -] no_target");
    expect((await rows("politie", "half"))[0]).toBe("2016-06 15 3/4 1 [- -] no_target");
    expect((await rows("laak-2", "month"))[2]).toBe("2016-03 - 0/0 1 [- -] no_data");
    expect(await rows("politie", "half", "breakdown_value = 'unfounded' and period_end < '2016-07-01'")).toEqual([
      "2016-06 31 1/2 0 [- -] no_target",
    ]);
  });

  it("has the interval of order statistics, by counts as by rows", async () => {
    // 1 to 10 days, 10 once more as a count of 5: 15 cases, the 4th and the 12th, median the 8th.
    await complaints(`
      unit_id received_on closed_on  outcome count
      ${Array.from({ length: 10 }, (_, i) => `laak-1 2016-01-10 2016-01-${11 + i} founded 1`).join("\n")}
      laak-1 2016-02-10 2016-02-20 founded 5`);
    await computeSynthetic(db, [await synthetic("days", keys, query)], { today: "2017-02-01" });
    expect((await rows("noord", "half"))[0]).toBe("2016-06 8 15/15 0 [4 10] no_target");
  });

  it("is judged against its norm, and has no numerator where no term is said", async () => {
    await complaints(`
      unit_id received_on closed_on  outcome
      ${Array.from({ length: 9 }, (_, i) => `laak-1 2016-01-10 2016-01-${21 + i} founded`).join("\n")}`);
    const definition = await synthetic(
      "days",
      ["kind: duration"],
      "select unit_id, received_on as month, count as numerator, closed_on - received_on as days from complaints",
    );
    const norm = (value: number) =>
      target({
        indicator_id: "days",
        unit_id: "politie",
        kind: "at_most",
        value,
        grain: "half",
        from: "2016-01-01",
        to: "2016-12-31",
      });
    for (const [value, judgement] of [
      [20, "reached"],
      [15, "reached_uncertain"],
      [14, "missed_uncertain"],
      [10, "missed"],
    ] as const) {
      await computeSynthetic(db, [definition], { today: "2017-02-01", targets: [norm(value)] });
      expect((await rows("politie", "half"))[0]).toBe(`2016-06 15 -/9 0 [12 18] ${judgement}`);
    }
  });
});

describe("change", () => {
  const query = "select unit_id, received_on as month, count as numerator from complaints";
  const keys = ["kind: change", "of: complaints", "baseline: { from: 2014-01-01, to: 2014-12-31 }"];

  it("compares a period with the same of the baseline year, twelve months with all of it", async () => {
    await insertMany(
      db,
      "complaints",
      table(`
        unit_id received_on count
        laak-1  2014-02-10  30
        laak-1  2014-05-10  10
        laak-1  2014-09-10  40
        laak-1  2016-03-10  60
        laak-1  2016-09-10  40`).map((row) => ({ aspects: ["other"], outcome: "pending", ...row })),
    );
    await cover(db, "complaints", "politie", "2014-01", "2016-12");
    const more = target({
      indicator_id: "more",
      unit_id: "noord",
      value: 0.25,
      grain: "half",
      from: "2015-01-01",
      to: "2016-12-31",
    });
    await computeSynthetic(db, [await synthetic("more", keys, query)], { today: "2017-02-01", targets: [more] });
    // e^(ln 1.5 ± 1.96 √(1/60 + 1/40)) - 1; the year 100 against 80.
    expect((await rows("noord", "half")).slice(-2)).toEqual([
      "2016-06 0.5 60/40 0 [0.0054 1.2379] reached_uncertain",
      "2016-12 0 40/40 0 [-0.3548 0.55] missed_uncertain",
    ]);
    expect((await rows("noord", "year")).at(-1)).toBe("2016-12 0.25 100/80 0 [-0.0684 0.6772] reached_uncertain");
    expect((await rows("noord", "r12")).at(-1)).toContain("2016-12 0.25 100/80");
    expect((await rows("noord", "quarter")).at(-4)).toContain("2016-03 1 60/30");
    // Nothing then: no change can be said.
    expect((await rows("zuid", "year")).at(-1)).toBe("2016-12 - 0/0 0 [- -] no_data");
    expect(await rows("noord", "target")).toEqual([]);
  });

  it("is incomplete where the baseline is", async () => {
    await cover(db, "complaints", "politie", "2014-03", "2016-12");
    await computeSynthetic(db, [await synthetic("more", keys, query)], { today: "2017-02-01" });
    expect((await rows("noord", "half")).map((row) => row.split(" ")[0]).slice(-2)).toEqual(["2016-06?", "2016-12"]);
  });
});

describe("count: a stock", () => {
  it("is what is there at the period's end, by spells", async () => {
    const definition = await synthetic(
      "networks",
      ["kind: count", "stock: true"],
      "select unit_id, date as month, until, quantity as numerator from outputs where output = 'employee_network'",
    );
    await add(
      "outputs",
      `date       unit_id output           quantity until
       2015-12-01 noord   employee_network 2        -
       2016-02-10 noord   employee_network 1        2016-08-31
       2016-06-30 noord   employee_network 1        2016-08-30`,
    );
    await cover(db, "outputs", "politie", "2016-01", "2016-12");
    await computeSynthetic(db, [definition], { today: "2017-02-01" });
    expect((await rows("noord", "month")).map((row) => row.split(" ")[1]).join(" ")).toBe("2 3 3 3 3 4 4 3 2 2 2 2");
    expect((await rows("noord", "year"))[0]).toContain("2016-12 2 2/-");
    expect((await rows("zuid", "year"))[0]).toContain("2016-12 0 0/-");
  });
});
