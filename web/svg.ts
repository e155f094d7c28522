import { createHash } from "node:crypto";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";
import { plotWidthOf } from "./charts/frame.ts";
import type { Drawable } from "./state/drawings.ts";

/** So much text of drawings is kept, in characters. */
const mostKept = 24_000_000;

/** Drawings by the hash of all that they are made of, the one used last at the end: figures that a new snapshot leaves as they were, and readers who see the same, have the same. */
const kept = new Map<string, string>();
let size = 0;

/** A chart as SVG text, for a frame of so many pixels; null where it was not drawn before and is not to be. It fetches nothing: its data are in its spec. */
export async function svgOf({ spec, margins }: Drawable, frame: number): Promise<string>;
export async function svgOf({ spec, margins }: Drawable, frame: number, onlyKept: boolean): Promise<string | null>;
export async function svgOf({ spec, margins }: Drawable, frame: number, onlyKept = false): Promise<string | null> {
  const whole = spec(plotWidthOf(frame, margins));
  const key = createHash("sha256").update(JSON.stringify(whole)).digest("base64");
  const known = kept.get(key);
  if (known === undefined && onlyKept) return null;
  const svg = known ?? (await draw(whole));
  if (known === undefined) size += svg.length;
  kept.delete(key);
  kept.set(key, svg);
  for (const [oldest, text] of kept) {
    if (size <= mostKept) break;
    kept.delete(oldest);
    size -= text.length;
  }
  return svg;
}

async function draw(spec: TopLevelSpec): Promise<string> {
  const compiled = compile(spec).spec;
  const view = new View(parse(compiled, undefined, { ast: true }), { renderer: "none", expr: expressionInterpreter });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
