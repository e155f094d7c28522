import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../server/problem.ts";
import type { Scope } from "../../server/access.ts";
import { Snapshots } from "../../server/snapshot.ts";
import { seriesKinds } from "../../server/series-row.ts";
import { rowsOf } from "../../server/table.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { makeSnapshot, pointTo, temporaryHome } from "../support/snapshot.ts";
import { ask, askJson, askProblem } from "./ask.ts";
import { long } from "../support/long.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const name = (n: number) => `20170301T0600${String(n).padStart(2, "0")}Z-${String(n).padStart(6, "0")}`;

async function fixtureOf(options: Parameters<typeof serveFixture>[0] = {}): Promise<Fixture> {
  const fixture = await serveFixture(options);
  cleanups.push(() => fixture.stop());
  return fixture;
}

async function opened(options: { timeoutMs?: number; idleMs?: number; mostTotals?: number } = {}) {
  const { home, remove } = temporaryHome();
  const errors: string[] = [];
  const published = path.join(home, "published");
  const log = { info: () => undefined, error: ({ err }: { err: Error }) => errors.push(err.message) };
  const snapshots = await Snapshots.open({
    published,
    threads: 2,
    timeZone: "Europe/Amsterdam",
    log: log as never,
    ...options,
  });
  cleanups.push(remove, () => snapshots.close());
  const one = async <T>(sql: string, day?: string) =>
    (await snapshots.use(day, async ({ query }) => rowsOf(await query(sql))))[0] as T;
  return { home, published, snapshots, errors, one };
}

const sum = "select sum(numerator) as n from series where indicator_id = 'complaints' and breakdown is null";

