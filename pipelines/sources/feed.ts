import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { WarehouseWork } from "../command.ts";
import type { Context } from "../context.ts";
import type { Column } from "../contracts/contract.ts";
import type { Database } from "../database.ts";
import { inWords } from "../faults.ts";
import { sourceName } from "../freshness.ts";
import { isFolded } from "../loading/fold.ts";
import { openJudge } from "../loading/judge.ts";
import { loadFile, type LoadResult } from "../loading/load.ts";
import { today } from "../loading/today.ts";
import { Refusal, SourceFailure } from "../problem.ts";
import { readMapping } from "../reading/mapping.ts";
import type { ByteSource } from "../reading/source.ts";
import { utc, writeRun, type Run } from "../runs.ts";
import { isDatabase, mappingPath, type DatabaseSource, type HttpSource, type Job } from "../schedule-file.ts";
import { openDatabase, type DatabaseOptions } from "./database.ts";
import { openHttp, type Validators } from "./http.ts";
import { withRetries } from "./retry.ts";

/** A job whose rows come from another machine: a file at an address, or a database. */
export type RemoteJob = Job & { source: HttpSource | DatabaseSource };

export const isRemote = (job: Job): job is RemoteJob => job.source !== "inbox";

/** What a round may use of the owner of the warehouse. */
export type Owned = Pick<WarehouseWork, "db" | "context" | "project">;

/** Does a piece of work at the owner, when its turn has come. */
export type Turn = <T>(work: (owned: Owned) => Promise<T>) => Promise<T>;

/** What became of a source. */
export interface SourceResult {
  feed: string;
  /** Null where the source had nothing new, or failed. */
  load: LoadResult | null;
  unchanged: boolean;
  failed: string | null;
}

/** Fetches a feed's file and loads it while it comes: no byte of it is kept outside the loader. The source is asked outside the owner's queue, so that one that does not answer holds up nobody. Never throws; the run is recorded whatever happens. */
export async function loadSource(job: RemoteJob, context: Context, turn: Turn): Promise<SourceResult> {
  const { outside } = context;
  const started = context.now();
  let file: string | null = null;
  const record = (db: Database, run: Pick<Run, "status"> & Partial<Run>) =>
    writeRun(db, { job: job.feed, kind: "fetch", started, finished: context.now(), file, ...run }, context);
  const { config, maxLineBytes, timeZone } = context.settings;
  const options = { network: outside.network, env: outside.env, maxBytes: context.settings.maxFileBytes };
  try {
    return await withRetries(async () => {
      const [known, last] = await turn(async ({ db, project }) => [
        await readValidators(db, job, project.contracts.get(job.feed)?.hash ?? ""),
        await lastLoad(db, job),
      ]);
      context.log(`${job.feed}: asking ${sourceName(job)}`);
      const fetched = isDatabase(job.source)
        ? await openDatabase(
            job.source,
            { ...options, config, maxLineBytes, timeZone, now: started, ...(await groupedFeed(job, context, turn)) },
            known,
          )
        : await openHttp(job.source, known, options);
      if (fetched.unchanged)
        return turn(async ({ db }) => {
          await record(db, { status: "done" });
          return { feed: job.feed, load: null, unchanged: true, failed: null };
        });
      file = fetched.source.name;
      try {
        return await turn(async ({ db, context, project }) => {
          // What was asked for is by what stood then, and nobody would see that it no longer does.
          if ((fetched.grouped || fetched.partial) && (await lastLoad(db, job)) !== last)
            throw new SourceFailure(`other rows of ${job.feed}, or units, were loaded while it was asked`);
          const mapping = job.source.mapping && mappingPath(context.settings.config, job.source.mapping);
          const load = await loadFile(db, context, project.contracts, {
            feed: job.feed,
            source: fetched.source,
            partial: fetched.partial ?? false,
            ...(fetched.grouped ? { grouped: fetched.grouped } : {}),
            ...(mapping ? { mappingPath: mapping } : {}),
          });
          const hash = project.contracts.get(job.feed)?.hash ?? "";
          if (!load.refused) await keepValidators(db, job, hash, fetched.validators, context.now());
          await record(db, {
            status: load.refused ? "refused" : "done",
            error: load.refused,
            loads: load.refused || load.unchanged ? 0 : 1,
          });
          return { feed: job.feed, load, unchanged: load.unchanged, failed: null };
        });
      } finally {
        // Also where nobody read it.
        fetched.close?.();
      }
    }, outside.patience);
  } catch (error) {
    const failed = inWords(error);
    context.log(`${job.feed}: ${failed}`);
    await turn(({ db }) => record(db, { status: "failed", error: failed })).catch((again: Error) =>
      context.log(`${job.feed}: the run could not be recorded: ${inWords(again)}`),
    );
    if (!(error instanceof SourceFailure) && process.env.KVV_DEBUG) context.log((error as Error).stack ?? failed);
    return { feed: job.feed, load: null, unchanged: false, failed };
  }
}

