import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { loadFile, type LoadResult } from "../../pipelines/loading/load.ts";
import type { Project } from "../../pipelines/project.ts";
import type { DatabaseSource } from "../../pipelines/schedule-file.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { loadSource, type RemoteJob, type SourceResult } from "../../pipelines/sources/feed.ts";
import { byMonth, figures, type EventFeed } from "../loading/fold-support.ts";
import { copyOfHome, homeAfter, type Home } from "../support/home.ts";
import { startClickHouse, type ClickHouse } from "./clickhouse.ts";
import { csvOf, insertSql, registers, tableSql, units, type Register, type Rows } from "./grouping-support.ts";
import { startPostgreSQL, type PostgreSQL } from "./postgresql.ts";

export const starts = { postgresql: startPostgreSQL, clickhouse: startClickHouse };

/** Folder of the configuration of every home here. */
export const config = path.join(os.tmpdir(), `kvv-config-${process.pid}`);
/** Makes that folder anew, and removes it: once for each file of tests. */
export const makeConfig = () => void mkdirSync(path.join(config, "data"), { recursive: true });
export const removeConfig = () => rmSync(config, { recursive: true, force: true });

let definitions: Promise<Definition[]> | undefined;

/** A home that knows the units of the registers, and waits for nothing before it tries again. */
export async function home(): Promise<Home> {
  const env = { KVV_CONFIG: config };
  return hasty(
    await homeAfter("registers", env, async (made) => {
      const { refused } = await loadFile(await made.warehouse(), made.context, made.contracts, { feed: "units", path: made.write("units.csv", units) }); // prettier-ignore
      expect(refused).toBeNull();
    }),
  );
}

/** Another home that has all that a home has, whose warehouse is closed. */
export const copyOf = (home: Home): Home => hasty(copyOfHome(home.folder, { KVV_CONFIG: config }));

function hasty(home: Home): Home {
  home.context.outside.patience.sleep = () => Promise.resolve();
  return home;
}

/** What can be asked of a feed, and every indicator that reads it. */
export async function figuresOf(of: Home, feed: EventFeed): Promise<Record<string, unknown>> {
  const db = await of.warehouse();
  const found: Record<string, unknown> = { feed: await db.all(figures[feed]) };
  definitions ??= readDefinitions(path.join(projectFolder, "pipelines/indicators"), of.contracts).then(
    (read) => read.definitions,
  );
  for (const { id, sql } of (await definitions).filter((each) => each.feeds.includes(feed)))
    found[id] = await byMonth(db, sql);
  expect(Object.keys(found).length).toBeGreaterThan(3);
  return found;
}

/** Writes a register's mapping; its path as a job names it. */
export const mapping = (feed: EventFeed, { mapping: text }: Register) => {
  writeFileSync(path.join(config, "data", `${feed}.yaml`), text);
  return `data/${feed}.yaml`;
};

export async function loadCsv(to: Home, feed: EventFeed, register: Register, text: string): Promise<LoadResult> {
  return loadFile(await to.warehouse(), to.context, to.contracts, {
    feed,
    path: to.write(`${feed}.csv`, text),
    mappingPath: path.join(config, mapping(feed, register)),
  });
}

export async function loadGrouped(
  to: Home,
  feed: EventFeed,
  engine: string,
  address: string,
  source: Partial<DatabaseSource>,
): Promise<SourceResult> {
  const db = await to.warehouse();
  to.context.outside.env = { REGISTER: address };
  const job = { feed, cron: "0 6 * * *", source: { engine, connection: "REGISTER", grouped: true, ...source } };
  return loadSource(job as RemoteJob, to.context, (work) =>
    work({ db, context: to.context, project: { contracts: to.contracts } as Project }),
  );
}

/** Puts rows in the register's table, in the place of what was there. */
export async function fill(
  server: PostgreSQL | ClickHouse,
  register: Register,
  rows: Rows,
  columns = register.columns,
): Promise<void> {
  const engine = "ca" in server ? "postgresql" : "clickhouse";
  await server.run(`drop table if exists ${register.table}`);
  await server.run(tableSql(engine, { ...register, columns }));
  for (const sql of insertSql(engine, { ...register, columns }, rows)) await server.run(sql);
}

/** What rows gave as a file, for as long as they are there: many tests ask it of the same. */
const asFile = new WeakMap<Rows, Promise<Record<string, unknown>>>();

/** Expects a home to have the figures that these rows give as a file. Rows that were asked for are not changed afterwards. */
export async function expectFigures(of: Home, feed: EventFeed, rows: Rows): Promise<void> {
  if (!asFile.has(rows)) asFile.set(rows, figuresAsFile(feed, rows));
  const [expected, found] = [await asFile.get(rows)!, await figuresOf(of, feed)];
  for (const name of Object.keys(expected)) expect(found[name], name).toEqual(expected[name]);
}

async function figuresAsFile(feed: EventFeed, rows: Rows): Promise<Record<string, unknown>> {
  const twin = await home();
  try {
    expect((await loadCsv(twin, feed, registers()[feed], csvOf(registers()[feed], rows))).refused).toBeNull();
    return await figuresOf(twin, feed);
  } finally {
    await twin.remove();
  }
}
