import type { TopLevelSpec } from "vega-lite";
import { sketchAxis, type Axis } from "./sketch-axis.ts";
import { escaped } from "./sketch-text.ts";
import { drawMark, knowsMark, type Mark, type Placed } from "./sketch-marks.ts";

/** How wide a text of a size is, in pixels. */
export type Measure = (text: string, size: number) => number;

/** What a layer says of a place: a field of its data on a shared scale, or pixels. */
interface Channel {
  field?: string;
  value?: number;
  scale?: { domain: [number, number] };
  axis?: Axis | null;
}

interface Layer {
  name?: string;
  data?: { values: Record<string, unknown>[] };
  mark?: Mark;
  encoding?: Record<string, Channel>;
  layer?: Layer[];
}

interface Spec extends Layer {
  width: number;
  height: number;
  padding: { top: number; right: number; bottom: number; left: number };
  config: { font: string; locale: { number: { decimal: string; thousands: string } } };
}

/** Channels that are drawn, and those that only answer to a reader. */
const drawn = new Set(["x", "x2", "y", "y2", "detail", "text", "tooltip"]);
const places = ["x", "x2", "y", "y2"] as const;

/**
 * A chart as SVG text, drawn as Vega draws it but within a millisecond or two: what is seen until a reader touches it.
 * It knows what our charts are made of: layers with data of their own on two shared linear scales. Null where a spec
 * asks for more.
 */
export function sketch(topLevel: TopLevelSpec, measure: Measure): string | null {
  const spec = topLevel as unknown as Spec;
  const layers = flat(spec.layer ?? [], undefined);
  if (!layers?.every(isKnown)) return null;
  const size = { x: spec.width, y: spec.height };
  const domains = { x: domainOf(layers, "x"), y: domainOf(layers, "y") };
  const scale = (axis: "x" | "y", value: unknown): number | null => {
    const domain = domains[axis];
    if (typeof value !== "number" || !domain) return null;
    const share = (value - domain[0]) / (domain[1] - domain[0]);
    return axis === "x" ? share * size.x : (1 - share) * size.y;
  };
  const axes = (["y", "x"] as const).map((side) => {
    const axis = layers.map((layer) => layer.encoding[side]?.axis).find((each) => each);
    if (!axis) return "";
    return sketchAxis(side, axis, { ...size, scale: (value) => scale(side, value)!, ...spec.config, measure });
  });
  if (axes.includes(null)) return null;
  const marks = layers.map((layer) => drawMark(layer.mark, placedOf(layer, scale), size));
  const groups = layers.map(({ name, mark }, index) => {
    const named = `class="mark-${mark.type} role-mark${name ? ` ${name.replace(/\W/g, "_")}_marks` : ""}"`;
    const inside = marks[index]!;
    return mark.clip
      ? `<svg ${named} width="${size.x}" height="${size.y}" overflow="hidden">${inside}</svg>`
      : `<g ${named}>${inside}</g>`;
  });
  const { top, right, bottom, left } = spec.padding;
  const [width, height] = [left + size.x + right, top + size.y + bottom];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<g fill="none" stroke-miterlimit="4" font-family="${escaped(spec.config.font)}" transform="translate(${left},${top})">${axes.join("")}${groups.join("")}</g></svg>`
  );
}

type Drawn = Required<Pick<Layer, "mark" | "encoding">> & Pick<Layer, "name"> & { rows: Record<string, unknown>[] };

/** All layers in the order in which they lie on each other; null where a group says more than which layers it has. */
function flat(layers: Layer[], data: Layer["data"]): Drawn[] | null {
  const found: Drawn[] = [];
  for (const { name, data: own = data, mark, encoding, layer } of layers) {
    if (layer) {
      const inside = encoding || mark ? null : flat(layer, own);
      if (!inside) return null;
      found.push(...inside);
      continue;
    }
    if (!mark || !encoding || !own) return null;
    // What is there for the pointer only has no colour of its own.
    if (encoding.fillOpacity?.value === 0) continue;
    found.push({ mark, encoding, rows: own.values, ...(name ? { name } : {}) });
  }
  return found;
}

const isKnown = ({ mark, encoding }: Drawn): boolean =>
  knowsMark(mark) && Object.keys(encoding).every((name) => drawn.has(name));

const domainOf = (layers: Drawn[], axis: "x" | "y") =>
  layers.map(({ encoding }) => encoding[axis]?.scale?.domain).find((each) => each);

/** Each row of a layer with its places in pixels. */
function placedOf({ rows, encoding }: Drawn, scale: (axis: "x" | "y", value: unknown) => number | null): Placed[] {
  return rows.map((row) => {
    const placed: Placed = {};
    for (const name of places) {
      const channel = encoding[name];
      if (channel) placed[name] = channel.value ?? scale(name.startsWith("x") ? "x" : "y", row[channel.field!]);
    }
    if (encoding.detail) placed.detail = row[encoding.detail.field!];
    if (encoding.text) placed.text = row[encoding.text.field!];
    return placed;
  });
}
