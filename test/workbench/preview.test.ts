import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { layExample, makeWarehouse, parseExample } from "../../pipelines/indicators/example.ts";
import { readProject } from "../../pipelines/project.ts";
import { computeSeries, type Source } from "../../pipelines/series/series.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import type { Target } from "../../pipelines/targets.ts";
import { asCompared } from "../../pipelines/workbench/compared-totals.ts";
import { Bench, prepareComparison, previewDraft } from "../../pipelines/workbench/preview.ts";
import type { PreviewRow } from "../../pipelines/workbench/draft.ts";
import type { PreviewResult } from "../../pipelines/workbench/messages.ts";
import { long } from "../support/long.ts";

const project = await readProject({ config: projectFolder });
const fileOf = (id: string) => path.join(projectFolder, "test", "indicators", `${id}.yaml`);
/** Of each kind some at least. */
const kinds = new Map<string, number>();
const some = project.definitions.filter(({ id, kind, stock, protected: isProtected }) => {
  if (isProtected || !existsSync(fileOf(id))) return false;
  const seen = (kinds.get(`${kind} ${stock}`) ?? 0) + 1;
  kinds.set(`${kind} ${stock}`, seen);
  return long || seen <= 2;
});

/** An aim with a baseline, so that there is a pace; of shares and what is like them. */
const aimAt = ({ id, kind }: Definition): Target[] =>
  ["share", "rate", "score"].includes(kind)
    ? [
        {
          ...{ target_id: 1, indicator_id: id, unit_id: "politie", breakdown: null, breakdown_value: null },
          ...{
            goal: "streefcijfer",
            status: "decided",
            from: "2018-12-31",
            to: "2018-12-31",
            kind: "at_least",
            value: 0.5,
          },
          ...{ tolerance: null, grain: "year", baseline_from: "2016-01-01", baseline_to: "2016-12-31", source: "KVV" },
          ...{ by: "ours", proposed_on: null, decided_on: "2016-01-01", demo: false },
        } as unknown as Target,
      ]
    : [];

/** The figures that publishing makes, in the fields of a preview. */
async function published(db: Database, source: Source): Promise<PreviewRow[]> {
  await computeSeries(db, { ...source, complements: false });
  return db.all<PreviewRow>(
    `select series.* exclude (variation, assurance, trend, restated, freshness, target_id), level::varchar as level
     from series join unit_levels on unit_levels.unit_id::varchar = series.unit_id`,
  );
}

const keyOf = (row: PreviewRow) =>
  [row.unit_id, row.grain, row.period_start, row.period_end, row.breakdown, row.breakdown_value].join(" ");

type Counts = Map<string, [cells: number, withheld: number]>;

/** How many figures of each level and grain there are, and are withheld. */
function countsOf(made: PreviewRow[]): Counts {
  const counts: Counts = new Map();
  for (const { level, grain, withheld } of made) {
    const [cells, hidden] = counts.get(`${level} ${grain}`) ?? [0, 0];
    counts.set(`${level} ${grain}`, [cells + 1, hidden + (withheld ? 1 : 0)]);
  }
  return counts;
}

const countsTold = ({ withheld: told }: PreviewResult): Counts =>
  new Map(told.map(({ level, grain, cells, withheld }) => [`${level} ${grain}`, [cells, withheld]]));

/** The feeds of the worked example of an indicator, with the day it is. */
async function exampleOf(id: string): Promise<{ db: Database; today: string }> {
  const { example } = parseExample(readFileSync(fileOf(id), "utf8"), fileOf(id), project.contracts);
  const db = await Database.open(":memory:", { threads: "1" });
  await makeWarehouse(db, project.contracts);
  await layExample(db, example!, project.contracts);
  return { db, today: example!.today };
}

