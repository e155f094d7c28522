import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pixel, spread, tickFormat, valueScale, windowScale } from "../../web/charts/scale.ts";

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

describe("windowScale(values, share)", () => {
  it("starts where the values do, and at 0 where they come near it", () => {
    expect(windowScale([0.36, 0.42], true)).toMatchObject({ min: 0.34, max: 0.44 });
    expect(windowScale([0.1, 0.42], true).min).toBe(0);
    expect(windowScale([0.4, 0.67], false)).toMatchObject({ min: 0.3, max: 0.7 });
    expect(windowScale([0, 0], false)).toMatchObject({ min: 0, max: 1.2 });
    expect(windowScale([-0.2, 0.4], true).min).toBeLessThanOrEqual(-0.2);
  });

  it("never passes 100% for shares", () => {
    expect(windowScale([0.9, 1], true).max).toBe(1);
  });

  it("holds every value and has two to nine ticks, whatever the values", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 }), (values) => {
        const scale = windowScale(values, false);
        for (const value of values) expect(value >= scale.min && value <= scale.max).toBe(true);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(9);
      }),
    );
  });
});

describe("tickFormat(scale, share)", () => {
  it("has as many decimals as the steps need", () => {
    expect(tickFormat({ min: 0, max: 0.3, ticks: [0, 0.1] }, true)).toBe(".0%");
    expect(tickFormat({ min: 0, max: 0.03, ticks: [0, 0.005] }, true)).toBe(".1%");
    expect(tickFormat({ min: 0, max: 3, ticks: [0, 0.25] }, false)).toBe(",.2f");
  });
});
