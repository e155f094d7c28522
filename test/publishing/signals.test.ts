import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../pipelines/context.ts";
import { Database } from "../../pipelines/database.ts";
import { publish } from "../../pipelines/publish.ts";
import type { Project } from "../../pipelines/project.ts";
import { cover, definitions, insertMany, insertUnits, target } from "../support/figures.ts";
import { makeHome, type Home } from "../support/home.ts";
import { projectOf } from "../support/project.ts";

let home: Home;
let db: Database;
let clock: Date;
let project: Project;

beforeEach(async () => {
  home = makeHome();
  db = await home.warehouse();
  clock = new Date("2017-01-10T08:00:00Z");
  const chosen = (await definitions()).filter(({ id }) => id === "complaints" || id === "discrimination-incidents");
  project = projectOf(chosen);
  await insertUnits(
    db,
    `
    unit_id  level    parent_id valid_from valid_to
    politie  force    -         2005-01-01 -
    north    unit     politie   2005-01-01 -
    south    unit     politie   2005-01-01 -
    n1       team     north     2005-01-01 -
    n2       team     north     2005-01-01 2016-12-28
    n3       team     north     2016-12-29 -
    s1       team     south     2005-01-01 -`,
  );
});
afterEach(() => home.remove());

const monthOf = (i: number) => `${2015 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, "0")}`;

/** So many complaints of a unit in each month from January 2015 on. */
async function complaints(unit_id: string, counts: number[]): Promise<void> {
  const rest = { unit_id, aspects: ["other"], outcome: "pending" };
  await insertMany(db, "complaints", counts.map((count, i) => ({ ...rest, received_on: `${monthOf(i)}-15`, count }))); // prettier-ignore
}

async function run(changes: Partial<Project> = {}): Promise<string> {
  const context: Context = { ...home.context, now: () => clock };
  const { snapshot, computed } = await publish(db, context, { ...project, ...changes });
  lastComputed = computed;
  clock = new Date(clock.getTime() + 86_400_000);
  return snapshot;
}
let lastComputed: string[] = [];

async function read<T = Record<string, unknown>>(snapshot: string, sql: string): Promise<T[]> {
  const file = path.join(home.folder, "published", snapshot, "series.duckdb");
  const reader = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    return await reader.all<T>(sql);
  } finally {
    reader.close();
  }
}

const signalsOf = (snapshot: string, where = "true") =>
  read(snapshot, `from signals where ${where} order by unit_id, cause, since`);
const usual = [20, 22, 19, 21, 20, 22, 19, 21, 20, 22, 19, 21, 20, 22, 19, 21, 20, 22, 19, 21, 20, 22, 19, 21];

