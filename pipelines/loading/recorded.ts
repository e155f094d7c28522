import type { WarehouseWork } from "../command.ts";
import { recordRun, type RunKind } from "../runs.ts";
import { loadFile, type LoadRequest, type LoadResult } from "./load.ts";

/** Loads a file as a run of its own: what became of it stands among the runs, a refusal with its words. */
export async function loadRecorded(
  { db, context, project }: Pick<WarehouseWork, "db" | "context" | "project">,
  request: LoadRequest,
  file: string,
  kind: RunKind = "load",
): Promise<LoadResult> {
  const run = async () => {
    const result = await loadFile(db, context, project.contracts, request);
    const loads = result.refused || result.unchanged ? 0 : 1;
    return { result, refused: result.refused, loads };
  };
  return (await recordRun(db, request.feed, context, run, { kind, file })).result;
}
