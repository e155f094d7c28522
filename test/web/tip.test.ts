import { describe, expect, it } from "vitest";
import { besideOf } from "../../web/charts/tip.ts";

describe("besideOf(definition)", () => {
  it.each([
    ["share", null, "unknown"],
    ["share", { nl: "{waiting}", en: "{waiting}" }, "waiting"],
    ["duration", null, "open"],
  ] as const)("calls what stands beside a %s by its name", (kind, waiting, wanted) => {
    expect(besideOf({ kind, waiting })).toBe(wanted);
  });
});
