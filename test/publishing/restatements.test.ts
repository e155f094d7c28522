import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Restated } from "../support/history.ts";
import { makeHistory, staff, type History } from "../support/history.ts";

// Which load changed a published figure: small files through the loader, published one after the other.

let history: History;
beforeEach(async () => {
  history = await makeHistory(["outflow", "complaints", "staffing-women"]);
  await history.load("staffing", staff(["n1", "n2", "s1"], "2016-01", "2016-12", 50));
});
afterEach(() => history.remove());

const exits = (rows: string[]) => ["date,unit_id,kind,gender,count", ...rows, ""].join("\n");
const complaints = (rows: string[]) => ["complaint_id,received_on,unit_id,aspects", ...rows, ""].join("\n");
const exitsOnly = "feed: movements\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: force, only: { kind: exit } }\n";
const whole = (unit: string) => `feed: movements\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: ${unit} }\n`;

const brief = (rows: Restated[]) =>
  rows.map((each) => [each.unit_id, each.old_numerator, each.new_numerator, each.load_id, each.load_ids]);
const year = "grain = 'year' and breakdown is null";

describe("publish: the load of a restatement", () => {
  it("is the one whose unit and months meet the figure, for the unit, what it lies in, and nothing beside it", async () => {
    await history.load("movements", exits(["2016-02-01,n1,exit,man,6", "2016-08-01,s1,exit,man,7"]), whole("force"));
    await history.publish();
    // Two files of one round: north corrects the spring, south the autumn.
    const north = await history.load("movements", exits(["2016-02-01,n1,exit,man,8"]), whole("north"));
    const south = await history.load("movements", exits(["2016-08-01,s1,exit,man,9"]), whole("south"));
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'outflow' and ${year}`))).toEqual([
      ["force", 13, 17, south, [north, south]],
      ["n1", 6, 8, north, [north]],
      ["north", 6, 8, north, [north]],
      ["s1", 7, 9, south, [south]],
      ["south", 7, 9, south, [south]],
    ]);
  });

  it("is not one of other months", async () => {
    await history.load("movements", exits(["2016-02-01,n1,exit,man,6", "2016-12-01,n1,exit,man,6"]), whole("force"));
    await history.publish();
    const months = (from: string, to: string) => `feed: movements\ncovers: { from: ${from}, to: ${to}, unit: north }\n`;
    const early = await history.load(
      "movements",
      exits(["2016-02-01,n1,exit,man,7"]),
      months("2016-01-01", "2016-06-30"),
    );
    const late = await history.load(
      "movements",
      exits(["2016-12-01,n1,exit,man,8"]),
      months("2016-07-01", "2016-12-31"),
    );
    await history.publish();
    const halves = await history.restated(
      "indicator_id = 'outflow' and grain = 'half' and unit_id = 'n1' and breakdown is null",
    );
    expect(halves.map((each) => [each.period_end, each.load_ids])).toEqual([
      ["2016-06-30", [early]],
      ["2016-12-31", [late]],
    ]);
  });

  it("is not one of a part of the feed that the indicator does not read, nor one that was published before", async () => {
    await history.load("movements", exits(["2016-02-01,n1,exit,man,6"]), exitsOnly);
    await history.publish();
    const corrected = await history.load("movements", exits(["2016-02-01,n1,exit,man,8"]), exitsOnly);
    const intakeOnly = exitsOnly.replace("exit", "intake");
    await history.load("movements", exits(["2016-02-01,n1,intake,man,30"]), intakeOnly);
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'outflow' and unit_id = 'n1' and ${year}`))).toEqual([
      ["n1", 6, 8, corrected, [corrected]],
    ]);
  });

  it("is for a moved complaint the one that moved it, at both ends", async () => {
    await history.load(
      "complaints",
      complaints(["A,2016-03-01,n1,service", "B,2016-05-01,s1,service", "C,2016-12-01,n1,service"]),
      {
        feed: "complaints",
        covers: "{ from: 2016-01-01, to: 2016-12-31, unit: force }",
      },
    );
    await history.publish();
    const moved = await history.load("complaints", complaints(["A,2016-05-02,s1,service"]));
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'complaints' and ${year}`))).toEqual([
      ["n1", 2, 1, moved, [moved]],
      ["north", 2, 1, moved, [moved]],
      ["s1", 1, 2, moved, [moved]],
      ["south", 1, 2, moved, [moved]],
    ]);
    const months = await history.restated(
      "indicator_id = 'complaints' and grain = 'month' and unit_id = 'force' and breakdown is null",
    );
    expect(months.map((each) => [each.period_end, each.old_value, each.new_value, each.load_id])).toEqual([
      ["2016-03-31", 1, 0, moved],
      ["2016-05-31", 1, 2, moved],
    ]);
  });

  it("of a stock is one of its last month", async () => {
    await history.publish();
    await history.load("staffing", staff(["n1"], "2016-03", "2016-03", 60));
    const december = await history.load("staffing", staff(["n1"], "2016-12", "2016-12", 60));
    await history.publish();
    expect(
      brief(await history.restated(`indicator_id = 'staffing-women' and unit_id = 'n1' and ${year}`)).map((each) =>
        each.slice(3),
      ),
    ).toEqual([[december, [december]]]);
  });

  it("of another organisation is the load of the units", async () => {
    await history.load("complaints", complaints(["A,2016-03-01,n1,service"]), {
      feed: "complaints",
      covers: "{ from: 2016-01-01, to: 2016-12-31, unit: force }",
    });
    await history.publish();
    const units = await history.load(
      "units",
      "unit_id,name,level,parent_id,valid_from\nn1,Team Een,team,south,2005-01-01\n",
    );
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'complaints' and ${year}`))).toEqual([
      ["north", 1, 0, units, [units]],
      ["south", 0, 1, units, [units]],
    ]);
  });

  it("is none where the configuration changed", async () => {
    await history.load("complaints", complaints(["A,2016-03-01,n1,service"]), {
      feed: "complaints",
      covers: "{ from: 2016-01-01, to: 2016-12-31, unit: force }",
    });
    await history.publish();
    history.project.definitions = history.project.definitions.map((each) =>
      each.id === "complaints" ? { ...each, sql: each.sql.replace("sum(count)", "2 * sum(count)") } : each,
    );
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'complaints' and unit_id = 'n1' and ${year}`))).toEqual([
      ["n1", 1, 2, null, []],
    ]);
  });
});

describe("publish: a restatement", () => {
  it("is no difference in the last digits, wherever these are rounded", async () => {
    await history.load("complaints", complaints(["A,2016-03-01,n1,service"]), {
      feed: "complaints",
      covers: "{ from: 2016-01-01, to: 2016-12-31, unit: force }",
    });
    const plus = (more: string) =>
      (history.project.definitions = history.project.definitions.map((each) =>
        each.id === "complaints" ? { ...each, sql: each.sql.replace("sum(count)", `sum(count) + ${more}`) } : each,
      ));
    await history.publish();
    plus("0.0000000006");
    await history.publish();
    expect(await history.restated("indicator_id = 'complaints'")).toEqual([]);
    plus("0.000001");
    await history.publish();
    expect(await history.restated(`indicator_id = 'complaints' and unit_id = 'n1' and ${year}`)).toHaveLength(1);
  });
});

describe("publish: figures that go and come", () => {
  const full = { feed: "complaints", covers: "{ from: 2016-01-01, to: 2016-12-31, unit: force }", full: "true" };

  it("lists a deletion by a new full snapshot", async () => {
    await history.load("complaints", complaints(["A,2016-03-01,n1,service", "B,2016-03-01,n1,force"]), full);
    await history.publish();
    const later = await history.load("complaints", complaints(["B,2016-03-01,n1,force"]), full);
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'complaints' and unit_id = 'n1' and ${year}`))).toEqual([
      ["n1", 2, 1, later, [later]],
    ]);
  });

  it("lists a figure whose unit is gone, to nothing, and no figure in its place", async () => {
    await history.load("complaints", complaints(["A,2016-03-01,n1,service"]), full);
    await history.publish();
    const units = await history.load(
      "units",
      "unit_id,name,level,parent_id,valid_from,valid_to\ns1,Team Drie,team,south,2005-01-01,2015-12-31\n",
    );
    await history.publish();
    expect(brief(await history.restated(`indicator_id = 'complaints' and unit_id = 's1' and ${year}`))).toEqual([
      ["s1", 0, null, units, [units]],
    ]);
    expect(
      await history.series("indicator_id = 'complaints' and unit_id = 's1' and period_end = '2016-12-31'"),
    ).toEqual([]);
    // Once is enough.
    await history.publish();
    expect(await history.restated(`indicator_id = 'complaints' and unit_id = 's1' and ${year}`)).toHaveLength(1);
  });

  it("lists a value of a breakdown that goes and one that comes, where the whole was complete", async () => {
    const banded = (band: string) => staff(["n1"], "2016-12", "2016-12", 50, band);
    await history.load("staffing", banded("20-29"));
    await history.publish();
    const later = await history.load("staffing", banded("30-39"));
    await history.publish();
    const bands = await history.restated(
      "indicator_id = 'staffing-women' and unit_id = 'north' and grain = 'year' and breakdown = 'age_band'",
    );
    expect(bands.map((each) => [each.breakdown_value, each.old_numerator, each.new_numerator, each.load_id])).toEqual([
      ["20-29", 20, null, later],
      ["30-39", null, 20, later],
    ]);
  });
});
