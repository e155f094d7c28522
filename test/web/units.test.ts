import { describe, expect, it } from "vitest";
import { namesBeside, unitOptions } from "../../web/components/actions/units.ts";
import { Organisation } from "../../web/state/organisation.ts";
import { unit } from "../support/rows.ts";

const through = "2016-12-31";
const units = [
  unit("politie", "force", null),
  unit("oost", "unit", "politie"),
  unit("west", "unit", "politie"),
  unit("oost-dienst", "service", "oost", { name: "Dienst Recherche" }),
  unit("west-dienst", "service", "west", { name: "Dienst Recherche" }),
  unit("west-haven", "team", "west", { name: "Haven" }),
  unit("vroeger", "team", "west", { name: "Haven", valid_to: "2014-12-31" }),
];
const organisation = new Organisation(units);

describe("unitOptions({ organisation, through }, say)", () => {
  it("has each unit that there is under its level, and names which of those that are called alike", () => {
    const options = unitOptions({ organisation, through }, (key) => key);
    expect(options.map(({ label, group }) => `${group ?? "-"} ${label}`)).toEqual([
      "- politie",
      ...["levels.unit west", "levels.unit oost"],
      ...["levels.service Dienst Recherche, west", "levels.service Dienst Recherche, oost"],
      "levels.team Haven",
    ]);
  });
});

describe("namesBeside(units, organisation, on)", () => {
  it("leaves names alone that none beside shares", () => {
    expect(namesBeside(units.slice(0, 3), organisation, through)).toEqual(["politie", "oost", "west"]);
  });
});