describe("publish: signals", () => {
  it("tells what is unusual in the last twelve months, by all rules for force and units, below them outside the limits", async () => {
    // Outside in November 2016, and once in 2015, which is long ago; the small team has too few events.
    await complaints("n1", usual.with(22, 60).with(6, 60));
    await complaints(
      "n3",
      usual.map((_, i) => (i === 22 ? 9 : i % 2)),
    );
    // A run of the south: eight months below its mean, until the end.
    await complaints("s1", [...usual.slice(0, 16), 16, 17, 16, 17, 16, 17, 16, 17]);
    await cover(db, "complaints", "politie", "2015-01", "2016-12");
    const snapshot = await run();
    const found = await signalsOf(snapshot, "indicator_id = 'complaints'");
    const keys = found.map(({ unit_id, grain, cause, direction, since, period_end }) =>
      [unit_id, grain, cause, direction, since, period_end].join(" "),
    );
    expect(keys).toContain("n1 month outside high 2016-11-01 2016-11-30");
    expect(keys).toContain("north month outside high 2016-11-01 2016-11-30");
    expect(keys.filter((key) => key.startsWith("n3"))).toEqual([]);
    expect(keys).toContain("south month one_side low 2016-05-01 2016-12-31");
    // Below unit level a run is not told, nor is anything of quarters where there are months.
    expect(keys.filter((key) => key.startsWith("s1"))).toEqual([]);
    expect(new Set(found.map(({ grain }) => grain))).toEqual(new Set(["month"]));
    expect(keys.filter((key) => key.includes("2015-07"))).toEqual([]);
    expect(found.find(({ unit_id, cause }) => unit_id === "south" && cause === "one_side")).toMatchObject({
      ...{ variation: "neutral_low", ongoing: true, points: 8, found_end: "2016-11-30", value: 17, level: "unit" },
      ...{ trial: false, has_target: false },
    });
    expect(found.find(({ unit_id }) => unit_id === "n1")).toMatchObject({ ongoing: false, value: 60, variation: "neutral_high" }); // prettier-ignore
    // Every signal's last point is one that readers are shown, and lies in a chart.
    const strangers = await read(
      snapshot,
      `from signals anti join series on series.indicator_id = signals.indicator_id and series.unit_id = signals.unit_id
         and series.grain = signals.grain and series.period_end = signals.period_end and series.breakdown is null
         and not series.withheld and series."value" = signals."value" and series.variation <> 'common'`,
    );
    expect(strangers).toEqual([]);
    const looked = await read<{ unit_id: string; false_alarms: number; looked: boolean; recent_points: number }>(
      snapshot,
      "select unit_id, false_alarms, looked, recent_points from looked_at where indicator_id = 'complaints' order by unit_id",
    );
    expect(looked.find(({ unit_id }) => unit_id === "politie")).toMatchObject({ false_alarms: 0.0121, looked: true, recent_points: 12 }); // prettier-ignore
    expect(looked.find(({ unit_id }) => unit_id === "s1")).toMatchObject({ false_alarms: 0.0027, looked: true });
    expect(looked.find(({ unit_id }) => unit_id === "n3")?.looked ?? false).toBe(false);
  });

  it("keeps the name and the first day of a signal that goes on, also where the indicator is taken over", async () => {
    await complaints("s1", [...usual.slice(0, 16), 16, 17, 16, 17, 16, 17, 16]);
    await cover(db, "complaints", "politie", "2015-01", "2016-11");
    const first = (await signalsOf(await run(), "unit_id = 'south'"))[0]!;
    expect(first).toMatchObject({ ongoing: true, period_end: "2016-11-30" });
    const kept = await run();
    expect(lastComputed).toEqual([]);
    expect((await signalsOf(kept, "unit_id = 'south'"))[0]).toEqual(first);
    expect(await read(kept, "from looked_at where indicator_id = 'complaints'")).not.toEqual([]);
    await insertMany(db, "complaints", [{ unit_id: "s1", received_on: "2016-12-15", aspects: ["other"], outcome: "pending", count: 17 }]); // prettier-ignore
    await cover(db, "complaints", "politie", "2016-12", "2016-12");
    const later = await signalsOf(await run(), "unit_id = 'south'");
    expect(later).toHaveLength(1);
    expect(later[0]).toMatchObject({ signal_id: first.signal_id, published_at: first.published_at, period_end: "2016-12-31" }); // prettier-ignore
    expect(later[0]!.changed_at).not.toBe(first.changed_at);
  }, 90_000);

  it("has a missed target once for each half-year, of figures that are shown", async () => {
    await complaints("n1", usual);
    await cover(db, "complaints", "politie", "2015-01", "2016-12");
    const goal = { indicator_id: "complaints", unit_id: "north", kind: "at_most" as const, value: 20 };
    const targets = [
      target({ ...goal, target_id: 1, from: "2016-01-01", to: "2016-12-31", grain: "half" }),
      target({ ...goal, target_id: 2, from: "2015-01-01", to: "2015-12-31", grain: "half" }),
    ];
    const found = await signalsOf(await run({ targets }), "cause = 'target'");
    expect(found.map(({ unit_id, grain, period_end, direction, has_target }) => [unit_id, grain, period_end, direction, has_target])).toEqual([
      ["north", "half", "2016-06-30", "high", true],
      ["north", "half", "2016-12-31", "high", true],
    ]); // prettier-ignore
    expect(found[0]).toMatchObject({ value: 124, target: 20, target_id: 1, variation: "concern", ongoing: false });
  });

  it("says nothing of a target that a withheld figure missed", async () => {
    const intake = (await definitions()).filter(({ id }) => id === "intake-dual");
    const row = { unit_id: "n1", kind: "intake", category: "executive", gender: "man", date: "2016-09-10" };
    await insertMany(db, "movements", [
      { ...row, background: "dual", count: 2 },
      { ...row, background: "single", count: 100 },
    ]);
    await cover(db, "movements", "politie", "2016-07", "2016-12");
    const goal = target({ indicator_id: "intake-dual", unit_id: "politie", from: "2016-01-01", to: "2016-12-31", value: 0.25, grain: "half" }); // prettier-ignore
    const snapshot = await run({ definitions: intake, targets: [goal] });
    // Two of 102 stand as "fewer than 5", which is told to be missed; its value is not.
    const [half] = await read<{ judgement: string; withheld: boolean }>(snapshot, "from series where unit_id = 'politie' and grain = 'half' and period_end = '2016-12-31' and breakdown is null"); // prettier-ignore
    expect(half).toMatchObject({ withheld: true, judgement: "missed" });
    expect(await signalsOf(snapshot)).toEqual([]);
  });
});

