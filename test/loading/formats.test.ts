import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Database, literal } from "../../pipelines/database.ts";
import { command } from "../../pipelines/commands/load.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { makeWorkbook, styled } from "../support/workbook.ts";
import { makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading();
});
afterAll(() => loading.home.remove());
beforeEach(async () => {
  for (const feed of ["complaints", "staffing", "survey", "committees", "establishment", "quarantine", "coverage"])
    await loading.db.run(`delete from ${feed}`);
  await loading.db.run("delete from loads where feed <> 'units'");
});

const header = ["klachtnummer", "ontvangen op", "eenheid", "aspecten", "uitkomst"];
const rows = Array.from({ length: 40 }, (_, i) => [
  `K-${i}`,
  "2016-05-31",
  i % 2 ? "n1" : "Team Drie",
  "geweld",
  "gegrond",
]);
const faulty = ["K-x", "2016-05-31", "nergens", "geweld", "gegrond"];

const objects = [...rows, faulty].map((row) => Object.fromEntries(row.map((value, i) => [header[i]!, value])));
const csv = [header, ...rows, faulty].map((row) => row.join(";")).join("\n");

/** A Parquet file of what a select gives. */
async function parquet(select: string): Promise<Buffer> {
  const db = await Database.open(":memory:");
  const file = loading.home.write(`${Math.random()}.parquet`, "");
  try {
    await db.run(`copy (${select}) to ${literal(file)} (format parquet)`);
  } finally {
    db.close();
  }
  return readFileSync(file);
}

const complaintsInParquet = () =>
  parquet(
    `select unnest(from_json(${literal(JSON.stringify(objects))}, '[{${header.map((name) => `"${name}":"VARCHAR"`).join(",")}}]'), recursive := true)`,
  );

