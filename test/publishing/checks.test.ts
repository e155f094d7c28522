import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { projectFolder } from "../../pipelines/settings.ts";

describe("checks.sql", () => {
  const row = `'complaints' as indicator_id, 'politie' as unit_id, 'year' as grain, date '2016-01-01' as period_start, date '2016-12-31' as period_end,
    null::varchar as breakdown, null::varchar as breakdown_value`;
  const checked = async (rows: string) => {
    const checks = await Database.open(":memory:");
    try {
      await checks.run(`create table added_series as ${rows}`);
      return await checks.one(readFileSync(path.join(projectFolder, "pipelines", "publishing", "checks.sql"), "utf8"));
    } finally {
      checks.close();
    }
  };
  const figure = (withheld: boolean, band: boolean, shown = "") => {
    const names = [...["value", "numerator", "denominator", "unknown", "lower"], ...["upper", "pace", "variation", "assurance", "trend"]]; // prettier-ignore
    const values = names.map((name) => `${name === shown ? "1" : "null"}::double as "${name}"`).join(", ");
    return `select ${row}, ${values}, ${withheld} as withheld, ${band} as band`;
  };

  it.each([
    "value",
    "numerator",
    "denominator",
    "unknown",
    "lower",
    "upper",
    "pace",
    "variation",
    "assurance",
    "trend",
  ])("finds a withheld row that shows its %s", async (name) => {
    expect(await checked(figure(true, false, name))).toMatchObject({ open: 1, doubled: 0 });
    expect(await checked(figure(true, true, name))).toMatchObject({ open: name === "denominator" ? 0 : 1 });
    expect(await checked(figure(false, false, name))).toMatchObject({ open: 0, doubled: 0 });
  });

  it("finds a figure that stands twice", async () => {
    expect(await checked(`${figure(false, false)} union all ${figure(true, false)}`)).toMatchObject({ doubled: 1 });
  });
});
