import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import writeExcelFile from "write-excel-file/node";
import { openTable, type OpenOptions } from "../../pipelines/reading/open.ts";
import { linesOf } from "../../pipelines/reading/table.ts";
import { makeHome } from "../support/home.ts";
import { makeWorkbook, styled, type Sheet, type WorkbookParts } from "../support/workbook.ts";
import { makeZip } from "../support/zip.ts";
import { openOptions } from "./support.ts";

const home = makeHome();
afterAll(() => home.remove());
const staging = path.join(home.folder, "staging");

const stream = (content: Buffer) => ({
  name: "x",
  size: content.length,
  path: null,
  open: () => Readable.from([content.subarray(0, 1), content.subarray(1)]),
});

/** Reads bytes as a file; returns what was found, with its rows. */
async function read(content: Buffer, options: Partial<OpenOptions> = {}) {
  const file = await openTable(stream(content), { ...openOptions, staging, ...options });
  const text = file.content ?? readFileSync(file.path!);
  const rows = text.toString("utf8").trimEnd().split("\n").filter(Boolean);
  return { ...file, rows: rows.map((row) => JSON.parse(row) as (string | null)[]) };
}

const readSheet = (sheet: Sheet, parts: Partial<WorkbookParts> = {}, options: Partial<OpenOptions> = {}) =>
  read(makeWorkbook({ sheets: [sheet], ...parts }), options);

const knows = (...headers: string[]) => ({ knows: (header: string) => headers.includes(header) });