describe("loadFile(db, context, contracts, request) of any kind of file", () => {
  it.each<[string, () => Promise<Buffer> | Buffer, object, number]>([
    ["csv", () => Buffer.from(csv), { encoding: "utf-8", delimiter: ";", sheet: null, header_row: 1 }, 42],
    ["csv", () => Buffer.from(`Klachten;\n\nStand per;31-5-2016\n${csv}`), { header_row: 4 }, 45],
    [
      "csv",
      () => iconv.encode(`Klächten\r\n"half;\r\n"\r\n${csv.replaceAll("\n", "\r\n")}`, "windows-1252"),
      { header_row: 4, encoding: "windows-1252" },
      45,
    ],
    ["csv.gz", () => gzipSync(csv), { encoding: "utf-8" }, 42],
    [
      "xlsx",
      () => makeWorkbook({ sheets: [{ name: "Data", rows: [["Klachten"], [], header, ...rows, faulty] }] }),
      { encoding: null, delimiter: null, sheet: "Data", header_row: 3 },
      44,
    ],
    [
      "json",
      () => Buffer.from(JSON.stringify({ value: objects })),
      { encoding: "utf-8", sheet: null, header_row: null },
      41,
    ],
    ["json.gz", () => gzipSync(JSON.stringify(objects)), { encoding: "utf-8" }, 41],
    ["ndjson", () => Buffer.from(objects.map((each) => JSON.stringify(each)).join("\n")), { encoding: "utf-8" }, 41],
    [
      "ndjson",
      () => iconv.encode("\n" + objects.map((each) => JSON.stringify(each)).join("\n"), "utf-16le", { addBOM: true }),
      { encoding: "utf-16le" },
      42,
    ],
    ["parquet", complaintsInParquet, { encoding: null, delimiter: null, sheet: null, header_row: null }, 41],
  ])("takes %s", async (format, content, reading, line) => {
    const bytes = await content();
    const result = await loading.load("complaints", bytes, { name: "export" });
    expect(result).toMatchObject({ refused: null, format, ...reading, read: 41, accepted: 40, quarantined: 1 });
    const { db } = loading;
    expect(await db.one("select line, value, reason, record->>'complaint_id' as id from quarantine")).toEqual({
      line,
      value: "nergens",
      reason: "unknown_unit",
      id: "K-x",
    });
    expect(
      await db.one(
        "select count(*) as n from complaints where received_on = '2016-05-31' and outcome = 'founded' and aspects = ['force']",
      ),
    ).toEqual({ n: 40 });
    const kept = "select format, encoding, delimiter, sheet, header_row from loads where feed = 'complaints'";
    const { encoding, delimiter, sheet, header_row } = result;
    expect(await db.all(kept)).toEqual([{ format, encoding, delimiter, sheet, header_row }]);
    expect(await loading.load("complaints", bytes)).toMatchObject({ unchanged: true, format, ...reading });
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
  });

  it("knows numbers, dates, shares and booleans in each of them", async () => {
    const expected = [{ date: "2016-05-31", members: 1500, women: 2, diverse: "yes" }];
    const names = ["date", "unit_id", "position", "members", "women", "diverse"];
    const files = [
      makeWorkbook({
        formats: ["#,##0"],
        sheets: [{ rows: [names, [styled(42521, 2), "n1", "team_chief", styled(1500, 1), 2, true]] }],
      }),
      JSON.stringify([
        {
          date: "2016-05-31T00:00:00",
          unit_id: "n1",
          position: "team_chief",
          members: 1500.0,
          women: 2,
          diverse: true,
        },
      ]),
      await parquet(
        "select timestamp '2016-05-31 00:00:00' as date, 'n1' as unit_id, 'team_chief' as position, 1500::double as members, 2::tinyint as women, true as diverse",
      ),
    ];
    for (const content of files) {
      expect((await loading.load("committees", content, { acceptChange: true })).refused).toBeNull();
      expect(await loading.db.all("select date, members, women, diverse from committees")).toEqual(expected);
    }
  });

  it("keeps how a share was rounded", async () => {
    const names = ["wave", "unit_id", "population", "question", "share"];
    const sheet = makeWorkbook({
      formats: ["0.0%"],
      sheets: [{ rows: [names, [styled(42521, 2), "n1", "all", "q1", styled(0.25, 1)]] }],
    });
    expect((await loading.load("survey", sheet)).refused).toBeNull();
    expect(await loading.db.all("select share, share_step from survey")).toEqual([{ share: 0.25, share_step: 0.001 }]);
    await loading.load(
      "survey",
      '[{"wave":"2016-05-31","unit_id":"n1","population":"all","question":"q1","share":0.30}]',
    );
    expect(await loading.db.all("select share, share_step from survey")).toEqual([{ share: 0.3, share_step: 0.01 }]);
  });

  it("a point before three digits never groups thousands where numbers are numbers", async () => {
    const names = ["period", "unit_id", "category", "fte", "vacancies"];
    const make = [
      () => makeWorkbook({ sheets: [{ rows: [names, ["2016-05-31", "n1", "executive", 1.234, "0,5"]] }] }),
      () =>
        JSON.stringify([{ period: "2016-05-31", unit_id: "n1", category: "executive", fte: 1.234, vacancies: "0,5" }]),
      () =>
        parquet(
          "select date '2016-05-31' as period, 'n1' as unit_id, 'executive' as category, 1.234::decimal(9,3) as fte, '0,5' as vacancies",
        ),
    ];
    for (const content of make) {
      expect((await loading.load("establishment", await content(), { acceptChange: true })).refused).toBeNull();
      expect(await loading.db.all("select fte, vacancies from establishment")).toEqual([
        { fte: 1.234, vacancies: 0.5 },
      ]);
    }
  });

  it("takes a sheet and a header row of a mapping, and looks things up in a spreadsheet", async () => {
    loading.home.write(
      "teams.xlsx",
      makeWorkbook({
        sheets: [{ rows: [["x"]] }, { name: "Teams", rows: [["Overzicht"], ["code", "unit"], [7, "n1"]] }],
      }),
    );
    const content = makeWorkbook({
      sheets: [
        { rows: [["niets"]] },
        {
          name: "Klachten",
          rows: [
            ["nr", "team"],
            ["kenmerk", "code"],
            ["K-1", 7],
          ],
        },
      ],
    });
    const mapping = `feed: complaints
sheet: klachten
header_row: 2
lookups: { teams: { file: teams.xlsx, sheet: Teams, key: { code: code } } }
columns: { complaint_id: kenmerk, unit_id: teams.unit, received_on: { constant: 2016-05-31 }, aspects: { constant: other } }
`;
    expect(await loading.load("complaints", content, { mapping })).toMatchObject({
      refused: null,
      accepted: 1,
      sheet: "Klachten",
      header_row: 2,
    });
    expect(await loading.db.all("select unit_id from complaints")).toEqual([{ unit_id: "n1" }]);
  });
});

