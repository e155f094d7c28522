import http from "node:http";
import type { AddressInfo } from "node:net";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../pipelines/context.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import type { Project } from "../../pipelines/project.ts";
import type { DatabaseSource } from "../../pipelines/schedule-file.ts";
import { openDatabase } from "../../pipelines/sources/database.ts";
import { loadSource, type RemoteJob, type Turn } from "../../pipelines/sources/feed.ts";
import { makeHome, type Home } from "../support/home.ts";
import { long } from "../support/long.ts";
import { startClickHouse, type ClickHouse } from "./clickhouse.ts";
import { makeCertificates, secured } from "./machine.ts";
import { startPostgreSQL, type PostgreSQL } from "./postgresql.ts";

const units = `unit_id,name,level,parent_id,valid_from
politie,Politie,force,,2010-01-01
den-haag,Den Haag,unit,politie,2010-01-01
rotterdam,Rotterdam,unit,politie,2010-01-01
`;

/** More rows than lie between an engine and the monitor before these are asked for. */
const many = long ? 400_000 : 250_000;

/** What differs between the engines: how a table is made, and what its rows are. */
interface Kind {
  name: string;
  start(): Promise<PostgreSQL | ClickHouse | null>;
  reader(server: PostgreSQL | ClickHouse, password?: string): string;
  table: string;
  rows: string;
  many(n: number): string;
  rename: string;
  slow: string;
  writes: string;
}

const kinds: Kind[] = [
  {
    name: "postgresql",
    start: startPostgreSQL,
    reader: (server, password = "lezen") => server.address("kvv", password),
    table: `create table klachten (klachtnummer text, "datum ontvangst" date, eenheid text, aspecten text[], gesloten_op timestamp)`,
    rows: `insert into klachten values ('K-1', '2016-01-10', 'Den Haag', '{bejegening,geweld}', '2016-02-01 13:00'),
      ('K-2', '2016-03-01', 'rotterdam', '{dienstverlening}', null), ('K-3', '2016-03-02', 'nergens', '{overig}', null)`,
    many: (n) =>
      `insert into klachten select 'M-' || i, date '2016-01-01' + i % 300, 'den-haag', '{overig}', null from generate_series(1, ${n}) as i`,
    rename: "alter table klachten rename column eenheid to plek",
    slow: "select pg_sleep(20)::text as klachtnummer",
    writes: "with gone as (delete from klachten returning *) select * from gone",
  },
  {
    name: "clickhouse",
    start: startClickHouse,
    reader: (server, password = "lezen") => server.address("kvv", password),
    table:
      "create table klachten (klachtnummer String, `datum ontvangst` Date, eenheid String, aspecten Array(String), gesloten_op Nullable(DateTime)) engine = MergeTree(`datum ontvangst`, (klachtnummer, `datum ontvangst`), 8192)",
    rows: `insert into klachten values ('K-1', '2016-01-10', 'Den Haag', ['bejegening','geweld'], '2016-02-01 13:00:00'),
      ('K-2', '2016-03-01', 'rotterdam', ['dienstverlening'], null), ('K-3', '2016-03-02', 'nergens', ['overig'], null)`,
    many: (n) =>
      `insert into klachten select concat('M-', toString(number)), toDate('2016-01-01') + number % 300, 'den-haag', ['overig'], null from system.numbers limit ${n}`,
    rename: "rename table klachten to anders",
    slow: "select toString(sleep(3)) as klachtnummer from system.numbers limit 100000",
    writes: "insert into klachten select * from klachten",
  },
];

