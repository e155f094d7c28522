import { describe, expect, it } from "vitest";
import { targetValue } from "../../web/charts/target.ts";

describe("targetValue(definition, row)", () => {
  const row = (target: number | null, denominator: number | null = 16) => ({ target, denominator });

  it("is the target itself, but of what is covered a number to reach as its part of all", () => {
    expect(targetValue({ kind: "coverage" }, row(12))).toBe(0.75);
    expect(targetValue({ kind: "coverage" }, row(0.9))).toBe(0.9);
    expect(targetValue({ kind: "share" }, row(0.25))).toBe(0.25);
    expect(targetValue({ kind: "count" }, row(12))).toBe(12);
  });

  it("is nothing without a target, or where nothing can be covered", () => {
    expect(targetValue({ kind: "coverage" }, row(null))).toBeNull();
    expect(targetValue({ kind: "coverage" }, row(12, null))).toBeNull();
    expect(targetValue({ kind: "coverage" }, row(12, 0))).toBeNull();
  });
});
