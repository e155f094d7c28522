import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database, literal } from "../../pipelines/database.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { complaints, makeLoading, organisation, type Loading } from "./support.ts";

let loading: Loading;
beforeEach(async () => {
  loading = await makeLoading();
});
afterEach(() => loading.home.remove());

/** Everything that the warehouse has of the loads. */
const everything = async ({ db }: Loading) => ({
  complaints: await db.all("from complaints order by all"),
  staffing: await db.all("from staffing order by all"),
  units: await db.all("from units order by all"),
  loads: await db.all("from loads order by load_id"),
  coverage: await db.all("from coverage order by all"),
  quarantine: await db.all("from quarantine order by all"),
});

const staffing = (rows: string[]) => ["period,unit_id,category,role,gender,headcount", ...rows].join("\n") + "\n";

describe("loadFile(db, context, contracts, request)", () => {
  it("finds rows with one key wherever they stand in a file of more rows than are grouped at once", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `F-${i * 52_000},2016-05-05,n1,treatment,,`);
    const result = await loading.load("complaints", complaints(rows, 1_050_000));
    expect(result).toMatchObject({ read: 1_050_020, accepted: 1_050_000, reasons: { duplicate_key: 20 } });
  });

  it("tells what it read, and keeps it in `loads`", async () => {
    const result = await loading.load("complaints", complaints(["A,2016-01-01,nergens,treatment,,"]), {
      name: "k.csv",
    });
    expect(result).toEqual({
      feed: "complaints",
      file: "k.csv",
      load_id: 2,
      read: 101,
      accepted: 100,
      merged: 0,
      skipped: 0,
      quarantined: 1,
      unchanged: false,
      refused: null,
      reasons: { unknown_unit: 1 },
      format: "csv",
      encoding: "utf-8",
      delimiter: ",",
      sheet: null,
      header_row: 1,
      max_quarantined_reason: null,
      by_person: false,
    });
    expect(
      await loading.db.one(
        "select * exclude (file_hash, mapping_hash, archive_file, reasons) from loads where load_id = 2",
      ),
    ).toMatchObject({
      feed: "complaints",
      read: 101,
      from_month: "2016-01-01",
      to_month: "2016-09-30",
      unit_id: "n1",
      total: 100,
    });
  });

  it("reads what Dutch exports write, in windows-1252", async () => {
    const text =
      "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten;Oordeel;Datum afdoening\n" +
      "K1;31-12-2015;Team Eén;Bejegening|Discriminatie;Niet-ontvankelijk;15/01/2016\n";
    await loading.load("units", organisation.replace("Team Een", "Team Eén"));
    const result = await loading.load("complaints", iconv.encode(text, "windows-1252"));
    expect(result).toMatchObject({ accepted: 1, encoding: "windows-1252", delimiter: ";", refused: null });
    expect(
      await loading.db.one("select received_on, unit_id, aspects, outcome, closed_on, count from complaints"),
    ).toEqual({
      received_on: "2015-12-31",
      unit_id: "n1",
      aspects: ["discrimination", "treatment"],
      outcome: "not_taken_up",
      closed_on: "2016-01-15",
      count: 1,
    });
  });

  it("read = accepted + merged + skipped + quarantined, whatever is in the file", async () => {
    const field = (...values: string[]) => fc.constantFrom(...values);
    const row = fc.tuple(
      field("", "a", "b", "c", "d", "e"),
      field("2016-01-01", "31-12-2016", "", "morgen", "2019-01-01"),
      field("n1", "n2", "s1", "old", "x", "", "Team Oud"),
      field("treatment", "force|treatment", "zang", ""),
      field("2016-02-01", "", "2001-01-01", "?"),
      field("", "1", "3", "-1", "1.5", "*"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const text = [
          "complaint_id;received_on;unit_id;aspects;closed_on;count",
          ...rows.map((each) => each.join(";")),
        ].join("\n");
        const mapping =
          "feed: complaints\nmax_quarantined: { share: 1, reason: everything may fail here }\nfilters: { complaint_id: { not: e } }\n";
        const result = await loading.load("complaints", text, { mapping });
        const { read, accepted, merged, skipped, quarantined } = result;
        expect(result.refused).toBeNull();
        expect(read).toBe(rows.length);
        expect(accepted + merged + skipped + quarantined).toBe(read);
        expect(Object.values(result.reasons).reduce((sum, n) => sum + n, 0)).toBe(quarantined);
        const kept = await loading.db.one<{ n: number }>("select count(*) as n from complaints where load_id = $id", {
          id: result.load_id,
        });
        if (!result.unchanged) expect(kept!.n).toBe(accepted);
      }),
      { numRuns: 25 },
    );
  });

  it("leaves nothing behind but the load", async () => {
    await loading.load("complaints", complaints([]));
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
    expect(await loading.db.all("select table_name from duckdb_tables() where temporary")).toEqual([]);
    expect(await loading.db.all("select view_name from duckdb_views() where temporary and not internal")).toEqual([]);
  });

  it("writes what was accepted as Parquet", async () => {
    const { load_id } = await loading.load("complaints", complaints(["A,2016-01-01,nergens,treatment,,"]));
    const file = path.join(loading.home.folder, "archive", "complaints", `${load_id}.parquet`);
    const reader = await Database.open(":memory:");
    expect(await reader.one(`select count(*) as n, sum(count) as total from ${literal(file)}`)).toEqual({
      n: 100,
      total: 100,
    });
    const meta = await reader.one<{ value: string }>(
      `select decode(value) as value from parquet_kv_metadata(${literal(file)}) where decode(key) = 'load'`,
    );
    expect(JSON.parse(meta!.value)).toMatchObject({ feed: "complaints", from_month: "2016-01-01", unit_id: "n1" });
    reader.close();
  });

  it("does not know a feed without a contract", async () => {
    const { db, home } = loading;
    await expect(loadFile(db, home.context, home.contracts, { feed: "klachten", path: "x" })).rejects.toThrow(
      /no feed "klachten"; there are: .*complaints/,
    );
  });
});

