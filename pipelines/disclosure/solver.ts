import loadHighs from "highs";
import type { Merged } from "./merge.ts";
import type { Statement } from "./system.ts";

type Highs = Awaited<ReturnType<typeof loadHighs>>;

let loaded: Promise<Highs> | undefined;

/** The linear solver, loaded once. */
export const loadSolver = (): Promise<Highs> => (loaded ??= loadHighs());

/** An outermost point of what the statements allow. */
export interface Extreme {
  /** The value of each class; null where there is no end. */
  point: Float64Array | null;
  /** Of each statement how much the value would change with its bounds; 0 where it does not matter. */
  duals: Float64Array;
}

/** All points that a system allows, with the solver's model of it. Dispose of it: its memory is not the engine's. */
export class Polytope {
  private readonly highs: Highs;
  private readonly model;
  private readonly classes: number;
  /** How many systems were solved. */
  solved = 0;

  constructor(highs: Highs, { most, statements }: Pick<Merged, "most" | "statements">) {
    this.highs = highs;
    this.classes = most.length;
    const bound = (value: number) => (Number.isFinite(value) ? value : Math.sign(value) * highs.infinity);
    const starts = [0];
    for (const { of } of statements) starts.push(starts.at(-1)! + of.length);
    this.model = highs.createModel({
      numCols: most.length,
      numRows: statements.length,
      colCost: new Float64Array(most.length),
      colLower: new Float64Array(most.length),
      colUpper: Float64Array.from(most, bound),
      rowLower: Float64Array.from(statements, ({ lower }) => bound(lower)),
      rowUpper: Float64Array.from(statements, ({ upper }) => bound(upper)),
      matrix: {
        format: "csr",
        numRows: statements.length,
        numCols: most.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(statements.flatMap(({ of }) => of)),
        values: Float64Array.from(statements.flatMap((each) => weightsOf(each))),
      },
    });
    this.model.options.set({ output_flag: false });
  }

  /** The point at which a sum of classes is largest (sense 1) or smallest (-1); null where the statements contradict each other. */
  extreme(of: number[], weights: number[], sense: 1 | -1): Extreme | null {
    const costs = new Float64Array(this.classes);
    for (const [i, each] of of.entries()) costs[each]! += sense * -weights[i]!;
    this.model.changeColsCost({ kind: "range", from: 0, to: this.classes - 1 }, costs);
    this.model.run();
    this.solved += 1;
    const status = this.model.getModelStatus();
    const { optimal, infeasible, unbounded } = this.highs.constants.modelStatus;
    if (status === infeasible) return null;
    if (status === unbounded) return { point: null, duals: new Float64Array(0) };
    if (status !== optimal) throw new Error(`the linear solver ended with status ${status}`);
    // From the last corner to the next; the first time the way there is shorter with what the solver simplifies before.
    if (this.solved === 1) this.model.options.set({ simplex_strategy: 4 });
    const { colValue, rowDual } = this.model.getSolution();
    return { point: colValue, duals: rowDual };
  }

  /** Takes back what a statement says. */
  forget(statement: number): void {
    this.model.changeRowBounds(statement, -this.highs.infinity, this.highs.infinity);
  }

  dispose(): void {
    this.model.dispose();
  }
}

const weightsOf = ({ of, weights }: Statement): number[] => weights ?? of.map(() => 1);
