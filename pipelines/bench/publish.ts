import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Context } from "../context.ts";
import { runApart, type BenchResult } from "./measure.ts";
import type { FirstPublished, Published, PublishInput } from "./publish-once.ts";

/** The whole catalogue over the demo force: a publication of all of it, one after a new month of one feed, and one of ten times its events. */
export async function benchPublish(context: Context): Promise<BenchResult[]> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  const measure = async (events: number) => {
    context.log(`publishing the demo force with ${events} times its events`);
    const program = "pipelines/bench/publish-once.ts";
    const input = { folder: path.join(root, String(events)), events };
    const first = await runApart<FirstPublished>(program, { ...input, part: "first" } satisfies PublishInput);
    const later = await runApart<Published>(program, { ...input, part: "later" } satisfies PublishInput);
    rmSync(input.folder, { recursive: true, force: true });
    return { ...later, ...first };
  };
  try {
    const own = await measure(1);
    const many = await measure(10);
    const against = (name: string, seconds: number, computed: number) => ({
      name: `publishing after a new month of ${name} / publishing all`,
      ratio: seconds / own.whole_seconds,
      parts: { seconds, computed, indicators: own.indicators },
    });
    return [
      { name: "publishing all / 30 s", ratio: own.whole_seconds / 30, parts: { ...own } },
      against("complaints", own.complaints_seconds, own.complaints_computed),
      against("movements", own.movements_seconds, own.movements_computed),
      against("staffing", own.staffing_seconds, own.staffing_computed),
      {
        name: "publishing all with 10 times the events / with the demo's own",
        ratio: many.whole_seconds / own.whole_seconds,
        parts: { ...many },
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
