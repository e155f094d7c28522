import { describe, expect, it } from "vitest";
import { onTotals } from "../../server/totals.ts";

describe("onTotals(sql, grains)", () => {
  const sql = "select value from series where grain = 'half' and unit_id in (select unit_id from series)";

  it("asks the totals where they have all grains that are asked for", () => {
    expect(onTotals(sql, ["half", "year", "target"])).toBe(
      "select value from totals as series where grain = 'half' and unit_id in (select unit_id from totals as series)",
    );
  });

  it.each(["month", "quarter", "r12"])("asks the series where a %s is among them", (grain) => {
    expect(onTotals(sql, ["half", grain])).toBe(sql);
  });
});
