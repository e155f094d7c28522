import { nameLines } from "./trend.ts";

/** A mark that should be named: its middle in pixels, and the lines of its name. */
export interface Named {
  x: number;
  y: number;
  lines: string[];
  /** Whether the name may lie on unnamed marks where there is no other room. */
  firm: boolean;
}

/** Where a name stands beside its mark: from the mark's middle to the middle of its first line. */
export interface NamePlace {
  dx: number;
  dy: number;
  align: "left" | "right" | "center";
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const lineHeight = 13;
const away = 9;

/** Width of words as the charts set them: near enough to keep names apart. */
const widthOf = (lines: string[]): number => Math.max(...lines.map((line) => line.length)) * 6.1;

/**
 * Places for the names of marks, the first named first: beside, above or below, where a name lies on no other name, no
 * named mark and no other mark; a firm one on an other mark rather than nowhere. Null where there is no room.
 */
export function placeNames(
  named: Named[],
  others: { x: number; y: number }[],
  frame: { width: number; height: number },
): (NamePlace | null)[] {
  const taken: Box[] = named.map(({ x, y }) => around(x, y, 6));
  const marks = others.map(({ x, y }) => around(x, y, 4));
  return named.map((each, index) => {
    const own = taken[index];
    const free = choices(each).filter(
      ({ box }) =>
        box.left >= 1 &&
        box.right <= frame.width - 1 &&
        box.top >= -6 &&
        box.bottom <= frame.height - 1 &&
        !taken.some((other) => other !== own && meet(box, other)),
    );
    const clear = free.find(({ box }) => !marks.some((mark) => meet(box, mark)));
    const chosen = clear ?? (each.firm ? free[0] : undefined);
    if (!chosen) return null;
    taken.push(chosen.box);
    return chosen.place;
  });
}

function choices({ x, y, lines }: Named): { place: NamePlace; box: Box }[] {
  const width = widthOf(lines);
  const height = lines.length * lineHeight;
  const at = (align: NamePlace["align"], dx: number, middle: number) => {
    const left = align === "left" ? x + dx : align === "right" ? x + dx - width : x + dx - width / 2;
    return {
      place: { align, dx, dy: Math.round(middle - height / 2 + lineHeight / 2) },
      box: { left, right: left + width, top: y + middle - height / 2, bottom: y + middle + height / 2 },
    };
  };
  const above = -(away + height / 2);
  const below = away + height / 2;
  return [
    at("left", away, 0),
    at("right", -away, 0),
    at("center", 0, above),
    at("center", 0, below),
    at("left", away - 3, above + 4),
    at("left", away - 3, below - 4),
    at("right", 3 - away, above + 4),
    at("right", 3 - away, below - 4),
  ];
}

const around = (x: number, y: number, reach: number): Box => ({
  left: x - reach,
  right: x + reach,
  top: y - reach,
  bottom: y + reach,
});

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** A name for beside a mark, in lines: of a long one with an abbreviation behind it, that alone. */
export function markName(name: string, most = 18): string[] {
  const short = /\(([^()]{2,8})\)$/.exec(name);
  if (short && name.length > most) return [short[1]!];
  return nameLines(name, most);
}