describe("a file about persons of any kind", () => {
  const names = ["personeelsnummer", "peildatum", "eenheid", "categorie", "functie", "geslacht", "naam"];
  const people = Array.from({ length: 30 }, (_, i) => [
    `SECRETNR${i}`,
    "2016-05-31",
    "n1",
    "executief",
    "medewerker",
    i % 3 ? "m" : "v",
    `SECRETNAME${i}`,
  ]);
  const wrong = ["SECRETNR99", "2016-05-31", "n1", "executief", "medewerker", "SECRETSEX", "SECRETNAME99"];
  const all = [...people, wrong];
  const asObjects = all.map((row) => Object.fromEntries(row.map((value, i) => [names[i]!, value])));
  const kinds: [string, () => Promise<Buffer> | Buffer][] = [
    ["xlsx", () => makeWorkbook({ texts: "shared", sheets: [{ rows: [["Personeel"], names, ...all] }] })],
    ["json", () => Buffer.from(JSON.stringify(asObjects))],
    ["ndjson", () => Buffer.from(asObjects.map((each) => JSON.stringify(each)).join("\n"))],
    [
      "parquet",
      () =>
        parquet(
          `select unnest(from_json(${literal(JSON.stringify(asObjects))}, '[{${names.map((name) => `"${name}":"VARCHAR"`).join(",")}}]'), recursive := true)`,
        ),
    ],
  ];

  it.each(kinds)("%s becomes cells, and leaves no trace of a person", async (format, content) => {
    const own = await makeLoading();
    const result = await own.load("staffing", await content());
    expect(result).toMatchObject({
      refused: null,
      format,
      by_person: true,
      read: 31,
      accepted: 30,
      reasons: { not_allowed: 1 },
    });
    expect(await own.db.all("select gender, headcount from staffing order by all")).toEqual([
      { gender: "man", headcount: 20 },
      { gender: "woman", headcount: 10 },
    ]);
    await own.db.run("checkpoint");
    await own.home.closeWarehouse();
    const files = readdirSync(own.home.folder, { recursive: true, encoding: "utf8" }).map((name) =>
      path.join(own.home.folder, name),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files.filter((name) => statSync(name).isFile()))
      expect([file, readFileSync(file).includes("SECRET")]).toEqual([file, false]);
    expect(JSON.stringify([result, own.home.messages])).not.toMatch(/SECRET/);
    await own.home.remove();
  });

  const streamed = (feed: string, content: Buffer) =>
    loadFile(loading.db, loading.home.context, loading.home.contracts, {
      feed,
      source: { name: "upload", size: null, path: null, open: () => Readable.from([content]) },
    });

  it("as Parquet from a stream is refused, and one that is not is taken", async () => {
    const content = await kinds[3]![1]();
    expect((await streamed("staffing", content)).refused).toMatch(/about persons.*put it in the inbox/);
    expect(await streamed("complaints", await complaintsInParquet())).toMatchObject({
      refused: null,
      accepted: 40,
      format: "parquet",
    });
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
  });

  it.each([
    [
      "has no header",
      [people[0]!.join(";"), people[1]!.join(";")].join("\n"),
      /lacks 6 required columns.*It has 7 that are not known/,
    ],
    [
      "lost the end of its header",
      names.join(";") + ";" + people[0]!.join(";") + "\n" + people[1]!.join(";"),
      /line 2 has 7 columns, the header has 14|both mean/,
    ],
    [
      "has a header half known",
      ["peildatum;eenheid;SECRETHEADER", "a;b;c"].join("\n"),
      /It has "peildatum", "eenheid", 1 that is not known \(column 3\)/,
    ],
  ])("that %s is refused without a word of its rows", async (_, content, message) => {
    const result = await loading.load("staffing", content);
    expect(result.refused).toMatch(message);
    expect(result.refused).not.toMatch(/SECRET/);
  });
});

