/** The value axis of a chart: from `min` to `max`, with a grid line at each tick. */
export interface ValueScale {
  min: number;
  max: number;
  ticks: number[];
}

/**
 * A value axis that holds all values: from 0, up to the first round step above the highest. A share never goes above
 * 1. Values under 0 (changes) lower the bottom likewise.
 */
export function valueScale(values: (number | null | undefined)[], share: boolean): ValueScale {
  const known = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const top = Math.max(0, ...known);
  const bottom = Math.min(0, ...known);
  const span = top - bottom > 1e-9 ? top - bottom : share ? 0.1 : 4;
  const step = roundStep(span / 4.2, share);
  // A touch of air, so that the highest point does not lie on the frame.
  const max = Math.ceil((top + span * 0.02) / step) * step;
  const min = Math.floor(bottom / step) * step;
  const highest = share && bottom === 0 ? Math.min(max, 1) : max;
  const ticks = [];
  for (let index = Math.round(min / step); index * step <= highest + step / 1000; index++)
    ticks.push(tidy(index * step));
  return { min: tidy(min), max: tidy(share && top >= 1 && top <= 1.001 ? Math.max(1, highest) : highest), ticks };
}

/** A value axis for figures beside each other, whose distance matters: from 0 only where they come near it, and with little air. */
export function windowScale(values: (number | null | undefined)[], share: boolean): ValueScale {
  const known = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  if (known.length === 0) return valueScale(values, share);
  const top = Math.max(...known);
  const lowest = Math.min(...known);
  const bottom = lowest >= 0 && lowest < top * 0.45 ? 0 : lowest;
  const wide = Math.max(top - bottom, Math.abs(top) * 0.05);
  const span = wide > 1e-6 ? wide : share ? 0.01 : 1;
  const step = roundStep(span / 5.2, share);
  const min = Math.floor((bottom - (bottom === 0 ? 0 : span * 0.02)) / step + 1e-9);
  const max = Math.ceil((Math.max(top, bottom + span) + span * 0.02) / step - 1e-9);
  // A share ends at 1.
  const last = share && top <= 1 ? Math.min(max, Math.round(1 / step)) : max;
  const first = lowest >= 0 ? Math.max(0, min) : min;
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
  return { min: tidy(first * step), max: tidy(Math.max(last * step, top)), ticks };
}

/** How the ticks of an axis are written, in the terms of d3. */
export function tickFormat({ ticks }: ValueScale, share: boolean): string {
  const step = ((ticks[1] ?? 1) - (ticks[0] ?? 0)) * (share ? 100 : 1);
  const decimals = [0, 1, 2].find((each) => Math.abs(step - Number(step.toFixed(each))) < 1e-9) ?? 2;
  return share ? `.${decimals}%` : `,.${decimals}f`;
}

/** How far from the top of a plot of this height a value lies, in pixels. */
export const pixel = (value: number, scale: ValueScale, height: number): number =>
  height * (1 - (value - scale.min) / (scale.max - scale.min));

/**
 * Moves labels apart until none overlaps: each has its middle `y` and its `size`; the answer is in the same order and
 * stays between 0 and `height` where there is room.
 */
export function spread(labels: { y: number; size: number }[], height: number): number[] {
  const order = labels.map((label, index) => ({ ...label, index })).sort((a, b) => a.y - b.y);
  for (let round = 0; round < 20; round++)
    for (const [index, label] of order.entries()) {
      const above = order[index - 1];
      const overlap = above ? above.y + above.size / 2 + label.size / 2 - label.y : 0;
      if (above && overlap > 0.01) {
        above.y -= overlap / 2;
        label.y += overlap / 2;
      }
      label.y = Math.min(Math.max(label.y, label.size / 2 - 6), height - label.size / 2 + 6);
    }
  const places = new Array<number>(labels.length);
  for (const label of order) places[label.index] = label.y;
  return places;
}

function roundStep(step: number, share: boolean): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const found = [1, 2, 2.5, 5, 10].find((each) => each * power >= step * 0.999) ?? 10;
  // Counts have no half grid lines, and a quarter of a percent reads badly.
  const round = found === 2.5 && (share ? power <= 0.001 : power < 10) ? 5 : found;
  return round * power;
}

const tidy = (value: number): number => Number(value.toPrecision(12));
