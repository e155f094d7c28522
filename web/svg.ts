import { parse, View } from "vega";
import { compile } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";
import { plotWidthOf } from "./charts/frame.ts";
import type { Drawable } from "./state/drawings.ts";

/** A chart as SVG text, for a frame of so many pixels. It fetches nothing: its data are in its spec. */
export async function svgOf({ spec, margins }: Drawable, frame: number): Promise<string> {
  const compiled = compile(spec(plotWidthOf(frame, margins))).spec;
  const view = new View(parse(compiled, undefined, { ast: true }), { renderer: "none", expr: expressionInterpreter });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
