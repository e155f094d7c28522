import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCommand } from "../pipelines/command.ts";
import { Database, literal } from "../pipelines/database.ts";
import { writeLake, type LakeManifest } from "../pipelines/lake.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { makeHistory, type History } from "./support/history.ts";

let history: History;
let lake: string;
let home: string;
beforeEach(async () => {
  history = await makeHistory(["complaints", "intake-dual"]);
  home = history.home.folder;
  lake = path.join(path.dirname(home), "lake");
  await history.load(
    "complaints",
    ["complaint_id,received_on,unit_id,aspects", "K-1,2016-01-10,n1,treatment", "K-2,2016-12-01,s1,service", ""].join("\n"),
  );
  await history.load(
    "movements",
    ["date,unit_id,kind,category,gender,background,count", "2016-03-01,n1,intake,executive,man,dual,4", "2016-03-01,n1,intake,executive,man,single,30", ""].join("\n"),
  );
}); // prettier-ignore
afterEach(() => history.remove());

const read = <T>(...name: string[]) => JSON.parse(readFileSync(path.join(lake, ...name), "utf8")) as T;
const write = (snapshot: string) => writeLake({ home, snapshot, lake });

/** Rows of a snapshot that are not in its copy, and the other way round. */
async function differences(snapshot: string, columns: string): Promise<number> {
  const db = await Database.open(":memory:");
  try {
    await db.run(`attach ${literal(path.join(home, "published", snapshot, "series.duckdb"))} as home (read_only)`);
    const [own, copy] = [
      `select ${columns} from home.series`,
      `select ${columns} from read_parquet(${literal(path.join(lake, snapshot, "series", "**", "*.parquet"))}, hive_partitioning = true)`,
    ];
    const found = await db.one<{ n: number }>(
      `select (select count(*) from (${own} except all ${copy})) + (select count(*) from (${copy} except all ${own})) as n`,
    );
    return found!.n;
  } finally {
    db.close();
  }
}

describe("writeLake({home, snapshot, lake})", () => {
  it("writes what readers have, by indicator and year, and nothing else of what is withheld", async () => {
    const snapshot = await history.publish();
    const result = await write(snapshot);
    expect(result).toMatchObject({ snapshot, unchanged: false, folder: path.join(lake, snapshot) });
    const rows = await history.series("true");
    expect(result.rows).toBe(rows.length);
    expect(rows.some(({ withheld }) => withheld)).toBe(true);
    const shown = "indicator_id, unit_id, grain, period_start, period_end, breakdown, breakdown_value, value, numerator, denominator, withheld, withheld_reason, judgement, target"; // prettier-ignore
    expect(await differences(snapshot, shown)).toBe(0);
    expect(existsSync(path.join(lake, snapshot, "series", "indicator_id=complaints", "year=2016"))).toBe(true);
    expect(read("latest.json")).toEqual({ snapshot });
  });

  it("says in its manifest what there is, with a hash of each file", async () => {
    const snapshot = await history.publish();
    await write(snapshot);
    const manifest = read<LakeManifest>(snapshot, "manifest.json");
    const own = JSON.parse(readFileSync(path.join(home, "published", snapshot, "manifest.json"), "utf8")) as object;
    expect(own).toMatchObject({ snapshot, hash: manifest.hash, published_at: manifest.published_at });
    const files = manifest.tables.flatMap((table) => table.files);
    const there = readdirSync(path.join(lake, snapshot), { recursive: true, encoding: "utf8" });
    expect(files.map((file) => file.path).sort()).toEqual(there.filter((name) => name.endsWith(".parquet")).sort());
    for (const file of files)
      expect(createHash("sha256").update(readFileSync(path.join(lake, snapshot, file.path))).digest("hex")).toBe(file.sha256); // prettier-ignore
    const series = manifest.tables.find(({ name }) => name === "series")!;
    expect(series.partitioned_by).toEqual(["indicator_id", "year"]);
    expect(series.columns).toContainEqual({ name: "value", type: "DOUBLE" });
    expect(manifest.tables.map(({ name }) => name)).toEqual(expect.arrayContaining(["units", "indicators", "targets"]));
    // How it was made, and what is known of its proofs, is nobody's business.
    expect(manifest.tables.map(({ name }) => name)).not.toContain("made_from");
  });

  it("writes a snapshot once, and never names an older one as the latest", async () => {
    const first = await history.publish();
    history.clock = new Date("2017-08-03T08:00:00Z");
    const second = await history.publish();
    await write(second);
    await write(first);
    expect(read("latest.json")).toEqual({ snapshot: second });
    expect(await write(second)).toMatchObject({ unchanged: true });
    expect(readdirSync(lake).sort()).toEqual([first, second, "latest.json"].sort());
  });

  it("leaves nothing half of what is cut off, and clears it away the next time", async () => {
    const snapshot = await history.publish();
    const file = path.join(home, "published", snapshot, "series.duckdb");
    const whole = readFileSync(file);
    writeFileSync(file, "broken");
    await expect(write(snapshot)).rejects.toThrow();
    expect(existsSync(path.join(lake, snapshot))).toBe(false);
    expect(existsSync(path.join(lake, "latest.json"))).toBe(false);
    writeFileSync(path.join(lake, ".writing-before"), "");
    writeFileSync(file, whole);
    await write(snapshot);
    expect(readdirSync(lake).sort()).toEqual([snapshot, "latest.json"].sort());
  });

  it("mends what is not whole, and an unreadable latest.json", async () => {
    const snapshot = await history.publish();
    await write(snapshot);
    const some = path.join(lake, snapshot, "units.parquet");
    rmSync(some);
    writeFileSync(path.join(lake, "latest.json"), "");
    expect(await write(snapshot)).toMatchObject({ unchanged: false });
    expect(existsSync(some)).toBe(true);
    rmSync(path.join(lake, snapshot, "manifest.json"));
    expect(await write(snapshot)).toMatchObject({ unchanged: false });
    expect(read("latest.json")).toEqual({ snapshot });
    const mode = (...name: string[]) => (statSync(path.join(lake, ...name)).mode & 0o7777).toString(8);
    expect([mode(snapshot), mode(snapshot, "units.parquet"), mode("latest.json")]).toEqual(["2750", "640", "640"]);
  });

  it("is written by one at a time; a lock of a process that is gone counts for nothing", async () => {
    const snapshot = await history.publish();
    await write(snapshot);
    const lock = path.join(lake, ".lock");
    writeFileSync(lock, String(process.ppid));
    await expect(write(snapshot)).rejects.toThrow(`process ${process.ppid} is writing into`);
    writeFileSync(lock, "999999999");
    expect(await write(snapshot)).toMatchObject({ unchanged: true });
    expect(existsSync(lock)).toBe(false);
  });

  it("is refused in the home itself", async () => {
    const snapshot = await history.publish();
    await expect(writeLake({ home, snapshot, lake: path.join(home, "published") })).rejects.toThrow(
      "lies in the home itself",
    );
  });

  it("is refused, with the remedy, where the lake is no folder", async () => {
    const snapshot = await history.publish();
    rmSync(lake, { recursive: true, force: true });
    writeFileSync(lake, "");
    await expect(write(snapshot)).rejects.toThrow(/lake cannot be made a folder.*KVV_LAKE/);
  });
});

