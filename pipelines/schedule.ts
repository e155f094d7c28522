import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { inWords } from "./faults.ts";
import { lastDue } from "./due.ts";
import { bringDemoUpToDate } from "./first-start.ts";
import { connectOwner, listenForCommands } from "./handover.ts";
import { housekeep } from "./housekeeping.ts";
import { makeInbox } from "./inbox.ts";
import { watchInbox } from "./inbox-watch.ts";
import { Notifier } from "./notify.ts";
import { writeOperations } from "./operations.ts";
import { InUse, openOwner, type Owner } from "./owner.ts";
import { Refusal } from "./problem.ts";
import type { Project } from "./project.ts";
import { currentSnapshot } from "./publish.ts";
import { publishProject } from "./publishing.ts";
import { planDue, runRound } from "./round.ts";
import { readSeal, sealOf } from "./seal.ts";
import type { Turn } from "./sources/feed.ts";

/** A schedule at work: the owner of the home's warehouse, its socket, its looks at the clock and its watch on the inbox. */
export interface Running {
  /** Looks at the clock now, as it does by itself all the time: runs what is due, and publishes what has to be. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Between two looks at the clock. A job runs at the first look after it was due, so nothing is lost where a look is: neither to a machine that was off, nor to a clock that jumps. */
const lookSeconds = 15;

/** When old events are folded, and what is past its retention is removed, each night. */
const housekeepingTime = "30 3 * * *";

/** Starts the half of the monitor that owns the warehouse: brings an empty home its demo data, publishes what is not yet published, and from then on runs the schedule. */
export async function startSchedule(given: Context): Promise<Running> {
  const { home } = given.settings;
  const stopping = new AbortController();
  const { outside } = given;
  const context = { ...given, outside: { ...outside, network: { ...outside.network, signal: stopping.signal } } };
  // The engine's lock decides who owns the home: only the one who has it touches the socket.
  const owner = await openWhenFree(context).catch((error: unknown) => {
    if (error instanceof InUse) process.send?.({ type: "in use" });
    throw error;
  });
  owner.proveInBackground();
  const server = await listenForCommands(home, (ask, tell, gone) => owner.answer(ask, tell, gone)).catch(
    async (error: Error) => {
      await owner.close();
      throw error;
    },
  );
  process.send?.({ type: "running" });
  const turnOf =
    (what: string): Turn =>
    (work) =>
      stopping.signal.aborted
        ? Promise.reject(new Refusal("the monitor is stopping"))
        : owner.work(what, (project, db) => work({ project, db, context: owner.context }));
  const guarded = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    if (stopping.signal.aborted) return false;
    return work().then(
      () => true,
      (error: unknown) => {
        if (!stopping.signal.aborted) context.log(`${what} failed: ${inWords(error)}`);
        return false;
      },
    );
  };

  await guarded("the start", () => owner.work("start", (project, db) => begin(owner.context, project, db)));
  const publishing = new Publishing(context);
  const notifier = new Notifier(owner.context, turnOf("notices"));
  // The start has done what was due by then.
  let kept = lastDue(housekeepingTime, given.settings.timeZone, context.now())?.getTime();
  const lookOnce = async () => {
    const turn = turnOf("schedule");
    await guarded("the schedule", async () => {
      const jobs = await turn(planDue);
      if (jobs.length > 0) await runRound({ jobs, inbox: [] }, owner.context, turn);
    });
    const night = lastDue(housekeepingTime, given.settings.timeZone, context.now())?.getTime();
    if (night !== kept) {
      kept = night;
      await guarded("housekeeping", () => turnOf("housekeeping")(housekeep));
    }
    await guarded("publishing", () => turn((owned) => publishing.publishStale(owned)));
    await guarded("notices", () => notifier.tell());
  };
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const look = () => {
    waiting += 1;
    last = last.then(lookOnce).finally(() => (waiting -= 1));
    return last;
  };
  const feeds = async () => [...(await turnOf("start")(async ({ project }) => project.contracts)).keys()];
  makeInbox(home, await feeds());
  const watch = watchInbox(owner.context, await feeds(), turnOf("inbox"), guarded);
  const clock = setInterval(() => void (waiting === 0 && look()), lookSeconds * 1000);
  void look();
  context.log("the schedule runs; files dropped in the inbox are loaded by themselves");
  return {
    look,
    async stop() {
      stopping.abort();
      clearInterval(clock);
      watch.stop();
      server.close();
      await owner.close();
    },
  };
}

/** How long a start waits for a command that is at work in the home, or a monitor that is just ending. */
const patienceMs = 15_000;

/** Opens the home's warehouse as soon as nobody has it; another monitor that runs there is a refusal. */
async function openWhenFree(context: Context): Promise<Owner> {
  const { home } = context.settings;
  for (const end = performance.now() + patienceMs; ; await sleep(200)) {
    const other = await connectOwner(home).catch(() => null);
    other?.destroy();
    if (other) throw new InUse(`a monitor already runs in ${home}; stop it first, or name another folder in KVV_HOME`);
    try {
      return await openOwner(context);
    } catch (error) {
      if (!(error instanceof InUse) || performance.now() > end) throw error;
    }
  }
}

/** At the start: demo data for an empty home, then a snapshot where none was made from today's data and definitions. Readers do not wait for what changes no figure. */
async function begin(context: Context, project: Project, db: Database): Promise<void> {
  // What the server reads has the columns of this version from the first moment on.
  await writeOperations(db, context, project);
  await bringDemoUpToDate({ context, project, db });
  const [seal, before] = [await sealOf(context, db, project), readSeal(context)];
  const shown = currentSnapshot(context.settings.home) && before?.loads === seal.loads && before.rest === seal.rest;
  if (!shown && seal.loads !== "0") await publishProject({ context, project, db });
  await housekeep({ context, project, db });
}

/** A publication that did not succeed is tried again after this long, or when something changes. */
const againMs = 10 * 60_000;

/** Publishes anew where the month, the freshness of a feed or a definition is another than in the snapshot, or where the last publication did not succeed. */
class Publishing {
  private readonly context: Context;
  private failed: { seal: string; at: number } | null = null;

  constructor(context: Context) {
    this.context = context;
  }

  async publishStale({ db, context, project }: { db: Database; context: Context; project: Project }): Promise<void> {
    const seal = await sealOf(context, db, project);
    const before = readSeal(this.context);
    // Loads by hand are published by hand, but for those of a round whose publication failed.
    const owed = await db.one<{ status: string }>(
      "select status from runs where job = 'publish' order by run_id desc limit 1",
    );
    if (seal.loads === "0" || (before?.rest === seal.rest && owed?.status !== "failed")) return;
    const now = performance.now();
    if (this.failed?.seal === seal.rest && now - this.failed.at < againMs) return;
    this.failed = { seal: seal.rest, at: now };
    await publishProject({ context, project, db });
    this.failed = null;
  }
}