/** What grouping a job's events at their source needs; nothing where it is not to be done. */
async function groupedFeed(job: RemoteJob, context: Context, turn: Turn): Promise<Pick<DatabaseOptions, "feed">> {
  const { source } = job;
  if (!isDatabase(source) || !source.grouped) return {};
  return turn(async ({ db, project }) => {
    const contract = project.contracts.get(job.feed);
    if (!contract || !isFolded(contract))
      throw new Refusal(`${job.feed} is not kept as cells, so it cannot be grouped; leave grouped out`);
    const mapping = source.mapping
      ? readMapping(mappingPath(context.settings.config, source.mapping) ?? source.mapping, contract)
      : null;
    // The first of a month parts nothing: no day goes back beyond it anyway.
    const bounds = await db.all<{ day: string }>(
      `select distinct day::varchar as day from (select valid_from as day from units union all select valid_to + 1 from units)
       where day(day) > 1 order by day`,
    );
    return {
      feed: {
        ...{ contract, mapping, today: today(context), bounds: bounds.map(({ day }) => day) },
        judge: (column: Column | null, lines: string[]) =>
          turn(async ({ db }) => {
            const judge = await openJudge(db, context, contract, mapping);
            try {
              return await judge.of(column, linesSource(lines));
            } finally {
              judge.close();
            }
          }),
      },
    };
  });
}

/** Lines as a file. */
const linesSource = (lines: string[]): ByteSource => ({
  name: "values.ndjson",
  size: null,
  path: null,
  open: () => Readable.from([Buffer.from(lines.map((line) => `${line}\n`).join(""))], { objectMode: false }),
});

/** An address may hold a secret in its query: it is known here by its hash, with that of the contract, which a file must be loaded anew for. */
const keyOf = ({ source }: RemoteJob, contract: string) =>
  createHash("sha256")
    .update(`${isDatabase(source) ? JSON.stringify(source) : source.url}\n${source.mapping ?? ""}\n${contract}`)
    .digest("hex");

/** What the source said of the file that stands: not when something of the feed, or an organisation, was loaded after it. */
async function readValidators(db: Database, job: RemoteJob, contract: string): Promise<Validators | null> {
  const found = await db.one<Validators>(
    `select etag, last_modified from sources as s where source = $source
       and s.load_id >= coalesce((select max(load_id) from loads where feed = $feed or feed = 'units'), 0)`,
    { source: keyOf(job, contract), feed: job.feed },
  );
  return found?.etag || found?.last_modified ? found : null;
}

/** The number of the last load of the feed or of an organisation. */
async function lastLoad(db: Database, { feed }: RemoteJob): Promise<number> {
  const found = await db.one<{ id: number }>(
    "select coalesce(max(load_id), 0) as id from loads where feed = $feed or feed = 'units'",
    { feed },
  );
  return found!.id;
}

async function keepValidators(
  db: Database,
  job: RemoteJob,
  contract: string,
  said: Validators,
  now: Date,
): Promise<void> {
  await db.transaction(async () => {
    await db.run("delete from sources where source = $source", { source: keyOf(job, contract) });
    await db.run(
      `insert into sources select $source, $feed, $etag, $last_modified, coalesce(max(load_id), 0), $at::timestamp from loads`,
      {
        source: keyOf(job, contract),
        feed: job.feed,
        etag: said.etag,
        last_modified: said.last_modified,
        at: utc(now),
      },
    );
  });
}
