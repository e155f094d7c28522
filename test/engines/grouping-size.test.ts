import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { runApart } from "../../pipelines/bench/measure.ts";
import { Database } from "../../pipelines/database.ts";
import { inLongRun, long } from "../support/long.ts";
import { startClickHouse, type ClickHouse } from "./clickhouse.ts";
import type { Once, OnceInput } from "./grouping-once.ts";
import { listened } from "./machine.ts";
import { startPostgreSQL, type PostgreSQL } from "./postgresql.ts";

// 5,000,000 complaints and as many reports of the use of force from files, PostgreSQL and ClickHouse, and 50,000,000 of each in ClickHouse.

const events = Number(process.env.KVV_EVENTS ?? 5_000_000);
const teams = 10;
const units = `unit_id,name,level,parent_id,valid_from
politie,Politie,force,,2010-01-01
${Array.from({ length: teams }, (_, n) => `team-${n},Team ${n},unit,politie,2010-01-01`).join("\n")}
`;

/** A number below `most` that depends on a text as if by chance. */
const chance = (of: string, most: number) => `(('0x' || substr(md5(${of}), 1, 7))::int % ${most})`;

const made = {
  complaints: `select 'K-' || i as klachtnummer, (date '2012-01-01' + ${chance("'a' || i", 1826)})::date as ontvangen_op,
    'team-' || ${chance("'b' || i", teams)} as eenheid, ['bejegening', 'geweld', 'overig'][${chance("'c' || i", 3)} + 1] as aspecten,
    ['gegrond', 'ongegrond'][${chance("'d' || i", 2)} + 1] as uitkomst, (ontvangen_op + ${chance("'e' || i", 30)})::date as gesloten_op
  from range(${events}) as r(i)`,
  use_of_force: `select 'M-' || i as meldingsnummer, 'I-' || (i // 2) as incidentnummer,
    (date '2012-01-01' + ${chance("'f' || (i // 2)", 1826)} + ${chance("'g' || i", 2)})::date as pleegdatum,
    'team-' || ${chance("'h' || (i // 2)", teams)} as eenheid, ['wapenstok', 'fysiek', 'pepperspray'][${chance("'j' || i", 3)} + 1] as middel,
    ['geen', 'licht'][${chance("'k' || i", 2)} + 1] as letsel
  from range(${events}) as r(i)`,
};
const feeds = ["complaints", "use_of_force"] as const;
const columns = {
  complaints: ["klachtnummer", "ontvangen_op", "eenheid", "aspecten", "uitkomst", "gesloten_op"],
  use_of_force: ["meldingsnummer", "incidentnummer", "pleegdatum", "eenheid", "middel", "letsel"],
};
const typesOf = (feed: (typeof feeds)[number], text: string, date: string) =>
  columns[feed].map((name) => `${name} ${/_op$|datum$/.test(name) ? date : text}`).join(", ");

describe("events by the million", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-many-"));
  const csv = (feed: string) => path.join(folder, `${feed}.csv`);
  let postgresql: PostgreSQL | null;
  let clickhouse: ClickHouse | null;

  beforeAll(async () => {
    if (!long) return;
    chmodSync(folder, 0o755);
    [postgresql, clickhouse] = [await startPostgreSQL(), await startClickHouse()];
    const db = await Database.open(":memory:", {});
    for (const feed of feeds) await db.run(`copy (${made[feed]}) to '${csv(feed)}' (header)`);
    db.close();
    for (const feed of feeds) {
      await clickhouse?.run(
        `create table ${feed} (${typesOf(feed, "String", "Date")}) engine = MergeTree order by tuple()`,
      );
      if (clickhouse)
        execFileSync("curl", ["-sSf", "-T", csv(feed), `http://owner:geheim@127.0.0.1:${clickhouse.port}/?query=insert+into+${feed}+format+CSVWithNames`]); // prettier-ignore
    }
  });
  afterAll(async () => {
    await postgresql?.stop();
    await clickhouse?.stop();
    rmSync(folder, { recursive: true });
  });

  const load = async (name: string, input: Omit<OnceInput, "folder" | "units">, port: number | null) => {
    const way = port === null ? null : await listened(port, false);
    const once = await runApart<Once>("test/engines/grouping-once.ts", {
      ...{ folder: path.join(folder, name), units, ...input },
      address: input.address && way ? input.address.replace(`:${port}`, `:${way.port}`) : null,
    } satisfies OnceInput);
    const bytes = way?.bytes() ?? 0;
    way?.close();
    process.stdout.write(`${name}: ${JSON.stringify({ ...once, bytes })}\n`);
    return { ...once, bytes };
  };

  inLongRun("give the same published figures from files and from both engines", async ({ skip }) => {
    if (!postgresql || !clickhouse) return skip("Debian's packages of the engines are not installed");
    for (const feed of feeds) {
      await postgresql.run(`create table ${feed} (${typesOf(feed, "text", "date")})`);
      await postgresql.run(`copy ${feed} from '${csv(feed)}' (format csv, header)`);
      await postgresql.run(`analyze ${feed}`);
    }
    // Of so many rows with an id the first report of each incident takes more to find than the usual memory.
    const files = feeds.map((feed) => ({ feed, from: csv(feed) }));
    const byFile = await load("files", { address: null, feeds: files, publishes: true, memory: "4GB" }, null);
    for (const [engine, server] of Object.entries({ clickhouse, postgresql })) {
      const all = feeds.map((feed) => ({ feed, from: { engine, table: feed } }));
      const found = await load(engine, { address: server.address("kvv", "lezen"), feeds: all, publishes: true }, server.port); // prettier-ignore
      expect(found.figures, engine).toBe(byFile.figures);
    }
  });

  inLongRun.each(feeds)("(%s) are no more on the way, and take no more memory here, when there are ten times as many", async (feed) => {
    if (!clickhouse) return;
    // Numbers of ten events each, those of incidents among them: as many reports belong together as before.
    const numbered = (name: string) => (/nummer$/.test(name) ? `concat(${name}, '-', toString(n))` : name);
    await clickhouse.run(`create table ${feed}_tenfold (${typesOf(feed, "String", "Date")}) engine = MergeTree order by tuple()`);
    await clickhouse.run(
      `insert into ${feed}_tenfold select ${columns[feed].map(numbered).join(", ")} from ${feed} array join range(10) as n`,
    );
    const of = (name: string, table: string) => {
      const feeds = [{ feed, from: { engine: "clickhouse", table } }];
      return load(name, { address: clickhouse!.address("kvv", "lezen"), feeds, publishes: false }, clickhouse!.port);
    };
    const few = await of(`clickhouse, ${feed} alone`, feed);
    const many = await of(`clickhouse, ten times as many ${feed}`, `${feed}_tenfold`);
    expect(many.loads[0]!.read).toBe(10 * few.loads[0]!.read);
    expect(many.bytes).toBeLessThan(few.bytes * 1.1);
    expect(many.memory_mb).toBeLessThan(few.memory_mb * 1.2);
  }); // prettier-ignore
});