describe("openTable(source, options) of a spreadsheet", () => {
  it.each(["inline", "shared"] as const)("reads texts that are %s, as they are", async (texts) => {
    const text = ' één & <twee> "drie"\nvier _x0041_';
    const found = await readSheet(
      {
        rows: [
          ["naam", "waarde"],
          [text, "x"],
          ["x", null],
        ],
      },
      { texts },
    );
    expect(found).toMatchObject({ format: "xlsx", sheet: "Blad1", headerRow: 1, header: ["naam", "waarde"] });
    expect(found).toMatchObject({ encoding: null, delimiter: null, regular: true, firstLine: 2, personal: false });
    expect(found.rows).toEqual([
      [text.replace("_x0041_", "A"), "x"],
      ["x", null],
    ]);
  });

  it("reads what another program writes", async () => {
    const cell = (value: unknown, format?: string) => ({ value, ...(format ? { format } : {}) }) as never;
    const content = await writeExcelFile(
      [
        [cell("datum"), cell("aantal"), cell("aandeel"), cell("divers"), cell("eenheid")],
        [
          cell(new Date(Date.UTC(2016, 4, 31)), "dd-mm-yyyy"),
          cell(1234),
          cell(0.25, "0%"),
          cell(true),
          cell("Den Haag"),
        ],
      ],
      { sheet: "Cijfers" },
    ).toBuffer();
    const found = await read(content);
    expect(found).toMatchObject({ sheet: "Cijfers", header: ["datum", "aantal", "aandeel", "divers", "eenheid"] });
    expect(found.rows).toEqual([["2016-05-31", "1234", "25%", "true", "Den Haag"]]);
  });

  it.each([
    ["a number without the noise of its last digits", 0.1 + 0.2, "", "0.3"],
    ["a large number without thousands marks", 1234567, "#,##0", "1234567"],
    ["a number that could be taken for thousands", 1.234, "", "0001.234"],
    ["a date", 42521, "d-m-yyyy", "2016-05-31"],
    ["a date in words", 42521, "[$-413]d mmmm yyyy;@", "2016-05-31"],
    ["a month", 42521, "mmm-yy", "2016-05-31"],
    ["a date with a time", 42521.5, "d-m-yyyy hh:mm", "2016-05-31 12:00:00"],
    ["the last second of a day, by whatever digits", 42521.99999999, "d-m-yyyy", "2016-06-01"],
    ["a day before the leap day that never was", 59, "d-m-yyyy", "1900-02-28"],
    ["a number that no calendar has", -5, "d-m-yyyy", "-5"],
    ["a share as it is shown", 0.25, "0%", "25%"],
    ["a share with decimals, as they are shown", 0.25, "0.0%", "25.0%"],
    ["a share with more digits than are shown", 0.2534, "0%", "0.2534"],
    ["a share that binary digits cannot hold", 0.07, "0%", "7%"],
    ["an amount with a word in its format", 12, '0" dagen"', "12"],
    ["an amount in euros", 12.5, '_ "€" * #,##0.00_ ', "12.5"],
    ["a number of general format", 16, "General", "16"],
  ])("reads %s", async (_, value, format, text) => {
    const found = await readSheet({ rows: [["a"], [styled(value, format ? 1 : 0)]] }, { formats: [format || "0"] });
    expect(found.rows).toEqual([[text]]);
  });

  it("reads the formats that have numbers: a date and a share", async () => {
    const found = await readSheet({
      rows: [
        ["a", "b"],
        [styled(42521, 1), styled(0.5, 2)],
      ],
    });
    expect(found.rows).toEqual([["2016-05-31", "50%"]]);
  });

  it("counts days from 1904 where the workbook does", async () => {
    const found = await readSheet({ rows: [["a"], [styled(41059, 1)]] }, { since1904: true });
    expect(found.rows).toEqual([["2016-05-31"]]);
  });

  it("reads booleans, errors, formulas with their outcome, ISO dates and runs of text", async () => {
    const cells = [
      false,
      { xml: 't="e"><v>#N/A</v>' },
      { xml: 't="str"><f>A1&amp;"x"</f><v>uit</v>' },
      { xml: "><f>1+1</f><v>2</v>" },
      { xml: 't="d"><v>2016-05-31T00:00:00</v>' },
      {
        xml: 't="inlineStr"><is><r><t>een</t></r><r><rPr><b/></rPr><t xml:space="preserve"> twee</t></r><rPh><t>nee</t></rPh></is>',
      },
    ];
    const found = await readSheet({ rows: [["a", "b", "c", "d", "e", "f"], cells] });
    expect(found.rows).toEqual([["false", "#N/A", "uit", "2", "2016-05-31T00:00:00", "een twee"]]);
  });

  it("finds the header below title rows, and the row of each row", async () => {
    const rows = [
      ["Klachten per eenheid"],
      ["Peildatum", "31-12-2016"],
      [],
      ["nr", "datum", "eenheid"],
      ["1", "a", "b"],
      [],
      ["2", "a", "b"],
    ];
    const found = await readSheet({ rows }, {}, knows("nr", "datum", "eenheid"));
    expect(found).toMatchObject({ headerRow: 4, header: ["nr", "datum", "eenheid"], regular: false });
    expect(found.rows).toEqual([
      ["1", "a", "b"],
      ["2", "a", "b"],
    ]);
    expect(await linesOf(found, [0, 1])).toEqual([5, 7]);
  });

  it("takes the header row and the sheet that a mapping names", async () => {
    const content = makeWorkbook({
      sheets: [
        { name: "Uitleg", rows: [["x"]] },
        {
          name: "Gegevens",
          rows: [
            ["a", "b"],
            ["c", "d"],
            ["1", "2"],
          ],
        },
      ],
    });
    const found = await read(content, { sheet: "gegevens", headerRow: 2, ...knows("a", "b") });
    expect(found).toMatchObject({ sheet: "Gegevens", headerRow: 2, header: ["c", "d"], rows: [["1", "2"]] });
    await expect(read(content, { sheet: "Blad9" })).rejects.toThrow('no sheet "Blad9"; it has "Uitleg", "Gegevens"');
    await expect(read(content, { sheet: "Gegevens", headerRow: 9 })).rejects.toThrow(/says that row 9 is the header/);
  });

  it("takes the first sheet that is not hidden", async () => {
    const sheets: Sheet[] = [
      { name: "Lijst", state: "veryHidden", rows: [["x"]] },
      { name: "Gegevens", rows: [["a"], ["1"]] },
    ];
    expect(await read(makeWorkbook({ sheets }))).toMatchObject({ sheet: "Gegevens", header: ["a"] });
  });

  it("leaves out what stands beside the table, and rows without anything", async () => {
    const found = await readSheet(
      {
        rows: [
          ["a", "b"],
          ["1", "2", null, "opmerking"],
          [null, null, null, "x"],
          ["", " "],
        ],
      },
      {},
      knows("a", "b"),
    );
    expect(found.rows).toEqual([["1", "2"]]);
  });

  it("keeps a file about persons in memory", async () => {
    const before = readdirSync(staging).length;
    const found = await readSheet(
      { rows: [["naam"], ["SECRET"]] },
      {},
      { isPersonal: (header) => header.includes("naam") },
    );
    expect(found).toMatchObject({ personal: true, path: null, staged: false, rows: [["SECRET"]] });
    expect(readdirSync(staging).length).toBe(before);
  });

  it.each<[string, Sheet, RegExp]>([
    [
      "merged cells in the header",
      {
        rows: [
          ["a", null, "c"],
          ["1", "2", "3"],
        ],
        merged: ["A1:B1"],
      },
      /header in row 1 has merged cells \(A1:B1\)/,
    ],
    [
      "merged cells in the table",
      {
        rows: [
          ["a", "b"],
          ["1", "2"],
          [null, "3"],
        ],
        merged: ["A2:A3"],
      },
      /table has merged cells \(A2:A3\)/,
    ],
    [
      "a formula without its outcome",
      { rows: [["a"], [{ xml: "><f>B1</f>" }]] },
      /cell A2 has a formula without its outcome/,
    ],
    ["no cells", { rows: [] }, /sheet is empty/],
    ["a text that is not there", { rows: [["a"], [{ xml: 't="s"><v>77</v>' }]] }, /damaged/],
    [
      "rows above the header that look like data",
      {
        rows: [
          ["1", "2", "3"],
          ["a", "b", "c"],
        ],
      },
      /row 1 above it looks like data/,
    ],
    [
      "a row too long",
      { rows: [["a"].concat(Array<string>(40).fill("b")), Array<string>(41).fill("x".repeat(900_000))] },
      /row 2 has more than 16384 kB.*KVV_MAX_LINE_KB/,
    ],
    ["a cell too long", { rows: [["a"], ["x".repeat(3_000_000)]] }, /text of more than 1024 kB.*KVV_MAX_LINE_KB/],
  ])("refuses a sheet with %s", async (_, sheet, message) => {
    const before = readdirSync(staging).length;
    await expect(readSheet(sheet, {}, knows("a", "b", "c"))).rejects.toThrow(message);
    expect(readdirSync(staging).length).toBe(before);
  });

  it("allows merged cells above the header", async () => {
    const rows = [["Titel"], ["a", "b"], ["1", "2"]];
    expect((await readSheet({ rows, merged: ["A1:F1"] }, {}, knows("a", "b"))).headerRow).toBe(2);
  });

  it.each<[string, Buffer, RegExp]>([
    ["a zip file", makeZip([{ name: "a.csv", content: "a,b" }]), /a zip file; unpack it/],
    ["a Word document", makeZip([{ name: "word/document.xml", content: "<a/>" }]), /a Word document/],
    ["an OpenDocument file", makeZip([{ name: "content.xml", content: "<a/>" }]), /\.ods.*save it as \.xlsx or CSV/],
    ["a binary spreadsheet", makeZip([{ name: "xl/workbook.bin", content: "x" }]), /\.xlsb/],
    [
      "an old spreadsheet",
      Buffer.from("d0cf11e0a1b11ae100000000", "hex"),
      /old Excel file \(\.xls\), or a spreadsheet with a password/,
    ],
    [
      "a spreadsheet cut off",
      makeWorkbook({ sheets: [{ rows: [["a"], ["b"]] }] }).subarray(0, 500),
      /damaged or cut off/,
    ],
  ])("refuses %s", async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  it.each<[string, Partial<WorkbookParts>, Partial<OpenOptions>, RegExp]>([
    ["cells", {}, { maxCells: 5 }, /more than 5 cells.*KVV_MAX_CELLS/],
    ["columns", {}, { maxColumns: 1 }, /2 columns, more than 1.*KVV_MAX_COLUMNS/],
    ["bytes as they are on disk", {}, { maxMemoryBytes: 1000 }, /held in memory.*KVV_MAX_MEMORY_MB/],
    ["bytes unzipped", {}, { maxFileBytes: 3000 }, /unzipped.*KVV_MAX_FILE_MB/],
    [
      "entries",
      { others: Array.from({ length: 30 }, (_, i) => ({ name: `${i}`, content: "" })) },
      { maxZipEntries: 20 },
      /more than 20 entries.*KVV_MAX_ZIP_ENTRIES/,
    ],
    ["shared texts", { texts: "shared" }, { maxMemoryBytes: 6000 }, /of texts.*KVV_MAX_MEMORY_MB/],
  ])("refuses too many %s, by the cap's name", async (_, parts, options, message) => {
    const rows = Array.from({ length: 30 }, (_, i) => [`a${i}`, `b${i}`]);
    await expect(readSheet({ rows }, parts, options)).rejects.toThrow(message);
  });

  it("judges a bomb by the bytes that come out, not by what the file claims", async () => {
    const bomb = { name: "xl/worksheets/sheet1.xml", content: Buffer.alloc(50_000_000, " "), claimed: 1000 };
    await expect(readSheet({ rows: [] }, { others: [bomb] }, { maxFileBytes: 10_000_000 })).rejects.toThrow(
      /damaged|unzipped/,
    );
    const honest = { ...bomb, claimed: undefined as never };
    await expect(
      readSheet({ rows: [] }, { others: [honest] }, { maxFileBytes: 10_000_000, maxLineBytes: 1e9 }),
    ).rejects.toThrow(/more than 10 MB unzipped/);
  });

  it("takes no document type: entities cannot grow", async () => {
    const content = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>';
    await expect(readSheet({ rows: [] }, { others: [{ name: "xl/worksheets/sheet1.xml", content }] })).rejects.toThrow(
      /damaged/,
    );
  });
});
