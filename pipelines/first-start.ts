import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import type { WarehouseWork } from "./command.ts";
import { readDemoState, writeDemoState, type DemoState } from "./demo-home.ts";
import { demoKinds, writeDemo } from "./demo/demo.ts";
import { loadFile } from "./loading/load.ts";
import { recordRun } from "./runs.ts";

/** Gives an empty home its demo data, and a demo home the months that have passed since, and the feeds that the demo has learnt. Files go through the ordinary loader; a file that it knows already changes nothing, so a start that was cut off is simply done again. */
export async function bringDemoUpToDate({
  context,
  project,
  db,
}: Pick<WarehouseWork, "context" | "project" | "db">): Promise<void> {
  const { home, demoSeed } = context.settings;
  const state = readDemoState(home);
  if (!state && !(await isEmpty(home, db))) return;
  const through = lastFullMonth(context.now());
  if (state && isUpToDate(state, through)) return;
  const seed = state?.seed ?? demoSeed;
  // A clock that was put back takes nothing away.
  const last = state?.through && state.through > through ? state.through : through;
  writeDemoState(home, { ...state, seed, through: state?.through ?? null });
  await recordRun(db, "demo", context, async () => ({
    loads: await loadDemo({ context, project, db }, seed, last),
  }));
  writeDemoState(home, { seed, through: last, kinds: demoKinds });
}

/** Whether a home has the demo's months, and every kind of file that the demo has by now. */
function isUpToDate({ through, kinds }: DemoState, wanted: string): boolean {
  return through !== null && through >= wanted && demoKinds.every((kind) => kinds?.includes(kind));
}

/** Makes the files and loads them; returns how many were loaded. */
async function loadDemo(
  { context, project, db }: Pick<WarehouseWork, "context" | "project" | "db">,
  seed: number,
  through: string,
): Promise<number> {
  const { home, config } = context.settings;
  let loads = 0;
  context.log(`making demo data (voorbeelddata) through ${through}`);
  const folder = path.join(home, "demo");
  mkdirSync(folder, { recursive: true });
  const files = await writeDemo(folder, { seed, through, config });
  for (const [index, file] of files.entries()) {
    context.log("loading demo data", { done: index, total: files.length });
    const result = await loadFile(db, context, project.contracts, {
      feed: file.feed,
      path: file.file,
      ...(file.mapping ? { mappingPath: file.mapping } : {}),
      acceptChange: true,
    });
    if (!result.refused && !result.unchanged) loads++;
    if (result.refused) context.log(`demo data: ${path.basename(file.file)} was refused: ${result.refused}`);
  }
  context.log("loading demo data", { done: files.length, total: files.length });
  return loads;
}

/** The last month that is over, as `YYYY-MM`. */
export function lastFullMonth(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

async function isEmpty(home: string, db: WarehouseWork["db"]): Promise<boolean> {
  const loads = await db.one<{ n: number }>("select count(*) as n from loads");
  return !loads?.n && filesBelow(path.join(home, "inbox")) === 0;
}

function filesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}
