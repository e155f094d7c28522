import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "../context.ts";
import { literal, type Database } from "../database.ts";
import { feedStateColumns, type FeedState, type Freshness } from "../freshness.ts";
import { auditSeries } from "../disclosure/audit.ts";
import type { Proofs } from "../disclosure/proofs.ts";
import type { Definition } from "../indicators/definition.ts";
import type { Project } from "../project.ts";
import { Refusal } from "../problem.ts";
import { utc } from "../runs.ts";
import { freshnessOf } from "../series/series.ts";
import { tableFromJson } from "../series/table.ts";
import { computeVariation } from "../series/variation.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");

/** What a snapshot is written from, besides the tables of `computeSeries`. */
export interface Build {
  file: string;
  /** The snapshot before; null where there is none. */
  previous: string | null;
  /** Of each definition a hash of what it is made from. */
  made: Map<string, string>;
  /** Indicators whose figures are taken over from the snapshot before. */
  kept: Set<string>;
  /** The last load in the snapshot before. */
  loadsBefore: number;
  now: Date;
  feeds: FeedState[];
  freshness: Map<string, Freshness>;
  project: Project;
  context: Context;
  proofs: Proofs;
}

/** Writes the tables of a snapshot and checks them. */
export async function writeSnapshot(
  db: Database,
  { file, previous, made, kept, loadsBefore, now, feeds, freshness, project, context, proofs }: Build,
): Promise<{ rows: number; withheld: number; restated: number }> {
  await insertDefinitions(db, project.definitions);
  await tableFromJson(db, "feed_states", feeds, feedStateColumns);
  await tableFromJson(
    db,
    "made_from",
    [...made].map(([indicator_id, hash]) => ({ indicator_id, hash })),
    { indicator_id: "VARCHAR", hash: "VARCHAR" },
  );
  await tableFromJson(
    db,
    "kept",
    project.definitions
      .filter(({ id }) => kept.has(id))
      .map((each) => ({ indicator_id: each.id, freshness: freshnessOf(each, freshness) })),
    { indicator_id: "VARCHAR", freshness: "VARCHAR" },
  );
  await readReferences(db, context);
  await db.run(sqlOf("references.sql"));
  await computeVariation(
    db,
    project.definitions.filter(({ id }) => !kept.has(id)),
  );
  await db.run(`attach ${previous ? `${literal(previous)} as previous (read_only)` : "':memory:' as previous"}`);
  await db.run(`attach ${literal(file)} as snapshot`);
  try {
    if (!previous)
      await db.run(
        "create table previous.series as select * exclude (restated), false as restated from series limit 0",
      );
    else
      // A publication that was cut off after readers had switched to it left its restatements only there.
      await db.run(
        `insert into restatements by name from previous.restatements
         where restated_at > coalesce((select max(restated_at) from restatements), timestamp '1970-01-01')`,
      );
    await db.run(`set variable restated_at = timestamp ${literal(utc(now))}`);
    await db.run(`set variable loads_before = ${loadsBefore}`);
    await db.run(sqlOf("restatements.sql"));
    await db.run(sqlOf("series-table.sql"));
    if (kept.size > 0) await db.run(sqlOf("kept.sql"));
    await db.run(sqlOf("snapshot.sql"));
    const counts = await db.one<{ rows: number; withheld: number; restated: number; open: number; doubled: number }>(
      sqlOf("checks.sql"),
    );
    if (counts!.open > 0 || counts!.doubled > 0)
      throw new Refusal(
        `the snapshot is not published: ${counts!.open} withheld rows show a figure, ${counts!.doubled} rows stand twice; what readers see stays`,
      );
    context.step({ step: "publishing: audit" });
    await refuseLeaks(db, proofs);
    const { rows, withheld, restated } = counts!;
    return { rows, withheld, restated };
  } finally {
    await db.run("detach snapshot");
    await db.run("detach previous");
  }
}

/** What was computed anew must tell nothing that is withheld. */
async function refuseLeaks(db: Database, proofs: Proofs): Promise<void> {
  await db.run(
    "create or replace temp view audited_series as from snapshot.series anti join kept using (indicator_id)",
  );
  const { leaks } = await auditSeries(db, { proofs });
  await db.run("drop view audited_series");
  if (leaks.length === 0) return;
  const named = leaks.slice(0, 5).map((row) => `${row.indicator_id} of ${row.unit_id} to ${row.period_end}`);
  throw new Refusal(
    `the snapshot is not published: ${leaks.length} withheld rows can be worked out from what it shows (${named.join("; ")}${leaks.length > 5 ? "; …" : ""}); what readers see stays. Remove the folder proofs in the home and publish again; kvv audit names them all`,
  );
}

async function insertDefinitions(db: Database, definitions: Definition[]): Promise<void> {
  const rows = definitions.map(({ id, ...definition }, position) => ({
    indicator_id: id,
    position,
    definition: JSON.stringify({ id, ...definition }),
  }));
  await tableFromJson(db, "definitions", rows, {
    indicator_id: "VARCHAR",
    position: "INTEGER",
    definition: "VARCHAR",
  });
}

/** Breaks, and which published measure is which indicator: small files of the configuration, empty where it has none. */
async function readReferences(db: Database, { settings }: Context): Promise<void> {
  const read = (file: string, columns: string) =>
    existsSync(file)
      ? `read_csv(${literal(file)}, header = true, all_varchar = true)`
      : `(select ${columns
          .split(" ")
          .map((name) => `null::varchar as ${name}`)
          .join(", ")} limit 0)`;
  const breaks = path.join(settings.config, "data", "breaks.csv");
  const measures = path.join(settings.config, "data", "published", "measures.csv");
  await db.run(
    `create or replace temp table stated_breaks as from ${read(breaks, "indicator_id unit_id on_date kind label_nl label_en source")};
     create or replace temp table measures as from ${read(measures, "measure breakdown unit indicator_id grain factor")};`,
  );
}
