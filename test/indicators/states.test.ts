import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { stateFaults } from "../../pipelines/indicators/states.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { contracts, definitions } from "../support/figures.ts";
import { definitionText, firstVersion } from "../support/synthetic.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-states-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The line on which the query begins. */
const lineOf = (text: string) => text.split("\n").indexOf("---*/") + 2;

/** What is found in a stock that is counted by a query, or in something of another kind. */
async function faultsOf(sql: string, kind = "kind: count\nstock: true") {
  const text = definitionText([...kind.split("\n"), firstVersion], sql);
  writeFileSync(path.join(folder, "one.sql"), text);
  const { definitions, files, faults } = await readDefinitions(folder, contracts);
  expect(faults).toEqual([]);
  return (await stateFaults(files, definitions, contracts)).map(
    ({ file, line, message }) => `${path.basename(file)}:${line === lineOf(text) ? "query" : line}: ${message}`,
  );
}

describe("stateFaults", () => {
  it.each([
    ["of a year", "make_date(year(period), 12, 31)"],
    ["of a quarter, at its beginning", "date_trunc('quarter', period)::date"],
    ["of all time, on one day", "date '2016-12-31'"],
    ["of all time, in the last month", "max(period)", "group by unit_id"],
    ["a month later", "last_day(period + 1)"],
  ])("finds states added up or moved: %s", async (_name, month, group = "group by all") => {
    const found = await faultsOf(
      `select unit_id, ${month} as month, sum(headcount) as numerator from staffing ${group}`,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      new RegExp(`^one.sql:query: (states of 2016-\\d\\d make cells of|cells of 2016-\\d\\d change with the states)`),
    );
  });

  it.each([
    [
      "over the months before",
      "select unit_id, period as month, sum(sum(headcount)) over (partition by unit_id order by period) as numerator from staffing group by unit_id, period",
    ],
    [
      "over the quarter of its last month",
      `select unit_id, period as month, (select sum(headcount) from staffing as each where each.unit_id = own.unit_id
         and date_trunc('quarter', each.period) = date_trunc('quarter', own.period)) as numerator
       from (select distinct unit_id, period from staffing where month(period) % 3 = 0) as own`,
    ],
    [
      "of women in high scales over a year",
      `select unit_id, period as month, (select sum(headcount) from staffing as each where each.unit_id = own.unit_id
         and year(each.period) = year(own.period) and gender = 'woman' and scale >= 12 and category = 'executive') as numerator
       from (select distinct unit_id, period from staffing where month(period) = 12) as own`,
    ],
  ])("finds months that are added up in a month's cells: %s", async (_name, sql) => {
    expect((await faultsOf(sql))[0]).toContain("a state is not added up over months");
  });

  it("finds them in the exposure of a rate", async () => {
    const found = await faultsOf(
      "select unit_id, make_date(year(period), 12, 31) as month, 0 as numerator, sum(headcount) as denominator from staffing group by all",
      "kind: rate\nexposure: mean",
    );
    expect(found[0]).toContain("states of 2016-01 make cells of 2016-12");
  });

  it.each([
    ["a state by month", "select unit_id, period as month, sum(headcount) as numerator from staffing group by all"],
    [
      "on another day of its month",
      "select unit_id, date_trunc('month', period)::date as month, fte as numerator from establishment",
    ],
    [
      "only at the year's end",
      "select unit_id, period as month, dual as numerator from background where month(period) = 12",
    ],
    ["what is no state feed", "select unit_id, date as month, until, quantity as numerator from outputs"],
  ])("takes %s", async (_name, sql) => {
    expect(await faultsOf(sql)).toEqual([]);
  });

  it("finds nothing in the project's own", async () => {
    const own = path.join(projectFolder, "pipelines", "indicators");
    const { files } = await readDefinitions(own, contracts);
    expect(await stateFaults(files, await definitions(), contracts)).toEqual([]);
  });
});
