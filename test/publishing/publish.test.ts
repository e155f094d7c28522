import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../pipelines/context.ts";
import { Database } from "../../pipelines/database.ts";
import type { ProgrammeEvent } from "../../pipelines/events.ts";
import type { Project } from "../../pipelines/project.ts";
import { currentSnapshot, publish, type Manifest, type PublishResult } from "../../pipelines/publish.ts";
import { snapshotsToRemove } from "../../pipelines/publishing/kept.ts";
import { protectedGroups } from "../../pipelines/publishing/made-from.ts";
import { cover, definitions, insertMany, insertUnits, target, type SeriesRow } from "../support/figures.ts";
import { makeHome, type Home } from "../support/home.ts";
import { projectOf } from "../support/project.ts";

let home: Home;
let db: Database;
let project: Project;
let clock: Date;
let context: Context;

beforeEach(async () => {
  home = makeHome();
  db = await home.warehouse();
  clock = new Date("2017-07-03T08:00:00Z");
  context = { ...home.context, now: () => clock };
  const chosen = (await definitions()).filter(({ id }) => id === "intake-dual" || id === "complaints");
  project = projectOf(chosen);
  await insertUnits(
    db,
    `
    unit_id  level    parent_id valid_from
    politie  force    -         2015-01-01
    den-haag unit     politie   2015-01-01
    centrum  district den-haag  2015-01-01`,
  );
  await insertMany(db, "complaints", [
    { unit_id: "centrum", received_on: "2016-03-05", aspects: ["other"], outcome: "pending", count: 7 },
  ]);
  await intake(8, 22);
  for (const feed of ["complaints", "movements"]) await cover(db, feed, "politie", "2016-01", "2016-12");
  await load(1, "complaints");
  await load(2, "movements");
});
afterEach(() => home.remove());

/** Says that a file was loaded. */
async function load(load_id: number, feed: string): Promise<void> {
  await db.run(
    `insert into loads by name select $load_id as load_id, $feed as feed, 'file' as file, '' as file_hash, '' as mapping_hash, false as "full",
       timestamp '2017-01-05' as started_at, timestamp '2017-01-05' as finished_at, 1 as "read", 1 as accepted, 0 as merged, 0 as skipped,
       0 as quarantined, '{}' as reasons, 'utf-8' as encoding, false as accepted_change`,
    { load_id, feed },
  );
}

/** The intake of 2016 in the centre, in place of what was there. */
async function intake(dual: number, single: number): Promise<void> {
  await db.run("delete from movements");
  const row = { date: "2016-05-01", unit_id: "centrum", kind: "intake", category: "executive", gender: "man" };
  await insertMany(db, "movements", [
    { ...row, background: "dual", count: dual },
    { ...row, background: "single", count: single },
  ]);
}

const later = (hours: number) => (clock = new Date(clock.getTime() + hours * 3_600_000));
const published = (...parts: string[]) => path.join(home.folder, "published", ...parts);
const snapshots = () => readdirSync(published()).filter((name) => /^\d{8}T/.test(name));
const manifestOf = (name: string) => JSON.parse(readFileSync(published(name, "manifest.json"), "utf8")) as Manifest;
const run = (changes: Partial<Project> = {}): Promise<PublishResult> =>
  publish(db, context, { ...project, ...changes });

/** Rows of a snapshot's database, as a reader sees them. */
async function read<T = SeriesRow>(snapshot: string, sql: string): Promise<T[]> {
  const reader = await Database.open(published(snapshot, "series.duckdb"), { access_mode: "READ_ONLY" });
  try {
    return await reader.all<T>(sql);
  } finally {
    reader.close();
  }
}