describe("a Parquet file with too much in it", () => {
  it.each([
    ["fields", "KVV_MAX_CELLS", "10"],
    ["columns", "KVV_MAX_COLUMNS", "7"],
    ["bytes", "KVV_MAX_FILE_MB", "1"],
  ])("is refused: %s", async (_, name, value) => {
    const own = await makeLoading({ [name]: value });
    const wide = "select 1 as a, 2 as b, 3 as c, 4 as d, 5 as e, 6 as f, 7 as g, 8 as h";
    const content =
      name === "KVV_MAX_FILE_MB"
        ? Buffer.alloc(2 << 20, "PAR1")
        : name === "KVV_MAX_COLUMNS"
          ? await parquet(wide)
          : await complaintsInParquet();
    expect((await own.load("complaints", content)).refused).toMatch(new RegExp(name));
    expect(readdirSync(path.join(own.home.folder, "staging"))).toEqual([]);
    await own.home.remove();
  });
});

describe("kvv load", () => {
  it("says in words how a file was read", async () => {
    const sheet = makeWorkbook({ sheets: [{ name: "Data", rows: [["Klachten"], header, ...rows] }] });
    const words = async (content: string | Buffer) => command.print(await loading.load("complaints", content));
    expect(await words(sheet)).toContain('  read as xlsx, sheet "Data", header in row 2');
    expect(await words(csv.replaceAll(";", "\t"))).toContain("  read as csv, in utf-8, with tabs between columns");
    expect(await words(`Klachten\n${csv}`)).toContain('in utf-8, with ";" between columns, header in line 2');
    expect(await words(JSON.stringify(objects))).toContain("  read as json, in utf-8\n");
  });
});

describe("a file that is damaged or not what it seems", () => {
  it.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    ["Parquet cut off", async () => (await complaintsInParquet()).subarray(0, 400), /Parquet file cannot be read/],
    [
      "Parquet with other bytes",
      async () => Buffer.concat([Buffer.from("PAR1"), Buffer.alloc(100, 7), Buffer.from("PAR1")]),
      /Parquet file cannot be read/,
    ],
    [
      "a spreadsheet within gzip",
      () => gzipSync(makeWorkbook({ sheets: [{ rows: [["a"]] }] })),
      /a spreadsheet within a gzip file; unzip it/,
    ],
    ["gzip within gzip", () => gzipSync(gzipSync(csv)), /gzip file within a gzip file/],
    ["a PDF", () => Buffer.from("%PDF-1.7 …"), /a PDF file; ask for the table/],
    ["a web page", () => Buffer.from("<!DOCTYPE html><html><table>"), /a web page, whatever its name/],
    ["XML", () => Buffer.from('<?xml version="1.0"?><Workbook/>'), /an XML file/],
    ["a 7-Zip file", () => Buffer.from("377abcaf271c0004", "hex"), /7-Zip/],
  ])("%s is refused, with what to do", async (_, content, message) => {
    expect((await loading.load("complaints", await content())).refused).toMatch(message);
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
  });
});
