// What draws the charts of a page, together: fetched as one part of the program.
export { screenPalette } from "../charts/palette.ts";
export { sketch } from "../charts/sketch.ts";
export { trend } from "../charts/trend.ts";
export { textWidth } from "./text-width.ts";
