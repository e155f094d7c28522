import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Context } from "./context.ts";
import { dropTemporary, type Database } from "./database.ts";
import { renameDurably, sync, writeDurably } from "./durable.ts";
import { isDemoHome } from "./demo-home.ts";
import { proofsIn, type Unproven } from "./disclosure/proofs.ts";
import { readFreshness, type FeedState } from "./freshness.ts";
import type { Definition } from "./indicators/definition.ts";
import type { Project } from "./project.ts";
import { Continued } from "./publishing/continued.ts";
import { snapshotsToRemove } from "./publishing/kept.ts";
import { framesOf, keptSince, madeFrom } from "./publishing/made-from.ts";
import { writeSnapshot } from "./publishing/snapshot.ts";
import type { Corrections } from "./disclosure/corrections.ts";
import { computeFigures, prepareSpine, type Source } from "./series/series.ts";

/** What a publication made. */
export interface PublishResult {
  snapshot: string;
  seconds: number;
  /** Rows of series, of which withheld; and figures that differ from what was shown before. */
  rows: number;
  withheld: number;
  restated: number;
  /** Indicators that were computed anew; the figures of the others were as they are. */
  computed: string[];
  /** Those of them that went on from what was: the first year that was computed anew, null where all was as it was. */
  continued: Record<string, number | null>;
  /** Half-years of units, over all protected indicators, of which a correction of fewer than five people waits for the next half-year. */
  held_back: number;
  /** Targets of units that this home does not have. */
  ignored_targets: number;
  /** Events of units that this home does not have. */
  ignored_events: number;
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

/** The figures of a snapshot; null where they are not there. */
function seriesFile(home: string, snapshot: string | null): string | null {
  const file = snapshot && path.join(home, "published", snapshot, "series.duckdb");
  return file && existsSync(file) ? file : null;
}

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
export async function publish(
  db: Database,
  context: Context,
  project: Project,
  totalsAtOnce = mostTotals,
): Promise<PublishResult> {
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
    const today = now.toISOString().slice(0, 10);
    const before = currentSnapshot(home);
    const previous = seriesFile(home, before);
    const from = { today, targets, breaks: project.breaks };
    const made = await madeFrom(work, project.definitions, from);
    const kept = await keptSince(work, previous, made);
    const computed = project.definitions.filter(({ id }) => !kept.has(id));
    tellComputed(context, computed, project.definitions.length);
    const waiting: Unproven[] = [];
    const proofs = proofsIn(home, context.prove && ((parts) => void waiting.push(...parts)));
    const freshness = new Map(feeds.map((feed) => [feed.feed, feed.freshness]));
    const frames = await framesOf(work, project.definitions, from);
    const continued = await Continued.begin(work, previous && before, frames);
    const source: Source = {
      continued,
      ...{ definitions: computed, targets, today, freshness },
      proofs,
      before: previous,
      corrections: "stage",
    };
    tellStep(context, "units and coverage", 0);
    const corrections = await prepareSpine(work, source);
    mkdirSync(folder);
    const file = path.join(folder, "series.duckdb");
    const counts = await writeSnapshot(
      work,
      {
        ...{ file, previous, made, kept, feeds, freshness, project, context, proofs },
        continues: continued.candidates.size > 0,
        loadsBefore: await lastLoadIn(work, home, before),
        now,
      },
      inBatches(work, source, { corrections, context, totalsAtOnce, continued }),
    );
    if (waiting.length > 0) context.prove?.(waiting);
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
    const snapshot = nameOf(now, manifest.hash, snapshotsIn(home).at(-1));
    writeDurably(
      path.join(folder, "manifest.json"),
      JSON.stringify({ snapshot, ...manifest } satisfies Manifest) + "\n",
    );
    sync(file);
    renameDurably(folder, path.join(published, snapshot));
    writeDurably(pointerFile(home), snapshot + "\n");
    await corrections?.release();
    await continued.keep(snapshot);
    if (counts.restated > 0) await work.run("insert into restatements by name from new_restatements");
    removeOld(home, snapshot, keepSnapshots);
    writeList(home);
    const ignored = await work.one<{ n: number }>("select count(*) as n from targets anti join units using (unit_id)");
    const strange = await work.one<{ n: number }>(
      "select count(*) as n from stated_events where unit_id is not null and unit_id not in (select unit_id from units)",
    );
    const seconds = (performance.now() - started) / 1000;
    return {
      snapshot,
      seconds,
      ...counts,
      computed: computed.map(({ id }) => id),
      continued: continued.continued,
      held_back: corrections?.held ?? 0,
      ignored_targets: ignored?.n ?? 0,
      ignored_events: strange?.n ?? 0,
      unmatched_figures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await dropTemporary(work);
    work.disconnect();
  }
}

/** So many totals are computed at once, and what breakdowns they have: what that takes of the memory does not grow with the catalogue. A small force is one batch, as each begins with a hundred statements. */
const mostTotals = 1_000_000;

/** Of what goes on from the snapshot before so many times as much at once: mostly one year of many is computed. */
const continuedAtOnce = 4;

interface Batches {
  corrections: Corrections | null;
  continued: Continued;
  context: Context;
  totalsAtOnce: number;
}

/** Computes the figures of some definitions after others: those that read the same feeds together, since their periods are worked out together. */
async function* inBatches(
  db: Database,
  source: Source,
  { corrections, continued, context, totalsAtOnce }: Batches,
): AsyncGenerator<Definition[]> {
  const keyOf = ({ feeds, id }: Definition) => [...feeds, id].join(" ");
  const inOrder = [...source.definitions].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const periods = await db.one<{ n: number }>("select count(*) as n from unit_periods");
  const weightOf = ({ id }: Definition) => periods!.n / (continued.candidates.has(id) ? continuedAtOnce : 1);
  // Of nothing there is one batch too: the tables of a snapshot are made from it.
  for (let first = 0, last = 0; first < Math.max(1, inOrder.length); first = Math.max(1, last)) {
    for (let weight = 0; last < inOrder.length; last++) {
      weight += weightOf(inOrder[last]!);
      if (weight > totalsAtOnce && last > first) break;
    }
    const definitions = inOrder.slice(first, last);
    const share = (done: number) => (first + done * definitions.length) / Math.max(1, inOrder.length);
    const progress = (step: string) => tellStep(context, step, share(stepShares[step] ?? 0));
    await computeFigures(db, { ...source, definitions, progress }, corrections);
    yield definitions;
  }
}

/** Which share of a batch is done when a step of it begins; measured on the demo. */
const stepShares: Record<string, number> = {
  cells: 0,
  "roll-up": 0.1,
  judgement: 0.2,
  "disclosure gate": 0.25,
};

function tellComputed(context: Context, computed: Definition[], all: number): void {
  if (computed.length === all) return context.log(`computing all ${all} indicators`);
  const named = computed.length > 0 && computed.length <= 20 ? `: ${computed.map(({ id }) => id).join(", ")}` : "";
  context.log(`computing ${computed.length} of ${all} indicators anew${named}; the others are as they were`);
}

function tellStep(context: Context, step: string, share: number): void {
  context.step({ file: null, feed: null, step: `publishing: ${step}`, share });
  context.log("publishing", { done: Math.round(share * 100), total: 100 });
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

/** Bytes. */
const readAtOnce = 4 << 20;

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: readAtOnce }), hash);
  return hash.digest("hex");
}