describe("publish", () => {
  it("writes a snapshot, its manifest and the pointer", async () => {
    expect(currentSnapshot(home.folder)).toBe(null);
    const result = await run();
    expect(result.snapshot).toMatch(/^20170703T080000Z-[0-9a-f]{6}$/);
    expect(readFileSync(published("current"), "utf8")).toBe(`${result.snapshot}\n`);
    expect(currentSnapshot(home.folder)).toBe(result.snapshot);
    expect(readdirSync(published()).sort()).toEqual([result.snapshot, "current", "snapshots.json"].sort());
    const manifest = manifestOf(result.snapshot);
    const hash = createHash("sha256")
      .update(readFileSync(published(result.snapshot, "series.duckdb")))
      .digest("hex");
    expect(manifest).toMatchObject({
      snapshot: result.snapshot,
      hash,
      demo: false,
      restated: 0,
      data_through: "2016-12-31",
    });
    expect(result.snapshot.endsWith(hash.slice(0, 6))).toBe(true);
    const [counted] = await read<{ n: number; w: number }>(
      result.snapshot,
      "select count(*) as n, count(*) filter (withheld) as w from series",
    );
    expect(counted).toEqual({ n: manifest.rows, w: manifest.withheld });
    expect(manifest.rows).toBeGreaterThan(100);
  });

  it("shows nothing in any table of the snapshot that the gate withheld", async () => {
    await intake(4, 20);
    const { snapshot } = await run();
    const [open] = await read<{ n: number }>(
      snapshot,
      `select count(*) as n from series where withheld and
         (coalesce("value", numerator, "unknown", "lower", "upper", pace) is not null or (denominator is not null and not band)
           or coalesce(variation, assurance, trend) is not null)`,
    );
    expect(open!.n).toBe(0);
    const shown = await read(
      snapshot,
      "from series where indicator_id = 'intake-dual' and not withheld and numerator > 0",
    );
    expect(shown).toEqual([]);
    for (const table of ["limits", "signals", "looked_at"])
      expect(await read(snapshot, `from ${table} where indicator_id = 'intake-dual'`), table).toEqual([]);
    const tables = await read<{ name: string }>(snapshot, "select table_name as name from duckdb_tables() order by 1");
    expect(tables.map(({ name }) => name)).toEqual([
      ...[
        "actions",
        "beside_points",
        "breaks",
        "events",
        "feeds",
        "indicators",
        "limits",
        "looked_at",
        "made_from",
        "outcomes",
        "recent",
      ],
      ...["reference_points", "restatements", "series", "signals", "targets", "units"],
    ]);
  });

  it("has the events of everyone and of its units, and counts those of others", async () => {
    const event: Omit<ProgrammeEvent, "event_id"> = {
      ...{ date: "2016-01-01", unit_id: null, kind: "programme" as const, title_nl: "begin", title_en: "start" },
      ...{ note_nl: null, note_en: null, source: "KVV", indicators: [] },
    };
    project.events = [
      { ...event, event_id: "b", indicators: ["complaints", "intake-dual"] },
      {
        ...event,
        event_id: "a",
        unit_id: "centrum",
        date: "2015-12-31",
        note_nl: "wat",
        note_en: "what",
        indicators: [],
      },
      { ...event, event_id: "c", unit_id: "amsterdam", indicators: [] },
    ];
    const { snapshot, ignored_events } = await run();
    expect(ignored_events).toBe(1);
    expect(await read(snapshot, "from events")).toEqual([
      {
        ...event,
        event_id: "a",
        unit_id: "centrum",
        date: "2015-12-31",
        note_nl: "wat",
        note_en: "what",
        indicators: [],
      },
      { ...event, event_id: "b", indicators: ["complaints", "intake-dual"] },
    ]);
  });

  it("has the actions as they were delivered last, of every unit", async () => {
    await db.run(
      `insert into actions by name
       select 18446744073709551615::ubigint as action_id, '2.1' as number, 'project' as kind, 'connection' as focus, '=Netwerk' as title,
         'centrum' as unit_id, 'Sectorhoofd' as owner, 'yes' as mandatory, date '2016-04-15' as starts_on, date '2016-12-31' as due_on,
         'running' as status, 2016 as "year", 5000.0 as budget, 1200.5 as spent, 'national' as funding, 1 as load_id`,
    );
    const { snapshot } = await run();
    expect(await read(snapshot, "from actions")).toEqual([
      {
        ...{ action_id: "affffffffffffffff", number: "2.1", kind: "project", focus: "connection" },
        ...{ title: "=Netwerk", unit_id: "centrum", owner: "Sectorhoofd", mandatory: "yes" },
        ...{ starts_on: "2016-04-15", due_on: "2016-12-31", status: "running", year: 2016 },
        ...{ budget: 5000, committed: null, spent: 1200.5, forecast: null, funding: "national" },
        ...{ cost_code: null, condition: null, note: null, delivered_at: "2017-01-05T00:00:00.000Z" },
      },
    ]);
    later(1);
    const contracts = new Map([...project.contracts].filter(([name]) => name !== "actions"));
    const bare = await run({ contracts });
    expect(await read(bare.snapshot, "from duckdb_tables() where table_name = 'actions'")).toEqual([]);
  });

  it("leaves nothing unprotected in the warehouse's connection", async () => {
    await run();
    expect(await db.all("select table_name from duckdb_tables() where temporary")).toEqual([]);
  });

  it("places published figures of any period, and counts those that have no match", async () => {
    const row = { measure: "complaints", unit: "Nederland", breakdown: "received", source_title: "a", value: 10 };
    const half = { period_start: "2016-01-01", period_end: "2016-06-30" };
    await insertMany(db, "published", [
      { ...row, ...half },
      { ...row, ...half, source_title: "b", value: 12 },
      { ...row, ...half, unit: "elders" },
      { ...row, ...half, breakdown: "by age" },
      { ...row, source_title: "c" },
      { ...row, ...half, measure: "strength_fte" },
    ]);
    const { snapshot, unmatched_figures } = await run();
    expect(unmatched_figures).toEqual({ breakdown: 1, period: 1, unit: 1 });
    expect(manifestOf(snapshot).unmatched_figures).toEqual(unmatched_figures);
    const points = await read(snapshot, `select unit_id, "value" from reference_points order by "value"`);
    expect(points).toEqual([
      { unit_id: "politie", value: 10 },
      { unit_id: "politie", value: 12 },
    ]);
  });

  it("keeps what others count beside an indicator apart from what is compared with it", async () => {
    const chosen = (await definitions()).filter(({ id }) => ["complaints", "discrimination-incidents"].includes(id));
    const year = { period_start: "2016-01-01", period_end: "2016-12-31", unit: "Nederland", source_title: "a" };
    const adv = { ...year, measure: "discrimination_reports_adv", breakdown: "total", value: 4761 };
    await insertMany(db, "published", [
      adv,
      { ...adv, unit: "Den Haag", value: 600 },
      { ...adv, unit: "elders", value: 1 },
      { ...adv, breakdown: "by ground", value: 2 },
      { ...year, measure: "discrimination_incidents_registered", breakdown: "total", value: 4376 },
    ]);
    const { snapshot } = await run({ definitions: chosen });
    const fields = `indicator_id, unit_id, "value"`;
    const at = { indicator_id: "discrimination-incidents", unit_id: "politie" };
    expect(await read(snapshot, `select ${fields}, title_nl from beside_points`)).toEqual([
      { ...at, value: 4761, title_nl: "Meldingen bij antidiscriminatievoorzieningen" },
    ]);
    expect(await read(snapshot, `select ${fields} from reference_points`)).toEqual([{ ...at, value: 4376 }]);
  });

  it("counts targets of units that the home lacks, and leaves them out", async () => {
    const aim = { indicator_id: "intake-dual", from: "2016-01-01", to: "2016-12-31", value: 0.25 };
    const targets = [target({ ...aim, unit_id: "politie" }), target({ ...aim, unit_id: "elders", target_id: 2 })];
    const result = await run({ targets });
    expect(result.ignored_targets).toBe(1);
    expect(await read<{ unit_id: string }>(result.snapshot, "select unit_id from targets")).toEqual([
      { unit_id: "politie" },
    ]);
  });

  it("leaves targets of the demo out of other homes", async () => {
    const targets = [
      target({
        indicator_id: "intake-dual",
        unit_id: "politie",
        from: "2016-01-01",
        to: "2016-12-31",
        value: 0.25,
        demo: true,
      }),
    ];
    expect(await read((await run({ targets })).snapshot, "from targets")).toEqual([]);
    writeFileSync(path.join(home.folder, "demo.json"), '{"seed":1,"through":"2016-12"}');
    later(1);
    expect(await read((await run({ targets })).snapshot, "from targets")).toHaveLength(1);
  });
});

