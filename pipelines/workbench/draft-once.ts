import { literal } from "../database.ts";
import { makeWarehouse } from "../indicators/example.ts";
import { feedsIn, type Feeds } from "../indicators/read.ts";
import { Refusal } from "../problem.ts";
import { checkDraft } from "./check.ts";
import type { Known } from "./known.ts";
import { LimitedDatabase, stoppedBy, StopSign } from "./limits.ts";
import { knownOf, type Job, type Result, type Said, type Told } from "./messages.ts";
import { runPreview } from "./run-preview.ts";
import { inDraftWords, reasonOf } from "./words.ts";

// Reads, checks and runs drafts, one after another, in a process of its own: its databases see nothing outside
// themselves, and whatever a draft does to them, the monitor goes on.
const memory = process.argv[2]!;
const sign = new StopSign();
const say = (said: Said, then?: () => void) => void process.send?.(said, () => then?.());
const openInMemory = () => LimitedDatabase.openLimited(memory, sign);

let known: Known | null = null;
let empty: Feeds | null = null;
let figures: LimitedDatabase | null = null;
let working = false;

/** The engine counts what it keeps, but not every text that it makes: what the process grows by is watched besides. */
const atFirst = process.memoryUsage.rss();
const most = atFirst + 2 * bytesOf(memory);
const watch = setInterval(() => {
  if (process.memoryUsage.rss() < most) return;
  clearInterval(watch);
  say({ failed: reasonOf("draft-too-large"), code: "draft-too-large" }, () => process.exit(1));
}, 25);

async function know(told: Known): Promise<void> {
  empty?.db.close();
  const db = await openInMemory();
  await makeWarehouse(db, told.contracts);
  empty = await feedsIn(db);
  known = told;
}

async function open(file: string): Promise<void> {
  figures?.close();
  figures = await LimitedDatabase.openLimited(memory, sign, async (db) => {
    await db.run(`attach ${literal(file)} as feeds (read_only)`);
    await db.run("use feeds");
  });
}

async function work(job: Job): Promise<Result> {
  if (job.kind === "check") return checkDraft({ feeds: empty!, open: openInMemory, known: known! }, job.draft);
  return runPreview({ feeds: empty!, known: known!, db: figures! }, job);
}

async function follow(told: Exclude<Told, { stop: string }>): Promise<void> {
  sign.lift();
  working = true;
  try {
    if ("know" in told) await know(knownOf(told.know));
    else if ("open" in told) await open(told.open);
    say({ done: "job" in told ? await work(told.job) : null });
  } catch (error) {
    const code = stoppedBy(error) ?? (error instanceof Refusal ? error.code : undefined) ?? "draft-refused";
    say({ failed: inDraftWords(error, code), code });
  } finally {
    working = false;
  }
}

function bytesOf(size: string): number {
  const [, number, unit] = /^([\d.]+) ?([KMG])/i.exec(size)!;
  return Number(number) * 1000 ** ("KMG".indexOf(unit!.toUpperCase()) + 1);
}

let last = Promise.resolve();
process.on("message", (told: Told) => {
  if ("stop" in told) {
    if (working) sign.stop(told.stop);
  } else last = last.then(() => follow(told));
});
process.on("disconnect", () => process.exit(0));
say({ ready: true });
