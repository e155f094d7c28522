import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { TopLevelSpec } from "vega-lite";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { sketch } from "../../web/charts/sketch.ts";
import { svgOf } from "../support/specs.ts";

const folder = path.join(projectFolder, "test", "golden");
const names = readdirSync(folder).map((file) => file.replace(/\.vl\.json$/, ""));
const specOf = (name: string) => JSON.parse(readFileSync(path.join(folder, `${name}.vl.json`), "utf8")) as TopLevelSpec;
/** As Vega guesses widths where there is no canvas. */
const measure = (text: string, size: number) => Math.floor(0.8 * text.length * size);

interface Shape {
  kind: string;
  x: number;
  y: number;
  [attribute: string]: string | number;
}

/** What is seen of a drawing, in its order: each shape with its place and its looks. */
function shapesOf(svg: string): Shape[] {
  const shapes: Shape[] = [];
  const places: [number, number][] = [[0, 0]];
  /** The letters of all texts, where the drawing says them once. */
  let letters = "";
  for (const [whole, closing, kind, attributes, closed, text] of svg.matchAll(
    /<(\/?)(\w+)((?:\s[\w:-]+="[^"]*")*)(\/?)>([^<]*)/g,
  )) {
    if (closing) {
      if (kind === "g" || kind === "svg") places.pop();
      continue;
    }
    const read = Object.fromEntries(
      [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]),
    );
    const [dx, dy] = /translate\(([^,]+),([^)]+)\)/
      .exec(read.transform ?? "")
      ?.slice(1)
      .map(Number) ?? [0, 0];
    const [x, y] = [places.at(-1)![0] + dx!, places.at(-1)![1] + dy!];
    if (kind === "g") letters = read["font-family"] ?? letters;
    if (!closed && (kind === "g" || kind === "svg")) places.push([x, y]);
    if (kind === "tspan") shapes.at(-1)!.text += `|${read.dy ?? ""} ${text!.trim()}`;
    if (!["path", "line", "text"].includes(kind!) || /background|foreground/.test(whole)) continue;
    delete read.transform;
    if (kind === "text") read["font-family"] ??= letters;
    const { "stroke-width": width, opacity = "1", "stroke-opacity": faint, ...looks } = read;
    if (opacity === "0" || looks["fill-opacity"] === "0") continue;
    shapes.push({
      kind: kind!,
      ...{ x: round(x), y: round(y) },
      ...Object.fromEntries(
        Object.entries(looks).map(([name, value]) => [name, numbersRounded(withoutShortcuts(value))]),
      ),
      ...(looks.stroke ? { width: width ?? "1" } : {}),
      ...(faint && faint !== "1" ? { faint } : {}),
      opacity,
      text: text!.trim(),
    });
  }
  return shapes;
}

const round = (value: number): number => Math.round(value * 10) / 10 + 0;
const numbersRounded = (text: string): string =>
  text.replace(/-?\d+\.\d+(e-\d+)?/g, (number) => String(round(Number(number))));

/** A path in which steps along one axis only are written as others are. */
const withoutShortcuts = (path: string): string => {
  let [x, y] = ["0", "0"];
  return path.replace(/([MLHV])(-?[\d.]+)(?:,(-?[\d.]+))?/g, (_, step: string, first: string, second?: string) => {
    if (step === "V") y = first;
    else x = first;
    y = second ?? y;
    return `${step === "M" ? "M" : "L"}${x},${y}`;
  });
};

/** Shapes in an order of their own: axes may lie in another order. */
const inOrder = (shapes: Shape[]): string[] =>
  shapes.map((shape) => JSON.stringify(Object.fromEntries(Object.entries(shape).sort()))).sort();

describe("sketch(spec, measure)", () => {
  const sketched = names.filter((name) => sketch(specOf(name), measure) !== null);

  it("draws all charts that there are", () => {
    expect(sketched).toEqual(names);
  });

  it("leaves to Vega what it does not know", () => {
    const { layer, ...rest } = specOf("months") as unknown as { layer: { mark: object }[] };
    const other = layer.map((each) => ({ ...each, mark: { ...each.mark, blend: "multiply" } }));
    expect(sketch({ ...rest, layer: other } as unknown as TopLevelSpec, measure)).toBeNull();
  });

  it.each(sketched)("draws %s as Vega does", async (name) => {
    const theirs = shapesOf(await svgOf(specOf(name)));
    const ours = shapesOf(sketch(specOf(name), measure)!);
    expect(inOrder(ours)).toEqual(inOrder(theirs));
  });
});
