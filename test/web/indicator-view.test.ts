import { describe, expect, it } from "vitest";
import type { Breakdown } from "../../web/api.ts";
import { readAddress } from "../../web/state/address.ts";
import { chartFields, limitedFields } from "../../web/charts/figure-fields.ts";
import { indicatorQuestions, indicatorView } from "../../web/state/indicator-view.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { definition, unit } from "../support/rows.ts";

const organisation = new Organisation([
  unit("politie", "force", null),
  unit("oost", "unit", "politie"),
  unit("west", "unit", "politie"),
]);
const staffing = definition({
  ...{ indicator_id: "staffing", grains: ["half", "year"], levels: ["force", "unit"] },
  breakdowns: [{ name: "gender" } as Breakdown],
});
const viewAt = (query: string) =>
  indicatorView(readAddress(`/indicator/staffing${query}`), staffing, organisation, "2016-12-31");

describe("indicatorView(address, definition, organisation, through)", () => {
  it("shows the force at half-years, and the units under it, where nothing is chosen", () => {
    const { asked, unit, above, by, group } = viewAt("");
    expect([asked, unit?.unit_id, above, by, group?.around]).toEqual(["half", "politie", null, null, "beside"]);
  });

  it("takes what the address says as far as there is such a thing", () => {
    const chosen = viewAt("?unit=oost&grain=year&by=gender&small=none");
    expect([chosen.asked, chosen.unit?.unit_id, chosen.above?.unit_id, chosen.by?.name, chosen.group]).toEqual([
      ...["year", "oost", "politie", "gender", null],
    ]);
    const unknown = viewAt("?unit=zuid&grain=month&by=age&small=team");
    expect([unknown.asked, unknown.unit?.unit_id, unknown.by, unknown.group?.around]).toEqual([
      ...["half", "politie", null, "beside"],
    ]);
  });
});

describe("indicatorQuestions(view, language)", () => {
  it("asks for the unit with the one above it, those around it, and its parts", () => {
    const questions = indicatorQuestions(viewAt("?unit=oost&by=gender"), "nl").map(([, query]) => query);
    const same = { indicator: "staffing", fields: chartFields("nl"), grain: "half,year" };
    expect(questions).toEqual([
      { ...same, unit: "oost,politie", fields: limitedFields("nl") },
      { ...same, unit: "oost,west" },
      { ...same, unit: "oost", by: "gender" },
    ]);
  });
});
