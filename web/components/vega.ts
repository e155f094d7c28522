import type { TopLevelSpec } from "vega-lite";
import type Embed from "vega-embed";
import type { Result } from "vega-embed";

export type Chart = Result;

let module: Promise<{ default: typeof Embed }> | null = null;

/** Vega is fetched once, when the first chart is touched. */
const loadVega = () => (module ??= import("vega-embed"));

/** A chart never fetches anything: its data are in its spec. */
const refuse = (address: string): Promise<never> => Promise.reject(new Error(`a chart may not fetch ${address}`));
const closedLoader = { load: refuse, sanitize: refuse, http: refuse, file: refuse, options: {} };

/** Draws a spec into an element, by interpreting its expressions: the content policy forbids making code. */
export async function drawChart(element: HTMLElement, spec: TopLevelSpec): Promise<Chart> {
  const { default: embed } = await loadVega();
  return embed(element, spec, {
    mode: "vega-lite",
    renderer: "svg",
    ast: true,
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true, offsetX: 14, offsetY: 14 },
    loader: closedLoader,
  });
}

/** A chart as a file: its SVG text, or a PNG at twice the size on white. */
export async function chartFile(spec: TopLevelSpec, type: "svg" | "png"): Promise<Blob> {
  const element = document.createElement("div");
  const chart = await drawChart(element, { ...spec, background: "white" });
  try {
    if (type === "svg") return new Blob([await chart.view.toSVG()], { type: "image/svg+xml" });
    const canvas = await chart.view.toCanvas(2);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture came out"))), "image/png"),
    );
  } finally {
    chart.finalize();
  }
}
