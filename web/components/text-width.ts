let context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null = null;
let letters = "";
const known = new Map<string, number>();

/** How wide a text of a size in pixels is in the page's own letters, in which charts write. */
export function textWidth(text: string, size: number): number {
  const key = `${size} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  context ??= paper();
  // Once: they are the same in every language and theme, and asking has the browser work out the page's style.
  letters ||= getComputedStyle(document.body).fontFamily;
  context.font = `${size}px ${letters}`;
  const { width } = context.measureText(text);
  known.set(key, width);
  return width;
}

/** What is not part of a page is measured without its style being worked out first. */
const paper = () =>
  typeof OffscreenCanvas === "function"
    ? new OffscreenCanvas(1, 1).getContext("2d")!
    : document.createElement("canvas").getContext("2d")!;
