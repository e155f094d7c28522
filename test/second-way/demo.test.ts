import { mkdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identifier, type Database } from "../../pipelines/database.ts";
import { writeDemo } from "../../pipelines/demo/demo.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { computeSeries } from "../../pipelines/series/series.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { worldOf } from "../series/naive.ts";
import { monthOf, type UnitVersion } from "../series/random-force.ts";
import { definitions } from "../support/figures.ts";
import { makeHome, type Home } from "../support/home.ts";
import { ways, type Row, type Way } from "./ways.ts";
import { long } from "../support/long.ts";

const through = long ? "2026-10" : "2013-09";
const draws = long ? 1000 : 200;

interface Drawn {
  indicator_id: string;
  kind: string;
  stock: boolean;
  unit_id: string;
  grain: string;
  first_month: number;
  last_month: number;
  breakdown: string | null;
  breakdown_value: string | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
}

describe(`${draws} figures of the demo drawn at random, worked out from the accepted rows`, () => {
  let home: Home;
  let db: Database;
  let drawn: Drawn[];
  beforeAll(
    async () => {
      // All at once takes more than a publication, which computes some at a time.
      home = makeHome({ KVV_NOW: `${through}-28T12:00:00Z`, KVV_MEMORY: "4GB" });
      db = await home.warehouse();
      const folder = path.join(home.folder, "demo");
      mkdirSync(folder, { recursive: true });
      for (const { feed, file, mapping } of await writeDemo(folder, { seed: 2016, through, config: projectFolder }))
        await loadFile(db, home.context, home.contracts, {
          ...{ feed, path: file, acceptChange: true },
          ...(mapping ? { mappingPath: mapping } : {}),
        });
      const counted = (await definitions()).filter(({ id }) => id in ways);
      await computeSeries(db, { definitions: counted, targets: [], today: `${through}-28`, freshness: new Map() });
      // As many of each indicator, and of these most where something is counted.
      drawn = await db.all<Drawn>(
        `select * exclude (turn) from (
         select gated.indicator_id, indicators.kind, indicators.stock, unit_id, grain, month_of(period_start) as first_month,
           month_of(period_end) as last_month, breakdown, breakdown_value, numerator, denominator, "unknown",
           row_number() over (partition by gated.indicator_id, coalesce(numerator, 0) > 0
             order by hash(unit_id, grain, period_end, breakdown, breakdown_value)) * if(numerator > 0, 1, 4) as turn
         from gated join indicators using (indicator_id)
         where complete and withheld_reason is distinct from 'source' and share is null
       ) order by turn, indicator_id limit ${draws}`,
      );
    },
    long ? 7_200_000 : 600_000,
  );
  afterAll(() => home.remove());

  it(
    "agree to 1e-9",
    async () => {
      expect(drawn).toHaveLength(draws);
      // The first months of the demo have no whole year yet, nor any actions.
      const missing = Object.keys(ways).filter((id) => !drawn.some((each) => each.indicator_id === id));
      expect(long ? missing : missing.slice(5)).toEqual([]);
      const units = await db.all<UnitVersion>("select * from units");
      const rows = new Rows(db, worldOf({ units, coverage: [], today: "" }).countsFor);
      const wrong: unknown[] = [];
      for (const figure of drawn) {
        const other = await secondWay(figure, ways[figure.indicator_id]!, rows);
        const near = (a: number | null, b: number) => Math.abs((a ?? 0) - b) <= 1e-9 * Math.max(1, Math.abs(b));
        if (
          near(figure.numerator, other.numerator) &&
          (figure.kind === "count" || near(figure.denominator, other.denominator)) &&
          (figure.kind !== "share" || near(figure.unknown, other.unknown))
        )
          continue;
        wrong.push({ figure, other });
      }
      expect(wrong.slice(0, 5)).toEqual([]);
    },
    long ? 7_200_000 : 600_000,
  );

  it("has a second way for every count, share and rate", async () => {
    const without = (await definitions()).filter(
      ({ id, kind }) => ["count", "share", "rate"].includes(kind) && !(id in ways) && !asPublished.has(id),
    );
    expect(without.map(({ id }) => id)).toEqual([]);
  });
});

/** Shown as their sources publish them; the demo adds nothing up for them. */
const asPublished = new Set(["staffing-dual", "high-scales-dual"]);

/** Rows of the feeds by month, each with the units to which it counts. */
class Rows {
  private readonly db: Database;
  private readonly countsFor: (unit: string, month: number) => string[];
  private readonly kept = new Map<unknown, Promise<Map<number, Row[]>>>();
  private readonly reached = new Map<string, Set<string>>();

  constructor(db: Database, countsFor: (unit: string, month: number) => string[]) {
    this.db = db;
    this.countsFor = countsFor;
  }

  /** Those of a month that count to the unit. */
  async of(
    { feed, on, columns, gather }: Omit<Way, "numerator" | "waiting" | "exposure">,
    unit: string,
    month: number,
  ): Promise<Row[]> {
    const key: unknown = gather ?? `${feed} ${columns.join()}`;
    let byMonth = this.kept.get(key);
    if (!byMonth) this.kept.set(key, (byMonth = this.read(feed, on, columns, gather)));
    return ((await byMonth).get(month) ?? []).filter((row) => this.isBelow(String(row.unit_id), unit, month));
  }

  isBelow(unit: string, above: string, month: number): boolean {
    const key = `${unit} ${month}`;
    let reached = this.reached.get(key);
    if (!reached) this.reached.set(key, (reached = new Set(this.countsFor(unit, month))));
    return reached.has(above);
  }

  private async read(feed: string, on: string, columns: string[], gather?: Way["gather"]): Promise<Map<number, Row[]>> {
    const all = await this.db.all<Row>(`select ${columns.map(identifier).join(", ")} from ${identifier(feed)}`);
    const byMonth = new Map<number, Row[]>();
    for (const row of gather ? gather(all) : all) {
      const month = monthOf(String(row[on]));
      const there = byMonth.get(month);
      if (there) there.push(row);
      else byMonth.set(month, [row]);
    }
    return byMonth;
  }
}

async function secondWay(figure: Drawn, way: Way, rows: Rows) {
  const { unit_id, breakdown, breakdown_value, stock, first_month, last_month } = figure;
  const has = (values: Way["by"], row: Row) =>
    breakdown === null || !values?.[breakdown] || values[breakdown](row).includes(String(breakdown_value));
  const sums = { numerator: 0, denominator: 0, unknown: 0 };
  let months = 0;
  for (let month = stock ? last_month : first_month; month <= last_month; month++) {
    for (const row of await rows.of(way, unit_id, month)) {
      if (!has(way.by, row)) continue;
      sums.numerator += way.numerator(row);
      sums.denominator += way.denominator?.(row) ?? 0;
      sums.unknown += way.unknown?.(row) ?? 0;
    }
    const exposed = way.exposure ? await rows.of(way.exposure, unit_id, month) : [];
    if (exposed.length > 0) months++;
    if (way.exposure)
      for (const row of exposed) if (has(way.exposure.by, row)) sums.denominator += way.exposure.amount(row);
  }
  if (way.waiting) sums.unknown = (await rows.of(way.waiting, unit_id, last_month)).length;
  if (way.exposure) sums.denominator /= Math.max(1, months);
  return sums;
}
