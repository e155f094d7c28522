import { describe, expect, it } from "vitest";
import { formatAmount, formatEuros } from "../../web/state/euros.ts";

describe("formatEuros(value, language)", () => {
  it("writes cents only where there are any", () => {
    expect(formatEuros(35000, "nl")).toBe("€\u00a035.000");
    expect(formatEuros(1250.5, "nl")).toBe("€\u00a01.250,50");
    expect(formatEuros(1250.5, "en")).toBe("€1,250.50");
    expect(formatEuros(-5, "nl")).toBe("-€\u00a05");
    expect(formatAmount(0.1 + 0.2, "nl")).toBe("0,30");
  });
});
