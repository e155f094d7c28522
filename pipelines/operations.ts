import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { renameDurably } from "./durable.ts";
import type { Context } from "./context.ts";
import { identifier, literal, type Database } from "./database.ts";
import { feedStateColumns, readFreshness } from "./freshness.ts";
import type { Project } from "./project.ts";

const copied = ["runs", "loads", "refusals", "quarantine"];

/** Writes what the server may know of the pipelines' work beside the old file, and replaces it by rename. */
export async function writeOperations(
  db: Database,
  context: Context,
  project: Pick<Project, "contracts"> & Partial<Pick<Project, "jobs">>,
): Promise<void> {
  const file = path.join(context.settings.home, "operations.duckdb");
  const fresh = `${file}.tmp`;
  removeFresh(fresh);
  const feeds = await readFreshness(db, context, project.contracts, project.jobs);
  await db.run(`attach ${literal(fresh)} as operations`);
  try {
    for (const table of copied)
      await db.run(`create table operations.${identifier(table)} as from ${identifier(table)}`);
    await db.run(
      `create table operations.feeds as
       select unnest(from_json($feeds::json, ${literal(JSON.stringify([feedStateColumns]))}), recursive := true)`,
      { feeds: JSON.stringify(feeds) },
    );
  } catch (error) {
    await db.run("detach operations").catch(() => undefined);
    // Half of it would take up room, which may be what was lacking.
    removeFresh(fresh);
    throw error;
  }
  await db.run("detach operations");
  renameDurably(fresh, file);
}

function removeFresh(fresh: string): void {
  for (const leftover of [fresh, `${fresh}.wal`]) if (existsSync(leftover)) rmSync(leftover);
}
