/** Width and height of the drawing, in its own units. */
export const size = { width: 300, height: 96, left: 4, right: 6, top: 8, bottom: 8 };

/** What a control chart is drawn from: the points in the order of time, with limits or targets beside them. */
export interface ControlData {
  ends: readonly string[];
  values: readonly number[];
  lowers: readonly (number | null)[];
  centres: readonly (number | null)[];
  uppers: readonly (number | null)[];
  targets: readonly (number | null)[];
  /** First day of the first period under the cause, and last day of the last. */
  since: string;
  until: string;
  /** The chart's lowest value is 0 or what is drawn. */
  isFromZero: boolean;
}

export interface Dot {
  x: number;
  y: number;
  isFlagged: boolean;
}

/** A control chart as paths of an SVG. */
export interface ControlDrawing {
  /** Where the values run: gaps in time stay gaps on the axis, the line goes over them. */
  line: string;
  /** What is usual: between the limits; one for each stretch that has them. */
  bands: string[];
  centre: string;
  target: string;
  dots: Dot[];
}

/** Draws the points by time, with the band of what is usual, its centre, and the target. */
export function controlDrawing(data: ControlData): ControlDrawing {
  const known = (list: readonly (number | null)[]) => list.filter((value) => value !== null);
  const all = [...data.values, ...known(data.lowers), ...known(data.uppers), ...known(data.targets)];
  const low = data.isFromZero ? Math.min(0, ...data.values) : Math.min(...all);
  const high = Math.max(...all);
  const [first, last] = [timeOf(data.ends[0]!), timeOf(data.ends.at(-1)!)];
  const { width, height, left, right, top, bottom } = size;
  const x = (i: number) =>
    last === first ? width / 2 : left + ((timeOf(data.ends[i]!) - first) / (last - first)) * (width - left - right);
  const y = (value: number) =>
    high === low
      ? height / 2
      : height - bottom - ((Math.max(low, value) - low) / (high - low)) * (height - top - bottom);
  const path = (list: readonly (number | null)[]) =>
    list
      .map((value, i) => (value === null ? "" : `${list[i - 1] == null ? "M" : "L"}${round(x(i))} ${round(y(value))}`))
      .join("");
  return {
    line: path(data.values),
    bands: stretches(data.uppers).map(([from, to]) => {
      const places = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const edge = (list: readonly (number | null)[], at: number[]) =>
        at.map((i) => `${round(x(i))} ${round(y(list[i] ?? low))}`).join("L");
      return `M${edge(data.uppers, places)}L${edge(data.lowers, places.toReversed())}Z`;
    }),
    centre: path(data.centres),
    target: path(data.targets),
    dots: data.values.map((value, i) => ({
      x: round(x(i)),
      y: round(y(value)),
      isFlagged: data.ends[i]! >= data.since && data.ends[i]! <= data.until,
    })),
  };
}

/** Where a list has values: first and last place of each stretch. */
function stretches(list: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = [];
  list.forEach((value, i) => {
    if (value === null) return;
    const current = found.at(-1);
    if (current && current[1] === i - 1) current[1] = i;
    else found.push([i, i]);
  });
  return found;
}

const timeOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const round = (value: number): number => Math.round(value * 10) / 10;