describe("publish: what fails", () => {
  const broken = { sql: "select unit_id, received_on as month, error('kapot')::integer as numerator from complaints" };

  it.each([
    ["the first time", false],
    ["with a snapshot there", true],
  ])("changes nothing for readers, %s", async (_name, isThere) => {
    if (isThere) await run();
    const before = isThere ? readFileSync(published("current"), "utf8") : null;
    later(1);
    const bad = project.definitions.map((each) => (each.id === "complaints" ? { ...each, ...broken } : each));
    await expect(run({ definitions: bad })).rejects.toThrow("kapot");
    expect(isThere ? readFileSync(published("current"), "utf8") : currentSnapshot(home.folder)).toBe(before);
    expect(snapshots()).toHaveLength(isThere ? 1 : 0);
    expect(readdirSync(published()).filter((name) => name.startsWith(".building"))).toEqual([]);
    later(1);
    expect(currentSnapshot(home.folder)).toBe(isThere ? before!.trim() : null);
    const { snapshot } = await run();
    expect(currentSnapshot(home.folder)).toBe(snapshot);
  });

  it("changes nothing where the pointer cannot be written; the next publication recovers", async () => {
    context = { ...context, settings: { ...context.settings, keepSnapshots: 1 } };
    const first = await run();
    mkdirSync(published("current.tmp"));
    later(1);
    await expect(run()).rejects.toThrow();
    expect(currentSnapshot(home.folder)).toBe(first.snapshot);
    expect(existsSync(published(first.snapshot, "series.duckdb"))).toBe(true);
    rmSync(published("current.tmp"), { recursive: true });
    // Not even with a clock that went back: names sort as they were made.
    later(-5);
    const next = await run();
    expect(currentSnapshot(home.folder)).toBe(next.snapshot);
    expect(next.snapshot > first.snapshot).toBe(true);
    expect(snapshots()).toEqual([next.snapshot]);
  });

  it("clears away what a killed publication left", async () => {
    mkdirSync(published(".building-1"), { recursive: true });
    writeFileSync(published(".building-1", "series.duckdb"), "half");
    await run();
    expect(readdirSync(published()).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

describe("publish: some indicators at a time", () => {
  it("publishes what it does of all at once", async () => {
    await intake(30, 20);
    const whole = await run();
    rmSync(published("current"));
    later(1);
    const steps: string[] = [];
    const watching = { ...context, step: ({ step }: { step?: string }) => void steps.push(step ?? "") };
    const parted = await publish(db, watching, project, 1);
    expect(steps.filter((step) => step === "publishing: cells").length).toBe(project.definitions.length);
    expect(parted.rows).toBe(whole.rows);
    for (const table of ["series", "outcomes", "limits", "signals", "looked_at"]) {
      const all = `select * from ${table} order by all`;
      const dated = (rows: Record<string, unknown>[]) =>
        rows.map((row) => ({ ...row, published_at: null, changed_at: null }));
      expect(dated(await read(parted.snapshot, all)), table).toEqual(dated(await read(whole.snapshot, all)));
    }
  });
});

describe("publish: what is computed anew", () => {
  const all = "select * exclude (restated) from series order by all";
  const complain = (count: number) => db.run(`update complaints set count = ${count}`);

  it("is what can have changed; the figures are those of a whole computation", async () => {
    expect((await run()).computed).toEqual(["complaints", "intake-dual"]);
    later(1);
    await complain(9);
    const second = await run();
    expect(second.computed).toEqual(["complaints"]);
    expect(home.messages.join("\n")).toContain("computing 1 of 2 indicators anew: complaints");
    later(1);
    rmSync(published("current"));
    const whole = await run();
    expect(whole.computed).toEqual(["complaints", "intake-dual"]);
    expect(await read(second.snapshot, all)).toEqual(await read(whole.snapshot, all));
    const rest = "from outcomes order by all";
    expect(await read(second.snapshot, rest)).toEqual(await read(whole.snapshot, rest));
  });

  it("is nothing where nothing changed, and all of it in another month", async () => {
    const first = await run();
    later(1);
    const second = await run();
    expect(second.computed).toEqual([]);
    expect({ ...second, snapshot: "", seconds: 0, computed: [] }).toEqual({
      ...{ ...first, snapshot: "", seconds: 0, computed: [] },
    });
    expect(await read(second.snapshot, all)).toEqual(await read(first.snapshot, all));
    later(24 * 31);
    expect((await run()).computed).toHaveLength(2);
  });

  it.each<[string, () => Promise<unknown> | Partial<Project>, string[]]>([
    [
      "the organisation",
      () => db.run("update units set name = 'Haags' where unit_id = 'den-haag'"),
      ["complaints", "intake-dual"],
    ],
    [
      "what is covered",
      () => db.run("update coverage set to_month = '2016-11-01' where feed = 'complaints'"),
      ["complaints"],
    ],
    [
      "a target",
      () => ({
        targets: [
          target({ indicator_id: "intake-dual", unit_id: "politie", from: "2016-01-01", to: "2016-12-31", value: 0.3 }),
        ],
      }),
      ["intake-dual"],
    ],
    [
      "a definition",
      () => ({
        definitions: project.definitions.map((each) => (each.id === "complaints" ? { ...each, decimals: 2 } : each)),
      }),
      ["complaints"],
    ],
    [
      "the order of rows",
      () =>
        db.run(
          "create table other as from movements order by count desc; delete from movements; insert into movements by name from other; drop table other",
        ),
      [],
    ],
  ])("follows %s", async (_, change, wanted) => {
    await run();
    later(1);
    const changed = await change();
    expect((await run((changed as Partial<Project> | undefined) ?? {})).computed).toEqual(wanted);
  });

  it("tells the freshness of now of figures that were kept", async () => {
    const freshness = async ({ snapshot }: PublishResult) =>
      read(snapshot, "select distinct freshness from series where indicator_id = 'complaints'");
    clock = new Date("2017-02-01T08:00:00Z");
    expect(await freshness(await run())).toEqual([{ freshness: "fresh" }]);
    clock = new Date("2017-02-28T08:00:00Z");
    const second = await run();
    expect(second.computed).toEqual([]);
    expect(await freshness(second)).toEqual([{ freshness: "due" }]);
  });
});

describe("protectedGroups(definitions)", () => {
  it("holds together those that read a feed in common, through a third as well", () => {
    const each = (id: string, feeds: string[], isProtected = true) => ({ id, feeds, protected: isProtected });
    expect(
      protectedGroups([
        each("a", ["movements"]),
        each("b", ["staffing"]),
        each("c", ["survey"]),
        each("d", ["movements", "staffing"]),
        each("e", ["survey"], false),
      ]),
    ).toEqual([["c"], ["a", "b", "d"]]);
  });
});

describe("publish: old snapshots", () => {
  it("names them so that they sort as they were made, also within a second", async () => {
    context = { ...context, settings: { ...context.settings, keepSnapshots: 3 } };
    const names = [(await run()).snapshot, (await run()).snapshot];
    expect([...names].sort()).toEqual(names);
    expect(new Set(names).size).toBe(2);
  });

  it.each([
    [1, 1],
    [2, 2],
  ])("keeps %d of them, never without the current one", async (keepSnapshots, left) => {
    context = { ...context, settings: { ...context.settings, keepSnapshots } };
    for (let i = 0; i <= left; i++) {
      await run();
      later(1);
      expect(existsSync(published(currentSnapshot(home.folder)!, "series.duckdb"))).toBe(true);
    }
    expect(snapshots()).toHaveLength(left);
    expect(snapshots().sort().at(-1)).toBe(currentSnapshot(home.folder));
    // Who fetches them elsewhere is told of each.
    const listed = JSON.parse(readFileSync(path.join(home.folder, "published", "snapshots.json"), "utf8")) as {
      snapshot: string;
      published_at: string;
    }[];
    expect(listed.map(({ snapshot }) => snapshot)).toEqual(snapshots().sort());
    expect(listed.at(-1)!.published_at).toBe(manifestOf(currentSnapshot(home.folder)!).published_at);
  });

  it("always keeps the last of each half-year", async () => {
    context = { ...context, settings: { ...context.settings, keepSnapshots: 1 } };
    const moments = ["2016-06-29", "2016-06-30", "2016-12-31", "2017-04-01"];
    for (const day of moments) {
      clock = new Date(`${day}T12:00:00Z`);
      await run();
    }
    expect(
      snapshots()
        .sort()
        .map((name) => name.slice(0, 8)),
    ).toEqual(["20160630", "20161231", "20170401"]);
  });
});

describe("snapshotsToRemove(names, current, keep)", () => {
  const names = Array.from({ length: 400 }, (_, i) => {
    const day = new Date(Date.UTC(2015, 0, 1 + i * 3)).toISOString().slice(0, 10).replaceAll("-", "");
    return `${day}T120000Z-000000`;
  });
  const kept = (current: string, keep: number) => {
    const gone = new Set(snapshotsToRemove(names, current, keep));
    return names.filter((name) => !gone.has(name));
  };

  it("leaves the newest, and of each half-year before them the last", () => {
    expect(kept(names.at(-1)!, 3).map((name) => name.slice(0, 8))).toEqual([
      "20150630",
      "20151230",
      "20160630",
      "20161230",
      "20170628",
      "20171231",
      "20180406",
      "20180409",
      "20180412",
    ]);
  });

  it("leaves the current one, also where it is not the newest", () => {
    expect(kept(names[10]!, 1)).toContain(names[10]);
  });

  it("never removes the current one", () => {
    expect(snapshotsToRemove(names.slice(-3), names.at(-1)!, 0)).not.toContain(names.at(-1));
  });

  it("leaves those that reviews are made of", () => {
    const reviewed = new Set([names[20]!, names[21]!]);
    const gone = snapshotsToRemove(names, names.at(-1)!, 3, reviewed);
    expect(gone).toContain(names[19]);
    for (const name of reviewed) expect(gone).not.toContain(name);
  });

  it("removes nothing where fewer are there than are kept", () => {
    expect(snapshotsToRemove(names, names.at(-1)!, 400)).toEqual([]);
  });
});

describe("publish: restatements", () => {
  const keys = `indicator_id = 'complaints' and unit_id = 'den-haag' and grain = 'year' and breakdown is null`;

  it("finds what a load changed, old and new with the load, and marks the figure from then on", async () => {
    await run();
    await db.run("update complaints set count = 9");
    await load(3, "complaints");
    later(24);
    const second = await run();
    expect(second.restated).toBeGreaterThan(0);
    expect(manifestOf(second.snapshot).restated).toBe(second.restated);
    expect(await read(second.snapshot, `from restatements where ${keys}`)).toMatchObject([
      {
        old_value: 7,
        new_value: 9,
        old_numerator: 7,
        new_numerator: 9,
        period_end: "2016-12-31",
        load_id: 3,
        restated_at: "2017-07-04T08:00:00.000Z",
      },
    ]);
    expect(await read(second.snapshot, `from series where ${keys}`)).toMatchObject([{ value: 9, restated: true }]);
    later(24);
    const third = await run();
    expect(third.restated).toBe(0);
    expect(await read(third.snapshot, `from series where ${keys}`)).toMatchObject([{ value: 9, restated: true }]);
    expect(await read(third.snapshot, `from restatements where ${keys}`)).toHaveLength(1);
    const untouched = await read(third.snapshot, "from series where indicator_id = 'intake-dual' and restated");
    expect(untouched).toEqual([]);
  });

  it("calls nothing a restatement that was not complete before, nor the same again", async () => {
    await db.run("update coverage set to_month = date '2016-11-01'");
    await run();
    await db.run("update coverage set to_month = date '2016-12-01'");
    await insertMany(db, "complaints", [
      { unit_id: "centrum", received_on: "2016-12-05", aspects: ["other"], outcome: "pending", count: 2 },
    ]);
    later(1);
    const second = await run();
    expect(await read(second.snapshot, `from restatements where ${keys}`)).toEqual([]);
    expect(await read(second.snapshot, `from series where ${keys}`)).toMatchObject([{ value: 9, restated: false }]);
    later(1);
    expect((await run()).restated).toBe(0);
  });

  it("tells nothing of what is withheld now", async () => {
    const ofIntake = "from restatements where indicator_id = 'intake-dual'";
    await intake(8, 22);
    await run();
    later(1);
    await intake(18, 22);
    const changed = await run();
    expect((await read(changed.snapshot, ofIntake)).length).toBeGreaterThan(0);
    later(1);
    // Withheld from here on: what it was before is told no longer, nor that it changed.
    await intake(3, 20);
    const hidden = await run();
    expect(await read(hidden.snapshot, ofIntake)).toEqual([]);
    expect(await read(hidden.snapshot, "from series where withheld and restated")).toEqual([]);
  });

  it("shows no figure that was once withheld for its numbers", async () => {
    await intake(3, 20);
    const few = await run();
    const years =
      "from series where indicator_id = 'intake-dual' and grain = 'year' and breakdown is null and denominator > 0";
    expect(await read(few.snapshot, `${years} and not withheld`)).toEqual([]);
    later(1);
    await intake(18, 22);
    const more = await run();
    expect(await read(more.snapshot, `${years} and not withheld`)).toEqual([]);
    const reasons = await read<{ reason: string }>(
      more.snapshot,
      "select distinct withheld_reason as reason from series where indicator_id = 'intake-dual' and grain = 'year' and breakdown is null and withheld",
    );
    // From 25 people on what is too small would be a band: it reads as withheld for others.
    expect(reasons).toEqual([{ reason: "complement" }]);
    expect(await read(more.snapshot, "from restatements where indicator_id = 'intake-dual'")).toEqual([]);
  });

  it("keeps those of a publication that was cut off after readers had switched to it", async () => {
    await run();
    await db.run("update complaints set count = 9");
    later(1);
    await run();
    await db.run("delete from restatements");
    later(1);
    const third = await run();
    expect(await read(third.snapshot, `from restatements where ${keys}`)).toHaveLength(1);
    expect(await read(third.snapshot, `from series where ${keys}`)).toMatchObject([{ restated: true }]);
  });
});
