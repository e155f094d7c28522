import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compact } from "../../pipelines/loading/compact.ts";
import { foldAll } from "../../pipelines/loading/fold.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import type { Project } from "../../pipelines/project.ts";
import type { DatabaseSource } from "../../pipelines/schedule-file.ts";
import { loadSource } from "../../pipelines/sources/feed.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import { eventFeeds, type EventFeed } from "../loading/fold-support.ts";
import type { Home } from "../support/home.ts";
import { inLongRun, long } from "../support/long.ts";
import { startClickHouse, type ClickHouse } from "./clickhouse.ts";
import {
  config,
  expectFigures,
  figuresOf,
  fill,
  home,
  loadCsv,
  loadGrouped,
  makeConfig,
  mapping,
  removeConfig,
  starts,
} from "./grouping-homes.ts";
import { csvOf, insertSql, registers, rowsOf, tableSql, units, type Register, type Rows } from "./grouping-support.ts";
import { listened } from "./machine.ts";
import type { PostgreSQL } from "./postgresql.ts";

beforeAll(makeConfig);
afterAll(removeConfig);

/** Of what the loader does alike, whatever the engine says: the short run asks one of them. */
const onOne = (engine: string) => (engine === "postgresql" ? it : inLongRun);
const many = long ? 12_000 : 5000;

