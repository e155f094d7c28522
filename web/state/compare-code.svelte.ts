import { Code } from "./code.svelte.ts";

/** What draws units beside each other, and tells what is at a place in such a chart. */
export const compareCode = new Code(() => import("../charts/compare-drawing.ts"));