/** Names of the snapshots of a home, the oldest first. */
export function snapshotsIn(home: string): string[] {
  return readdirSync(path.join(home, "published"))
    .filter((name) => /^\d{8}T\d{6}Z-[0-9a-f]{6}$/.test(name))
    .sort();
}

/** The snapshots that reviews are made of, as the server lists them; null where its list cannot be read. */
function reviewedSnapshots(home: string): ReadonlySet<string> | null {
  const file = path.join(home, "kept-snapshots.json");
  if (!existsSync(file)) return new Set();
  try {
    return new Set(JSON.parse(readFileSync(file, "utf8")) as string[]);
  } catch {
    return null;
  }
}

/** Removes what was published before and need not be kept; nothing while it is not known what reviews need. */
function removeOld(home: string, current: string, keep: number): void {
  const reviewed = reviewedSnapshots(home);
  if (!reviewed) return;
  for (const name of snapshotsToRemove(snapshotsIn(home), current, keep, reviewed))
    rmSync(path.join(home, "published", name), { recursive: true, force: true });
}

/** Writes which snapshots are kept, and when each was published: who fetches them elsewhere must know what there is besides what they have. */
function writeList(home: string): void {
  const published = path.join(home, "published");
  const listed = snapshotsIn(home).flatMap((snapshot) => {
    const manifest = path.join(published, snapshot, "manifest.json");
    if (!existsSync(manifest)) return [];
    const { published_at } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
    return [{ snapshot, published_at }];
  });
  writeDurably(path.join(published, "snapshots.json"), JSON.stringify(listed) + "\n");
}
