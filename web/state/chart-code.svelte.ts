import { Code } from "./code.svelte.ts";

/** What draws charts: fetched when one must be drawn that the server did not draw. */
export const chartCode = new Code(() => import("../components/drawing.ts"));
