import { describe, expect, it } from "vitest";
import type { Unit } from "../../web/api.ts";
import { groupsAround, smallCharts, unitOptions, valuesOf } from "../../web/state/multiples.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { definition, seriesFrom, unit, withheld } from "../support/rows.ts";

const organisation = new Organisation([
  unit("politie", "force", null),
  unit("oost", "unit", "politie"),
  unit("west", "unit", "politie"),
  unit("vroeger", "unit", "politie", { valid_to: "2014-12-31" }),
  unit("oost-a", "district", "oost"),
  unit("oost-b", "district", "oost"),
  unit("west-a", "district", "west"),
  unit("oost-a-1", "team", "oost-a", { name: "Centrum" }),
  unit("oost-b-1", "team", "oost-b", { name: "Centrum" }),
  unit("oost-b-2", "team", "oost-b", { name: "Haven" }),
]);
const on = "2016-12-31";
const around = (id: string, levels?: Unit["level"][]) =>
  groupsAround(organisation.find(id, on), definition(levels ? { levels } : {}), organisation, on).map((group) => [
    group.around,
    group.units.map(({ unit_id }) => unit_id).join(" "),
  ]);

describe("groupsAround(unit, definition, organisation, on)", () => {
  it("has the units beside the chosen one, and those of each level within it", () => {
    expect(around("oost")).toEqual([
      ["beside", "oost west"],
      ["district", "oost-a oost-b"],
      ["team", "oost-a-1 oost-b-1 oost-b-2"],
    ]);
  });

  it("names those directly under the force once", () => {
    expect(around("politie").map(([name]) => name)).toEqual(["beside", "district", "team"]);
  });

  it("keeps to levels of the indicator, and to two units or more", () => {
    expect(around("oost", ["force", "unit", "district"]).map(([name]) => name)).toEqual(["beside", "district"]);
    expect(around("west-a")).toEqual([]);
    expect(around("oost-a-1")).toEqual([]);
  });
});

describe("unitOptions(unit, organisation, on, named)", () => {
  const named = { units: "Eenheden", former: "Vroeger" };
  it("has the force, its units, a former one that was chosen, and what is under the chosen one, each once", () => {
    expect(unitOptions(organisation.find("oost-a", on), organisation, on, named).map(({ value, group }) => [value, group])).toEqual([
      ["politie", undefined],
      ["oost", "Eenheden"],
      ["west", "Eenheden"],
      ["oost-a", "oost"],
      ["oost-b", "oost"],
      ["oost-a-1", "oost-a"],
    ]); // prettier-ignore
    expect(unitOptions(organisation.find("vroeger", on), organisation, on, named).at(-1)).toEqual({
      ...{ value: "vroeger", label: "vroeger", group: "Vroeger" },
    });
  });
});

describe("smallCharts(answers, definition, subjects, keyOf, within)", () => {
  const rows = (unit_id: string, fields: object[]) => seriesFrom("half", "2015-01-01", fields.map((each) => ({ unit_id, ...each }))); // prettier-ignore
  const subjects = ["a", "b", "c"].map((key) => ({ key, name: key, href: null }));

  it("has one for each subject with rows, of one grain for all, with its events and the periods that are shown", () => {
    const half = { grain: "half" as const, rows: [...rows("a", [{}, {}, {}]), ...rows("b", [{}, withheld(), {}])] };
    const event = { event_id: "x", letter: "A" } as never;
    const charts = smallCharts(
      [half],
      definition(),
      [{ ...subjects[0]!, events: [event] }, ...subjects.slice(1)],
      (row) => row.unit_id,
      ({ period_start }) => period_start >= "2015-07-01",
    );
    expect(charts.map(({ key, data }) => [key, data.rows.length, data.events?.length])).toEqual([
      ["a", 2, 1],
      ["b", 2, 0],
    ]);
  });

  it("takes the grain at which most can be shown", () => {
    const half = { grain: "half" as const, rows: [...rows("a", [withheld(), withheld()]), ...rows("b", [{}])] };
    const year = {
      grain: "year" as const,
      rows: seriesFrom("year", "2014-01-01", ["a", "b", "c"].map((unit_id) => ({ unit_id, period_start: "2014-01-01" }))), // prettier-ignore
    };
    expect(smallCharts([half, year], definition(), subjects, (row) => row.unit_id).map(({ data }) => data.rows[0]!.grain)).toEqual(["year", "year", "year"]); // prettier-ignore
  });
});

describe("valuesOf(answers, by)", () => {
  it("has the values with rows in the order of the definition, others after them", () => {
    const rows = ["man", "anders", "vrouw", "man"].map((breakdown_value) => ({ ...seriesFrom("half", "2015-01-01", [{}])[0]!, breakdown_value })); // prettier-ignore
    const words = { nl: "", en: "" };
    const by = { name: "gender", values: { vrouw: words, man: words, geen: words } };
    expect(valuesOf([{ grain: "half", rows }], by)).toEqual(["vrouw", "man", "anders"]);
  });
});