describe.each(["postgresql", "clickhouse"] as const)("events that %s groups", (engine) => {
  let server: PostgreSQL | ClickHouse | null;
  beforeAll(async () => {
    server = await starts[engine]();
  });
  afterAll(() => server?.stop());
  beforeEach(({ skip }) => {
    if (!server) skip(`Debian's package of ${engine} is not installed`);
  });

  const run = (
    to: Home,
    feed: EventFeed,
    more: Partial<DatabaseSource> = {},
    address = server!.address("kvv", "lezen"),
  ) =>
    loadGrouped(to, feed, engine, address, {
      table: registers()[feed].table,
      mapping: mapping(feed, registers()[feed]),
      ...more,
    });
  it.for([...eventFeeds])("%s give the figures that they give as a file", async (feed) => {
    const register = registers()[feed];
    const rows = rowsOf(register, randomOf(7), many);
    const [byFile, grouped] = [await home(), await home()];
    await fill(server!, register, rows);
    const csv = await loadCsv(byFile, feed, register, csvOf(register, rows));
    const { load, failed } = await run(grouped, feed);
    expect(failed).toBeNull();
    const { read, skipped, quarantined, reasons } = csv;
    expect(load).toMatchObject({ refused: null, read, skipped, quarantined, reasons });
    await expectFigures(grouped, feed, rows);
    // What the archive holds gives them again, and after a later load too.
    const db = await grouped.warehouse();
    await rebuild(db, grouped.context, grouped.contracts);
    await expectFigures(grouped, feed, rows);
    const later = { ...grouped.context, now: () => new Date("2027-07-03T08:00:00Z") };
    expect((await compact(db, later, grouped.contracts)).archived).toBeGreaterThan(0);
    await rebuild(db, grouped.context, grouped.contracts);
    await expectFigures(grouped, feed, rows);
    const kept = await db.one<{ n: number; most: number }>("select count(*) as n, max(cast(record->>'count' as bigint)) as most from quarantine"); // prettier-ignore
    expect(kept!.n).toBeLessThanOrEqual(1000);
    expect(kept!.most).toBeGreaterThan(0);
    for (const each of [byFile, grouped]) await each.remove();
  });

  it("have days as a file may write them, read alike, and those that no calendar has set apart alike", async () => {
    const register: Register = {
      table: "dagen",
      columns: { klachtnummer: "text", ontvangen_op: "text", eenheid: "text", aspecten: "list" },
      mapping: "feed: complaints\nmax_quarantined: { share: 0.9, reason: a register for tests }\n",
      row: (random, n) => {
        const [y, m, d] = [random.whole(2011, 2014), random.whole(0, 13), random.whole(0, 32)].map(String) as [string, string, string]; // prettier-ignore
        const [mm, dd] = [m.padStart(2, "0"), d.padStart(2, "0")];
        const day = random.pick([
          ...[`${y}-${mm}-${dd}`, `${d}-${m}-${y}`, `${dd}-${mm}-${y} 10:30`, `${dd}/${mm}/${y}`, `${y}/${mm}/${dd}`],
          ...[`${y}${mm}${dd}`, `${dd}.${mm}.${y}`, `${y}-${mm}-${dd}T23:30:00+01:00`, `${y}-${mm}-${dd} 00:15:00`],
          ...[` ${y}-${mm}-${dd} `, `${y}-${mm}`, `${mm}-${dd}`, `${dd}-${mm}-${y.slice(2)}`, y, "", "eind mei"],
          // More forms than are looked at.
          ...[1, 2, 3, 4].map((each) => `dag ${n} of ${each}`),
        ]);
        return [`K-${n}`, day, "n1", ["geweld"]];
      },
    };
    const rows = rowsOf(register, randomOf(29), 4000);
    const [byFile, grouped] = [await home(), await home()];
    await fill(server!, register, rows);
    const csv = await loadCsv(byFile, "complaints", register, csvOf(register, rows));
    const source = { table: register.table, mapping: mapping("complaints", register) };
    const { load, failed } = await loadGrouped(grouped, "complaints", engine, server!.address("kvv", "lezen"), source);
    expect(failed).toBeNull();
    const { read, quarantined, reasons } = csv;
    expect(load).toMatchObject({ refused: null, read, quarantined, reasons });
    const months = async (of: Home) => (await of.warehouse()).all("select date_trunc('month', received_on) as m, sum(count) as n from complaints group by m order by m"); // prettier-ignore
    expect(await months(grouped)).toEqual(await months(byFile));
    for (const each of [byFile, grouped]) await each.remove();
  });

  const comeAgain: EventFeed[] = long
    ? ["complaints", "use_of_force"]
    : [engine === "clickhouse" ? "complaints" : "use_of_force"];
  it.for(comeAgain)("%s come again by the months that changed", async (feed) => {
    const register = registers()[feed];
    const rows = rowsOf(register, randomOf(3), 4000);
    const to = await home();
    let at = "2017-07-03T08:00:00Z";
    to.context.now = () => new Date(at);
    const load = async () => {
      const { load, failed, unchanged } = await run(to, feed);
      expect([failed, load?.refused ?? null]).toEqual([null, null]);
      return unchanged ? "unchanged" : load!.read;
    };
    const column = (name: string) => Object.keys(register.columns).indexOf(name);
    const day = column(feed === "complaints" ? "datum ontvangst" : "pleegdatum");
    const monthOf = (row: Rows[number]) => String(row[day]).slice(0, 7);
    await fill(server!, register, rows);
    expect(await load()).toBe(4000);
    expect(await load()).toBe("unchanged");
    // Another unit, in the same number of rows.
    const changed = rows.map((row) => [...row]);
    const victim = changed.find((row) => monthOf(row) === "2013-05" && row[column("eenheid")] === "n1")!;
    victim[column("eenheid")] = "z1";
    if (feed === "use_of_force") {
      // Another report of an incident changes what its first has, in another month.
      const [first] = changed.filter((row) => monthOf(row) === "2012-03" && row[1]);
      changed.push(["M-late", first![1]!, "2014-09-15 12:00:00", "n1", "fysiek", "ja", null, null]);
    }
    await fill(server!, register, changed);
    expect(await load()).toBeLessThan(400);
    await expectFigures(to, feed, changed);
    // A whole month goes, and with it the first report of some incidents.
    const fewer = changed.filter((row) => monthOf(row) !== "2011-02");
    await fill(server!, register, fewer);
    const read = await load();
    // A load of nothing but an empty month would say nothing: all come.
    if (feed === "complaints") expect(read).toBe(fewer.length);
    else expect(read).toBeLessThan(1200);
    await expectFigures(to, feed, fewer);
    // What lay in the future no longer does.
    at = "2017-07-25T08:00:00Z";
    expect(await load()).toBe(fewer.length);
    at = "2017-07-26T08:00:00Z";
    expect(await load()).toBe("unchanged");
    // Units that came since may be those that rows lacked.
    await loadFile(await to.warehouse(), to.context, to.contracts, { feed: "units", path: to.write("u.csv", `${units}N9,Team Negen,team,noord,2010-01-01,,\n`) }); // prettier-ignore
    expect(await load()).toBe(fewer.length);
    await to.remove();
  });

  it("are no more on the way when there are ten times as many, and none of their numbers is", async () => {
    const register = registers().complaints;
    const random = randomOf(5);
    // Few units and days, so that all cells are there from the beginning.
    const rows = rowsOf(register, random, 300).map((row) => [...row]);
    const many = (times: number) =>
      Array.from({ length: times }, (_, turn) => rows.map((row, n) => [`K-${turn}-${n}`, ...row.slice(1)])).flat();
    const [bytes, apart]: [number[], number[]] = [[], []];
    for (const times of [3, 30]) {
      await fill(server!, register, many(times));
      const way = await listened(server!.port);
      const to = await home();
      const address = server!.address("kvv", "lezen").replace(String(server!.port), String(way.port));
      const { load, failed } = await run(to, "complaints", {}, address);
      expect(failed).toBeNull();
      expect(load!.read).toBe(300 * times);
      expect(way.text()).not.toContain("K-1-");
      bytes.push(way.bytes());
      apart.push(load!.quarantined);
      way.close();
      await to.remove();
    }
    expect(apart[1]).toBe(10 * apart[0]!);
    // A number of three digits has one more than one of two.
    expect(bytes[1]!).toBeLessThan(bytes[0]! * 1.1);
  });

  onOne(engine)("are the same for two monitors that ask at once", async () => {
    const rows = rowsOf(registers().complaints, randomOf(11), 3000);
    await fill(server!, registers().complaints, rows);
    const homes = [await home(), await home()];
    const done = await Promise.all(homes.map((each) => run(each, "complaints")));
    for (const { load, failed } of done) expect([failed, load?.read]).toEqual([null, 3000]);
    for (const each of homes) {
      await expectFigures(each, "complaints", rows);
      await each.remove();
    }
  });

  it("are refused where an id repeats or a column is gone, with its name; what was there stays, and the next run goes on", async () => {
    const register = registers().complaints;
    const rows = rowsOf(register, randomOf(13), 1000);
    const to = await home();
    await fill(server!, register, rows);
    expect((await run(to, "complaints")).failed).toBeNull();
    const refusal = async (sources: Rows, columns = register.columns) => {
      await fill(server!, register, sources, columns);
      return (await run(to, "complaints")).failed;
    };
    const twice = [...rows, ...rows.slice(10, 13)];
    expect(await refusal(twice)).toContain("3 rows repeat the id of another");
    const renamed = (from: string, name: string) =>
      Object.fromEntries(Object.entries(register.columns).map(([each, kind]) => [each === from ? name : each, kind]));
    expect(await refusal(rows, renamed("klachtnummer", "zaak"))).toMatch(/no column for complaint_id.*"zaak"/);
    expect(await refusal(rows, renamed("datum ontvangst", "binnen"))).toMatch(/no column for received_on.*"binnen"/);
    expect(await refusal(rows, renamed("uitkomst_code", "uit"))).toMatch(
      /names "uitkomst_code", but there are .*"uit"/,
    );
    expect(await refusal(rows, renamed("herkomst", "aantal"))).toMatch(/"aantal" means count/);
    const wrong = await run(to, "complaints", {}, server!.address("kvv", "fout-geheim"));
    expect(wrong.failed).toMatch(/does not let the monitor in/);
    expect(`${wrong.failed} ${to.messages.join(" ")}`).not.toContain("fout-geheim");
    await expectFigures(to, "complaints", rows);
    // A day that is a text now is read all the same; one that is a number is none.
    expect(await refusal(rows, { ...register.columns, "datum ontvangst": "text" })).toBeNull();
    await expectFigures(to, "complaints", rows);
    await fill(server!, register, rows);
    expect((await run(to, "complaints")).failed).toBeNull();
    await expectFigures(to, "complaints", rows);
    await to.remove();
  });

  it("keep what was there where the engine goes down, and go on when it is back", async () => {
    const rows = rowsOf(registers().complaints, randomOf(17), 2000);
    await server!.run(`drop table if exists ${registers().complaints.table}`);
    const lasting = { ...registers().complaints, table: "blijvend" };
    await fill(server!, lasting, rows);
    const to = await home();
    expect((await run(to, "complaints", { table: "blijvend" })).failed).toBeNull();
    await server!.kill();
    expect((await run(to, "complaints", { table: "blijvend" })).failed).toMatch(
      /refuses the connection: does it run\?/,
    );
    await expectFigures(to, "complaints", rows);
    await server!.again();
    expect(await run(to, "complaints", { table: "blijvend" })).toMatchObject({ failed: null, unchanged: true });
    // In the midst of the cells of another state.
    const other = rowsOf(registers().complaints, randomOf(18), 4000);
    await fill(server!, registers().complaints, other);
    const way = await listened(server!.port, false, 250_000);
    const broken = server!.address("kvv", "lezen").replace(String(server!.port), String(way.port));
    expect((await run(to, "complaints", {}, broken)).failed).toMatch(/broke the connection off|fails over the query/);
    expect(way.bytes()).toBeGreaterThan(250_000);
    way.close();
    await expectFigures(to, "complaints", rows);
    expect((await run(to, "complaints")).failed).toBeNull();
    await expectFigures(to, "complaints", other);
    await to.remove();
  });

  onOne(engine)("leave what lies beyond what the mapping says that they cover", async () => {
    const register = registers(false).complaints;
    const covering = { ...register, mapping: `${register.mapping}covers: { unit: noord }\n` };
    // One team is of the north for some time.
    const rows = rowsOf(register, randomOf(31), 2000).filter((row) => !/verhuisd/i.test(String(row[2])));
    const isNorth = (row: Rows[number]) => /^(n1|n2|team)/i.test(String(row[2]));
    const [north, rest] = [rows.filter(isNorth), rows.filter((row) => !isNorth(row))];
    const to = await home();
    expect((await loadCsv(to, "complaints", register, csvOf(register, rest))).refused).toBeNull();
    await fill(server!, register, north);
    const part = () =>
      loadGrouped(to, "complaints", engine, server!.address("kvv", "lezen"), {
        table: register.table,
        mapping: mapping("complaints", covering),
      });
    expect(await part()).toMatchObject({ failed: null, load: { refused: null } });
    await expectFigures(to, "complaints", rows);
    const fewer = north.filter((row) => String(row[1]).slice(0, 7) !== "2013-05" || Number(String(row[0]).slice(2)) % 2 > 0);
    await fill(server!, register, fewer);
    expect(fewer.length).toBeLessThan(north.length);
    const { load } = await part();
    expect([load!.refused, load!.read < 100]).toEqual([null, true]);
    await expectFigures(to, "complaints", [...fewer, ...rest]);
    await to.remove();
  }); // prettier-ignore

  onOne(engine)("count once where rows came before, and where rows come again", async () => {
    const register = registers().complaints;
    const rows = rowsOf(register, randomOf(19), 2000);
    await fill(server!, register, rows);
    const to = await home();
    const db = await to.warehouse();
    const old = (row: Rows[number]) => String(row[1]) < "2015-01-01";
    expect((await loadCsv(to, "complaints", register, csvOf(register, rows.filter(old)))).refused).toBeNull();
    // Some of them are in cells by now.
    expect((await foldAll(db, to.context, to.contracts))[0]!.events).toBeGreaterThan(100);
    expect((await run(to, "complaints")).failed).toBeNull();
    await expectFigures(to, "complaints", rows);
    const some = await loadCsv(to, "complaints", register, csvOf(register, rows.slice(0, 5)));
    expect(some.refused).toContain("they would count twice");
    await foldAll(db, to.context, to.contracts);
    await rebuild(db, to.context, to.contracts);
    await expectFigures(to, "complaints", rows);
    const { load, failed } = await run(to, "complaints", { grouped: false });
    expect([failed, load!.refused]).toEqual([null, null]);
    await expectFigures(to, "complaints", rows);
    await to.remove();
  });

  onOne(engine)(
    "stay where a few rows reach over all their months and units: these are not all of the feed",
    async () => {
      const register = registers(false).complaints;
      const rows = rowsOf(register, randomOf(37), 500);
      await fill(server!, register, rows);
      const to = await home();
      expect((await run(to, "complaints")).failed).toBeNull();
      const of = (month: string) => rows.filter((row) => String(row[1]).startsWith(month));
      const [first, last] = [rows.map((row) => String(row[1]).slice(0, 7)).sort()].flatMap((all) => [
        all[0]!,
        all.at(-1)!,
      ]);
      const few = [...of(first!), ...of(last!), ...rows.slice(0, 20)];
      const { refused } = await loadCsv(to, "complaints", register, csvOf(register, [...new Set(few)]));
      expect(refused).toMatch(/in the place of \d+.*--accept-change/);
      await expectFigures(to, "complaints", rows);
      await to.remove();
    },
  );

  it("have no day that the loader would not read in their text, and none that comes and goes with its month", async () => {
    const texts = ["16-05-2014", "16-05-2014 25:10", "2014-05-16 10:61:00", "2014-05-16T10:30Z", "16-5-2014  9:5", "2014-05-16 10:30:00 UTC", "1630-05-16"]; // prettier-ignore
    const register: Register = {
      table: "tijden",
      columns: { klachtnummer: "text", ontvangen_op: "text", eenheid: "text", aspecten: "text" },
      mapping: "feed: complaints\nmax_quarantined: { share: 0.9, reason: a register for tests }\n",
      row: (random, n) => [`K-${n}`, random.pick(texts), "n1", "geweld"],
    };
    const source = { table: register.table, mapping: mapping("complaints", register) };
    const to = await home();
    const count = async () => {
      const { failed, load } = await loadGrouped(to, "complaints", engine, server!.address("kvv", "lezen"), source);
      expect([failed, load?.refused]).toEqual([null, null]);
      return (await (await to.warehouse()).one<{ n: number }>("select sum(count) as n from complaints"))!.n;
    };
    const rows = rowsOf(register, randomOf(41), 300);
    await fill(server!, register, rows);
    const sound = rows.filter(([, day]) => ["16-05-2014", "16-5-2014  9:5"].includes(String(day))).length;
    expect(await count()).toBe(sound);
    await fill(server!, register, [...rows, ["K-later", "17-05-2014", "n1", "geweld"]]);
    expect(await count()).toBe(sound + 1);
    // In another form than the mapping fixes.
    const fixed = { ...register, mapping: `${register.mapping}columns: { received_on: { from: ontvangen_op, date_format: "%d-%m-%Y" } }\n` }; // prettier-ignore
    source.mapping = mapping("complaints", fixed);
    const other = rows.map(([id, day, ...rest]) => [id!, day === "16-05-2014" ? day : "2014-05-16", ...rest]);
    await fill(server!, register, other);
    expect(await count()).toBe(other.filter(([, day]) => day === "16-05-2014").length);
    await to.remove();
  });

  it("are found in a second file, and come again when that is another", async () => {
    const register: Register = {
      table: "opgezocht",
      columns: { meldingsnummer: "text", incidentnummer: "text", pleegdatum: "date", plek: "text", middel: "text" },
      mapping: `feed: use_of_force
columns: { unit_id: { from: plekken.eenheid } }
lookups: { plekken: { file: plekken.csv, key: { plek: code } } }
max_quarantined: { share: 0.5, reason: a register for tests }
`,
      row: (random, n) => [`M${n}`, `I${n >> 1}`, `201${(n >> 1) % 5}-05-1${n % 2}`, random.pick(["A", "B", "C", "onbekend"]), random.pick(["fysiek", "wapenstok"])], // prettier-ignore
    };
    const rows = rowsOf(register, randomOf(43), 300);
    await fill(server!, register, rows);
    const to = await home();
    const source = { table: register.table, mapping: mapping("use_of_force", register) };
    for (const a of ["n1", "z1"]) {
      writeFileSync(path.join(config, "data", "plekken.csv"), `code,eenheid\nA,${a}\nB,verhuisd\nC,n2\n`);
      const twin = await home();
      expect((await loadCsv(twin, "use_of_force", register, csvOf(register, rows))).refused).toBeNull();
      const { failed, load } = await loadGrouped(to, "use_of_force", engine, server!.address("kvv", "lezen"), source);
      expect([failed, load?.refused]).toEqual([null, null]);
      expect(await figuresOf(to, "use_of_force")).toEqual(await figuresOf(twin, "use_of_force"));
      await twin.remove();
    }
    await to.remove();
  });

  it("of one unit that the mapping names are its own only on its days", async () => {
    const register: Register = {
      table: "vast",
      columns: { meldingsnummer: "text", incidentnummer: "text", pleegdatum: "date", middel: "text" },
      mapping: "feed: use_of_force\ncolumns: { unit_id: { constant: verhuisd } }\nmax_quarantined: { share: 0.9, reason: a register for tests }\n",
      // The first report of each incident is of a day on which it was no unit yet.
      row: (random, n) => [`M${n}`, `I${n >> 1}`, n % 2 ? "2010-02-20" : "2010-01-20", random.pick(["fysiek", "wapenstok"])],
    }; // prettier-ignore
    const rows = rowsOf(register, randomOf(47), 60);
    await fill(server!, register, rows);
    const [byFile, to] = [await home(), await home()];
    expect((await loadCsv(byFile, "use_of_force", register, csvOf(register, rows))).refused).toBeNull();
    const source = { table: register.table, mapping: mapping("use_of_force", register) };
    expect((await loadGrouped(to, "use_of_force", engine, server!.address("kvv", "lezen"), source)).failed).toBeNull();
    expect(await figuresOf(to, "use_of_force")).toEqual(await figuresOf(byFile, "use_of_force"));
    for (const each of [byFile, to]) await each.remove();
  });

  onOne(engine)("may change in a month that the mapping leaves out of what they cover", async () => {
    const register: Register = {
      table: "gefilterd",
      columns: { klachtnummer: "text", datum: "date", eenheid: "text", aspecten: "text", oud: "text" },
      mapping: "feed: complaints\nfilters: { oud: { not: ja } }\ncovers: { from: 2012-01-01, to: 2014-12-31 }\n",
      row: (_, n) => [`K${n}`, `201${n % 5}-05-15`, "n1", "geweld", n % 5 < 2 ? "ja" : "nee"],
    };
    const rows = rowsOf(register, randomOf(1), 50);
    const to = await home();
    const source = { table: register.table, mapping: mapping("complaints", register) };
    for (const aspect of ["geweld", "houding"]) {
      // One that is left out, and one that is not.
      for (const at of [0, 2]) rows[at]![3] = aspect;
      await fill(server!, register, rows);
      const { failed, load } = await loadGrouped(to, "complaints", engine, server!.address("kvv", "lezen"), source);
      expect([failed, load?.refused]).toEqual([null, null]);
    }
    const db = await to.warehouse();
    expect(await db.one("select sum(count) as n, sum(count) filter (where list_contains(aspects, 'attitude')) as changed from complaints")).toEqual({ n: 30, changed: 1 }); // prettier-ignore
    await to.remove();
  });

  onOne(engine)("are asked for again where units came while they were", async () => {
    const register = registers(false).complaints;
    const rows = rowsOf(register, randomOf(59), 500).map((row) => row.map((value, at) => (at === 2 ? "n1" : value)));
    await fill(server!, register, rows);
    const [to, twin] = [await home(), await home()];
    // From the midst of a month another unit has the name.
    const other = units.replace("n1,Team Eén,team,noord,2010-01-01,,", "n1,Team Eén,team,noord,2010-01-01,2013-05-16,\nn1,Team Eén,team,zuid,2013-05-17,,"); // prettier-ignore
    const loadUnits = async (of: Home) => loadFile(await of.warehouse(), of.context, of.contracts, { feed: "units", path: of.write("other.csv", other) }); // prettier-ignore
    await loadUnits(twin);
    expect((await loadCsv(twin, "complaints", register, csvOf(register, rows))).refused).toBeNull();
    const db = await to.warehouse();
    to.context.outside.env = { REGISTER: server!.address("kvv", "lezen") };
    const source = { engine, connection: "REGISTER", grouped: true, table: register.table, mapping: mapping("complaints", register) }; // prettier-ignore
    let turns = 0;
    const { failed } = await loadSource({ feed: "complaints", cron: "0 6 * * *", source }, to.context, async (work) => {
      if (++turns === 3) await loadUnits(to);
      return work({ db, context: to.context, project: { contracts: to.contracts } as Project });
    });
    expect(failed).toBeNull();
    const byPlace = async (of: Home) =>
      (await of.warehouse()).all(
        "select parent_id, date_trunc('month', received_on) as m, sum(count) as n from complaints as c join units as u on u.unit_id = c.unit_id and received_on between valid_from and coalesce(valid_to, '9999-12-31') group by all order by all",
      );
    expect(await byPlace(to)).toEqual(await byPlace(twin));
    for (const each of [to, twin]) await each.remove();
  });

  it("are told of no more than the reason where a query with their values is refused", async () => {
    if (engine !== "clickhouse") return;
    const register = registers(false).use_of_force;
    // Texts where units belong, too many for an account whose longest query cannot be raised.
    const rows = rowsOf(register, randomOf(53), 6000).map((row, n) => row.map((value, at) => (at === 3 ? `Jan Jansen ${n} ${"y".repeat(40)}` : value))); // prettier-ignore
    await fill(server!, register, rows);
    const to = await home();
    const { failed } = await run(to, "use_of_force", {}, server!.address("strict", "lezen"));
    expect(failed).toMatch(/max_query_size/);
    expect(`${failed} ${to.messages.join(" ")}`).not.toContain("Jansen");
    await to.remove();
  });
});

