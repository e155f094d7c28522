import { describe, expect, it } from "vitest";
import { isSame } from "../../web/state/same.ts";

describe("isSame(a, b)", () => {
  const said = { list: [1, { deep: "a" }, null], none: null };
  it("is so where values say the same, in whatever order", () => {
    expect(isSame(said, { none: null, list: [1, { deep: "a" }, null] })).toBe(true);
    expect(isSame(said, said)).toBe(true);
    expect(isSame(NaN, NaN)).toBe(true);
  });

  it("is not where one has more, less or another", () => {
    for (const other of [
      { ...said, more: 1 },
      { list: said.list },
      { list: [1, { deep: "b" }, null], none: null },
      { list: { 0: 1, 1: { deep: "a" }, 2: null }, none: null },
      null,
    ]) {
      expect(isSame(said, other)).toBe(false);
      expect(isSame(other, said)).toBe(false);
    }
  });
});
