import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Context } from "./context.ts";
import { dropTemporary, literal, type Database } from "./database.ts";
import { renameDurably, sync, writeDurably } from "./durable.ts";
import { isDemoHome } from "./demo-home.ts";
import { feedStateColumns, readFreshness, type FeedState } from "./freshness.ts";
import type { Project } from "./project.ts";
import { Refusal } from "./problem.ts";
import { utc } from "./runs.ts";
import { computeSeries, tableFromJson } from "./series/series.ts";

/** What a publication made. */
export interface PublishResult {
  snapshot: string;
  seconds: number;
  /** Rows of series, of which withheld; and figures that differ from what was shown before. */
  rows: number;
  withheld: number;
  restated: number;
  /** Targets of units that this home does not have. */
  ignored_targets: number;
  /** Published figures of our indicators that have no place beside ours, by what has no match: breakdown, unit or period. */
  unmatched_figures: Record<string, number>;
}

/** `manifest.json` beside a snapshot's database; `hash` is its SHA-256. */
export interface Manifest {
  snapshot: string;
  published_at: string;
  data_through: string;
  demo: boolean;
  rows: number;
  withheld: number;
  restated: number;
  /** The last load that is in it; 0 where there was none. */
  last_load: number;
  unmatched_figures: Record<string, number>;
  hash: string;
}

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, "publishing", name), "utf8");

const pointerFile = (home: string) => path.join(home, "published", "current");

/** The snapshot that readers see; null before the first. */
export function currentSnapshot(home: string): string | null {
  if (!existsSync(pointerFile(home))) return null;
  return readFileSync(pointerFile(home), "utf8").trim() || null;
}

/** Whether the warehouse holds a load that no snapshot has: the publication after it was cut off. */
export async function isBehind(db: Database, home: string): Promise<boolean> {
  const last = await db.one<{ id: number }>("select coalesce(max(load_id), 0) as id from loads");
  return last!.id > (await lastLoadIn(db, home, currentSnapshot(home)));
}