describe("kvv lake [folder]", () => {
  it("writes the current snapshot where it is told, or the setting says; refuses where there is none", async () => {
    const command = await loadCommand("lake");
    const run = (positionals: string[], KVV_LAKE = "") =>
      (command.run as (work: object) => Promise<{ folder: string }>)({
        context: { ...history.home.context, settings: { ...history.home.context.settings, lake: KVV_LAKE } },
        ...{ positionals, values: {}, cwd: path.dirname(lake), project: {} },
      });
    await expect(run(["lake"])).rejects.toThrow("publish first");
    const snapshot = await history.publish();
    expect((await run(["lake"])).folder).toBe(path.join(lake, snapshot));
    rmSync(lake, { recursive: true });
    expect((await run([], lake)).folder).toBe(path.join(lake, snapshot));
    await expect(run([])).rejects.toThrow("name a folder, or set KVV_LAKE");
  });
});

describe("a publication where KVV_LAKE names a folder", () => {
  const publishInto = async (folder: string) => {
    const { publishProject } = await import("../pipelines/publishing.ts");
    const { readProject } = await import("../pipelines/project.ts");
    const { context } = history.home;
    const settings = { ...context.settings, lake: folder };
    const db = await history.home.warehouse();
    const project = await readProject({ ...settings, config: projectFolder });
    const result = await publishProject({ db, context: { ...context, settings }, project });
    const [last] = await db.all("select job, status, error from runs order by run_id desc limit 1");
    return { snapshot: result.snapshot, last };
  };

  it("is in it, as a run of its own; what fails there stops no reader", async () => {
    const { snapshot, last } = await publishInto(lake);
    expect(read("latest.json")).toEqual({ snapshot });
    expect(last).toEqual({ job: "lake", status: "done", error: null });
    rmSync(lake, { recursive: true });
    writeFileSync(lake, "");
    const other = await publishInto(lake);
    expect(other.snapshot > snapshot).toBe(true);
    expect(other.last).toMatchObject({ job: "lake", status: "failed" });
    expect((other.last as { error: string }).error).toContain("the snapshot was not written into the lake");
  }, 120_000);
});