describe("the same bytes again", () => {
  it("change nothing and say so", async () => {
    const text = complaints(["A,2016-01-01,nergens,treatment,,"]);
    const first = await loading.load("complaints", text);
    const before = await everything(loading);
    expect(await loading.load("complaints", text)).toMatchObject({
      unchanged: true,
      load_id: null,
      read: 101,
      accepted: 100,
      reasons: first.reasons,
    });
    expect(await everything(loading)).toEqual(before);
  });

  it("are loaded again where another file of the same coverage has come since", async () => {
    const [a, b] = [
      staffing(["2016-05,n1,executive,employee,man,10"]),
      staffing(["2016-05,n1,executive,employee,man,12"]),
    ];
    await loading.load("staffing", a);
    await loading.load("staffing", b);
    expect(await loading.load("staffing", a)).toMatchObject({ unchanged: false, accepted: 1 });
    expect(await loading.db.all("select headcount from staffing")).toEqual([{ headcount: 10 }]);
  });

  it("are loaded again where units have come that it had lacked", async () => {
    const text = complaints(["A,2016-01-01,later,treatment,,"]);
    await loading.load("complaints", text);
    await loading.load("units", organisation + "later,Later,team,north,2005-01-01,,\n");
    expect(await loading.load("complaints", text)).toMatchObject({ unchanged: false, accepted: 101, quarantined: 0 });
  });

  it("with another mapping are another load", async () => {
    await loading.load("complaints", complaints([]));
    const mapping = "feed: complaints\ncolumns: { outcome: null }\n";
    expect(await loading.load("complaints", complaints([]), { mapping })).toMatchObject({ unchanged: false });
  });
});

