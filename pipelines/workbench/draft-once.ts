import { writeFileSync } from "node:fs";
import { literal } from "../database.ts";
import { makeWarehouse } from "../indicators/example.ts";
import { feedsIn, type Feeds } from "../indicators/read.ts";
import { Refusal } from "../problem.ts";
import { checkDraft } from "./check.ts";
import type { Known } from "./known.ts";
import { LimitedDatabase, stoppedBy, StopSign } from "./limits.ts";
import { knownOf, type Job, type Result, type Said, type StopCode, type Told, type Trial } from "./messages.ts";
import { Bench, prepareComparison, previewDraft } from "./preview.ts";
import { isProtected, runPreview } from "./run-preview.ts";
import { Watchdog } from "./watchdog.ts";
import { inDraftWords, reasonOf } from "./words.ts";

// Reads, checks and runs drafts, one after another, in a process of its own: its databases see nothing outside
// themselves, and whatever a draft does to them, the monitor goes on.
const memory = process.argv[2]!;
const sign = new StopSign();
const say = (said: Said, then?: () => void) => void process.send?.(said, () => then?.());
const openInMemory = () => LimitedDatabase.openLimited(memory, sign);

let known: Known | null = null;
let empty: Feeds | null = null;
/** The feeds as they are, but for what is protected; and, over them, those that are, in rounded numbers. */
let figures: { open: Bench; rounded: Bench } | null = null;
const tried = new Map<string, string[]>();
let working = false;
/** What a copy is to be tried with, and whether that is being done. */
let untried: Trial | null = null;
let trying = false;
/** Told to stop before it had begun. */
let stopFirst: StopCode | null = null;

endFirst();
const watchdog = new Watchdog(1.5 * bytesOf(memory), sign, (code) =>
  say({ failed: reasonOf(code), code }, () => process.exit(1)),
);

async function know(told: Known): Promise<void> {
  empty?.db.close();
  const db = await openInMemory();
  await makeWarehouse(db, told.contracts);
  empty = await feedsIn(db);
  known = told;
  tried.clear();
}

async function open(file: string, trial: Trial | null): Promise<void> {
  figures?.rounded.db.disconnect();
  figures?.open.db.close();
  figures = null;
  let rounded: LimitedDatabase;
  const exact = await LimitedDatabase.openLimited(memory, sign, async (db) => {
    await db.run(`attach ${literal(file)} as feeds (read_only)`);
    await db.run("use feeds");
    // Before the settings are fixed: which tables a connection sees is one of them.
    rounded = await db.connect();
    await rounded.run("set search_path = 'feeds.rounded,feeds.main'");
  });
  figures = { open: new Bench(exact), rounded: new Bench(rounded!) };
  untried = trial;
}

/** Does something while nobody waits: what comes of it is nobody's concern, and a job breaks it off, which is told by false. */
async function meanwhile(work: () => Promise<unknown>): Promise<boolean> {
  if (waiting > 0) return false;
  sign.lift();
  trying = true;
  try {
    await work();
    return true;
  } catch (error) {
    return stoppedBy(error) !== "draft-cancelled";
  } finally {
    trying = false;
  }
}

/** Tries a new copy; broken off, it is tried again after a check. */
async function tryOut(trial: Trial): Promise<void> {
  untried = null;
  if (!(await meanwhile(() => previewDraft(figures!.open, { ...trial, before: null, units: [] })))) untried = trial;
}

/** Whoever is checking a draft will compare its figures with what stands. */
async function prepareFor({ standing, today }: Extract<Job, { kind: "check" }>): Promise<void> {
  if (!figures || !standing || isProtected(standing)) return;
  const { open: bench } = figures;
  await bench.clear();
  await meanwhile(() => prepareComparison(bench, standing.definition, today));
}

async function work(job: Job): Promise<Result> {
  const trying = { feeds: empty!, open: openInMemory, known: known!, tried };
  if (job.kind === "check") return checkDraft(trying, job.draft);
  const { open: unprotected, rounded } = figures!;
  return runPreview({ ...trying, unprotected, rounded }, job);
}

async function follow(told: Exclude<Told, { stop: string }>): Promise<void> {
  sign.lift();
  working = true;
  if (stopFirst) sign.stop(stopFirst);
  stopFirst = null;
  try {
    sign.check();
    if ("job" in told) watchdog.begin(told.ms);
    if ("know" in told) await know(knownOf(told.know));
    else if ("open" in told) await open(told.open, told.trial);
    const done = "job" in told ? await work(told.job) : null;
    working = false;
    watchdog.end();
    say({ done });
    // Figures that somebody asked for are a trial as well.
    if ("job" in told && told.job.kind === "preview") untried = null;
    if (untried) await tryOut(untried);
    if ("job" in told && told.job.kind === "check") await prepareFor(told.job);
  } catch (error) {
    const code = stoppedBy(error) ?? (error instanceof Refusal ? error.code : undefined) ?? "draft-refused";
    say({ failed: inDraftWords(error, code), code });
  } finally {
    working = false;
    watchdog.end();
    await cleanUp();
  }
}

/** Nothing of a draft is left for the next; where it cannot be taken away, the next has a process of its own. */
async function cleanUp(): Promise<void> {
  sign.lift();
  try {
    if (figures) for (const bench of [figures.open, figures.rounded]) await bench.clear();
  } catch {
    process.exit(1);
  }
}

/** Where the machine runs out of memory this process goes before those that others need; only Linux lets itself be told. */
function endFirst(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "900");
  } catch {
    // As it is, then.
  }
}

function bytesOf(size: string): number {
  const [, number, unit] = /^([\d.]+) ?([KMG])/i.exec(size)!;
  return Number(number) * 1000 ** ("KMG".indexOf(unit!.toUpperCase()) + 1);
}

let waiting = 0;
let last = Promise.resolve();
process.on("message", (told: Told) => {
  if (!("stop" in told)) {
    waiting += 1;
    if (trying) sign.stop("draft-cancelled");
    last = last.then(() => {
      waiting -= 1;
      return follow(told);
    });
  } else if (working) sign.stop(told.stop);
  else if (waiting > 0) stopFirst = told.stop;
});
process.on("disconnect", () => process.exit(0));
say({ ready: true });
