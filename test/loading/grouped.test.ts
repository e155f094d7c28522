import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldAll } from "../../pipelines/loading/fold.ts";
import { fromSource, hasCells, type GroupedLoad } from "../../pipelines/loading/grouped.ts";
import { loadFile, type LoadResult } from "../../pipelines/loading/load.ts";
import { weightHeader } from "../../pipelines/reading/rows.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeEach(async () => (loading = await makeLoading()));
afterEach(() => loading.home.remove());

const day = (month: string, unit_id: string, events: number) =>
  JSON.stringify({ received_on: `${month}-11`, unit_id, aspects: "treatment", count: events, [weightHeader]: events });

/** Loads cells as an engine gives them: all that it has, or all of these months. */
function loadCells(rows: string[], more: { mapping?: string; months?: GroupedLoad["months"] } = {}): Promise<LoadResult> {
  const { home, db } = loading;
  const open = () => Readable.from([Buffer.from(`${rows.join("\n")}\n`)], { objectMode: false });
  return loadFile(db, home.context, home.contracts, {
    ...{ feed: "complaints", source: { name: "cells.ndjson", size: null, path: null, open } },
    grouped: { months: more.months ?? null },
    ...(more.mapping ? { mappingPath: home.write("cells.yaml", `feed: complaints\n${more.mapping}`) } : {}),
  });
} // prettier-ignore

/** Events by unit and month, as `n1 2016-01 3`. */
async function events(): Promise<string[]> {
  const rows = await loading.db.all<{ line: string }>(
    "select concat_ws(' ', unit_id, strftime(received_on, '%Y-%m'), sum(count)) as line from complaints group by unit_id, strftime(received_on, '%Y-%m') order by line",
  );
  return rows.map(({ line }) => line);
}

const row = (id: string, month: string, unit: string) =>
  `${id},${month}-11,${unit},treatment,founded,${month.slice(0, 4)}-06-30`;
const rows = (...all: string[]) => complaints(all, 0);
const loaded = async (result: Promise<LoadResult>) => {
  const { refused, unchanged, load_id } = await result;
  expect([refused, unchanged, load_id === null]).toEqual([null, false, false]);
};

describe("loadFile(…, {grouped})", () => {
  const file = () => rows(row("A", "2016-01", "n1"), row("B", "2016-02", "n1"), row("C", "2016-02", "s1"));

  it("takes a file for new that was loaded before cells came in its place", async () => {
    await loaded(loading.load("complaints", file()));
    expect(await loading.load("complaints", file())).toMatchObject({ unchanged: true });
    await loaded(loadCells([day("2016-01", "n1", 1), day("2016-02", "n1", 1), day("2016-02", "s1", 1)]));
    await loaded(loading.load("complaints", file()));
    const { db, home } = loading;
    expect(await hasCells(db, home.contracts.get("complaints")!)).toBe(false);
    expect(await events()).toEqual(["n1 2016-01 1", "n1 2016-02 1", "s1 2016-02 1"]);
    expect(await loading.load("complaints", file())).toMatchObject({ unchanged: true });
  });

  it("takes a file for new of which cells came in the place of some months", async () => {
    await loaded(loading.load("complaints", file()));
    await loaded(loadCells([day("2016-01", "n1", 1)], { months: ["2016-01-01"] }));
    await loaded(loading.load("complaints", file()));
    expect(await loading.db.all("select distinct folded from complaints")).toEqual([{ folded: null }]);
    expect(await events()).toEqual(["n1 2016-01 1", "n1 2016-02 1", "s1 2016-02 1"]);
  });

  it("takes cells for new that are those of before rows came in their place", async () => {
    const cells = [day("2016-01", "n1", 1), day("2016-02", "n1", 1), day("2016-02", "s1", 1)];
    await loaded(loadCells(cells));
    // Of another month too, so that it is not a load of the same that is replaced.
    await loaded(loading.load("complaints", file() + `${row("D", "2016-03", "n1")}\n`));
    await loaded(loadCells(cells));
    const all = await loading.db.all("select distinct folded from complaints");
    expect(all).toEqual([{ folded: fromSource }]);
    expect((await events()).length).toBe(3);
  });

  it("takes events that are folded here for no cells of a source: the file of before is the same", async () => {
    const { db, home } = loading;
    await loaded(loading.load("complaints", file()));
    await loaded(loading.load("complaints", rows(row("D", "2010-01", "n1"))));
    expect((await foldAll(db, { ...home.context, now: () => new Date("2030-01-01T08:00:00Z") }, home.contracts))[0]!.events).toBe(4); // prettier-ignore
    expect(await hasCells(db, home.contracts.get("complaints")!)).toBe(false);
    expect(await loading.load("complaints", file())).toMatchObject({ unchanged: true });
  });
});

describe("readCoverage(db, contract, stated, grouped)", () => {
  const before = () => rows(row("A", "2015-05", "n1"), row("B", "2016-05", "n1"), row("C", "2016-05", "s1"), row("D", "2017-05", "n1")); // prettier-ignore
  const all = ["n1 2015-05 1", "n1 2016-05 1", "n1 2017-05 1", "s1 2016-05 1"];
  const cells = [day("2016-05", "n1", 7)];

  beforeEach(async () => {
    await loaded(loading.load("complaints", before()));
    expect(await events()).toEqual(all);
  });

  it("is all that was there before of cells that are all of their feed, whatever months and units they have", async () => {
    await loaded(loadCells(cells));
    expect(await events()).toEqual(["n1 2016-05 7"]);
  });

  it("is all that was there of cells of some months, and nothing of the others", async () => {
    await loaded(loadCells(cells, { months: ["2016-05-01"] }));
    expect(await events()).toEqual(["n1 2015-05 1", "n1 2016-05 7", "n1 2017-05 1"]);
  });

  it.each([
    ["from", "covers: { from: 2016-01-01 }", ["n1 2015-05 1", "n1 2016-05 7"]],
    ["to", "covers: { to: 2016-12-31 }", ["n1 2016-05 7", "n1 2017-05 1"]],
    ["unit", "covers: { unit: north }", ["n1 2016-05 7", "s1 2016-05 1"]],
  ])("is all that a mapping states with %s alone: what was there besides stays, and is no fault", async (_, mapping, left) => {
    await loaded(loadCells(cells, { mapping: `${mapping}\n` }));
    expect(await events()).toEqual(left);
  }); // prettier-ignore

  it("is a unit too that has nothing left in a month that changed, also where a mapping states since when", async () => {
    await loaded(loadCells(cells, { months: ["2016-05-01"], mapping: "covers: { from: 2016-01-01 }\n" }));
    expect(await events()).toEqual(["n1 2015-05 1", "n1 2016-05 7", "n1 2017-05 1"]);
  });

  it("is that of its own rows where rows come, and not cells", async () => {
    await loaded(loading.load("complaints", rows(row("E", "2016-05", "n1"))));
    expect(await events()).toEqual(["n1 2015-05 1", "n1 2016-05 2", "n1 2017-05 1", "s1 2016-05 1"]);
    const last = await loading.db.one("select from_month, to_month from loads order by load_id desc limit 1");
    expect(last).toEqual({ from_month: "2016-05-01", to_month: "2016-05-31" });
  });
});