describe("upsert", () => {
  it("a later load of a key wins; other keys stay", async () => {
    await loading.load("complaints", complaints(["A,2016-01-01,n1,treatment,pending,"], 3));
    await loading.load("complaints", complaints(["A,2016-01-01,n1,treatment,founded,2016-02-01"], 0));
    expect(
      await loading.db.one("select count(*) as n, count(*) filter (outcome = 'pending') as pending from complaints"),
    ).toEqual({ n: 4, pending: 0 });
  });

  it("a full load deletes keys of its coverage that it lacks, and no others", async () => {
    await loading.load(
      "complaints",
      complaints(["A,2016-01-01,n1,force,,", "B,2016-01-01,s1,force,,", "C,2014-01-01,n1,force,,"], 0),
    );
    const mapping = "feed: complaints\nfull: true\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: north }\n";
    await loading.load("complaints", complaints(["D,2016-03-01,n2,treatment,,"], 0), { mapping });
    expect(await loading.db.all("select unit_id, year(received_on) as year from complaints order by all")).toEqual([
      { unit_id: "n1", year: 2014 },
      { unit_id: "n2", year: 2016 },
      { unit_id: "s1", year: 2016 },
    ]);
  });

  it("counted rows are added up, replace counted rows of their coverage, and leave rows with an id", async () => {
    const counted = (rows: string[]) => ["received_on,unit_id,aspects,count", ...rows].join("\n");
    await loading.load("complaints", complaints(["A,2016-01-01,n1,force,,"], 0));
    const first = await loading.load(
      "complaints",
      counted(["2016-01-05,n1,force,2", "2016-01-05,n1,force,3", "2016-01-05,n2,force,1"]),
    );
    expect(first).toMatchObject({ read: 3, accepted: 2, merged: 1 });
    await loading.load("complaints", counted(["2016-01-05,n1,force,4"]));
    expect(
      await loading.db.all("select unit_id, count, complaint_id is null as counted from complaints order by all"),
    ).toEqual([
      { unit_id: "n1", count: 1, counted: false },
      { unit_id: "n1", count: 4, counted: true },
      { unit_id: "n2", count: 1, counted: true },
    ]);
  });

  it("a count that was withheld is not 1, and withholds the sum; an event with an id is one", async () => {
    const text =
      "complaint_id,received_on,unit_id,aspects,count\n,2016-01-05,n1,force,*\n,2016-01-05,n1,force,3\nA,2016-01-05,n1,force,7\n";
    expect(await loading.load("complaints", text)).toMatchObject({ refused: null, accepted: 2, merged: 1 });
    expect(await loading.db.all("select count, withheld from complaints order by all")).toEqual([
      { count: 0, withheld: ["count"] },
      { count: 1, withheld: null },
    ]);
  });

  it("a key of several columns, some of them empty, is a key", async () => {
    const text = (value: string) =>
      `measure,unit,period_start,period_end,breakdown,value,denominator,unit_of_measure,source_title,publisher,source_date,source_url,note\nstaff,NL,2016-01-01,2016-12-31,,${value},,persons,Jaarverslag,Politie,2017,,\n`;
    await loading.load("published", text("60000"));
    await loading.load("published", text("61000"));
    expect(await loading.db.all("select value from published")).toEqual([{ value: 61000 }]);
  });
});