describe("publish: recent", () => {
  const incident = (unit_id: string, registered_on: string, count = 1) => ({ unit_id, registered_on, kind: "incident", grounds: ["origin"], count }); // prettier-ignore
  const loaded = (on: string) =>
    db.run(
      `insert into loads by name select 1 as load_id, 'incidents' as feed, 'file' as file, '' as file_hash, '' as mapping_hash, false as "full",
         timestamp '${on}' as started_at, timestamp '${on}' as finished_at, 1 as "read", 1 as accepted, 0 as merged, 0 as skipped,
         0 as quarantined, '{}' as reasons, 'utf-8' as encoding, false as accepted_change`,
    );
  const recent = (snapshot: string) =>
    read(snapshot, 'select unit_id, "from", "to", registered, complete from recent order by unit_id');

  it("counts seven days up to the last that the feed reaches, for units as they lie now", async () => {
    await insertMany(db, "incidents", [
      incident("n1", "2016-12-25", 2),
      incident("n1", "2016-12-24", 100),
      incident("n2", "2016-12-26"),
      incident("s1", "2016-12-31", 3),
    ]);
    await cover(db, "incidents", "politie", "2016-01", "2016-12");
    await loaded("2017-01-05");
    const rows = await recent(await run());
    const span = { from: "2016-12-25", to: "2016-12-31", complete: true };
    // What was registered for the team that ended counts above it.
    expect(rows).toEqual([
      { unit_id: "n1", registered: 2, ...span },
      { unit_id: "n3", registered: 0, ...span },
      { unit_id: "north", registered: 3, ...span },
      { unit_id: "politie", registered: 6, ...span },
      { unit_id: "s1", registered: 3, ...span },
      { unit_id: "south", registered: 3, ...span },
    ].map(({ unit_id, registered, from, to, complete }) => ({ unit_id, from, to, registered, complete }))); // prettier-ignore
  });

  it("ends within a month that is not over with the day of the load, and says where not all is told", async () => {
    await insertMany(db, "incidents", [incident("n1", "2017-01-04"), incident("n1", "2016-12-29")]);
    await insertMany(db, "incidents", [{ ...incident("n1", "2017-01-05", 0), withheld: ["count"] }]);
    await cover(db, "incidents", "north", "2016-01", "2017-01");
    await loaded("2017-01-06");
    const rows = await recent(await run());
    expect(rows.map(({ unit_id, from, to, registered, complete }) => [unit_id, from, to, registered, complete])).toEqual([
      ["n1", "2016-12-31", "2017-01-06", null, true],
      ["n3", "2016-12-31", "2017-01-06", 0, true],
      ["north", "2016-12-31", "2017-01-06", null, true],
      ["politie", "2016-12-31", "2017-01-06", null, false],
    ]); // prettier-ignore
  });

  it("has no rows before anything was loaded", async () => {
    expect(await recent(await run())).toEqual([]);
  });
});
