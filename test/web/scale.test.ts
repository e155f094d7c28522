import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pixel, spread, valueScale } from "../../web/charts/scale.ts";

describe("valueScale(values, share)", () => {
  it("starts at 0 and ends at a round step above the highest", () => {
    expect(valueScale([0.13, 0.2, 0.25], true)).toEqual({ min: 0, max: 0.3, ticks: [0, 0.1, 0.2, 0.3] });
    expect(valueScale([219, 261], false)).toEqual({ min: 0, max: 300, ticks: [0, 100, 200, 300] });
  });

  it("never passes 100% for shares", () => {
    expect(valueScale([0.99, 1], true).max).toBe(1);
  });

  it("goes below 0 where a change does", () => {
    expect(valueScale([-0.08, 0.25], true).min).toBeLessThanOrEqual(-0.08);
  });

  it("holds every value and has two to seven ticks, whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 }), (values) => {
        const scale = valueScale(values, false);
        expect(scale.max).toBeGreaterThanOrEqual(Math.max(0, ...values));
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe("spread(labels, height)", () => {
  it("leaves labels that have room and parts those that overlap", () => {
    expect(
      spread(
        [
          { y: 20, size: 14 },
          { y: 100, size: 14 },
        ],
        200,
      ),
    ).toEqual([20, 100]);
    const [first, second] = spread(
      [
        { y: 50, size: 14 },
        { y: 52, size: 28 },
      ],
      200,
    );
    expect(second! - first!).toBeGreaterThanOrEqual(20.9);
  });
});

describe("pixel(value, scale, height)", () => {
  it("counts from the top", () => {
    expect(pixel(0, { min: 0, max: 1, ticks: [] }, 220)).toBe(220);
    expect(pixel(1, { min: 0, max: 1, ticks: [] }, 220)).toBe(0);
  });
});
