import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import cron from "node-cron";
import { loadCommand } from "./command.ts";
import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { bringDemoUpToDate } from "./first-start.ts";
import { connectOwner, listenForCommands } from "./handover.ts";
import { listInbox, makeInbox, type InboxFile } from "./inbox.ts";
import { foldDue } from "./housekeeping.ts";
import { Owner } from "./owner.ts";
import { Refusal } from "./problem.ts";
import type { Project } from "./project.ts";
import { currentSnapshot } from "./publish.ts";
import { publishProject } from "./publishing.ts";

/** A schedule at work: the owner of the home's warehouse, its socket, its cron jobs and its watch on the inbox. */
export interface Running {
  stop(): Promise<void>;
}

/** Starts the half of the monitor that owns the warehouse: brings an empty home its demo data, publishes what is not yet published, and from then on runs the schedule. */
export async function startSchedule(context: Context): Promise<Running> {
  const { settings } = context;
  const other = await connectOwner(settings.home).catch(() => null);
  if (other) {
    other.destroy();
    throw new Refusal(`a monitor already runs in ${settings.home}; stop it first, or name another folder in KVV_HOME`);
  }
  const owner = await openOwner(context);
  const server = await listenForCommands(settings.home, (ask, tell) => owner.answer(ask, tell));
  process.send?.({ type: "running" });
  let stopping = false;
  const guarded = (what: string, work: () => Promise<unknown>) => async () => {
    if (stopping) return;
    await work().catch((error: Error) => context.log(`${what} failed: ${error.message.split("\n")[0]}`));
  };
  await guarded("the start", () => owner.work("start", (project, db) => begin(owner.context, project, db)))();
  const feeds = (await owner.work("start", async (project) => [...project.contracts.keys()])) ?? [];
  makeInbox(settings.home, feeds);
  const watch = watchInbox(
    context,
    feeds,
    guarded("the inbox", () => runNow(owner, "inbox", [])),
  );
  const jobs = await scheduleJobs(owner, context, guarded);
  jobs.push(
    cron.schedule(
      "30 3 * * *",
      guarded("folding", () => owner.work("fold", (project, db) => foldDue(db, owner.context, project.contracts))),
      { name: "fold", timezone: settings.timeZone, noOverlap: true },
    ),
  );
  context.log("the schedule runs; files dropped in the inbox are loaded by themselves");
  return {
    async stop() {
      stopping = true;
      clearInterval(watch);
      await Promise.all(jobs.map((job) => job.destroy()));
      server.close();
      await owner.close();
    },
  };
}

async function openOwner(context: Context): Promise<Owner> {
  try {
    return await Owner.open(context);
  } catch (error) {
    if (!/lock/i.test((error as Error).message)) throw error;
    throw new Refusal(`another process holds the warehouse in ${context.settings.home}; wait until it is done`);
  }
}

/** At the start: demo data for an empty home, then a snapshot where none was made from today's data and definitions. */
async function begin(context: Context, project: Project, db: Database): Promise<void> {
  await bringDemoUpToDate({ context, project, db });
  await foldDue(db, context, project.contracts);
  const seal = await sealOf(context, db);
  if (currentSnapshot(context.settings.home) && readSeal(context) === seal) return;
  const loads = await db.one<{ n: number }>("select count(*) as n from loads");
  if (!loads?.n) return;
  await publishProject({ context, project, db });
  writeSeal(context, await sealOf(context, db));
}

/** One `kvv run` of the feeds (all where none is named), in this process. */
async function runNow(owner: Owner, what: string, positionals: string[]): Promise<void> {
  const { context } = owner;
  const { run } = (await loadCommand("run")) as Extract<Awaited<ReturnType<typeof loadCommand>>, { where: "owner" }>;
  await owner.work(what, async (project, db) => {
    const result = await run({ context, project, db, values: {}, positionals, cwd: context.settings.home });
    // What is not published is not made from today's definitions.
    const { published } = result as { published: object | null };
    if (published) writeSeal(context, await sealOf(context, db));
  });
}

type Guard = (what: string, work: () => Promise<unknown>) => () => Promise<void>;

async function scheduleJobs(owner: Owner, context: Context, guarded: Guard) {
  const jobs = await owner.work("start", async (project) => project.jobs);
  return jobs.map((job) =>
    cron.schedule(
      job.cron,
      guarded(job.feed, () => runNow(owner, "schedule", [job.feed])),
      { name: job.feed, timezone: job.time_zone ?? context.settings.timeZone, noOverlap: true },
    ),
  );
}

/** Looks into the inbox every few seconds; a file is taken when two looks found it the same. */
function watchInbox(context: Context, feeds: string[], run: () => Promise<void>): NodeJS.Timeout {
  const key = (file: InboxFile) => `${file.path}|${file.size}|${file.modified}`;
  let before = new Set<string>();
  let busy = false;
  return setInterval(() => {
    if (busy) return;
    const files = listInbox(context.settings.home, feeds).map(key);
    const ready = files.length > 0 && files.every((file) => before.has(file));
    before = new Set(files);
    if (!ready) return;
    busy = true;
    void run().finally(() => (busy = false));
  }, context.settings.inboxSeconds * 1000);
}

const sealFile = (context: Context) => path.join(context.settings.home, "published", "made-from");

const readSeal = (context: Context) => (existsSync(sealFile(context)) ? readFileSync(sealFile(context), "utf8") : null);

function writeSeal(context: Context, seal: string): void {
  mkdirSync(path.dirname(sealFile(context)), { recursive: true });
  writeFileSync(`${sealFile(context)}.tmp`, seal);
  renameSync(`${sealFile(context)}.tmp`, sealFile(context));
}

/** What a snapshot was made from: the last load, the month, and the text of every definition. */
async function sealOf(context: Context, db: Database): Promise<string> {
  const hash = createHash("sha256");
  const last = await db.one<{ load_id: number | null }>("select max(load_id) as load_id from loads");
  hash.update(`${last?.load_id ?? 0}|${context.now().toISOString().slice(0, 7)}`);
  const { config } = context.settings;
  for (const folder of [
    "pipelines/contracts",
    "pipelines/indicators",
    "pipelines/series",
    "pipelines/publishing",
    "pipelines/disclosure",
    "data",
  ]) {
    const files = await readdir(path.join(config, folder)).catch(() => []);
    for (const file of files.filter((name) => /\.(yaml|sql|csv|ts)$/.test(name)).sort())
      hash.update(file).update(await readFile(path.join(config, folder, file)));
  }
  return hash.digest("hex");
}