/** Builds a snapshot beside the current one, checks it, renames it into place and switches to it. Whatever fails leaves what readers see as it was. */
export async function publish(db: Database, context: Context, project: Project): Promise<PublishResult> {
  const started = performance.now();
  const { home, keepSnapshots } = context.settings;
  const published = path.join(home, "published");
  mkdirSync(published, { recursive: true });
  for (const left of readdirSync(published).filter((name) => name.startsWith(".building-")))
    rmSync(path.join(published, left), { recursive: true, force: true });
  const now = context.now();
  const folder = path.join(published, `.building-${process.pid}`);
  const work = await db.connect();
  try {
    const feeds = await readFreshness(work, context, project.contracts, project.jobs);
    const demo = isDemoHome(home);
    const targets = project.targets.filter((target) => demo || !target.demo);
    await computeSeries(work, {
      definitions: project.definitions,
      targets,
      today: now.toISOString().slice(0, 10),
      freshness: new Map(feeds.map((feed) => [feed.feed, feed.freshness])),
      progress: (step) => tellStep(context, step),
    });
    mkdirSync(folder);
    const file = path.join(folder, "series.duckdb");
    tellStep(context, "snapshot");
    const before = currentSnapshot(home);
    const counts = await writeSnapshot(work, { file, home, before, now, feeds, project, context });
    const last = await work.one<{ id: number }>("select coalesce(max(load_id), 0) as id from loads");
    const unmatched = await work.all<{ left_out: string; n: number }>(
      "select left_out, count(*) as n from placed_references where left_out is not null group by left_out order by left_out",
    );
    const unmatched_figures = Object.fromEntries(unmatched.map(({ left_out, n }) => [left_out, n]));
    const manifest = {
      published_at: now.toISOString(),
      data_through: dataThrough(feeds, project) ?? now.toISOString().slice(0, 10),
      demo,
      ...counts,
      last_load: last!.id,
      unmatched_figures,
      hash: await sha256(file),
    };
    const snapshot = nameOf(now, manifest.hash, snapshotsIn(published).at(-1));
    writeDurably(
      path.join(folder, "manifest.json"),
      JSON.stringify({ snapshot, ...manifest } satisfies Manifest) + "\n",
    );
    sync(file);
    renameDurably(folder, path.join(published, snapshot));
    writeDurably(pointerFile(home), snapshot + "\n");
    if (counts.restated > 0) await work.run("insert into restatements by name from new_restatements");
    removeOld(published, snapshot, keepSnapshots);
    const ignored = await work.one<{ n: number }>("select count(*) as n from targets anti join units using (unit_id)");
    const seconds = (performance.now() - started) / 1000;
    return { snapshot, seconds, ...counts, ignored_targets: ignored?.n ?? 0, unmatched_figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await dropTemporary(work);
    work.disconnect();
  }
}

/** Which share of a publication is done when a step of it begins; measured on the demo. */
const stepShares: Record<string, number> = {
  "units and coverage": 0,
  cells: 0.02,
  "roll-up": 0.13,
  judgement: 0.42,
  "disclosure gate": 0.44,
  snapshot: 0.7,
};

function tellStep(context: Context, step: string): void {
  const share = stepShares[step] ?? null;
  context.step({ file: null, feed: null, step: `publishing: ${step}`, share });
  context.log("publishing", { done: Math.round((share ?? 0) * 100), total: 100 });
}

interface Build {
  file: string;
  home: string;
  before: string | null;
  now: Date;
  feeds: FeedState[];
  project: Project;
  context: Context;
}

/** Writes the tables of a snapshot and checks them. */
async function writeSnapshot(
  db: Database,
  { file, home, before, now, feeds, project, context }: Build,
): Promise<{ rows: number; withheld: number; restated: number }> {
  await tableFromJson(
    db,
    "definitions",
    project.definitions.map(({ id, ...definition }, position) => ({
      indicator_id: id,
      position,
      definition: JSON.stringify({ id, ...definition }),
    })),
    { indicator_id: "VARCHAR", position: "INTEGER", definition: "VARCHAR" },
  );
  await tableFromJson(db, "feed_states", feeds, feedStateColumns);
  await readReferences(db, context);
  await db.run(sqlOf("references.sql"));
  const previous = before && path.join(home, "published", before, "series.duckdb");
  if (previous && existsSync(previous)) await db.run(`attach ${literal(previous)} as previous (read_only)`);
  else await db.run("attach ':memory:' as previous");
  try {
    if (!previous || !existsSync(previous))
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
    await db.run(`set variable loads_before = ${await lastLoadIn(db, home, before)}`);
    await db.run(sqlOf("restatements.sql"));
  } finally {
    await db.run("detach previous");
  }
  await db.run(`attach ${literal(file)} as snapshot`);
  try {
    await db.run(sqlOf("snapshot.sql"));
    const counts = await db.one<{ rows: number; withheld: number; restated: number; open: number; doubled: number }>(
      sqlOf("checks.sql"),
    );
    if (counts!.open > 0 || counts!.doubled > 0)
      throw new Refusal(
        `the snapshot is not published: ${counts!.open} withheld rows show a figure, ${counts!.doubled} rows stand twice; what readers see stays`,
      );
    const { rows, withheld, restated } = counts!;
    return { rows, withheld, restated };
  } finally {
    await db.run("detach snapshot");
  }
}

/** The last load that the snapshot before held; all that came after it can have changed its figures. */
async function lastLoadIn(db: Database, home: string, snapshot: string | null): Promise<number> {
  const file = snapshot && path.join(home, "published", snapshot, "manifest.json");
  if (!file || !existsSync(file)) return 0;
  const { last_load, published_at } = JSON.parse(readFileSync(file, "utf8")) as Partial<Manifest>;
  if (last_load !== undefined) return last_load;
  // Snapshots of before this was kept.
  const found = await db.one<{ id: number }>(
    "select coalesce(max(load_id), 0) as id from loads where finished_at <= $at::timestamp",
    { at: published_at!.slice(0, -1) },
  );
  return found!.id;
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

/** The last day that all monthly feeds reach; else the last that any feed reaches. */
function dataThrough(feeds: FeedState[], project: Project): string | null {
  const reached = (wanted: FeedState[]) => wanted.flatMap((feed) => feed.covered_to ?? []).sort();
  const monthly = reached(feeds.filter((feed) => project.contracts.get(feed.feed)?.cadence === "month"));
  return monthly[0] ?? reached(feeds).at(-1) ?? null;
}

/** `<YYYYMMDDTHHMMSSZ>-<6 hex>`; never before the name of the last one, so that names sort as they were made. */
function nameOf(now: Date, hash: string, before: string | undefined): string {
  const stamp = (moment: Date) => moment.toISOString().replace(/[-:]|\.\d+/g, "");
  const last = before?.split("-")[0];
  // The clock may have been set back, by years even.
  const moment = last && stamp(now) <= last ? new Date(momentOf(last).getTime() + 1000) : now;
  return `${stamp(moment)}-${hash.slice(0, 6)}`;
}

/** The moment that the first part of a snapshot's name stands for. */
const momentOf = (stamp: string): Date =>
  new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Names of the snapshots in the folder, the oldest first. */
function snapshotsIn(published: string): string[] {
  return readdirSync(published)
    .filter((name) => /^\d{8}T\d{6}Z-[0-9a-f]{6}$/.test(name))
    .sort();
}

/** Of the names of all snapshots, those that need not be kept: not the current one, nor the newest, nor the last of a half-year, to which reviews refer. `keep` counts the current one. */
export function snapshotsToRemove(names: string[], current: string, keep: number): string[] {
  const others = names.filter((name) => name !== current).sort();
  const lasts = new Set(new Map([...names].sort().map((name) => [halfYearOf(name), name])).values());
  return others.slice(0, Math.max(0, others.length - (keep - 1))).filter((name) => !lasts.has(name));
}

const halfYearOf = (snapshot: string): string =>
  `${snapshot.slice(0, 4)}-${snapshot.slice(4, 6) <= "06" ? "H1" : "H2"}`;

/** Removes what was published before and need not be kept. */
function removeOld(published: string, current: string, keep: number): void {
  for (const name of snapshotsToRemove(snapshotsIn(published), current, keep))
    rmSync(path.join(published, name), { recursive: true, force: true });
}
