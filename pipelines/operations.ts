import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { Context } from "./context.ts";
import { identifier, literal, type Database } from "./database.ts";
import { readFreshness } from "./freshness.ts";
import type { Project } from "./project.ts";

const copied = ["runs", "loads", "refusals", "quarantine"];

/** Writes what the server may know of the pipelines' work beside the old file, and replaces it by rename. */
export async function writeOperations(
  db: Database,
  context: Context,
  project: Pick<Project, "contracts">,
): Promise<void> {
  const file = path.join(context.settings.home, "operations.duckdb");
  const fresh = `${file}.tmp`;
  for (const leftover of [fresh, `${fresh}.wal`]) if (existsSync(leftover)) rmSync(leftover);
  const feeds = await readFreshness(db, context, project.contracts);
  await db.run(`attach ${literal(fresh)} as operations`);
  try {
    for (const table of copied)
      await db.run(`create table operations.${identifier(table)} as from ${identifier(table)}`);
    await db.run(
      `create table operations.feeds as
       select feed, title_nl, title_en, owner, cadence, covered_to::date as covered_to,
              last_load_at::timestamp as last_load_at, freshness, due_on::date as due_on, overdue_on::date as overdue_on
       from (select unnest(from_json($feeds::json,
         '[{"feed":"VARCHAR","title_nl":"VARCHAR","title_en":"VARCHAR","owner":"VARCHAR","cadence":"VARCHAR","covered_to":"VARCHAR","last_load_at":"VARCHAR","freshness":"VARCHAR","due_on":"VARCHAR","overdue_on":"VARCHAR"}]'), recursive := true))`,
      { feeds: JSON.stringify(feeds) },
    );
  } finally {
    await db.run("detach operations");
  }
  renameSync(fresh, file);
}
