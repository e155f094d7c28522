import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { madeFrom } from "../../pipelines/publishing/made-from.ts";
import { cover, definitions, emptyWarehouse } from "../support/figures.ts";

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
});
afterEach(() => db.close());

const all = await definitions();
const named = (id: string) => all.find((each) => each.id === id)!;
/** An indicator of complaints that was one of the other's before. */
const since = (before: Definition): Definition => {
  const now = named("complaints");
  return { ...now, version: { ...now.version, number: 2, valid_from: "2016-01-01" }, earlier: [before] };
};

/** The hashes before and after a file of a feed was loaded. */
async function changedBy(feed: string, chosen: Definition[]): Promise<string[]> {
  const from = { today: "2016-08-10", targets: [], breaks: [] };
  const before = await madeFrom(db, chosen, from);
  await cover(db, feed, null, "2015-01", "2015-12");
  const after = await madeFrom(db, chosen, from);
  return [...after.keys()].filter((id) => after.get(id) !== before.get(id));
}

describe("madeFrom(db, definitions, from)", () => {
  it("changes with the feeds of an indicator only", async () => {
    expect(await changedBy("incidents", [named("complaints"), named("discrimination-incidents")])).toEqual([
      "discrimination-incidents",
    ]);
  });

  it("changes with the feeds of its earlier versions", async () => {
    expect(await changedBy("incidents", [since(named("discrimination-incidents"))])).toEqual(["complaints"]);
  });

  it("changes with a break of that indicator only", async () => {
    const chosen = [named("complaints"), named("discrimination-incidents")];
    const from = { today: "2016-08-10", targets: [], breaks: [] };
    const words = { label_nl: "anders geteld", label_en: "counted differently", source: "wij" };
    const parting = {
      indicator_id: "complaints",
      unit_id: null,
      on_date: "2016-01-01",
      kind: "registration" as const,
      ...words,
    };
    const before = await madeFrom(db, chosen, from);
    const after = await madeFrom(db, chosen, { ...from, breaks: [parting] });
    expect([...after.keys()].filter((id) => after.get(id) !== before.get(id))).toEqual(["complaints"]);
  });

  it("holds those together of which an earlier version reads the same people", async () => {
    const chosen = [since(named("intake-dual")), named("leaders-dual")];
    expect(await changedBy("complaints", chosen)).toEqual(["complaints", "leaders-dual"]);
  });
});
