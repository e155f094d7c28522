import { dueJobs, readAttempts } from "./attempts.ts";
import type { Context } from "./context.ts";
import { foldDue } from "./housekeeping.ts";
import { loadInbox, lookInInbox, makeInbox, recordLook, settled, type InboxFile } from "./inbox.ts";
import type { LoadResult } from "./loading/load.ts";
import { writeOperations } from "./operations.ts";
import { isBehind } from "./publish.ts";
import { publishProject, type PublishResult } from "./publishing.ts";
import type { Job } from "./schedule-file.ts";
import { isRemote, loadSource, type Owned, type SourceResult, type Turn } from "./sources/feed.ts";

/** What a round is to do. */
export interface Plan {
  /** Jobs that are run, and recorded as such. */
  jobs: Job[];
  /** Feeds whose folder is looked into besides. */
  inbox: string[];
}

/** What a round did. */
export interface RoundResult {
  loads: LoadResult[];
  /** Sources that have the file which was loaded before. */
  unchanged: string[];
  /** Sources and folders that failed, with their words. */
  failed: { feed: string; reason: string }[];
  published: PublishResult | null;
}

/** The jobs that are due now. */
export async function planDue({ db, context, project }: Owned): Promise<Job[]> {
  const now = context.now();
  return dueJobs(project.jobs, await readAttempts(db, now), now, context.settings.timeZone);
}

/** Runs jobs and looks into folders, each on its own: one that fails stops no other. However many files come, one snapshot is published after them all. */
export async function runRound({ jobs, inbox }: Plan, context: Context, turn: Turn): Promise<RoundResult> {
  const sources = jobs.filter(isRemote);
  const [first, rest] = [sources.filter(isUnits), sources.filter((job) => !isUnits(job))];
  const fetched: SourceResult[] = [];
  const fetchAll = async (some: typeof sources) =>
    fetched.push(...(await Promise.all(some.map((job) => loadSource(job, context, turn)))));
  await fetchAll(first);
  const looks = new Set(jobs.filter((job) => !isRemote(job)).map((job) => job.feed));
  const folder = (feeds: string[]) =>
    lookAndLoad(feeds, new Set(feeds.filter((feed) => looks.has(feed))), context, turn);
  // Whatever else comes is checked against the units: those that wait go first.
  const early = await folder(["units"]);
  const [others] = await Promise.all([
    folder([...new Set([...looks, ...inbox])].filter((feed) => feed !== "units")),
    fetchAll(rest),
  ]);
  const folders = { loads: [...early.loads, ...others.loads], failed: [...early.failed, ...others.failed] };
  const loads = [...fetched.flatMap(({ load }) => load ?? []), ...folders.loads];
  const published = await turn((owned) => finish(owned, loads));
  return {
    loads,
    unchanged: fetched.filter((each) => each.unchanged && each.load === null).map(({ feed }) => feed),
    failed: [
      ...fetched.flatMap(({ feed, failed }) => (failed === null ? [] : { feed, reason: failed })),
      ...folders.failed,
    ],
    published,
  };
}

const isUnits = (job: Job) => job.feed === "units";

async function lookAndLoad(feeds: string[], looks: Set<string>, context: Context, turn: Turn) {
  makeInbox(context.settings.home, feeds);
  const found = lookInInbox(context.settings.home, feeds);
  const faulty = new Set(found.faults.map(({ feed }) => feed));
  const files = await settled(found.files);
  const clear = [...looks].filter((feed) => !faulty.has(feed));
  await turn((owned) => recordLook(owned, "look", { faults: found.faults, clear }));
  return { loads: await loadFiles(files, turn), failed: found.faults.map(({ feed, reason }) => ({ feed, reason })) };
}

/** Between so many files others get their turn. */
const filesInTurn = 20;

/** Loads files of the inbox; a full inbox does not keep everyone waiting till its end. */
export async function loadFiles(files: InboxFile[], turn: Turn): Promise<LoadResult[]> {
  const loads: LoadResult[] = [];
  for (let at = 0; at < files.length; at += filesInTurn)
    loads.push(...(await turn((owned) => loadInbox(owned, files.slice(at, at + filesInTurn)))));
  return loads;
}

/** Publishes where something was loaded, or is not published yet; tells in any case what was done. */
export async function finish(owned: Owned, loads: LoadResult[]): Promise<PublishResult | null> {
  const changed = loads.some((load) => !load.refused && !load.unchanged);
  if (changed || (await isBehind(owned.db, owned.context.settings.home))) {
    await foldDue(owned.db, owned.context, owned.project.contracts);
    return publishProject(owned);
  }
  await writeOperations(owned.db, owned.context, owned.project);
  return null;
}