describe("previewDraft(bench, previewed)", () => {
  it.each(some.flatMap((definition) => [undefined, 0].map((few) => [definition.id, few, definition] as const)))(
    "shows of %s the figures that publishing makes, and counts all of them (made where they are at most %s)",
    async (id, few, definition) => {
      const { db, today } = await exampleOf(id);
      try {
        const targets = aimAt(definition);
        const asked = { definition, targets, before: null, units: ["hoefkade"], today };
        const preview = await previewDraft(new Bench(db, few), asked);
        const source = { definitions: [definition], targets, today, freshness: new Map<string, never>() };
        const made = await published(db, source);
        const all = new Map(made.map((row) => [keyOf(row), row]));
        const rows = JSON.parse(preview.rows) as PreviewRow[];
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(row).toEqual(all.get(keyOf(row)));
        const newest =
          made
            .flatMap((row) => (row.complete ? [row.period_end] : []))
            .sort()
            .at(-1) ?? today;
        const after = `${Number(newest.slice(0, 4)) - 1}${newest.slice(4)}`;
        const isHigh = ({ level }: PreviewRow) => level === "force" || level === "unit";
        const wanted = made.filter(
          (row) =>
            row.unit_id === "hoefkade" ||
            (row.breakdown === null && isHigh(row)) ||
            ((row.breakdown === null || isHigh(row)) && row.period_end > after),
        );
        expect(rows.map(keyOf).sort()).toEqual(wanted.map(keyOf).sort());
        expect(countsTold(preview)).toEqual(countsOf(made));
      } finally {
        db.close();
      }
    },
  );

  it("counts the figures of a stock by breakdowns of many values, of which each unit has some", async () => {
    const { db, today } = await exampleOf("staffing-women");
    const staffing = project.definitions.find(({ id }) => id === "staffing-women")!;
    const definition = {
      ...staffing,
      breakdowns: ["one", "other"].map((name) => ({ ...staffing.breakdowns[0]!, name, values: {} })),
      sql: `select unit_id, period as month, sum(headcount) as numerator, sum(headcount) as denominator,
          'v' || place % 90 as one, 'w' || place // 2 as other
        from staffing, range(180) as places(place) where (place + length(unit_id)) % 3 > 0 group by all`,
    };
    try {
      const asked = { definition, targets: [], before: null, units: [], today };
      const bench = new Bench(db, 0);
      const preview = await previewDraft(bench, asked);
      await bench.clear();
      const made = await published(db, { definitions: [definition], targets: [], today, freshness: new Map() });
      expect(new Set(made.map((row) => row.breakdown_value)).size).toBe(181);
      expect(countsTold(preview)).toEqual(countsOf(made));
    } finally {
      db.close();
    }
  });

  it("compares every total with that of the other version, whatever breakdowns that has", async () => {
    const { db, today } = await exampleOf("complaints-rate");
    const definition = project.definitions.find(({ id }) => id === "complaints-rate")!;
    const twice = { ...definition, sql: `select * replace (2 * numerator as numerator) from (${definition.sql})` };
    try {
      const bench = new Bench(db, 0);
      const before = { definition: twice, targets: [] };
      const { rows, compared } = await previewDraft(bench, { definition, targets: [], before, units: [], today });
      const totals = (JSON.parse(rows) as PreviewRow[]).filter((row) => row.breakdown === null && row.value! > 0);
      expect(totals.length).toBeGreaterThan(0);
      const told = (list: { unit_id: string; grain: string; period_end: string; value: number | null }[]) =>
        list.map(({ unit_id, grain, period_end, value }) => [unit_id, grain, period_end, value].join(" ")).sort();
      expect(told(compared.map((row) => ({ ...row, value: row.after })))).toEqual(told(totals));
      for (const row of compared) expect(row.before).toBeCloseTo(2 * row.after!, 9);
    } finally {
      db.close();
    }
  });

  it.each([undefined, 0])(
    "compares with totals that are kept, or were prepared, as with those that are computed beside it (made where they are at most %s)",
    async (few) => {
      const { db, today } = await exampleOf("complaints-rate");
      const standing = project.definitions.find(({ id }) => id === "complaints-rate")!;
      const definition = { ...standing, sql: `select * replace (3 * numerator as numerator) from (${standing.sql})` };
      const asked = {
        definition,
        targets: [],
        before: { definition: standing, targets: aimAt(standing) },
        units: [],
        today,
      };
      try {
        const [bench, prepared] = [new Bench(db, few), new Bench(db, few)];
        const first = await previewDraft(bench, asked);
        expect(first.compared.length).toBeGreaterThan(0);
        expect(bench.compared.has(asCompared(standing), today)).toBe(true);
        await bench.clear();
        expect(await previewDraft(bench, asked)).toEqual(first);
        await bench.clear();
        const alike = { definition: standing, targets: [], before: { definition, targets: [] }, units: [], today };
        const turned = (await previewDraft(bench, alike)).compared.map(({ before, after, ...of }) => ({
          ...of,
          before: after,
          after: before,
        }));
        expect(turned).toEqual(first.compared);
        await bench.clear();
        expect((await previewDraft(bench, { ...alike, before: asked.before })).compared).toEqual([]);
        await bench.clear();
        await prepareComparison(prepared, standing, today);
        await prepared.clear();
        expect(prepared.compared.has(asCompared(standing), today)).toBe(true);
        expect(prepared.compared.has(asCompared(standing), "2017-03-01")).toBe(false);
        expect(await previewDraft(prepared, asked)).toEqual(first);
      } finally {
        db.close();
      }
    },
  );

  it("keeps no totals of fewer periods than another draft shows", async () => {
    const { db, today } = await exampleOf("complaints-rate");
    const [complaints, fte] = ["complaints", "staffing-fte"].map((id) =>
      project.definitions.find((each) => each.id === id)!,
    );
    const before = { definition: complaints!, targets: [] };
    try {
      await db.run("update coverage set to_month = '2016-03-01' where feed = 'staffing'");
      await db.run("insert into staffing select * replace (date '2016-03-01' as period) from staffing");
      const bench = new Bench(db);
      const kept = async (sql: string) => {
        const definition = { ...fte!, id: "complaints", sql };
        await previewDraft(bench, { definition, targets: [], before, units: [], today });
        await bench.clear();
        return bench.compared.has(asCompared(complaints!), today);
      };
      const each = "select unit_id, period as month, count(*) as numerator, 'all' as category from staffing";
      expect(await kept(`${each} group by all`)).toBe(false);
      expect(await kept(`${each} where period < '2016-02-01' group by all`)).toBe(true);
    } finally {
      db.close();
    }
  });

  it("shows the same whatever feeds and targets the drafts before had", async () => {
    const { example } = parseExample(readFileSync(fileOf("complaints-rate"), "utf8"), "", project.contracts);
    const { today } = example!;
    const [db, other] = [await Database.open(":memory:", { threads: "1" }), await Database.open(":memory:")];
    try {
      for (const each of [db, other]) {
        await makeWarehouse(each, project.contracts);
        await layExample(each, example!, project.contracts);
        await each.run("update coverage set from_month = '2014-03-01' where feed = 'staffing'");
      }
      const bench = new Bench(db);
      const [count, rate] = ["complaints", "complaints-rate"].map((id) =>
        project.definitions.find((each) => each.id === id)!,
      );
      const long = aimAt(rate!).map((target) => ({ ...target, from: "2011-05-01", kind: "at_most" as const }));
      const units = ["politie", "den-haag", "hoefkade"];
      for (const [definition, targets] of [
        [count!, []],
        [rate!, []],
        [rate!, long],
        [count!, []],
        [rate!, long],
      ] as const) {
        const asked = { definition, targets: [...targets], units, before: null, today };
        const rows = JSON.parse((await previewDraft(bench, asked)).rows) as PreviewRow[];
        await bench.clear();
        const source = { definitions: [definition], targets: [...targets], today, freshness: new Map<string, never>() };
        const made = (await published(other, source)).filter(({ unit_id }) => units.includes(unit_id));
        const sorted = (list: PreviewRow[]) =>
          list.filter(({ unit_id }) => units.includes(unit_id)).toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
        expect(made.length).toBeGreaterThan(0);
        expect(sorted(rows)).toEqual(sorted(made));
      }
    } finally {
      db.close();
      other.close();
    }
  });
});
