import type { Merged } from "./merge.ts";
import { loadSolver } from "./solver.ts";
import { slack, type Range } from "./system.ts";

type Highs = Awaited<ReturnType<typeof loadSolver>>;

/** Statements to withhold, and what that costs. */
export interface Loosened {
  statements: number[];
  cost: number;
}

/** Finds which statements a sum of classes has to break, together the cheapest, to be as large or as small as it should: all of a chain at once (a team, its district, its year), not one after another. After Kelly, Golden and Assad, Cell suppression: disclosure protection for sensitive tabular data, Networks 22 (1992). */
export class Loosening {
  private readonly highs: Highs;
  private readonly model;
  private readonly classes: number;
  private readonly costs: number[];

  private constructor(highs: Highs, { most, statements }: Merged, costs: number[]) {
    this.highs = highs;
    this.classes = most.length;
    this.costs = costs;
    const bound = (value: number) => (Number.isFinite(value) ? value : Math.sign(value) * highs.infinity);
    const rows = statements.map(({ of, weights }, i) => ({
      indices: [...of, this.moreOf(i), this.lessOf(i)],
      values: [...(weights ?? of.map(() => 1)), -1, 1],
    }));
    const starts = [0];
    for (const { indices } of rows) starts.push(starts.at(-1)! + indices.length);
    const twice = costs.flatMap((cost) => [cost, cost]);
    const numCols = most.length + twice.length;
    this.model = highs.createModel({
      numCols,
      numRows: rows.length,
      colCost: Float64Array.from([...most.map(() => 0), ...twice.map((cost) => (Number.isFinite(cost) ? cost : 0))]),
      colLower: new Float64Array(numCols),
      colUpper: Float64Array.from([
        ...most.map(bound),
        ...twice.map((cost) => (Number.isFinite(cost) ? highs.infinity : 0)),
      ]),
      rowLower: Float64Array.from(statements, ({ lower }) => bound(lower)),
      rowUpper: Float64Array.from(statements, ({ upper }) => bound(upper)),
      matrix: {
        format: "csr",
        numRows: rows.length,
        numCols,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(rows.flatMap(({ indices }) => indices)),
        values: Float64Array.from(rows.flatMap(({ values }) => values)),
      },
    });
    this.model.options.set({ output_flag: false });
  }

  /** Begins with what is said and what it costs to withhold each statement; Infinity where it must stay. */
  static async begin(merged: Merged, costs: number[]): Promise<Loosening> {
    return new Loosening(await loadSolver(), merged, costs);
  }

  /** What to withhold so that a sum of classes can be `lower` to `upper`; null where it cannot, whatever is withheld. */
  reach(of: number[], { lower, upper }: Range): Loosened | null {
    const last = this.costs.length;
    const bound = (value: number) => (Number.isFinite(value) ? value : Math.sign(value) * this.highs.infinity);
    this.model.addRow(bound(lower), bound(upper), { indices: of, values: of.map(() => 1) });
    this.model.run();
    const reached = this.model.getModelStatus() === this.highs.constants.modelStatus.optimal;
    const { colValue } = this.model.getSolution();
    this.model.deleteRows({ kind: "range", from: last, to: last });
    if (!reached) return null;
    const statements = this.costs.flatMap((_, i) =>
      colValue[this.moreOf(i)]! > slack || colValue[this.lessOf(i)]! > slack ? [i] : [],
    );
    return { statements, cost: statements.reduce((sum, i) => sum + this.costs[i]!, 0) };
  }

  /** From now on a statement is not said. */
  forget(statement: number): void {
    this.model.changeRowBounds(statement, -this.highs.infinity, this.highs.infinity);
    for (const column of [this.moreOf(statement), this.lessOf(statement)]) this.model.changeColBounds(column, 0, 0);
  }

  dispose(): void {
    this.model.dispose();
  }

  // After the classes each statement has two columns: by how much more, and how much less, it is than it says.
  private moreOf(statement: number): number {
    return this.classes + 2 * statement;
  }

  private lessOf(statement: number): number {
    return this.classes + 2 * statement + 1;
  }
}
