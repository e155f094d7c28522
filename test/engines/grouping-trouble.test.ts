import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DatabaseSource } from "../../pipelines/schedule-file.ts";
import type { SourceResult } from "../../pipelines/sources/feed.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";
import type { EventFeed } from "../loading/fold-support.ts";
import type { Home } from "../support/home.ts";
import { oneIn } from "../support/long.ts";
import type { ClickHouse } from "./clickhouse.ts";
import {
  config,
  copyOf,
  expectFigures,
  fill,
  home,
  loadGrouped,
  makeConfig,
  mapping,
  removeConfig,
  starts,
} from "./grouping-homes.ts";
import { registers, rowsOf, type Register } from "./grouping-support.ts";
import { makeCertificates, secured, until } from "./machine.ts";
import type { PostgreSQL } from "./postgresql.ts";

/** How a job is asked this time, where that is not as ever. */
interface Asked {
  source?: Partial<DatabaseSource>;
  address?: string;
}

const feed: EventFeed = "complaints";
const register = registers()[feed];
const [old, recent] = [rowsOf(register, randomOf(61), 1000), rowsOf(register, randomOf(67), 1200)];

beforeAll(makeConfig);
afterAll(removeConfig);

describe.each(["postgresql", "clickhouse"] as const)("trouble with events that %s groups", (engine) => {
  let server: PostgreSQL | ClickHouse | null;
  let begun: Home | undefined;
  let to: Home;
  beforeAll(async () => {
    server = await starts[engine]();
    if (!server) return;
    to = begun = await home();
    await lay(old);
    expectLoaded(await run());
    await begun.closeWarehouse();
  });
  afterAll(async () => {
    await begun?.remove();
    await server?.stop();
  });
  beforeEach(async ({ skip, onTestFinished }) => {
    if (!server) return skip(`Debian's package of ${engine} is not installed`);
    to = copyOf(begun!);
    onTestFinished(() => to.remove());
    await lay(recent);
  });

  const isPostgreSQL = (each: PostgreSQL | ClickHouse): each is PostgreSQL => "ca" in each;
  const reader = (password = "lezen") => server!.address("kvv", password);
  /** Puts rows in a table that a killed engine keeps. */
  const lay = (rows: typeof old, columns?: Register["columns"]) => fill(server!, register, rows, columns);
  const run = ({ source, address }: Asked = {}): Promise<SourceResult> =>
    loadGrouped(to, feed, engine, address ?? reader(), {
      ...(source?.query === undefined ? { table: register.table } : {}),
      mapping: mapping(feed, register),
      ...source,
    });
  function expectLoaded({ failed, load }: SourceResult): void {
    expect([failed, load?.refused ?? null]).toEqual([null, null]);
  }

  /** Expects a run to be told with its reason, to change nothing, and to be made up for by the next. */
  async function expectTold(reason: RegExp, trouble: () => Promise<SourceResult>, mend = () => Promise.resolve()) {
    try {
      const { failed, load } = await trouble();
      expect(load?.load_id ?? null).toBeNull();
      const told = failed ?? load?.refused ?? "nothing";
      expect(told).toMatch(reason);
      const db = await to.warehouse();
      const last = await db.one("select status, error from runs order by finished_at desc, run_id desc limit 1");
      expect(last).toEqual({ status: failed === null ? "refused" : "failed", error: told });
      expect(`${told} ${to.messages.join(" ")}`).not.toMatch(/lezen|geheim/);
      await expectFigures(to, feed, old);
    } finally {
      // Also where it was told otherwise: the tests after this one ask the same engine.
      await mend();
    }
    expectLoaded(await run());
    await expectFigures(to, feed, recent);
  }

  /** An address of the engine over TLS, with a certificate of which the authority is `ca`. */
  async function overTls(which: "valid" | "expired"): Promise<{ address: string; ca: string; close(): void }> {
    if (isPostgreSQL(server!)) {
      await server.useCertificate(which);
      copyFileSync(server.ca, path.join(config, "ca.pem"));
      const address = reader().replace("127.0.0.1", "localhost").replace("sslmode=disable", "sslmode=verify-full");
      return { address, ca: "ca.pem", close: () => undefined };
    }
    const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-tls-"));
    const certificates = makeCertificates(folder);
    copyFileSync(certificates.ca, path.join(config, "ca.pem"));
    const way = await secured(server!.port, certificates.key, certificates[which]);
    rmSync(folder, { recursive: true });
    const address = reader().replace("http:", "https:").replace(`127.0.0.1:${server!.port}`, `localhost:${way.port}`);
    return { address, ca: "ca.pem", close: () => way.close() };
  }

  it("is told where the certificate has expired", async () => {
    const { address, ca, close } = await overTls("expired");
    await expectTold(/^localhost(:\d+)? has a certificate that has expired$/, () => run({ source: { ca }, address }));
    close();
  });

  it("is told where nobody known has signed the certificate; one that is known, and holds, is taken", async () => {
    const { address, ca, close } = await overTls("valid");
    await expectTold(/^localhost(:\d+)? has a certificate that nobody known has signed$/, () => run({ address }));
    expectLoaded(await run({ source: { ca }, address }));
    await expectFigures(to, feed, recent);
    close();
  });

  it("is told where the password is wrong", () =>
    expectTold(/does not let the monitor in: (is the password|are user and password) right\?$/, () =>
      run({ address: reader("fout-geheim") }),
    ));

  it("is told where a query takes longer than it may, and goes on nowhere", async () => {
    const slow = engine === "postgresql" ? "pg_sleep(0.01)::text = ''" : "sleepEachRow(0.01) = 0";
    writeFileSync(path.join(config, "data", "traag.sql"), `select * from ${register.table} where ${slow}`);
    const usual = to.context.outside.network.totalMs;
    to.context.outside.network.totalMs = 1000;
    const began = performance.now();
    await expectTold(
      /(took longer than|gave the query up after|gave the query up, which would take longer than) KVV_SOURCE_SECONDS/,
      () => run({ source: { query: "data/traag.sql" } }),
      async () => {
        expect(performance.now() - began).toBeLessThan(8000);
        to.context.outside.network.totalMs = usual;
        await until(() => server!.run(asksNothing), 5);
      },
    );
  });
  /** Fails while the reader has a question that is worked on. */
  const asksNothing =
    engine === "postgresql"
      ? "select 1 / (not exists (select from pg_stat_activity where usename = 'kvv' and state = 'active'))::int"
      : "select intDiv(1, toInt32(count() = 0)) from system.processes where user = 'kvv'";

  it("is told where the engine is down at the start", () =>
    expectTold(
      /^127\.0\.0\.1:\d+ refuses the connection: does it run\?; tried 4 times$/,
      async () => {
        await server!.kill();
        return run();
      },
      () => server!.again(),
    ));

  it("is told where the engine goes down in the midst of the cells", async () => {
    const way = await broken((bytes) => bytes > 60_000 && void server!.kill());
    await expectTold(
      /(broke the connection off|refuses the connection: does it run\?|was stopped while it answered); tried 4 times$/,
      () => run({ address: through(way.port) }),
      async () => {
        expect(way.connections()).toBeGreaterThan(3);
        way.close();
        await server!.kill();
        await server!.again();
      },
    );
  });

  it("is told at whichever of its questions the connection breaks off, before the answer or while it comes", async () => {
    for (const most of [0, 700]) {
      let reasons = 0;
      for (let from = 1; ; from++) {
        let n = 0;
        const way = await broken((bytes, connection) => (n = Math.max(n, connection)) >= from && bytes > most && "cut");
        const { failed, load } = await run({ address: through(way.port) });
        way.close();
        if (failed === null) {
          expect(load!.refused).toBeNull();
          break;
        }
        reasons += 1;
        expect(failed, `question ${from}`).toMatch(/broke the connection off; tried 4 times$/);
        await expectFigures(to, feed, old);
      }
      // Columns, counts, repeated ids, cells, and days that cannot be read; the last with no more than its first bytes.
      expect(reasons).toBeGreaterThanOrEqual(most === 0 ? 5 : 3);
      await expectFigures(to, feed, recent);
      await lay(old);
      expectLoaded(await run());
      await lay(recent);
    }
  });

  it.for(
    oneIn(
      2,
      [
        ["klachtnummer", /no column for complaint_id.*"anders"/],
        ["datum ontvangst", /no column for received_on.*"anders"/],
        ["uitkomst_code", /the mapping names "uitkomst_code", but there are .*"anders"/],
        ["eenheid", /no column for unit_id.*"anders"/],
      ] as const,
      Number(engine === "clickhouse"),
    ),
  )("is told where the column %s is renamed", ([name, reason]) => {
    const renamed = Object.entries(register.columns).map(([each, kind]) => [each === name ? "anders" : each, kind]);
    return expectTold(
      reason,
      async () => {
        await lay(recent, Object.fromEntries(renamed) as Register["columns"]);
        return run();
      },
      () => lay(recent),
    );
  });

  it.for([
    ["datum ontvangst", "a day", /would be quarantined \(\d+ wrong_type in received_on, /],
    ["eenheid", "a text", /would be quarantined \(\d+ unknown_unit in unit_id, /],
    ["aspecten", "a list", /would be quarantined \(\d+ not_allowed in aspects, /],
  ] as const)("is told where the column %s is a number, and no longer %s", ([name, , reason]) =>
    expectTold(
      reason,
      async () => {
        await retype(name, engine === "postgresql" ? "7" : "toInt32(7)");
        return run();
      },
      () => lay(recent),
    ),
  );

  it("is read alike where a type changed that says the same", async () => {
    const asText = (name: string) => (engine === "postgresql" ? `"${name}"::text` : `toString(\`${name}\`)`);
    await retype("datum ontvangst", asText("datum ontvangst"));
    await retype("uitkomst_code", engine === "postgresql" ? "nullif(uitkomst_code, '')::int" : "toInt32OrNull(assumeNotNull(uitkomst_code))"); // prettier-ignore
    expectLoaded(await run());
    await expectFigures(to, feed, recent);
  });
  /** Makes the table anew, with something else in one column. */
  async function retype(name: string, expression: string): Promise<void> {
    const quote = engine === "postgresql" ? '"' : "`";
    const list = Object.keys(register.columns).map((each) => `${each === name ? `${expression} as ` : ""}${quote}${each}${quote}`); // prettier-ignore
    await server!.run("drop table if exists nieuw");
    await server!.run(
      `create table nieuw ${engine === "postgresql" ? "" : "engine = Log "}as select ${list.join(", ")} from ${register.table}`,
    );
    await server!.run(`drop table ${register.table}`);
    await server!.run(
      engine === "postgresql"
        ? `alter table nieuw rename to ${register.table}`
        : `rename table nieuw to ${register.table}`,
    );
  }

  it("of one monitor is none of another that asks at once", async () => {
    const other = await home();
    const way = await broken((bytes) => bytes > 60_000 && "cut");
    await expectTold(
      /broke the connection off; tried 4 times$/,
      async () => {
        const [one, two, slow] = await Promise.all([
          run({ address: through(way.port) }),
          loadGrouped(other, feed, engine, reader(), { table: register.table, mapping: mapping(feed, register) }),
          loadGrouped(other, "use_of_force", engine, reader("fout-geheim"), { table: "geweld" }),
        ]);
        expectLoaded(two);
        expect(slow.failed).toMatch(/does not let the monitor in/);
        return one;
      },
      async () => {
        way.close();
        await expectFigures(other, feed, recent);
      },
    );
    await other.remove();
  });

  const through = (port: number) => reader().replace(String(server!.port), String(port));
  /** A way to the engine that is asked, with each piece of an answer, whether to cut that connection: its bytes so far, and which one it is. */
  async function broken(
    heard: (bytes: number, connection: number) => unknown,
  ): Promise<{ port: number; connections(): number; close(): void }> {
    let connections = 0;
    const proxy = net.createServer((near) => {
      const connection = ++connections;
      const far = net.connect(server!.port, "127.0.0.1");
      let bytes = 0;
      far.on("data", (chunk) => {
        bytes += chunk.length;
        if (heard(bytes, connection) === "cut") near.destroy();
        else near.write(chunk);
      });
      near.pipe(far);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    }); // prettier-ignore
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    return { port, connections: () => connections, close: () => proxy.close() };
  }
});
