import { plotWidthOf } from "./charts/frame.ts";
import { sketch } from "./charts/sketch.ts";
import type { Drawable } from "./state/drawings.ts";

/** How wide a text is about, in pixels, where there are no letters to measure: wide, so that none lies on another. As Vega guesses. */
const guessedWidth = (text: string, size: number): number => Math.floor(0.8 * text.length * size);

/** A chart as SVG text, for a frame of so many pixels; null where it is not known how it is sketched: then the browser draws it. */
export const svgOf = ({ spec, margins }: Drawable, frame: number): string | null =>
  sketch(spec(plotWidthOf(frame, margins), true), guessedWidth);