describe("replace", () => {
  it("a load replaces exactly its months, and the lowest unit above its rows with all below it", async () => {
    await loading.load(
      "staffing",
      staffing([
        "2016-04,n1,executive,employee,man,1",
        "2016-05,n1,executive,employee,man,2",
        "2016-05,n2,executive,employee,man,3",
        "2016-05,s1,executive,employee,man,4",
      ]),
    );
    await loading.load(
      "staffing",
      staffing(["2016-05,n1,executive,employee,man,20", "2016-05,north,executive,employee,man,1"]),
      { acceptChange: true },
    );
    expect(await loading.db.all("select unit_id, period, headcount from staffing order by all")).toEqual([
      { unit_id: "n1", period: "2016-04-30", headcount: 1 },
      { unit_id: "n1", period: "2016-05-31", headcount: 20 },
      { unit_id: "north", period: "2016-05-31", headcount: 1 },
      { unit_id: "s1", period: "2016-05-31", headcount: 4 },
    ]);
    expect(
      await loading.db.all(
        "select unit_id, from_month, to_month from coverage where feed = 'staffing' order by load_id",
      ),
    ).toEqual([
      { unit_id: "force", from_month: "2016-04-01", to_month: "2016-05-31" },
      { unit_id: "north", from_month: "2016-05-01", to_month: "2016-05-31" },
    ]);
  });

  it("rows that are equal but for their numbers are added up, and one that was withheld withholds the sum", async () => {
    const text = staffing([
      "2016-05,n1,executive,employee,man,2",
      "2016-05,n1,executive,employee,man,3",
      "2016-05,n2,executive,employee,man,2",
      "2016-05,n2,executive,employee,man,<5",
    ]);
    expect(await loading.load("staffing", text)).toMatchObject({ read: 4, accepted: 2, merged: 2 });
    expect(await loading.db.all("select headcount, withheld from staffing order by unit_id")).toEqual([
      { headcount: 5, withheld: null },
      { headcount: null, withheld: ["headcount"] },
    ]);
  });

  it("refuses a total that is far from the last of the same coverage, unless that is accepted", async () => {
    await loading.load("staffing", staffing(["2016-05,n1,executive,employee,man,100"]));
    const fewer = staffing(["2016-05,n1,executive,employee,man,40"]);
    const before = await everything(loading);
    expect((await loading.load("staffing", fewer)).refused).toMatch(
      /its total is 40, 60% less than the 100 .* --accept-change/,
    );
    expect(await everything(loading)).toEqual(before);
    expect(await loading.load("staffing", fewer, { acceptChange: true })).toMatchObject({ refused: null, accepted: 1 });
  });

  it("covers months without rows where the mapping says so", async () => {
    const mapping = "feed: staffing\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: north }\n";
    await loading.load("staffing", staffing(["2016-03,n2,executive,employee,man,9"]));
    await loading.load("staffing", staffing(["2016-05,n1,executive,employee,man,1"]), { mapping });
    expect(await loading.db.all("select unit_id from staffing")).toEqual([{ unit_id: "n1" }]);
    const beyond = await loading.load("staffing", staffing(["2016-05,s1,executive,employee,man,1"]), { mapping });
    expect(beyond.refused).toMatch(/covers unit "north", but it has rows of "s1"/);
  });
});

describe("a file that comes as a stream", () => {
  const streamed = (content: Iterable<Buffer>, size: number | null = null) =>
    loadFile(loading.db, loading.home.context, loading.home.contracts, {
      feed: "complaints",
      source: { name: "upload.csv", size, path: null, open: () => Readable.from(content) },
    });

  it("loads as one that lies on a disk, in whatever pieces it arrives", async () => {
    const bytes = gzipSync(complaints(["A,2016-01-01,n1,force,,"], 3));
    const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
    const result = await streamed(pieces, bytes.length);
    expect(result).toMatchObject({ file: "upload.csv", refused: null, read: 4, accepted: 4 });
    expect(await loading.load("complaints", bytes)).toMatchObject({ unchanged: true });
  });

  it("that breaks off changes nothing, and says so", async () => {
    const before = await everything(loading);
    const result = await streamed(
      (function* () {
        yield Buffer.from(complaints([], 3));
        throw new Error("aborted");
      })(),
    );
    expect(result.refused).toBe("the file did not arrive whole; send it again");
    expect(await everything(loading)).toEqual(before);
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
  });
});

