import { describe, expect, it } from "vitest";
import { readAddress } from "../../web/state/address.ts";
import { compareQuestions, compareView } from "../../web/state/compare-view.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { definition, unit } from "../support/rows.ts";

const organisation = new Organisation([
  unit("politie", "force", null),
  unit("oost", "unit", "politie"),
  unit("west", "unit", "politie"),
  unit("oost-a", "district", "oost"),
  unit("west-a", "district", "west"),
]);
const viewAt = (query: string) =>
  compareView(
    readAddress(`/compare/staffing${query}`),
    definition({ indicator_id: "staffing", grains: ["half", "year"], levels: ["force", "unit", "district"] }),
    organisation,
    "2016-12-31",
  );

describe("compareView(address, definition, organisation, through)", () => {
  it("compares units, and leaves the period open where none is chosen", () => {
    expect(viewAt("")).toMatchObject({ level: "unit", asked: null, fixed: null, levels: ["unit", "district"] });
  });

  it("takes the level of the chosen unit, and the next longer grain where the indicator lacks one", () => {
    expect(viewAt("?unit=oost-a").level).toBe("district");
    expect(viewAt("?level=unit&unit=oost-a").level).toBe("unit");
    expect(viewAt("?grain=quarter").asked).toBe("half");
    expect(viewAt("?period=2015").fixed).toMatchObject({ grain: "year", period_end: "2015-12-31" });
  });
});

describe("compareQuestions(id, view)", () => {
  it("asks for the level and the force in the chosen period, and nothing where the page chooses it", () => {
    expect(compareQuestions("staffing", viewAt("?period=2015-H2&level=district"))).toEqual([
      ["/compare", { indicator: "staffing", level: "district", grain: "half", period: "2015-H2" }],
      ["/compare", { indicator: "staffing", level: "force", grain: "half", period: "2015-H2" }],
    ]);
    expect(compareQuestions("staffing", viewAt(""))).toEqual([]);
  });
});
