import readXlsx from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openZip } from "../../pipelines/reading/zip.ts";
import type { Source } from "../../server/about.ts";
import { hasColumnWord } from "../../server/column-words.ts";
import { routes } from "../../server/routes/index.ts";
import { smallTable, type Field, type Table } from "../../server/table.ts";
import { writeXlsx } from "../../server/xlsx.ts";
import { rowQuestions } from "../support/row-questions.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { ask, askJson } from "./ask.ts";

type Row = Record<string, unknown>;
type CellValue = string | number | boolean | Date | null;

const source: Source = { path: "/runs", question: {}, from: { writtenAt: "2017-02-03T06:00:00.000Z" } };

async function written(table: Table, locale: "nl" | "en" = "en"): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeXlsx(table, locale, source)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The cells of each sheet, by its name. */
async function sheetsOf(bytes: Buffer): Promise<Record<string, CellValue[][]>> {
  const sheets = (await readXlsx(bytes, { trim: false })) as unknown as { sheet: string; data: CellValue[][] }[];
  return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, data]));
}

/** The text of a part of the file. */
async function partOf(bytes: Buffer, name: string): Promise<string> {
  const zip = await openZip(bytes, { maxFileBytes: 64 * 1024 * 1024, maxZipEntries: 100 });
  let text = "";
  for await (const chunk of zip.read(name)) text += chunk.toString();
  return text;
}

const ofTexts = (values: string[]) =>
  smallTable(
    [{ name: "value", kind: "text" }],
    values.map((value) => ({ value })),
  );

const dangerous = ["=1+1", "+31", "-x", "@sum", "\t=x", '=HYPERLINK("http://example.org")', "-1"];

describe("writeXlsx(table, locale, source)", () => {
  it("writes texts that begin like a formula as texts, and no formula at all", async () => {
    const bytes = await written(ofTexts(dangerous));
    const xml = await partOf(bytes, "xl/worksheets/sheet1.xml");
    expect(xml).not.toMatch(/<f[ >]/);
    expect(xml.match(/ t="s"/g)).toHaveLength(dangerous.length + 1);
    const { Data } = await sheetsOf(bytes);
    expect(Data!.slice(1).map(([cell]) => cell)).toEqual(dangerous);
    // Shown as text, so that it stays one when somebody edits it.
    expect(await partOf(bytes, "xl/styles.xml")).toContain('formatCode="@"');
  });

  it.each(["constructor", "__proto__", "toString", "_x0041_", "a\nb", ' <&>"', "x".repeat(40_000)])(
    "keeps text %#",
    async (text) => {
      const { Data } = await sheetsOf(await written(ofTexts([text, "after"])));
      const cells = Data!.slice(1).map(([cell]) => String(cell));
      expect(cells[1]).toBe("after");
      if (text.length < 100) expect(cells[0]!.trimEnd()).toBe(text);
      else expect(cells[0]).toHaveLength(32_767);
    },
  );

  const fields: Field[] = [
    { name: "on_date", kind: "date" },
    { name: "at", kind: "timestamp" },
    { name: "value", kind: "number" },
    { name: "complete", kind: "boolean" },
    { name: "spark", kind: "numbers" },
  ];
  const row = {
    on_date: "2016-12-31",
    at: Date.parse("2017-02-03T06:00:00Z"),
    value: -1.5,
    complete: false,
    spark: [0.5, null],
  };

  it.each([
    ["nl", "dd-mm-yyyy", ["Datum", "Op (UTC)", "Waarde", "Compleet", "Waarden ervoor"], "0,5|"],
    ["en", "yyyy-mm-dd", ["Date", "At (UTC)", "Value", "Complete", "Values before"], "0.5|"],
  ] as const)("in %s: real dates as %s, and the words of its header", async (locale, format, heads, list) => {
    const bytes = await written(smallTable(fields, [row, {}]), locale);
    const [head, cells, none] = Object.values(await sheetsOf(bytes))[0]!;
    expect(head).toEqual(heads);
    expect(cells).toEqual([new Date("2016-12-31"), new Date("2017-02-03T06:00:00Z"), -1.5, false, list]);
    expect(none ?? [null]).toEqual((none ?? [null]).map(() => null));
    const styles = await partOf(bytes, "xl/styles.xml");
    expect(styles).toContain(`formatCode="${format}"`);
    expect(styles).toContain(`formatCode="${format} hh:mm"`);
    expect(await partOf(bytes, "xl/worksheets/sheet1.xml")).toMatch(/<pane [^>]*state="frozen"/);
  });

  it("writes a day before spreadsheets count as a text", async () => {
    const { Data } = await sheetsOf(await written(smallTable([fields[0]!], [{ on_date: "1848-03-14" }])));
    expect(Data![1]).toEqual(["1848-03-14"]);
  });

  it("says how many rows are too many, and what to do", async () => {
    const length = 1_000_001;
    const batch = { length, columns: [{ kind: "number" as const, values: new Float64Array(length), valid: null }] };
    const table = { fields: [{ name: "value", kind: "number" as const }], batches: [batch] };
    await expect(written(table)).rejects.toMatchObject({
      status: 413,
      code: "too-many-rows",
      detail: expect.stringMatching(/1000001 rows of 1 columns.*at most 1000000.*format=csv/) as string,
    });
  });

  it("makes a large workbook in a thread of its own, the same as a small one", async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => ({ value: i / 8 }));
    const { Gegevens } = await sheetsOf(await written(smallTable([{ name: "value", kind: "number" }], rows), "nl"));
    expect(Gegevens!.slice(1).map(([cell]) => cell)).toEqual(rows.map(({ value }) => value));
  });
});

