import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeCard } from "../../web/state/place.ts";

const view = { width: 1280, height: 800, scrollX: 0, scrollY: 0 };
const card = { width: 352, height: 240 };

describe("placeCard(box, view, card)", () => {
  it("puts a card under its box, where the page is scrolled to", () => {
    expect(placeCard({ left: 100, top: 80, bottom: 100 }, view, card)).toEqual({ left: 100, top: 106, bottom: null });
    const scrolled = { ...view, scrollY: 1000 };
    expect(placeCard({ left: 100, top: 80, bottom: 100 }, scrolled, card).top).toBe(1106);
  });

  it("puts it over the box where there is room only there", () => {
    expect(placeCard({ left: 100, top: 700, bottom: 720 }, view, card)).toEqual({ left: 100, top: null, bottom: 106 });
    const low = { ...view, height: 300 };
    expect(placeCard({ left: 100, top: 200, bottom: 220 }, low, card).bottom).toBeNull();
  });

  it("keeps it within the sides of every window that is wide enough, and off its box", () => {
    const size = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(size, size, size, fc.integer({ min: 320, max: 2000 }), size, (left, top, height, width, scrollY) => {
        const window = { width, height: Math.max(200, height), scrollX: 0, scrollY };
        const wide = { width: Math.min(352, width - 16), height: 240 };
        const box = { left, top, bottom: top + 20 };
        const place = placeCard(box, window, wide);
        expect(place.left).toBeGreaterThanOrEqual(8);
        expect(place.left + wide.width).toBeLessThanOrEqual(width - 8);
        expect((place.top === null) !== (place.bottom === null)).toBe(true);
        if (place.top !== null) expect(place.top).toBeGreaterThan(box.bottom + scrollY);
        // From the foot of the first window: the card's foot lies above the box, its head on the window.
        else {
          const foot = window.height - place.bottom! - scrollY;
          expect(foot).toBeLessThan(box.top);
          expect(foot - wide.height).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
