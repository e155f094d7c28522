import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditSnapshot } from "../../pipelines/audit.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { contracts } from "../support/figures.ts";
import { makeHistory, type History } from "../support/history.ts";

// Late corrections of protected figures, through the loader and one publication after the other.

vi.setConfig({ testTimeout: 60_000 });

let history: History;
beforeEach(async () => {
  history = await makeHistory(["intake-dual"]);
});
afterEach(() => history.remove());

/** Intake of the teams in March and August: unit, month, dual, single. */
async function load(rows: [unit: string, month: string, dual: number, single: number][]): Promise<void> {
  const lines = rows.flatMap(([unit, month, dual, single]) =>
    Object.entries({ dual, single }).map(
      ([background, count]) => `2016-${month}-01,${unit},intake,executive,man,${background},${count}`,
    ),
  );
  await history.load(
    "movements",
    ["date,unit_id,kind,category,gender,background,count", ...lines, ""].join("\n"),
    "feed: movements\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: force }\n",
  );
}
const years = async (unit: string) =>
  (
    await history.series(`unit_id = '${unit}' and grain = 'year' and period_start = '2016-01-01' and breakdown is null`)
  )[0];
const first: Parameters<typeof load>[0] = [
  ["n1", "03", 20, 40],
  ["s1", "03", 30, 60],
  ["s1", "08", 12, 30],
];

describe("publish: corrections of fewer than five people", () => {
  it("wait for the next half-year, with all that adds up to them", async () => {
    await load(first);
    await history.publish();
    await load([["n1", "03", 22, 40], ...first.slice(1)]);
    await history.publish();
    for (const [unit, numerator] of [
      ["n1", 20],
      ["north", 20],
      ["force", 62],
    ] as const)
      // prettier-ignore
      expect(await years(unit), unit).toMatchObject({ numerator, restated: false });
    expect(await history.restated("true")).toEqual([]);
    history.clock = new Date("2018-01-02T08:00:00Z");
    await history.publish();
    for (const [unit, numerator] of [
      ["n1", 22],
      ["north", 22],
      ["force", 64],
    ] as const)
      // prettier-ignore
      expect(await years(unit), unit).toMatchObject({ numerator, restated: true });
  });

  it("wait in full when they come at the beginning of one", async () => {
    await load(first);
    await history.publish();
    history.clock = new Date("2018-01-02T08:00:00Z");
    await load([["n1", "03", 19, 41], ...first.slice(1)]);
    await history.publish();
    expect(await years("n1")).toMatchObject({ numerator: 20 });
    history.clock = new Date("2018-07-02T08:00:00Z");
    await history.publish();
    expect(await years("n1")).toMatchObject({ numerator: 19 });
  });

  it("hold back nothing of other units, nor of other half-years, nor what is larger", async () => {
    await load(first);
    await history.publish();
    await load([
      ["n1", "03", 22, 40],
      ["s1", "03", 40, 70],
      ["s1", "08", 13, 30],
    ]);
    await history.publish();
    expect(await years("n1")).toMatchObject({ numerator: 20, denominator: 60 });
    // March of the south came, August waits.
    expect(await years("s1")).toMatchObject({ numerator: 52, denominator: 152 });
    expect(await years("force")).toMatchObject({ numerator: 72, denominator: 212 });
  });

  it("are not what is new: months that were not there before", async () => {
    const covers = (to: string) => `feed: movements\ncovers: { from: 2016-01-01, to: ${to}, unit: force }\n`;
    const file = (lines: string[]) => ["date,unit_id,kind,category,gender,background,count", ...lines, ""].join("\n");
    const march = ["2016-03-01,n1,intake,executive,man,dual,20", "2016-03-01,n1,intake,executive,man,single,40"];
    await history.load("movements", file(march), covers("2016-03-31"));
    await history.publish();
    await history.load(
      "movements",
      file([...march, "2016-05-01,n2,intake,executive,man,dual,2"]),
      covers("2016-12-31"),
    );
    await history.publish();
    const db = await history.home.warehouse();
    expect(await db.all("from released.waiting")).toEqual([]);
    // Two people more are theirs alone: the year, which would tell them, is withheld for that.
    expect(await years("force")).toMatchObject({ withheld_reason: "complement" });
    await load([
      ["n1", "03", 21, 40],
      ["n2", "05", 2, 0],
    ]);
    await history.publish();
    expect(await db.all("select top, half from released.waiting")).toEqual([{ top: "north", half: 2016 * 2 }]);
  });

  it("wait also in a warehouse that was rebuilt, and the audit knows of them", async () => {
    await load(first);
    await history.publish();
    await load([["n1", "03", 22, 40], ...first.slice(1)]);
    const { home, project } = history;
    await rebuild(await home.warehouse(), home.context, contracts);
    await history.publish();
    expect(await years("n1")).toMatchObject({ numerator: 20 });
    expect(await auditSnapshot(await home.warehouse(), home.context, project)).toMatchObject({ leaks: [] });
  });
});
