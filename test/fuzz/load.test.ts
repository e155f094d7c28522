import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { makeLoading, type Loading } from "../loading/support.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import { canaries, formats, makeFile, makeTable, spoilBytes, spoilTable, useFolder } from "./files.ts";
import { long } from "../support/long.ts";

const runs = Number(process.env.KVV_FUZZ ?? (long ? 10_000 : 112));
const slowest = 10_000;

let loading: Loading;
let engine: Database;
const seen = { refused: 0, loaded: 0, unchanged: 0, quarantined: 0, accepted: 0, slowest: 0 };
beforeAll(async () => {
  // Whatever is wrong with the rows, they are to be quarantined: that is where a value could leak.
  loading = await makeLoading({ KVV_MAX_QUARANTINED: "1" });
  engine = await Database.open(":memory:");
  const made = path.join(path.dirname(loading.home.folder), "made");
  mkdirSync(made);
  useFolder(
    () => path.join(made, "x.parquet"),
    (file) => {
      const bytes = readFileSync(file);
      rmSync(file);
      return bytes;
    },
  );
});
afterAll(async () => {
  engine.close();
  await loading.home.remove();
});

const kept = new RegExp(`${canaries.person}|${canaries.personal}`, "i");

/** All that is temporary: nothing of it outlives a load. */
const temporary = () =>
  loading.db.all<{ name: string }>(
    `select table_name as name from duckdb_tables() where temporary
     union all select view_name from duckdb_views() where temporary and not internal`,
  );

/** Loads one spoiled file; throws where anything is not as it must be. */
async function tryOne(feed: string, format: (typeof formats)[number], seed: number, spoiled: boolean): Promise<void> {
  const { db, home } = loading;
  const random = randomOf(seed);
  const contract = home.contracts.get(feed)!;
  const table = makeTable(contract, random);
  const clean = await makeFile(spoiled ? spoilTable(table, random) : table, format, random, engine, spoiled);
  const bytes = spoiled && random.chance(0.6) ? spoilBytes(clean, random) : clean;
  const said = home.messages.length;
  const started = performance.now();
  const file = { name: "fuzz", size: null, path: null, open: () => Readable.from([bytes]) };
  const asStream = random.chance(0.3);
  const source = asStream ? { source: file } : { path: home.write("fuzz", bytes) };
  const result = await loadFile(db, home.context, home.contracts, { feed, ...source, acceptChange: true });
  const took = performance.now() - started;
  expect(took).toBeLessThan(slowest);
  seen.slowest = Math.max(seen.slowest, took);
  seen[result.refused !== null ? "refused" : result.unchanged ? "unchanged" : "loaded"]++;
  if (result.load_id !== null) {
    expect(result.read).toBe(result.accepted + result.quarantined + result.skipped + result.merged);
    seen.quarantined += result.quarantined;
    seen.accepted += result.accepted;
  }
  if (!spoiled) expect(result.refused ?? "").toMatch(/^$|would be quarantined|Parquet file is about persons/);
  expect(readdirSync(path.join(home.folder, "staging"))).toEqual([]);
  expect(await temporary()).toEqual([]);
  expect(JSON.stringify([result, home.messages.slice(said)])).not.toMatch(kept);
  const rows = await db.all("select * from quarantine where load_id = $id", { id: result.load_id ?? -1 });
  if (JSON.stringify(rows).search(kept) >= 0) expect(rows.filter((row) => kept.test(JSON.stringify(row)))).toEqual([]);
  await db.run("delete from quarantine where load_id = $id", { id: result.load_id ?? -1 });
  if (feed === "units") await db.run("delete from units where load_id > 1");
}

describe("loadFile(db, context, contracts, request) of spoiled files", () => {
  it(
    `${runs} of them, of all feeds and kinds: none crashes, hangs, loses a row or shows a person`,
    async () => {
      const feeds = [...loading.home.contracts.keys()];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...feeds),
          fc.constantFrom(...formats),
          fc.nat(),
          fc.oneof({ arbitrary: fc.constant(true), weight: 9 }, fc.constant(false)),
          tryOne,
        ),
        { numRuns: runs, seed: Number(process.env.KVV_FUZZ_SEED ?? 1), endOnFailure: true },
      );
      if (long) process.stdout.write(`${JSON.stringify(seen)}\n`);
      expect(seen.loaded).toBeGreaterThan(runs / 10);
      expect(seen.refused).toBeGreaterThan(runs / 10);
      await loading.db.run("checkpoint");
      await loading.home.closeWarehouse();
      const files = readdirSync(loading.home.folder, { recursive: true, encoding: "utf8" })
        .map((name) => path.join(loading.home.folder, name))
        .filter((file) => statSync(file).isFile());
      expect(files.length).toBeGreaterThan(seen.loaded);
      for (const file of files) if (readFileSync(file).includes(canaries.person)) expect(file).toBe("without a person");
    },
    runs * 1000,
  );
});
