import { describe, expect, it } from "vitest";
import type { Unit } from "../../web/api.ts";
import { readAddress } from "../../web/state/address.ts";
import { comparedFields } from "../../web/charts/figure-fields.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { overviewQuestions, overviewView } from "../../web/state/overview-view.ts";

const unit = (unit_id: string, level: Unit["level"], parent_id: string | null): Unit => ({
  ...{ unit_id, name: unit_id.toUpperCase(), level, parent_id },
  ...{ valid_from: "2013-01-01", valid_to: null, predecessor_ids: [] },
});
const organisation = new Organisation([
  unit("politie", "force", null),
  unit("den-haag", "unit", "politie"),
  unit("rotterdam", "unit", "politie"),
  unit("centrum", "district", "den-haag"),
]);
const viewAt = (href: string) => overviewView(readAddress(href), organisation, "2016-12-31");
const columns = (href: string) => viewAt(href).units.map(({ unit_id }) => unit_id);

describe("overviewView(address, organisation, through)", () => {
  it("shows the force beside its units, a unit beside its parts, or the whole force by a level", () => {
    expect(columns("/")).toEqual(["politie", "den-haag", "rotterdam"]);
    expect(columns("/?of=den-haag")).toEqual(["den-haag", "centrum"]);
    expect(columns("/?level=district")).toEqual(["politie", "centrum"]);
    // Not what nobody knows, nor a level of a unit.
    expect(columns("/?of=nergens")).toEqual(["politie", "den-haag", "rotterdam"]);
    expect(columns("/?of=den-haag&level=district")).toEqual(["den-haag", "centrum"]);
  });

  it("has the last period unless another is chosen, and the one before it", () => {
    expect(viewAt("/").period).toMatchObject({ grain: "half", period_end: "2016-12-31" });
    expect(viewAt("/?grain=year&period=2015").before).toMatchObject({ grain: "year", period_end: "2014-12-31" });
  });
});

describe("overviewQuestions(view)", () => {
  it("asks for the figures of the columns, and of the period before no more than is compared", () => {
    expect(overviewQuestions(viewAt("/?period=2016-H1"), "nl")).toEqual([
      ["/overview", { grain: "half", period: "2016-H1", fields: "sentence_nl", level: "unit" }],
      ["/overview", { grain: "half", period: "2015-H2", fields: comparedFields, level: "unit" }],
    ]);
    expect(overviewQuestions(viewAt("/?of=centrum"), "en")).toMatchObject([
      ["/overview", { level: "district" }],
      ["/overview", {}],
    ]);
  });
});
