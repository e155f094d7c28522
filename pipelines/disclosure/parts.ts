import type { Figure, Part } from "./suppress.ts";
import type { Secret, Statement } from "./system.ts";

/** A protected figure: the sum of some finest cells, under whatever names readers know it. */
export interface CellFigure {
  figure: number;
  /** Numbers of cells, from 1. */
  cells: number[];
  numerator: number;
  people: number;
  exact: boolean;
  band: "low" | "high" | null;
  /** A window over periods that are figures too. */
  is_window: boolean;
  least_whole: number;
  least_part: number;
  cost: number;
  /** Of the whole force, perhaps under other names besides. */
  of_force: boolean;
}

/** A part with the numbers of the figures in it that say something, and of its secrets. */
export interface NumberedPart {
  part: Part;
  numbers: number[];
  /** Those of them, by their place in the part, that are of the force. */
  ofForce: number[];
  secretNumbers: number[];
}

/** Figures that have to do with each other, apart from all others: those of cells that what is shown, or what is withheld of one period, holds together. Only parts with a secret are given. */
export function partsOf(figures: CellFigure[], most: ArrayLike<number>, truth: ArrayLike<number>): NumberedPart[] {
  const group = new Int32Array(most.length + 1).map((_, i) => i);
  const find = (cell: number): number => {
    let root = cell;
    while (group[root] !== root) root = group[root]!;
    while (group[cell] !== root) [group[cell], cell] = [root, group[cell]!];
    return root;
  };
  for (const { cells, exact, band, is_window } of figures)
    if (exact || band || !is_window) for (const cell of cells) group[find(cell)] = find(cells[0]!);
  const byGroup = new Map<number, CellFigure[]>();
  for (const figure of figures) {
    const root = find(figure.cells[0]!);
    // A window over several parts is the sum of what is in each.
    if (figure.is_window && !figure.exact && !figure.band && figure.cells.some((cell) => find(cell) !== root)) continue;
    const others = byGroup.get(root);
    if (others) others.push(figure);
    else byGroup.set(root, [figure]);
  }
  return [...byGroup.values()].filter((each) => each.some(isSecret)).map((each) => partOf(each, most, truth));
}

const isSecret = ({ exact }: CellFigure) => !exact;

function partOf(figures: CellFigure[], most: ArrayLike<number>, truth: ArrayLike<number>): NumberedPart {
  // In the order of their numbers: the same part reads the same, whatever else there is.
  const cells = [...new Set(figures.flatMap((figure) => figure.cells))].sort((a, b) => a - b);
  const local = new Map(cells.map((cell, i) => [cell, i]));
  const shown: Figure[] = [];
  const numbers: number[] = [];
  const secrets: Secret[] = [];
  const ofForce: number[] = [];
  const secretNumbers: number[] = [];
  for (const figure of figures) {
    const of = figure.cells.map((cell) => local.get(cell)!);
    const { people: size, least_whole: leastWhole, least_part: leastPart, cost, exact, band } = figure;
    const secret: Secret = { of, size, leastWhole, leastPart };
    if (!exact) {
      secrets.push({ ...secret, band: band ?? undefined });
      secretNumbers.push(figure.figure);
    }
    if (exact || band) {
      shown.push({ says: { of, ...saysOf(figure) }, secret, cost });
      if (figure.of_force) ofForce.push(numbers.length);
      numbers.push(figure.figure);
    }
  }
  return {
    part: {
      most: cells.map((cell) => most[cell - 1]!),
      truth: cells.map((cell) => truth[cell - 1]!),
      figures: shown,
      secrets,
    },
    numbers,
    ofForce,
    secretNumbers,
  };
}

/** A figure, or the five values that a band may be. */
function saysOf({ numerator, people, band }: CellFigure): Pick<Statement, "lower" | "upper"> {
  if (band === "low") return { lower: 0, upper: 4 };
  if (band === "high") return { lower: people - 4, upper: people };
  return { lower: numerator, upper: numerator };
}