describe("events in two servers of ClickHouse under one Distributed table", () => {
  it("give the figures that they give as a file", async ({ skip }) => {
    const shards = [await startClickHouse(), await startClickHouse()];
    if (!shards[0] || !shards[1]) return skip("Debian's package of clickhouse is not installed");
    try {
      const register = registers().use_of_force;
      const rows = rowsOf(register, randomOf(23), 4000);
      for (const [at, shard] of shards.entries()) {
        await shard!.run(tableSql("clickhouse", register, "stuk"));
        // Reports of one incident lie on both.
        for (const sql of insertSql("clickhouse", register, rows.filter((_, n) => n % 2 === at), "stuk")) await shard!.run(sql); // prettier-ignore
      }
      await shards[0].cluster(shards as ClickHouse[]);
      await shards[0].run(`create table ${register.table} as stuk engine = Distributed(alle, default, stuk)`);
      const [byFile, grouped] = [await home(), await home()];
      expect((await loadCsv(byFile, "use_of_force", register, csvOf(register, rows))).refused).toBeNull();
      const source = { table: register.table, mapping: mapping("use_of_force", register) };
      const { load, failed } = await loadGrouped(grouped, "use_of_force", "clickhouse", shards[0].address("kvv", "lezen"), source); // prettier-ignore
      expect([failed, load?.read]).toEqual([null, 4000]);
      const [expected, found] = [await figuresOf(byFile, "use_of_force"), await figuresOf(grouped, "use_of_force")];
      for (const name of Object.keys(expected)) expect(found[name], name).toEqual(expected[name]);
      for (const each of [byFile, grouped]) await each.remove();
    } finally {
      for (const shard of shards) await shard?.stop();
    }
  });
});