describe("a file that is refused", () => {
  it.each([
    [
      "lacks columns",
      "complaint_id,received_on\nA,2016-01-01\n",
      /lacks 2 required columns: unit_id, aspects\. It has "complaint_id", "received_on"/,
    ],
    [
      "begins with a row, and tells nothing of it",
      "900123;Jansen;1980-05-05;Den Haag\n900124;Bakker;1981-05-05;Den Haag\n",
      /lacks 4 required columns: .*\. It has 4 that are not known \(column 1, 2, 3, 4\)\. Rename/,
    ],
    ["has no rows", "complaint_id,received_on,unit_id,aspects\n", /header but no rows/],
    ["is empty", "", /empty/],
    [
      "ends within a row",
      complaints([]) + "A,2016-01-01,n1",
      /line 102 has 3 columns, the header has 6: the file is half-written/,
    ],
    ["ends within quotes", complaints([]) + 'A,2016-01-01,n1,"treat', /line 102 has a quote that is not closed/],
    ["has a row too wide", complaints(["A,2016-01-01,n1,force,,,x"]), /line 102 has 7 columns/],
    [
      "is mostly wrong",
      complaints(["A,2016-01-01,x,force,,"], 3),
      /1 of 4 rows would be quarantined \(1 unknown_unit in unit_id\), more than 5%/,
    ],
    [
      "has two headers for a column",
      "complaint_id,datum,ontvangstdatum,eenheid,aspect\nA,2016-01-01,2016-01-01,n1,force\n",
      /"datum" and "ontvangstdatum" both mean received_on/,
    ],
  ])("%s: changes nothing, and says why", async (_, text, message) => {
    await loading.load("complaints", complaints(["K,2016-01-01,n1,force,,"], 3));
    const before = await everything(loading);
    const result = await loading.load("complaints", text, { name: "x.csv" });
    expect(result.refused).toMatch(message);
    expect(result.load_id).toBeNull();
    expect(await everything(loading)).toEqual(before);
    expect(await loading.db.all("select feed, file, reason from refusals")).toEqual([
      { feed: "complaints", file: "x.csv", reason: result.refused },
    ]);
    expect(readdirSync(path.join(loading.home.folder, "staging"))).toEqual([]);
  });

  it("has a line that is too long", async () => {
    const result = await loading.load("complaints", complaints([]) + "A,2016-01-01,n1,force,," + "x".repeat(2_000_000));
    expect(result.refused).toMatch(/a line of more than 1024 kB/);
  });
});

describe("a load that fails", () => {
  it("changes nothing, though it failed in the last step", async () => {
    await loading.load("complaints", complaints([], 3));
    const before = await everything(loading);
    const { db } = loading;
    const run = db.run.bind(db);
    db.run = async (sql, parameters) => {
      if (sql.startsWith("insert into quarantine")) throw new Error("the disk is full");
      return run(sql, parameters);
    };
    await expect(loading.load("complaints", complaints(["A,2016-01-01,n1,force,,"], 50))).rejects.toThrow(
      /disk is full/,
    );
    db.run = run;
    expect(await everything(loading)).toEqual(before);
    expect(existsSync(path.join(loading.home.folder, "archive", "complaints", "3.parquet"))).toBe(false);
    expect(await loading.load("complaints", complaints(["A,2016-01-01,n1,force,,"], 50))).toMatchObject({
      accepted: 51,
      load_id: 3,
    });
  });
});

