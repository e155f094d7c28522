import type { TopLevelSpec } from "vega-lite";
import { paperPalette } from "../charts/palette.ts";
import { wrapped, type Caption } from "../state/caption.ts";
import { chartFile } from "./vega.ts";

export { captionOf } from "../state/caption.ts";
export { paperPalette };

const family = "'Source Sans 3 Variable', 'Source Sans 3', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const small = { size: 12, height: 17 };
const large = { size: 14, height: 22 };
/** Around the caption, in pixels. */
const room = { side: 12, top: 8, bottom: 12 };

interface Line {
  text: string;
  bold: boolean;
  size: number;
  /** Of its foot, from the top of the caption. */
  y: number;
}

/** A chart as a file with its caption under it. An SVG also has it as title and description; a PNG is twice the size. */
export async function pictureFile(spec: TopLevelSpec, type: "svg" | "png", caption: Caption): Promise<Blob> {
  const chart = await chartFile(spec, type);
  return type === "svg" ? captionedSvg(await chart.text(), caption) : captionedPng(chart, caption);
}

/** The lines of a caption in a picture of that width, and how high they are together. */
function layOut({ title, lines }: Caption, width: number): { lines: Line[]; height: number } {
  const context = document.createElement("canvas").getContext("2d")!;
  const placed: Line[] = [];
  let y = room.top;
  const add = (text: string, bold: boolean, { size, height }: typeof small) => {
    context.font = fontOf(bold, size);
    for (const part of wrapped(text, width - 2 * room.side, (each) => context.measureText(each).width)) {
      y += height;
      placed.push({ text: part, bold, size, y });
    }
  };
  add(title, true, large);
  for (const line of lines) add(line, false, small);
  return { lines: placed, height: y + room.bottom };
}

const fontOf = (bold: boolean, size: number): string => `${bold ? 600 : 400} ${size}px ${family}`;
const colourOf = (bold: boolean): string => (bold ? paperPalette.ink : paperPalette.muted);

function captionedSvg(text: string, caption: Caption): Blob {
  const picture = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = picture.documentElement;
  const [width, height] = ["width", "height"].map((name) => Number.parseFloat(root.getAttribute(name)!)) as [
    number,
    number,
  ];
  const { lines, height: more } = layOut(caption, width);
  const make = (name: string, attributes: Record<string, string | number>, content = "") => {
    const element = picture.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [each, value] of Object.entries(attributes)) element.setAttribute(each, String(value));
    element.textContent = content;
    return element;
  };
  root.setAttribute("height", String(height + more));
  root.setAttribute("viewBox", `0 0 ${width} ${height + more}`);
  root.prepend(
    make("title", {}, caption.title),
    make("desc", {}, caption.lines.join("\n")),
    make("rect", { width, height: height + more, fill: paperPalette.page }),
  );
  root.append(
    ...lines.map(({ text, bold, size, y }) =>
      make(
        "text",
        {
          ...{ x: room.side, y: height + y, fill: colourOf(bold) },
          ...{ "font-family": family, "font-size": size, "font-weight": bold ? 600 : 400 },
        },
        text,
      ),
    ),
  );
  return new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" });
}

async function captionedPng(chart: Blob, caption: Caption): Promise<Blob> {
  const picture = await createImageBitmap(chart);
  const { lines, height } = layOut(caption, picture.width / 2);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height + Math.ceil(height * 2);
  const context = canvas.getContext("2d")!;
  context.fillStyle = paperPalette.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  context.scale(2, 2);
  for (const { text, bold, size, y } of lines) {
    context.font = fontOf(bold, size);
    context.fillStyle = colourOf(bold);
    context.fillText(text, room.side, picture.height / 2 + y);
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture came out"))), "image/png"),
  );
}