describe("Snapshots.refresh()", () => {
  it("serves nothing before the first, then what the pointer names", async () => {
    const { home, snapshots, one } = await opened();
    expect(await snapshots.refresh()).toBe(false);
    await expect(one(sum)).rejects.toMatchObject({ status: 503 });
    await makeSnapshot(home, { name: name(1) });
    expect(await snapshots.refresh()).toBe(true);
    expect(await snapshots.refresh()).toBe(false);
    expect(snapshots.manifest?.snapshot).toBe(name(1));
    expect(await one(sum)).toMatchObject({ n: expect.any(Number) as number });
  });

  it.each([
    ["whose bytes differ from what was published", (file: string) => appendFileSync(file, "x"), /hash differs/],
    ["whose database is gone", (file: string) => rmSync(file), /ENOENT/],
  ])("keeps what it serves when the pointer names one %s, and says so once", async (_, harm, reason) => {
    const { home, published, snapshots, errors, one } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await makeSnapshot(home, { name: name(2) });
    harm(path.join(published, name(2), "series.duckdb"));
    for (let i = 0; i < 3; i++) expect(await snapshots.refresh()).toBe(false);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(reason);
    expect(snapshots.manifest?.snapshot).toBe(name(1));
    expect(snapshots.trouble).toMatch(new RegExp(`^snapshot ${name(2)} cannot be served: it`));
    expect(snapshots.trouble).not.toContain(home);
    await one(sum);
    await makeSnapshot(home, { name: name(3) });
    expect(await snapshots.refresh()).toBe(true);
    expect(snapshots.trouble).toBeNull();
  });

  it.each([
    [
      "the folder of what is published",
      (published: string) => rmSync(published, { recursive: true }),
      "published/current",
    ],
    [
      "the files of the snapshot",
      (published: string) => rmSync(path.join(published, name(1)), { recursive: true }),
      name(1),
    ],
  ])("serves on, and says so, when %s is gone", async (_, harm, lost) => {
    const { home, published, snapshots, one } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    harm(published);
    expect(await snapshots.refresh()).toBe(false);
    expect(snapshots.manifest?.snapshot).toBe(name(1));
    await one(sum);
    expect(snapshots.trouble).toContain(`${lost}`);
    expect(snapshots.trouble).toContain("publish again before the server is stopped");
    await makeSnapshot(home, { name: name(2) });
    expect(await snapshots.refresh()).toBe(true);
    expect(snapshots.trouble).toBeNull();
  });

  it.each(["../../etc", "nothing", `${name(1)}/../x`, "\u0000"])("does not follow a pointer to %j", async (text) => {
    const { home, published, snapshots, errors } = await opened();
    await makeSnapshot(home, { name: name(1), current: false });
    writeFileSync(path.join(published, "current"), text + "\n");
    await snapshots.refresh();
    await snapshots.refresh();
    expect(snapshots.manifest).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it("goes back where the pointer does", async () => {
    const { home, snapshots } = await opened({ idleMs: 1 });
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await makeSnapshot(home, { name: name(2) });
    await snapshots.refresh();
    pointTo(home, name(1));
    expect(await snapshots.refresh()).toBe(true);
    expect(snapshots.manifest?.snapshot).toBe(name(1));
  });
});

const switches = long ? 20 : 8;

describe("a switch under load", () => {
  it(`${switches} switches: no request fails, and each answer is of one snapshot`, async () => {
    const fixture = await fixtureOf({ idleMs: 20, cacheBytes: 0 });
    const totals = new Map<string, number>();
    const number = 4;
    for (let n = 0; n < number; n++) await makeSnapshot(fixture.home, { name: name(n), scale: n + 2, current: false });
    let stop = false;
    const seen = new Set<string>();
    const failures: string[] = [];
    const readers = Array.from({ length: 6 }, async (_, index) => {
      while (!stop) {
        const question = index % 2 ? "/overview" : "/series?indicator=complaints&unit=politie&grain=year";
        const answered = await ask(fixture, `/api/v1${question}`);
        if (answered.status !== 200) failures.push(answered.text);
        else if (index % 2 === 0) {
          const rows = JSON.parse(answered.text) as { numerator: number }[];
          const total = String(rows.reduce((sum, row) => sum + row.numerator, 0));
          seen.add(total);
        }
      }
    });
    for (let n = 1; n <= switches; n++) {
      pointTo(fixture.home, name(n % number));
      expect(await fixture.snapshots.refresh()).toBe(true);
      const rows = await askJson<{ numerator: number }[]>(
        fixture,
        "/series?indicator=complaints&unit=politie&grain=year",
      );
      totals.set(
        name(n % number),
        rows.reduce((sum, row) => sum + row.numerator, 0),
      );
    }
    stop = true;
    await Promise.all(readers);
    expect(failures).toEqual([]);
    expect(new Set(totals.values()).size).toBe(number);
    const known = new Set([...totals.values()].map(String));
    expect([...seen].filter((total) => !known.has(total)).length).toBeLessThanOrEqual(1);
    expect(seen.size).toBeGreaterThan(2);
  });

  it("an answer in the making is finished on the snapshot it began with", async () => {
    const { home, snapshots, one } = await opened({ idleMs: 1 });
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    const before = await one<{ n: number }>(sum);
    const slow = snapshots.use(undefined, async ({ query }) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return (await rowsOf(await query(sum)))[0];
    });
    await makeSnapshot(home, { name: name(2), scale: 5 });
    await snapshots.refresh();
    rmSync(path.join(home, "published", name(1)), { recursive: true });
    expect(await one(sum)).not.toEqual(before);
    expect(await slow).toEqual(before);
  });
});

describe("Snapshots.use(day)", () => {
  it("opens the one that was current on the day, closes it when idle, and opens it again", async () => {
    const { home, snapshots, one } = await opened({ idleMs: 5 });
    await makeSnapshot(home, { name: "20160101T080000Z-000001", scale: 2 });
    await makeSnapshot(home, { name: "20160601T080000Z-000002", scale: 3 });
    await makeSnapshot(home, { name: name(1), scale: 4 });
    await snapshots.refresh();
    const at = async (day?: string) => (await one<{ n: number }>(sum, day)).n;
    for (let i = 0; i < 3; i++) {
      const [first, second, now] = [await at("2016-05-31"), await at("2016-06-01"), await at()];
      expect(first < second && second < now).toBe(true);
      // What is current has a database of its own for its totals.
      const attached = "select count(*) as n from duckdb_databases() where database_name like 'snapshot_%'";
      await expect.poll(async () => (await one<{ n: number }>(attached)).n, { timeout: 10_000 }).toBe(2);
    }
    await expect(at("2015-12-31")).rejects.toMatchObject({ status: 404 });
  });

  it("forgets those that the retention rule removed", async () => {
    const { home, snapshots, one } = await opened();
    await makeSnapshot(home, { name: "20160101T080000Z-000001" });
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    rmSync(path.join(home, "published", "20160101T080000Z-000001"), { recursive: true });
    await expect(one(sum, "2016-02-01")).rejects.toBeInstanceOf(Problem);
  });
});

describe.skipIf(process.platform === "win32")("a snapshot that takes long to open", () => {
  it("keeps nobody waiting who asks what is served, also not for the first time of their scope", async () => {
    const { home, published, snapshots, errors } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await makeSnapshot(home, { name: name(2) });
    // It is read until somebody has written all of it.
    const file = path.join(published, name(2), "series.duckdb");
    rmSync(file);
    spawnSync("mkfifo", [file]);
    const refreshing = snapshots.refresh();
    const scope: Scope = { parts: [{ reach: "own", units: ["den-haag"] }] };
    const rows = await snapshots.in(scope).use(undefined, async ({ query }) => rowsOf(await query(sum)));
    expect(rows).toHaveLength(1);
    writeFileSync(file, "of something else");
    expect(await refreshing).toBe(false);
    expect(errors[0]).toMatch(/hash differs/);
  });
});

describe("totals", () => {
  const scopes: Scope["parts"][] = [
    [{ reach: "all", units: [] }],
    [{ reach: "own", units: ["den-haag"] }],
    [{ reach: "hr", units: [] }],
  ];
  const grains = "breakdown is null and grain in ('half', 'year', 'target')";

  it.each(scopes)(
    "are what the series has of half-years, years and targets, in the scope %j, now and on a day",
    async (...parts) => {
      const { home, snapshots } = await opened();
      await makeSnapshot(home, { name: "20160101T080000Z-000001", scale: 2 });
      await makeSnapshot(home, { name: name(1), scale: 3 });
      await snapshots.refresh();
      for (const day of [undefined, "2016-05-31"]) {
        const counted = await snapshots.in({ parts }).use(day, async ({ query, column }) => {
          const differing = (one: string, other: string) =>
            `(select count(*) from (${one} except all ${other}))::double`;
          const tops = "unit_id in (select unit_id from units where level in ('force', 'unit'))";
          const of = async (table: string, part: string) => {
            const columns = (of: "series" | "totals") =>
              Object.keys(seriesKinds)
                .map((field) => column(field, of))
                .join(", ");
            const series = `select ${columns("series")} from series where ${part}`;
            const copy = `select ${columns("totals")} from ${table}`;
            const counts = `select (select count(*) from ${table})::double as n, ${differing(series, copy)} as less, ${differing(copy, series)} as more`;
            return (await rowsOf(await query(counts)))[0]!;
          };
          return [await of("totals", grains), await of("tops", `${grains} and ${tops}`)];
        });
        const alike = { n: expect.any(Number) as number, less: 0, more: 0 };
        expect(counted).toMatchObject([alike, alike]);
        expect(counted[1]!.n).toBeGreaterThan(0);
        expect(counted[0]!.n).toBeGreaterThan(Number(counted[1]!.n));
      }
    },
  );

  it("have the place of each figure in the order of answers, which is that of the whole order", async () => {
    const { home, snapshots } = await opened();
    await makeSnapshot(home, { name: name(1), scale: 3 });
    await snapshots.refresh();
    await snapshots.use(undefined, async ({ query, placed }) => {
      expect(placed).toBe(true);
      const whole = "indicator_id, unit_id, period_start, period_end, grain";
      for (const [table, part] of [
        ["tops", "true"],
        ["totals", "unit_id = 'den-haag'"],
      ]) {
        const places = async (order: string) =>
          (
            await rowsOf(await query(`select place::double as place from ${table} where ${part} order by ${order}`))
          ).map((row) => row.place as number);
        const inOrder = await places("place");
        expect(inOrder.length).toBeGreaterThan(10);
        expect(new Set(inOrder).size).toBe(inOrder.length);
        expect(await places(whole)).toEqual(inOrder);
      }
    });
  });

  it("are read from the series where there are too many for memory", async () => {
    const { home, snapshots, one } = await opened({ mostTotals: 1 });
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    const counts = "select (select count(*) from totals)::double as n";
    const series = `select count(*)::double as n from series where ${grains}`;
    expect(await one(counts)).toEqual(await one(series));
    expect(await one("select count(*)::double as n from tops")).toEqual(
      await one(`${series} and unit_id in (select unit_id from units where level in ('force', 'unit'))`),
    );
    expect(
      await one("select count(*)::double as n from duckdb_databases() where database_name like '%totals'"),
    ).toEqual({ n: 0 });
  });

  it("cannot be changed by a question", async () => {
    const { home, snapshots, one } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await expect(one("delete from totals")).rejects.toThrow();
  });
});

describe("the engine", () => {
  it.each([
    "select * from read_text('/etc/passwd')",
    "select * from glob('/**')",
    "attach '/tmp/kvv-never.duckdb' as never",
    "copy (select 1) to '/tmp/kvv-never.csv'",
    "set enable_external_access = true",
    "set memory_limit = '50GB'",
    "install httpfs",
    "delete from series",
    "create table series_2 as select 1",
  ])("does not do: %s", async (statement) => {
    const { home, snapshots, one } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await expect(one(statement)).rejects.toThrow();
  });

  it("stops a question that takes too long, and goes on", async () => {
    const { home, snapshots, one } = await opened({ timeoutMs: 100 });
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    const long = "select count(*) as n from range(10000000) a, range(10000000) b where hash(a.range + b.range) = 1";
    const started = performance.now();
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => one(long)));
    expect(performance.now() - started).toBeLessThan(3000);
    for (const each of all) expect(each).toMatchObject({ status: "rejected", reason: { status: 503 } });
    expect(await one("select 1 as n")).toEqual({ n: 1 });
  });

  it("keeps its lock on the file: no one else can open it for writing", async () => {
    const { home, snapshots, published, one } = await opened();
    await makeSnapshot(home, { name: name(1) });
    await snapshots.refresh();
    await snapshots.refresh();
    await one(sum, "2031-01-01");
    const file = path.join(published, name(1), "series.duckdb");
    const script = `const { DuckDBInstance } = require("@duckdb/node-api");
      DuckDBInstance.create(process.argv[1]).then(() => console.log("opened"), () => console.log("locked"));`;
    const { stdout } = spawnSync(process.execPath, ["-e", script, file], { encoding: "utf8" });
    expect(stdout.trim()).toBe("locked");
    expect(readdirSync(path.join(published, name(1))).sort()).toEqual(["manifest.json", "series.duckdb"]);
  });
});

describe("without a snapshot", () => {
  it("the routes of figures answer 503 and say when to ask again", async () => {
    const fixture = await fixtureOf({ snapshot: false });
    for (const route of ["/meta", "/units", "/series?indicator=all", "/overview"])
      expect(await askProblem(fixture, `/api/v1${route}`)).toMatchObject({ status: 503 });
    const answered = await ask(fixture, "/api/v1/meta");
    expect(answered.headers["retry-after"]).toBe("2");
    expect(await ask(fixture, "/readyz")).toMatchObject({ status: 503 });
    expect(await ask(fixture, "/healthz")).toMatchObject({ status: 200 });
    expect(await askJson(fixture, "/runs")).toEqual([]);
    await makeSnapshot(fixture.home, { name: name(1) });
    await fixture.snapshots.refresh();
    expect(await ask(fixture, "/readyz")).toMatchObject({ status: 200 });
  });
});
