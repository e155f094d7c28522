import { copyFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "../context.ts";
import { identifier, literal, type Database } from "../database.ts";
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

/** What a snapshot is written from, besides the figures. */
export interface Build {
  file: string;
  /** The snapshot before; null where there is none. */
  previous: string | null;
  /** Of each definition a hash of what it is made from. */
  made: Map<string, string>;
  /** Indicators whose figures are taken over from the snapshot before. */
  kept: Set<string>;
  /** Whether of others some figures are, too. */
  continues: boolean;
  /** The last load in the snapshot before. */
  loadsBefore: number;
  now: Date;
  feeds: FeedState[];
  freshness: Map<string, Freshness>;
  project: Project;
  context: Context;
  proofs: Proofs;
}

/** Writes the tables of a snapshot and checks them. `computed` gives the definitions that were computed anew, some at a time: whenever it gives some, their figures are in the tables of `computeFigures`. */
export async function writeSnapshot(
  db: Database,
  build: Build,
  computed: AsyncIterable<Definition[]>,
): Promise<{ rows: number; withheld: number; restated: number }> {
  const { file, previous } = build;
  await insertProject(db, build);
  // Most of it stands already: to copy the file is quicker than to write the rows.
  const standing = previous !== null && (build.kept.size > 0 || build.continues);
  if (standing) copyFileSync(previous, file);
  await db.run(`attach ${previous ? `${literal(previous)} as previous (read_only)` : "':memory:' as previous"}`);
  await db.run(`attach ${literal(file)} as snapshot`);
  try {
    if (standing) await keepStanding(db);
    if (previous)
      // A publication that was cut off after readers had switched to it left its restatements only there.
      await db.run(
        `insert into restatements by name from previous.restatements
         where restated_at > coalesce((select max(restated_at) from restatements), timestamp '1970-01-01')`,
      );
    await findSignalsBefore(db);
    await db.run(`set variable restated_at = timestamp ${literal(utc(build.now))}`);
    await db.run(`set variable loads_before = ${build.loadsBefore}`);
    await db.run("create or replace temp table new_restatements as from main.restatements limit 0");
    for await (const definitions of computed) await addFigures(db, build, definitions);
    build.context.step({ step: "publishing: snapshot" });
    if (build.kept.size > 0) await db.run(sqlOf("kept.sql"));
    await db.run(sqlOf("snapshot.sql"));
    if (build.project.contracts.has("incidents")) await db.run(sqlOf("recent.sql"));
    if (build.project.contracts.has("actions")) await db.run(sqlOf("actions.sql"));
    const counts = await db.one<{ rows: number; withheld: number; restated: number }>(sqlOf("counts.sql"));
    return counts!;
  } finally {
    await db.run("detach snapshot");
    await db.run("detach previous");
  }
}

/** Tables of a snapshot that tell of indicators, each by itself. */
const ofIndicators = ["series", "outcomes", "limits", "signals", "looked_at"];

/** Leaves of a copy of the snapshot before what holds on. */
async function keepStanding(db: Database): Promise<void> {
  const tables = await db.all<{ name: string }>(
    "select table_name as name from duckdb_tables() where database_name = 'snapshot'",
  );
  for (const { name } of tables)
    if (!ofIndicators.includes(name)) await db.run(`drop table snapshot.${identifier(name)}`);
  await db.run(sqlOf("standing.sql"));
}

/** Adds what was computed of some definitions, once it is seen that it may be shown. */
async function addFigures(
  db: Database,
  { previous, proofs, context }: Build,
  definitions: Definition[],
): Promise<void> {
  context.step({ step: "publishing: snapshot" });
  await computeVariation(db, definitions);
  if (!previous) await db.run(nothingBefore);
  await db.run(sqlOf("restatements.sql"));
  await db.run(sqlOf("series-table.sql"));
  await db.run(sqlOf("signals-table.sql"));
  const found = await db.one<{ open: number; doubled: number }>(sqlOf("checks.sql"));
  if (found!.open > 0 || found!.doubled > 0)
    throw new Refusal(
      `the snapshot is not published: ${found!.open} withheld rows show a figure, ${found!.doubled} rows stand twice; what readers see stays`,
    );
  context.step({ step: "publishing: audit" });
  await refuseLeaks(db, proofs);
  await db.run(sqlOf("added.sql"));
}

/** The signals that readers have, as `signals_before`; snapshots of before there were signals have none. */
async function findSignalsBefore(db: Database): Promise<void> {
  const found = await db.one(
    "select 1 as yes from duckdb_tables() where database_name = 'previous' and table_name = 'signals'",
  );
  await db.run(`create or replace temp table signals_before as ${found ? "from previous.signals" : noSignals}`);
}

const noSignals = `select null::varchar as signal_id, null::varchar as indicator_id, null::varchar as unit_id, null::varchar as grain,
  null::varchar as cause, null::varchar as direction, null::date as since, null::date as period_end, null::boolean as ongoing,
  null::double as "value", null::integer as points, null::timestamp as published_at, null::timestamp as changed_at limit 0`;

const nothingBefore =
  "create table if not exists previous.series as select * exclude (restated), false as restated from series limit 0";

const eventColumns = {
  ...{
    event_id: "VARCHAR",
    date: "DATE",
    unit_id: "VARCHAR",
    kind: "VARCHAR",
    title_nl: "VARCHAR",
    title_en: "VARCHAR",
  },
  ...{ note_nl: "VARCHAR", note_en: "VARCHAR", source: "VARCHAR", indicators: "VARCHAR" },
};

const breakColumns = {
  ...{ indicator_id: "VARCHAR", unit_id: "VARCHAR", on_date: "DATE", kind: "VARCHAR" },
  ...{ label_nl: "VARCHAR", label_en: "VARCHAR", source: "VARCHAR" },
};

/** What the project says, and how its feeds are. */
async function insertProject(db: Database, { made, kept, feeds, freshness, project, context }: Build): Promise<void> {
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
  await tableFromJson(
    db,
    "stated_events",
    project.events.map((event) => ({ ...event, indicators: event.indicators.join(" ") })),
    eventColumns,
  );
  await tableFromJson(db, "stated_breaks", project.breaks, breakColumns);
  await readPlaces(db, context);
  await db.run(sqlOf("references.sql"));
}

/** What was computed anew must tell nothing that is withheld. */
async function refuseLeaks(db: Database, proofs: Proofs): Promise<void> {
  await db.run("create or replace temp view audited_series as from added_series");
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

/** Columns of the files that say which published measures belong to which indicators. */
const placeColumns = {
  /** Those that are an indicator: compared with it. */
  measures: ["measure", "breakdown", "unit", "indicator_id", "grain", "factor"],
  /** Those that tell of the same and count something else: shown beside it. */
  beside: ["measure", "breakdown", "unit", "indicator_id", "title_nl", "title_en"],
};

/** Small files of the configuration, one table each; nothing where it has none. */
async function readPlaces(db: Database, { settings }: Context): Promise<void> {
  for (const [name, columns] of Object.entries(placeColumns)) {
    const file = path.join(settings.config, "data", "published", `${name}.csv`);
    const nothing = `select ${columns.map((column) => `null::varchar as ${column}`).join(", ")} limit 0`;
    const found = existsSync(file) ? `from read_csv(${literal(file)}, header = true, all_varchar = true)` : nothing;
    await db.run(`create or replace temp table ${name} as ${found}`);
  }
}