describe("a file about persons", () => {
  const header = "personeelsnummer;peildatum;eenheid;categorie;functie;geslacht;achtergrond;geboortedatum;naam";
  const person = (number: number, gender: string, unit = "n1") =>
    `SECRETNR${number};31-05-2016;${unit};executief;medewerker;${gender};enkel;1980-01-0${(number % 9) + 1};SECRETNAME${number}`;
  const export_ = (faulty: string[] = []) =>
    [
      header,
      ...Array.from({ length: 90 }, (_, i) => person(i, i % 3 === 0 ? "v" : "m", i % 2 ? "n1" : "n2")),
      ...faulty,
    ].join("\r\n") + "\r\n";

  it("becomes cells; accepted counts persons", async () => {
    const result = await loading.load("staffing", export_());
    expect(result).toMatchObject({ refused: null, read: 90, accepted: 90, merged: 0, quarantined: 0 });
    expect(await loading.db.all("select unit_id, gender, headcount, background from staffing order by all")).toEqual([
      { unit_id: "n1", gender: "man", headcount: 30, background: "single" },
      { unit_id: "n1", gender: "woman", headcount: 15, background: "single" },
      { unit_id: "n2", gender: "man", headcount: 30, background: "single" },
      { unit_id: "n2", gender: "woman", headcount: 15, background: "single" },
    ]);
  });

  it("a person who is there twice counts once", async () => {
    const result = await loading.load("staffing", export_([person(1, "m")]));
    expect(result).toMatchObject({ read: 91, accepted: 90, reasons: { duplicate_key: 1 } });
    expect(await loading.db.one("select column_name, value from quarantine")).toEqual({
      column_name: "employee_id",
      value: null,
    });
  });

  it("leaves no trace of a person: not in the warehouse, quarantine, archive, staging or messages", async () => {
    await loading.load("staffing", export_([person(1, "m"), person(200, "zang"), person(201, "m", "nergens")]));
    await loading.load("staffing", export_().replace(header, header.replace("geslacht", "sekse1")));
    await loading.db.run("checkpoint");
    await loading.home.closeWarehouse();
    const files = readdirSync(loading.home.folder, { recursive: true, encoding: "utf8" }).map((name) =>
      path.join(loading.home.folder, name),
    );
    for (const file of files.filter((name) => statSync(name).isFile())) {
      const content = readFileSync(file);
      expect([file, content.includes("SECRET"), content.includes("1980-01-0")]).toEqual([file, false, false]);
    }
    expect(loading.home.messages.join("\n")).not.toMatch(/SECRET/);
  });

  it("that is half-written is refused without a word of its rows", async () => {
    const result = await loading.load("staffing", export_() + "SECRETNR500;31-05-2016;n1");
    expect(result.refused).toMatch(/line 92 has 3 columns, the header has 9/);
    expect(result.refused).not.toMatch(/SECRET/);
  });

  it("keeps of a row in quarantine only what is wrong with it, and not even that where it says something of the person", async () => {
    await loading.load("staffing", export_([person(200, "zang"), person(201, "vrouw", "nergens")]));
    expect(await loading.db.all("select line, column_name, value, record from quarantine order by line")).toEqual([
      { line: 92, column_name: "gender", value: null, record: null },
      { line: 93, column_name: "unit_id", value: "nergens", record: null },
    ]);
  });
});

describe("units", () => {
  it.each([
    ["a parent that is not there", "x,X,team,nowhere,2005-01-01,,", /x has parent "nowhere"/],
    ["a circle", "x,X,team,y,2005-01-01,,\ny,Y,team,x,2005-01-01,,", /x lies below itself; y lies below itself/],
    [
      "two periods that overlap",
      "n1,Team Een,team,north,2010-01-01,,",
      /n1 has two periods that overlap: from 2005-01-01 and from 2010-01-01/,
    ],
  ])("that have %s are refused by name", async (_, rows, message) => {
    const before = await everything(loading);
    const result = await loading.load("units", organisation + rows + "\n");
    expect(result.refused).toMatch(message);
    expect(await everything(loading)).toEqual(before);
  });

  it("may hang under another unit in another period", async () => {
    const moved = organisation.replace(
      "n1,Team Een,team,north,2005-01-01,,",
      "n1,Team Een,team,north,2005-01-01,2015-12-31,\nn1,Team Een,team,south,2016-01-01,,",
    );
    expect(await loading.load("units", moved)).toMatchObject({ refused: null });
    await loading.load(
      "staffing",
      staffing(["2015-05,n1,executive,employee,man,1", "2015-05,n2,executive,employee,man,1"]),
    );
    await loading.load(
      "staffing",
      staffing(["2016-05,n1,executive,employee,man,1", "2016-05,s1,executive,employee,man,1"]),
    );
    expect(await loading.db.all("select unit_id from coverage where feed = 'staffing' order by load_id")).toEqual([
      { unit_id: "north" },
      { unit_id: "south" },
    ]);
  });
});
