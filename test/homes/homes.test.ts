import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { createContext } from "../../pipelines/context.ts";
import { Database } from "../../pipelines/database.ts";
import { Owner } from "../../pipelines/owner.ts";
import { currentSnapshot } from "../../pipelines/publish.ts";
import { readSettings } from "../../pipelines/settings.ts";
import { hashOf } from "../../server/review/document.ts";
import { saveText, textHistory } from "../../server/review/texts.ts";
import { signedOf, stateOf, stepsOf } from "../../server/review/steps.ts";
import { Workspace } from "../../server/workspace/workspace.ts";
import { long } from "../support/long.ts";
import { serveHome, type Served } from "../support/serve-home.ts";

const folder = import.meta.dirname;
const fed = (name: string) => path.join(folder, "fed", name);
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".zip"))
  .map((name) => name.slice(0, -".zip".length))
  .sort();
/** Of the long run all, of the short one the oldest: it goes through what all others go through. */
const homes = long ? all : [all[0]!];
const withReviews = all.filter((name) => name >= "2026-11-29");

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** The home as it was left, in a folder of its own. */
function unpacked(name: string): string {
  const home = mkdtempSync(path.join(os.tmpdir(), "kvv-home-"));
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  for (const [entry, bytes] of Object.entries(unzipSync(readFileSync(path.join(folder, `${name}.zip`)))))
    if (!entry.endsWith("/")) {
      mkdirSync(path.dirname(path.join(home, entry)), { recursive: true });
      writeFileSync(path.join(home, entry), bytes);
    }
  return home;
}

/** Does commands as today's owner of the home, one after another; each must end well. */
async function perform(home: string, ...commands: string[][]): Promise<object[]> {
  const settings = readSettings({ KVV_HOME: home, KVV_NOW: "2017-02-02T08:00:00Z" });
  const owner = await Owner.open(createContext(settings, () => undefined));
  try {
    const results: object[] = [];
    for (const [command, ...args] of commands) {
      const ask = { command: command!, arguments: args, cwd: home };
      const { result, failed } = await owner.answer(ask, () => undefined);
      if (!result) throw new Error(failed);
      results.push(result);
    }
    return results;
  } finally {
    await owner.close();
  }
}

/** The figures of what is published, by what they are of. */
async function figures(home: string): Promise<Map<string, string>> {
  const file = path.join(home, "published", currentSnapshot(home)!, "series.duckdb");
  const db = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    const rows = await db.all<{ key: string; figure: string }>(
      `select concat_ws(' ', indicator_id, unit_id, grain, period_start, coalesce(breakdown, '-'), coalesce(breakdown_value, '-')) as key,
         concat_ws(' ', round(numerator, 9), round(denominator, 9), round("value", 9)) as figure
       from series where not withheld and "value" is not null`,
    );
    return new Map(rows.map(({ key, figure }) => [key, figure]));
  } finally {
    db.close();
  }
}

async function served(home: string): Promise<Served> {
  const server = await serveHome(home);
  cleanups.push(() => server.stop());
  return server;
}

/** Complaints received in a year, counted in the file itself: those that were closed before they came stand apart. */
const received = (year: string): number =>
  readFileSync(fed("complaints.csv"), "utf8")
    .split("\n")
    .map((line) => line.split(","))
    .filter(([, on = "", , , closed = ""]) => on.startsWith(`${year}-`) && on <= closed).length;

const asked = "/series?indicator=complaints&unit=korps&grain=year";

describe.each(homes)("a home of %s", (name) => {
  it("is served as it was published, before anything is published anew", async () => {
    const rows = await (await served(unpacked(name))).get<{ period_start: string; value: number }>(asked);
    const found = Object.fromEntries(rows.map(({ period_start, value }) => [period_start.slice(0, 4), value]));
    expect(found).toMatchObject({ 2015: received("2015"), 2016: received("2016") });
  });

  it("publishes the same figures from what it had loaded, also after a rebuild, and keeps those of before", async () => {
    const home = unpacked(name);
    const old = await figures(home);
    expect(old.size).toBeGreaterThan(500);
    await perform(home, ["publish"]);
    const fresh = await figures(home);
    const shared = [...old.keys()].filter((key) => fresh.has(key));
    // The gate withholds more in later versions; nothing else is gone.
    expect(shared.length).toBeGreaterThan(0.8 * old.size);
    expect(shared.filter((key) => old.get(key) !== fresh.get(key))).toEqual([]);
    await perform(home, ["rebuild"], ["publish"]);
    expect(await figures(home)).toEqual(fresh);
    const server = await served(home);
    const before = await server.get<{ value: number }>(`${asked}&as_of=2017-02-01`);
    expect(before.map(({ value }) => value)).toEqual([received("2015"), received("2016")]);
  });

  it("knows its loads, what stands apart and what was refused, and takes a file that it had as one", async () => {
    const home = unpacked(name);
    const [again] = await perform(home, ["load", "complaints", fed("complaints.csv")]);
    expect(again).toMatchObject({ skipped: expect.any(Number), quarantined: expect.any(Number) });
    const server = await served(home);
    const loads = await server.get<{ feed: string; accepted: number }>("/loads");
    expect(loads.filter(({ feed }) => feed === "staffing")).toMatchObject([{ accepted: 504 }]);
    expect(await server.get("/quarantine?feed=complaints")).not.toEqual([]);
    expect(await server.get("/refusals")).toMatchObject([{ feed: "complaints", file: "broken.csv" }]);
    const [, last] = await server.get<{ value: number }>(asked);
    expect(last!.value).toBe(received("2016"));
  });
});

describe.each(withReviews)("the reviews in a home of %s", (name) => {
  it("are read, those signed as they were signed, and written on", async () => {
    const home = unpacked(name);
    const workspace = new Workspace(path.join(home, "workspace.duckdb"));
    cleanups.push(() => workspace.close());
    const noord = { unit_id: "noord", half: "2016-H2" };
    const zuid = { ...noord, unit_id: "zuid" };
    const [texts, steps, signed] = await workspace.read(async (db) => [
      await textHistory(db, noord, null),
      await stepsOf(db, noord),
      await signedOf(db, noord),
    ]);
    expect(texts).toMatchObject([{ text: "Een rustig half jaar, met 'quotes' en €.", version: 1 }]);
    expect(stateOf(steps)).toBe("signed");
    expect(hashOf(signed!.document)).toBe(signed!.hash);
    await workspace.write((db) =>
      saveText(
        db,
        zuid,
        { indicator_id: null, text: "Verder.", version: 1 },
        { name: "lokaal", at: new Date("2017-02-02T09:00:00Z") },
      ),
    );
    const written = await workspace.read((db) => textHistory(db, zuid, null));
    expect(written.map(({ text }) => text)).toEqual(["Verder.", "Concept."]);
  });

  it("show the figures that were released", async () => {
    const server = await served(unpacked(name));
    const review = (await server.get("/reviews/noord/2016-H2")) as unknown as {
      state: string;
      figures: { indicator_id: string }[];
    };
    expect(review.state).toBe("signed");
    expect(review.figures.map((figure) => figure.indicator_id)).toContain("complaints");
  });
});