/** What a cell says, back as JSON has it; `like` is the JSON value, for its type. */
function fromCell(cell: CellValue, like: unknown): unknown {
  if (typeof like === "object" && like !== null && "en" in like && like.en === cell) return like;
  if (typeof like === "object" && typeof cell === "string" && /^[[{]/.test(cell)) return JSON.parse(cell);
  if (Array.isArray(like) && like.every((each) => each === null || typeof each !== "object")) {
    if (cell === null) return [];
    const numbers = like.every((each) => each === null || typeof each === "number");
    return String(cell)
      .split("|")
      .map((each) => (numbers ? (each === "" ? null : Number(each)) : each));
  }
  if (cell instanceof Date) {
    const iso = new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString();
    return String(like).length === 10 ? iso.slice(0, 10) : iso;
  }
  return cell;
}

describe("format=xlsx", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await serveFixture();
  });
  afterAll(() => fixture.stop());

  const workbook = async (question: string, more = "") => {
    const mark = question.includes("?") ? "&" : "?";
    const answered = await ask(fixture, `/api/v1${question}${mark}format=xlsx${more}`);
    expect(answered.headers["content-type"], answered.text.slice(0, 300)).toBe(
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    return answered.bytes;
  };

  it.each(rowQuestions)("%s has the same rows as JSON", async (question) => {
    const rows = await askJson<Row[]>(fixture, question);
    const { Data } = await sheetsOf(await workbook(question));
    const names = Object.keys(rows[0] ?? {});
    const found = rows.map((row, i) =>
      Object.fromEntries(names.map((name, column) => [name, fromCell(Data![i + 1]![column] ?? null, row[name])])),
    );
    expect(found).toEqual(rows);
    expect(Data).toHaveLength(rows.length + 1);
  });

  it("has a word in both languages for every field", () => {
    const names = routes.flatMap((route) =>
      route.answers === "rows" ||
      route.answers === "operations" ||
      route.answers === "written" ||
      route.answers === "register"
        ? [...Object.keys(route.row.shape), ...Object.keys(route.query.shape)]
        : [],
    );
    expect(names.filter((name) => !hasColumnWord(name))).toEqual([]);
  });

  it("writes shares as percentages, by the decimals of the indicator, and counts as numbers", async () => {
    const share = await workbook("/series?indicator=intake-dual&unit=politie&grain=year");
    expect(await partOf(share, "xl/styles.xml")).toContain('formatCode="0.0%"');
    const count = await workbook("/series?indicator=complaints&unit=politie&grain=year");
    expect(await partOf(count, "xl/styles.xml")).not.toContain("%");
  });

  it("says on its second sheet where the figures come from, what was asked, and what they mean", async () => {
    const sheets = await sheetsOf(
      await workbook("/series?indicator=intake-dual&unit=den-haag&grain=month", "&locale=nl"),
    );
    expect(Object.keys(sheets)).toEqual(["Gegevens", "Toelichting"]);
    const lines = sheets.Toelichting!.map((row) => row.filter((cell) => cell !== null).map(String));
    expect(lines).toContainEqual(["Momentopname", "20170203T060000Z-0000aa"]);
    expect(lines).toContainEqual(["Gepubliceerd op", "2017-02-03T06:00:00Z"]);
    expect(lines).toContainEqual(["Gegevens tot en met", "2017-01-31"]);
    expect(lines).toContainEqual(["Eenheid", "den-haag"]);
    expect(lines).toContainEqual(["Soort periode", "month"]);
    expect(lines).toContainEqual(["den-haag", "Den Haag"]);
    const definition = lines.find(([first, , third]) => first === "intake-dual" && third)!;
    expect(definition).toEqual(
      expect.arrayContaining([
        "instroom met een dubbele culturele achtergrond",
        "HRM",
        "2",
        "Achtergrond is niet van iedereen bekend.",
      ]),
    );
    expect(lines).toContainEqual(["floor", "voor deze eenheid alleen over een langere periode"]);
    expect(lines).toContainEqual(["Reden van niet tonen", "withheld_reason"]);
  });

  it("has no number where a figure is withheld, but the reason", async () => {
    const question = "/series?indicator=intake-dual&unit=all&grain=quarter";
    const { Data } = await sheetsOf(await workbook(question));
    const column = (word: string) => Data![0]!.indexOf(word);
    const withheld = Data!.slice(1).filter((row) => row[column("Withheld")] === true);
    expect(withheld.length).toBeGreaterThan(10);
    for (const row of withheld) {
      for (const word of ["Value", "Numerator", "Lower bound", "Upper bound"])
        expect(row[column(word)] ?? null).toBeNull();
      expect(row[column("Reason withheld")]).toMatch(/^[a-z]+$/);
    }
  });

  it("stands in the OpenAPI document, with the language that it can have", async () => {
    const { paths } = await askJson<{ paths: Record<string, { get: { parameters: Row[]; responses: Row } }> }>(
      fixture,
      "/openapi.json",
    );
    const { parameters, responses } = paths["/series"]!.get;
    expect(parameters.find(({ name }) => name === "format")).toMatchObject({
      schema: { enum: ["json", "csv", "arrow", "xlsx"] },
    });
    expect(parameters.map(({ name }) => name)).toContain("about");
    expect(JSON.stringify(responses)).toContain("spreadsheetml.sheet");
  });
});
