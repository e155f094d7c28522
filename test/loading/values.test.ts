import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { normalise } from "../../pipelines/contracts/contract.ts";
import * as values from "../../pipelines/loading/values.ts";

let db: Database;
beforeAll(async () => {
  db = await Database.open(":memory:");
  await db.run("set TimeZone = 'UTC'");
});
afterAll(() => db.close());

/** What an expression makes of each text. */
async function valuesOf(expression: (x: string) => string, texts: string[]): Promise<unknown[]> {
  const rows = await db.all<{ v: unknown }>(
    `select ${expression("x")} as v
     from (select unnest(from_json($texts::json, '["VARCHAR"]')) as x, unnest(range($n)) as i) order by i`,
    { texts: JSON.stringify(texts), n: texts.length },
  );
  return rows.map(({ v }) => v);
}

const expectValues = async (expression: (x: string) => string, expected: Record<string, unknown>) =>
  expect(await valuesOf(expression, Object.keys(expected))).toEqual(Object.values(expected));

describe("dateSql(x, format)", () => {
  it("reads ISO and Dutch dates, with or without time, and nothing else", () =>
    expectValues(values.dateSql, {
      "11-3-2013": "2013-03-11",
      "7-11-2013": "2013-11-07",
      "2015-12-31": "2015-12-31",
      "31-12-2015": "2015-12-31",
      "31/12/2015": "2015-12-31",
      "31.12.2015": "2015-12-31",
      "1-2-2015": "2015-02-01",
      "20151231": "2015-12-31",
      "2015-12-31T23:59:00": "2015-12-31",
      "2015-12-31 23:59:00.123": "2015-12-31",
      "2015-12-31T10:00:00Z": "2015-12-31",
      "2016-02-01T00:00:00+01:00": "2016-02-01",
      "2016-02-01 23:30:00-05": "2016-02-01",
      "2016-2-1 10:00": "2016-02-01",
      "2016-02-01T99:00:00": null,
      "31-12-2015 08:30": "2015-12-31",
      "10-12-15": null,
      "2015-02-30": null,
      "2015-13-01": null,
      "31-31-2015": null,
      "2015": null,
      gisteren: null,
    }));

  it("reads only the format that is fixed", () =>
    expectValues((x) => values.dateSql(x, "%m/%d/%Y"), { "12/31/2015": "2015-12-31", "31/12/2015": null }));
});

describe("monthEndSql(x)", () => {
  it("takes the last day of the month of any date in it", () =>
    expectValues(values.monthEndSql, {
      "2016-02": "2016-02-29",
      "02-2016": "2016-02-29",
      "2/2016": "2016-02-29",
      "201602": "2016-02-29",
      "2016-02-01": "2016-02-29",
      "15-02-2016": "2016-02-29",
      "2016-13": null,
    }));
});

describe("withheldSql(x)", () => {
  it("knows the signs of a withheld value", () =>
    expectValues(values.withheldSql, {
      "*": true,
      "**": true,
      "n<10": true,
      "N < 10": true,
      "<5": true,
      "< 5": true,
      x: true,
      "5": false,
      xx: false,
      "-": false,
    }));
});

describe("integerSql(x)", () => {
  it("reads grouped thousands and empty fractions, and rounds nothing", () =>
    expectValues(values.integerSql, {
      "1234": 1234,
      "1.234": 1234,
      "1.234.567": 1234567,
      "16.0": 16,
      "16,00": 16,
      "-3": -3,
      "12.5": null,
      "1,234": null,
      "1 234": null,
      "1e3": null,
      drie: null,
    }));
});

describe("decimalSql(x, isDutch)", () => {
  it("reads Dutch and plain numbers", async () => {
    await expectValues((x) => values.decimalSql(x, true), {
      "1.234,5": 1234.5,
      "1.234": 1234,
      "1234.5": 1234.5,
      "0,5": 0.5,
      "-1,5": -1.5,
      "25%": 0.25,
      "12,5 %": 0.125,
      een: null,
      "1,2,3": null,
    });
    await expectValues((x) => values.decimalSql(x, false), {
      "1.234": 1.234,
      "1.234.567": 1234567,
      ".5": 0.5,
      "1.234,5": 1234.5,
    });
  });

  it("reads back every number as the Netherlands writes it", async () => {
    const dutch = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 50 }),
        async (numbers) => {
          const exact = numbers.map((number) => number / 10_000);
          const found = await valuesOf(
            (x) => values.decimalSql(x, true),
            exact.map((number) => dutch.format(number)),
          );
          found.forEach((value, i) => expect(value).toBeCloseTo(exact[i]!, 6));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe("shareSql(x) and shareStepSql(x)", () => {
  it("keep the rounding of the source", async () => {
    await expectValues((x) => values.shareSql(x, false), {
      "13%": 0.13,
      "12,5%": 0.125,
      "0.129": 0.129,
      "29%": 0.29,
      "7 %": 0.07,
    });
    await expectValues(values.shareStepSql, { "13%": 0.01, "12,5%": 0.001, "0.129": 0.001, "0,10": 0.01, "1": 1 });
  });
});

describe("codeSql(x, values)", () => {
  const codes = { founded: ["gegrond"], not_taken_up: ["niet-ontvankelijk"] };
  it("reads codes and their aliases in any case and spacing", () =>
    expectValues((x) => values.codeSql(x, codes), {
      founded: "founded",
      Gegrond: "founded",
      "NIET  ontvankelijk": "not_taken_up",
      "not taken up": "not_taken_up",
      ongegrond: null,
      "'; drop table loads; --": null,
    }));
});

describe("codesSql(x, values)", () => {
  const codes = { force: ["geweld"], treatment: [] };
  it("reads several, each once and sorted; one that is not allowed spoils the row", () =>
    expectValues((x) => values.codesSql(x, codes), {
      "treatment|geweld": ["force", "treatment"],
      "Geweld ; force": ["force"],
      "force,": ["force"],
      "force|zang": null,
      "|": null,
    }));
});

describe("orderSql(x)", () => {
  it("sorts ids as people do", async () => {
    const ids = ["2015-9", "2015-10", "2015-100", "2016-1"];
    const keys = (await valuesOf(values.orderSql, ids)) as string[];
    expect([...keys].sort()).toEqual(keys);
  });
});

describe("normaliseSql(x)", () => {
  it("agrees with normalise for letters, digits and the signs between words", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[A-Za-zÀ-ÿ0-9 _\-/.&]{1,12}$/), { minLength: 1 }),
        async (texts) => {
          expect(await valuesOf(values.normaliseSql, texts)).toEqual(texts.map(normalise));
        },
      ),
      { numRuns: 25 },
    );
  });
});
