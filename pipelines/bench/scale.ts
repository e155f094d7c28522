import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Context } from "../context.ts";
import { runApart, type BenchResult } from "./measure.ts";
import type { Scaled, ScaleInput } from "./scale-once.ts";

const factors = [1, 10, 100];

/** Four years of the demo force with 1, 10 and 100 times its events. The ratios are of growth: of load time to rows, of the warehouse to what it keeps; 1 or less grows no faster. */
export async function benchScale(context: Context): Promise<BenchResult[]> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  try {
    const results: BenchResult[] = [];
    let first: Scaled | undefined;
    for (const events of factors) {
      context.log(`the demo force with ${events} times its events`);
      const input: ScaleInput = { folder: path.join(root, String(events)), events };
      const scaled = await runApart<Scaled>("pipelines/bench/scale-once.ts", input);
      first ??= scaled;
      const growth = (of: (each: Scaled) => number) => of(scaled) / of(first!);
      results.push({
        name: `load time / rows, both against the demo's own, with ${events} times its events`,
        ratio: growth(({ seconds }) => seconds) / growth(({ rows }) => rows),
        parts: {
          ...scaled,
          mb_by_rows: growth(({ mb }) => mb) / growth(({ rows }) => rows),
          folded_mb_by_cells: growth((each) => each.folded_mb) / growth((each) => each.folded_cells),
          counted_mb_by_cells: growth((each) => each.counted_mb) / growth((each) => each.counted_cells),
        },
      });
    }
    return results;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
