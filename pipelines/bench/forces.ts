import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Context } from "../context.ts";
import type { Forces, ForcesInput } from "./forces-once.ts";
import { runApart, type BenchResult } from "./measure.ts";

const factors = [1, 3, 10];

/** Four years of a force with 1, 3 and 10 times the demo's units. The ratios are of growth: of the time to publish all to the figures; 1 or less grows no faster. */
export async function benchForces(context: Context): Promise<BenchResult[]> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  try {
    const results: BenchResult[] = [];
    let one: Forces | undefined;
    for (const times of factors) {
      context.log(`publishing a force with ${times} times the demo's units`);
      const input: ForcesInput = { folder: path.join(root, String(times)), times };
      const forces = await runApart<Forces>("pipelines/bench/forces-once.ts", input);
      one ??= forces;
      const growth = (of: (each: Forces) => number) => of(forces) / of(one!);
      results.push({
        name: `publishing all / figures, both against the demo's own, with ${times} times its units`,
        ratio: growth(({ whole_seconds }) => whole_seconds) / growth(({ figures }) => figures),
        parts: {
          ...forces,
          figures_by_places: growth(({ figures }) => figures) / growth(({ places }) => places),
          first_by_figures: growth(({ first_seconds }) => first_seconds) / growth(({ figures }) => figures),
          mb_by_figures: growth(({ snapshot_mb }) => snapshot_mb) / growth(({ figures }) => figures),
        },
      });
    }
    return results;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