describe.each(kinds)("a source of kind $name", (kind) => {
  let server: PostgreSQL | ClickHouse | null;
  let home: Home;
  const config = mkdtempSync(path.join(os.tmpdir(), "kvv-config-"));
  beforeAll(async () => {
    server = await kind.start();
    await server?.run(kind.table);
    mkdirSync(path.join(config, "data", "sources"), { recursive: true });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(config, { recursive: true });
  });
  beforeEach(async ({ skip }) => {
    if (!server) return skip(`Debian's package of ${kind.name} is not installed`);
    await server.run("truncate table klachten").catch(() => server!.run("drop table if exists klachten"));
    if (kind.name === "clickhouse") {
      await server.run("drop table if exists klachten");
      await server.run(kind.table);
    }
    await server.run(kind.rows);
    home = makeHome({ KVV_CONFIG: config, KVV_SOURCE_SECONDS: "10", KVV_MAX_QUARANTINED: "0.5" });
    const context = home.context;
    context.outside.patience.sleep = () => Promise.resolve();
    context.outside.env = { KLACHTEN_DB: kind.reader(server) };
    await loadFile(await home.warehouse(), context, home.contracts, { feed: "units", path: home.write("units.csv", units) }); // prettier-ignore
  });
  afterEach(() => home?.remove());

  const job = (source: Partial<DatabaseSource>): RemoteJob => ({
    feed: "complaints",
    cron: "0 6 * * *",
    source: { engine: kind.name, connection: "KLACHTEN_DB", ...source },
  });
  /** Runs a job; `before` is done just before its rows are loaded. */
  async function run(source: Partial<DatabaseSource>, before: () => Promise<void> = () => Promise.resolve()) {
    const db = await home.warehouse();
    const owned = { db, context: home.context, project: { contracts: home.contracts } as Project };
    let turns = 0;
    const turn: Turn = async (work) => {
      turns += 1;
      if (turns === 2) await before();
      return work(owned);
    };
    return loadSource(job(source), home.context as Context, turn);
  }
  const query = (name: string, text: string) => {
    writeFileSync(path.join(config, "data", "sources", `${name}.sql`), text);
    return `data/sources/${name}.sql`;
  };
  const kept = async () =>
    (await home.warehouse()).all(
      "select received_on, unit_id, aspects, closed_on from complaints where complaint_id is not null order by all",
    );

  it("loads a table's rows as it would those of a file", async () => {
    const { load, failed } = await run({ table: "klachten" });
    expect(failed).toBeNull();
    expect(load).toMatchObject({ file: "klachten.ndjson", read: 3, accepted: 2, quarantined: 1, refused: null });
    expect(load!.reasons).toEqual({ unknown_unit: 1 });
    expect(await kept()).toEqual([
      { received_on: "2016-01-10", unit_id: "den-haag", aspects: ["force", "treatment"], closed_on: "2016-02-01" },
      { received_on: "2016-03-01", unit_id: "rotterdam", aspects: ["service"], closed_on: null },
    ]);
  });

  it("loads what a query gives, by a mapping", async () => {
    const text = "-- Alleen van na januari.\nselect klachtnummer as nr, eenheid, aspecten, '01-03-2016' as dag from klachten where eenheid <> 'nergens';\n-- klaar\n"; // prettier-ignore
    writeFileSync(
      path.join(config, "map.yaml"),
      "feed: complaints\ncolumns:\n  complaint_id: nr\n  received_on: { from: dag, date_format: '%d-%m-%Y' }\n",
    );
    const last = query("klachten", text.replace(";\n-- klaar\n", ";\n"));
    const { load, failed } = await run({ query: last, mapping: "map.yaml" });
    expect(failed).toBeNull();
    expect(load).toMatchObject({ file: "klachten.ndjson", accepted: 2, refused: null });
    expect((await kept()).map((row) => row.received_on)).toEqual(["2016-03-01", "2016-03-01"]);
  });

  it("says that it is the same where nothing has changed", async () => {
    const ordered = { query: query("geordend", "select * from klachten order by klachtnummer") };
    await run(ordered);
    expect(await run(ordered)).toMatchObject({ unchanged: true, failed: null });
  });

  it("asks only for what changed, by a watermark, and after some days for all", async () => {
    let at = "2017-07-03T08:00:00Z";
    home.context.now = () => new Date(at);
    const text = "select klachtnummer, `datum ontvangst`, eenheid, aspecten, gesloten_op, versie from gewijzigd";
    await server!.run("drop table if exists gewijzigd");
    await server!.run(
      kind.name === "postgresql"
        ? "create table gewijzigd as select *, timestamp '2017-07-01 09:00:00' as versie from klachten"
        : "create table gewijzigd engine = Memory as select *, toDateTime('2017-07-01 09:00:00') as versie from klachten",
    );
    const source = {
      query: query("gewijzigd", kind.name === "postgresql" ? text.replaceAll("`", '"') : text),
      watermark: "versie",
      mapping: "full.yaml",
    };
    // What a file lacks is gone: of changes alone that must not be so.
    writeFileSync(path.join(config, "full.yaml"), "feed: complaints\nfull: true\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: politie }\n");
    const reads = async () => {
      const { load, unchanged, failed } = await run(source);
      expect(failed).toBeNull();
      return load ? load.read : unchanged ? "unchanged" : "nothing";
    };
    expect(await reads()).toBe(3);
    expect(await reads()).toBe("unchanged");
    await server!.run(
      kind.name === "postgresql"
        ? "insert into gewijzigd values ('K-4', '2016-05-01', 'den-haag', '{overig}', null, '2017-07-02 10:00:00')"
        : "insert into gewijzigd values ('K-4', '2016-05-01', 'den-haag', ['overig'], null, '2017-07-02 10:00:00')",
    );
    // Those of the same moment as before come again: they may have been written after they were asked for.
    expect(await reads()).toBe(4);
    expect((await kept()).length).toBe(3);
    await server!.run(
      kind.name === "postgresql"
        ? "insert into gewijzigd values ('K-5', '2016-06-01', 'den-haag', '{overig}', null, '2017-07-02 11:00:00')"
        : "insert into gewijzigd values ('K-5', '2016-06-01', 'den-haag', ['overig'], null, '2017-07-02 11:00:00')",
    );
    expect(await reads()).toBe(2);
    expect((await kept()).map((row) => row.received_on)).toEqual(["2016-01-10", "2016-03-01", "2016-05-01", "2016-06-01"]);
    // A row that changed, or went, without a higher watermark shows after a week.
    await server!.run(
      kind.name === "postgresql"
        ? "delete from gewijzigd where klachtnummer = 'K-2'"
        : "create table if not exists minder engine = Memory as select * from gewijzigd where klachtnummer <> 'K-2'",
    );
    if (kind.name === "clickhouse") await server!.run("rename table gewijzigd to weg, minder to gewijzigd");
    expect(await reads()).toBe("unchanged");
    at = "2017-07-10T08:00:00Z";
    expect(await reads()).toBe(4);
    expect((await kept()).map((row) => row.received_on)).toEqual(["2016-01-10", "2016-05-01", "2016-06-01"]);
    // Units that came since may be those that rows lacked: all are asked for.
    await loadFile(await home.warehouse(), home.context, home.contracts, { feed: "units", path: home.write("units2.csv", units + "nergens,Nergens,unit,politie,2010-01-01\n") });
    expect(await reads()).toBe(4);
    await server!.run("drop table if exists weg");
  }); // prettier-ignore

  it("keeps every digit of a watermark that is a large number", async () => {
    const large = "9007199254740993";
    const versions = query("groot", `select *, ${kind.name === "postgresql" ? `${large}::bigint` : `toInt64(${large})`} as versie from klachten`); // prettier-ignore
    const { env, network } = home.context.outside;
    const options = { env, network, maxBytes: 1e6, maxLineBytes: 1e6, timeZone: "UTC", config, now: new Date() };
    const fetched = await openDatabase(job({ query: versions, watermark: "versie" }).source as DatabaseSource, options);
    if (fetched.unchanged) throw new Error("unchanged");
    fetched.close!();
    expect(fetched.validators.etag).toBe(large);
  });

  it("takes its address from a file, where a variable names one", async () => {
    home.context.outside.env = { KLACHTEN_DB_FILE: home.write("secret", `${kind.reader(server!)}\n`) };
    expect(await run({ table: "klachten" })).toMatchObject({ failed: null, load: { accepted: 2 } });
  });

  it("names what is wrong, never the password, and leaves what was there", async () => {
    await run({ table: "klachten" });
    const before = await kept();
    const failure = async (source: Partial<DatabaseSource>) => {
      const { failed, load } = await run(source);
      expect(load?.refused ?? null).toBeNull();
      return failed;
    };
    const host = `127.0.0.1:${server!.port}`;
    expect(await failure({ table: "er_niet" })).toMatch(new RegExp(`^${host} refuses the query: .*er_niet`));
    expect(await failure({ query: query("fout", "select nergens from klachten") })).toMatch(/refuses the query: .*nergens/); // prettier-ignore
    expect(await failure({ query: "data/sources/weg.sql" })).toContain("there is no file weg.sql");
    home.context.outside.env = { KLACHTEN_DB: kind.reader(server!, "fout-geheim") };
    expect(await failure({ table: "klachten" })).toMatch(new RegExp(`^${host} does not let the monitor in: is the password right`)); // prettier-ignore
    home.context.outside.env = { KLACHTEN_DB: "mysql://kvv:lezen@127.0.0.1/x" };
    expect(await failure({ table: "klachten" })).toMatch(
      /in KLACHTEN_DB does not begin with (postgresql|https):\/\/ or/,
    );
    home.context.outside.env = { KLACHTEN_DB: kind.reader(server!).replace("127.0.0.1", "db.example.org") };
    expect(await failure({ table: "klachten" })).toContain("is not secured with TLS, and leads to another machine");
    for (const password of ["1234#geheim", "12/geheim", "a@b", "100%zeker"]) {
      const [scheme, rest] = kind.reader(server!).split("://kvv:lezen@");
      home.context.outside.env = { KLACHTEN_DB: `${scheme}://kvv:${password}@${rest}` };
      expect(await failure({ table: "klachten" }), password).toMatch(/is not as it should be; write|is none; write|does not let the monitor in/); // prettier-ignore
    }
    home.context.outside.env = {};
    expect(await failure({ table: "klachten" })).toContain("the environment variable KLACHTEN_DB is not set");
    expect(home.messages.join("\n")).not.toMatch(/geheim|lezen|1234|zeker/);
    expect(await kept()).toEqual(before);
  });

  it("repeats nothing of a row, whatever the engine says of it", async () => {
    const failing =
      kind.name === "postgresql"
        ? "select current_setting(klachtnummer) as klachtnummer from klachten"
        : "select toUInt8(toDate(klachtnummer)) as klachtnummer from klachten";
    const { failed, load } = await run({ query: query("waarde", failing) });
    expect(failed ?? load?.refused).not.toBeNull();
    expect(`${failed} ${load?.refused} ${home.messages.join(" ")}`).not.toContain("K-1");
  });

  it("only reads", async () => {
    const { failed, load } = await run({ query: query("schrijft", kind.writes) });
    expect(failed ?? load?.refused).not.toBeNull();
    const two = await run({ query: query("twee", "select 1 as a) as a; drop table klachten; select (2") });
    expect(two.failed).not.toBeNull();
    expect(await run({ table: "klachten" })).toMatchObject({ failed: null, load: { read: 3 } });
  });

  it.runIf(kind.name === "postgresql")("refuses two columns of one name; a moment is of the day that it was here", async () => {
    const twice = await run({ query: query("dubbel", "select klachtnummer, 'a' as eenheid, 'b' as eenheid from klachten") });
    expect(twice.failed).toContain('two columns named "eenheid"');
    const midnight = "select klachtnummer, eenheid, aspecten, timestamptz '2016-02-01 00:00 Europe/Amsterdam' as ontvangen_op from klachten";
    expect(await run({ query: query("nacht", midnight) })).toMatchObject({ failed: null });
    expect(new Set((await kept()).map((row) => row.received_on))).toEqual(new Set(["2016-02-01"]));
  }); // prettier-ignore

  it.runIf(kind.name === "clickhouse")("asks an account that may set nothing without settings", async () => {
    home.context.outside.env = { KLACHTEN_DB: server!.address("strict", "lezen") };
    expect(await run({ table: "klachten" })).toMatchObject({ failed: null, load: { read: 3 } });
  });

  it.runIf(kind.name === "clickhouse")("takes no result for whole that the engine cut off", async () => {
    await server!.run(kind.many(300_000));
    home.context.outside.env = { KLACHTEN_DB: server!.address("cut", "lezen") };
    const { failed, load } = await run({ table: "klachten" });
    expect(load?.load_id ?? null).toBeNull();
    expect(failed).not.toBeNull();
  });

  it.runIf(kind.name === "clickhouse")("gives up an answer that trickles", async () => {
    const slow = http.createServer((_, response) => {
      const timer = setInterval(() => response.write('{"klachtnummer":"K"}\n'), 100);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    home.context.outside.env = { KLACHTEN_DB: `http://kvv:lezen@127.0.0.1:${(slow.address() as AddressInfo).port}` };
    home.context.outside.network.totalMs = 1000;
    const began = performance.now();
    expect((await run({ table: "klachten" })).failed).toContain("took longer than KVV_SOURCE_SECONDS");
    expect(performance.now() - began).toBeLessThan(4000);
    slow.closeAllConnections();
    slow.close();
  });

  it("leaves no connection open where a load is refused before it reads, and ends with the monitor", async () => {
    writeFileSync(path.join(config, "fout.yaml"), "feed: complaints\ncolumns: { nergens: x }\n");
    expect((await run({ table: "klachten", mapping: "fout.yaml" })).load?.refused).toContain("fault");
    const stopping = new AbortController();
    stopping.abort();
    home.context.outside.network.signal = stopping.signal;
    expect((await run({ table: "klachten" })).failed).toContain("the monitor stops");
  });

  it("gives up a query that takes longer than it may", async () => {
    home.context.outside.network.totalMs = 1000;
    const { failed } = await run({ query: query("traag", kind.slow) });
    expect(failed).toMatch(/(took longer than|gave the query up after) KVV_SOURCE_SECONDS/);
  });

  it("refuses rows of another shape, and leaves what was there", async () => {
    await run({ table: "klachten" });
    const before = await kept();
    const other = query("vorm", "select klachtnummer, aspecten from klachten");
    const { load } = await run({ query: other });
    expect(load!.refused).toMatch(/received_on/);
    expect(await kept()).toEqual(before);
  });

  it("keeps what was there where it breaks off, before or while it answers, and goes on when it is back", async () => {
    await run({ table: "klachten" });
    const before = await kept();
    await server!.run(kind.many(many));
    const midway = await run({ table: "klachten" }, () => server!.kill());
    expect(midway.failed).toMatch(/(broke the connection off|refuses the connection: does it run\?|was stopped).*; tried 4 times$/); // prettier-ignore
    expect(await kept()).toEqual(before);
    const down = await run({ table: "klachten" });
    expect(down.failed).toMatch(/refuses the connection: does it run\?; tried 4 times$/);
    await server!.again();
    expect(await run({ table: "klachten" })).toMatchObject({ failed: null, load: { read: many + 3, refused: null } });
  }, 120_000);

  it("holds no more of many rows than of a few: they come as they are taken", async () => {
    const n = long ? 3_000_000 : 300_000;
    await server!.run(kind.many(n));
    const { env, network } = home.context.outside;
    const fetched = await openDatabase(
      job({ table: "klachten" }).source as DatabaseSource,
      { env, network: { ...network, totalMs: 120_000 }, maxBytes: 4e9, maxLineBytes: 1e6, timeZone: "Europe/Amsterdam", config, now: new Date() },
    ); // prettier-ignore
    if (fetched.unchanged) throw new Error("unchanged");
    const before = process.memoryUsage().rss;
    let [bytes, most, slept] = [0, 0, false];
    for await (const chunk of fetched.source.open()) {
      bytes += (chunk as Buffer).length;
      most = Math.max(most, process.memoryUsage().rss - before);
      if (!slept && bytes > 1e6) await new Promise((resolve) => setTimeout(resolve, long ? 1000 : 500));
      slept ||= bytes > 1e6;
    }
    expect(bytes).toBeGreaterThan(n * 90);
    expect(most).toBeLessThan(150e6);
  }, 300_000);

  it("is asked over TLS only where its certificate is one that is known, and holds", async () => {
    const { folder, remove } = { folder: mkdtempSync(path.join(os.tmpdir(), "kvv-tls-")), remove: () => rmSync(folder, { recursive: true }) }; // prettier-ignore
    const certificates = "ca" in server! ? null : makeCertificates(folder);
    /** An address over TLS with such a certificate, and the authority that signed it. */
    const securedBy = async (which: "valid" | "expired") => {
      if ("useCertificate" in server!) {
        await server.useCertificate(which);
        const address = kind.reader(server).replace("127.0.0.1", "localhost").replace("sslmode=disable", "sslmode=verify-full"); // prettier-ignore
        copyFileSync(server.ca, path.join(config, "ca.pem"));
        return { address, ca: "ca.pem", close: () => undefined };
      }
      const way = await secured(server!.port, certificates!.key, certificates![which]);
      copyFileSync(certificates!.ca, path.join(config, "ca.pem"));
      return {
        address: kind
          .reader(server!)
          .replace("http:", "https:")
          .replace(`127.0.0.1:${server!.port}`, `localhost:${way.port}`),
        ca: "ca.pem",
        close: () => way.close(),
      };
    };
    const valid = await securedBy("valid");
    home.context.outside.env = { KLACHTEN_DB: valid.address };
    expect(await run({ table: "klachten", ca: valid.ca })).toMatchObject({ failed: null, load: { read: 3 } });
    expect((await run({ table: "klachten" })).failed).toContain("has a certificate that nobody known has signed");
    valid.close();
    const expired = await securedBy("expired");
    home.context.outside.env = { KLACHTEN_DB: expired.address };
    expect((await run({ table: "klachten", ca: expired.ca })).failed).toContain("has a certificate that has expired");
    expired.close();
    remove();
  });
});
