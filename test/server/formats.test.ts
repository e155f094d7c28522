import { tableFromIPC, type Vector } from "apache-arrow";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../server/routes/index.ts";
import { rowQuestions } from "../support/row-questions.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "./ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ rows: 200 });
});
afterAll(() => fixture.stop());

type Row = Record<string, unknown>;

const url = (path: string, more: string) => `/api/v1${path}${path.includes("?") ? "&" : "?"}${more}`;

/** What a CSV cell says, back as JSON has it; `like` is the JSON value, for its type. */
function fromCsv(cell: string, like: unknown, decimal: "." | ","): unknown {
  if (cell === "[]") return [];
  if (Array.isArray(like) && like.every((each) => each === null || typeof each === "number"))
    return like.length === 0 && cell === "" ? [] : cell.split("|").map((each) => fromCsv(each, 0, decimal));
  if (Array.isArray(like) && like.every((each) => typeof each === "string") && !cell.startsWith("["))
    return cell === "" ? [] : cell.split("|");
  if (typeof like === "object" && like !== null) return JSON.parse(cell);
  if (cell === "") return null;
  if (typeof like === "number") return Number(cell.replace(decimal, "."));
  if (typeof like === "boolean") return cell === "true";
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** What an Arrow value says, back as JSON has it. */
function fromArrow(value: unknown, like: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof like === "string" && typeof value === "number") {
    const iso = new Date(value).toISOString();
    return like.length === 10 ? iso.slice(0, 10) : iso;
  }
  if (typeof like === "object" && typeof value === "string") return JSON.parse(value);
  if (Array.isArray(like)) return [...(value as Vector)];
  return value;
}

const alike = (rows: Row[], found: (row: number, name: string, like: unknown) => unknown): Row[] =>
  rows.map((row, index) =>
    Object.fromEntries(Object.entries(row).map(([name, like]) => [name, found(index, name, like)])),
  );

describe("CSV and Arrow", () => {
  it("are tried on every route that answers rows", () => {
    const tried = new Set(rowQuestions.map((question) => question.split("?")[0]));
    const withRows = routes.filter((route) => ["rows", "operations", "written", "register"].includes(route.answers));
    expect(tried).toEqual(new Set(withRows.map((route) => route.path)));
  });

  it.each(rowQuestions)("%s has the same rows in JSON, CSV and Arrow", async (question) => {
    const rows = await askJson<Row[]>(fixture, question);
    const csv = await ask(fixture, url(question, "format=csv"));
    expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const records = parse(csv.text, { columns: true }) as Record<string, string>[];
    expect(records).toHaveLength(rows.length);
    expect(alike(rows, (row, name, like) => fromCsv(records[row]![name]!, like, "."))).toEqual(rows);

    const arrow = await ask(fixture, url(question, "format=arrow"));
    expect(arrow.headers["content-type"]).toBe("application/vnd.apache.arrow.stream");
    const table = tableFromIPC(arrow.bytes);
    expect(table.numRows).toBe(rows.length);
    if (rows[0]) expect(table.schema.fields.map((field) => field.name)).toEqual(Object.keys(rows[0]));
    const columns = Object.fromEntries(table.schema.fields.map((field) => [field.name, table.getChild(field.name)!]));
    expect(alike(rows, (row, name, like) => fromArrow(columns[name]!.get(row), like))).toEqual(rows);
  });

  it("encode words of series as dictionaries, and more than one batch", async () => {
    const { bytes } = await ask(fixture, "/api/v1/series?indicator=all&unit=all&grain=quarter&format=arrow");
    const table = tableFromIPC(bytes);
    expect(table.batches.length).toBeGreaterThan(2);
    for (const name of ["indicator_id", "unit_id", "grain", "judgement", "withheld_reason"])
      expect(String(table.schema.fields.find((field) => field.name === name)!.type)).toContain("Dictionary");
    expect(String(table.schema.fields.find((field) => field.name === "value")!.type)).toBe("Float64");
  });
});

describe("what a file says of itself", () => {
  const question = "/series?indicator=intake-dual&unit=den-haag&grain=year";

  it("stands in the schema of Arrow: snapshot, dates, question, definition", async () => {
    const { bytes } = await ask(fixture, url(question, "format=arrow"));
    const { metadata } = tableFromIPC(bytes).schema;
    expect(metadata.get("kvv.snapshot")).toBe("20170203T060000Z-0000aa");
    expect(metadata.get("kvv.published_at")).toBe("2017-02-03T06:00:00Z");
    expect(metadata.get("kvv.data_through")).toBe("2017-01-31");
    expect(metadata.get("kvv.table")).toBe("/api/v1/series");
    expect(JSON.parse(metadata.get("kvv.question")!)).toMatchObject({ indicator: ["intake-dual"], grain: ["year"] });
    const [definition] = JSON.parse(metadata.get("kvv.definitions")!) as Row[];
    expect(definition).toMatchObject({ indicator_id: "intake-dual", owner: "HRM", version: { number: 2 } });
    expect(metadata.get("kvv.about")).toContain("Numerator: intake with a dual background");
  });

  it("stands above the header of CSV where it is asked for, each line after a #", async () => {
    const plain = await ask(fixture, url(question, "format=csv&locale=nl"));
    const told = await ask(fixture, url(question, "format=csv&locale=nl&about=true"));
    const lines = told.text.replace("\ufeff", "").split("\r\n");
    const head = lines.filter((line) => line.startsWith("#"));
    expect(head).toContain("# Momentopname: 20170203T060000Z-0000aa");
    expect(head).toContain("# Gegevens tot en met: 2017-01-31");
    expect(head).toContain("# Noemer: instroom met bekende achtergrond");
    expect(lines.slice(head.length).join("\r\n")).toBe(plain.text.replace("\ufeff", ""));
    expect(
      parse(told.text, { columns: true, delimiter: ";", bom: true, comment: "#", comment_no_infix: true }),
    ).toEqual(parse(plain.text, { columns: true, delimiter: ";", bom: true }));
    expect(await askProblem(fixture, url("/units", "about=yes"))).toMatchObject({ status: 400 });
  });

  it("names no definition where all are asked for", async () => {
    const { bytes } = await ask(fixture, url("/series?indicator=all&grain=year", "format=arrow"));
    expect(tableFromIPC(bytes).schema.metadata.has("kvv.definitions")).toBe(false);
  });

  it("says of the pipelines' work when it was written down", async () => {
    const { bytes } = await ask(fixture, url("/runs", "format=arrow"));
    expect(tableFromIPC(bytes).schema.metadata.get("kvv.written_at")).toMatch(/^\d{4}-\d\d-\d\dT/);
  });
});

describe("?format= and Accept", () => {
  it.each([
    ["text/csv", "text/csv; charset=utf-8"],
    ["application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream"],
    ["application/json", "application/json; charset=utf-8"],
    [
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "application/json; charset=utf-8"],
    ["text/csv;q=0.5, application/json", "application/json; charset=utf-8"],
    ["application/*", "application/json; charset=utf-8"],
  ])("Accept: %s brings %s", async (accept, type) => {
    const answered = await ask(fixture, "/api/v1/units", { headers: { accept } });
    expect(answered.headers["content-type"]).toBe(type);
    expect(answered.headers.vary).toMatch(/accept/i);
  });

  it("the address decides over the header", async () => {
    const answered = await ask(fixture, "/api/v1/units?format=csv", { headers: { accept: "application/json" } });
    expect(answered.headers["content-type"]).toBe("text/csv; charset=utf-8");
  });

  it("refuses what it does not have, and says what it has", async () => {
    const byAddress = await askProblem(fixture, "/api/v1/units?format=parquet");
    expect(byAddress).toMatchObject({ status: 406 });
    expect(byAddress.detail).toContain("json, csv, arrow, xlsx");
    const byHeader = await askProblem(fixture, "/api/v1/units", { headers: { accept: "image/png" } });
    expect(byHeader).toMatchObject({ status: 406 });
    expect(byHeader.detail).toContain("text/csv");
    expect(await askProblem(fixture, "/api/v1/units?format=csv&format=json")).toMatchObject({ status: 406 });
  });
});

describe("?locale=nl", () => {
  it("writes semicolons, decimal commas and a byte order mark, and the same rows", async () => {
    const question = "/series?indicator=intake-dual&unit=all&grain=year";
    const rows = await askJson<Row[]>(fixture, question);
    const { text } = await ask(fixture, url(question, "format=csv&locale=nl"));
    expect(text.startsWith("\ufeffindicator_id;unit_id;")).toBe(true);
    expect(text).toMatch(/;0,25;/);
    expect(text.split("\r\n")).toHaveLength(rows.length + 2);
    const records = parse(text, { columns: true, delimiter: ";", bom: true }) as Record<string, string>[];
    expect(alike(rows, (row, name, like) => fromCsv(records[row]![name]!, like, ","))).toEqual(rows);
  });

  it("knows no other language", async () => {
    expect(await askProblem(fixture, "/api/v1/units?locale=de")).toMatchObject({ status: 400 });
  });
});

describe("text that a spreadsheet would run", () => {
  it("gets an apostrophe in CSV, and stays as it is in JSON", async () => {
    const csv = await ask(fixture, "/api/v1/quarantine?feed=complaints&format=csv");
    expect(csv.text).toContain(",'=cmd|calc,");
    const references = await ask(fixture, "/api/v1/references?format=csv");
    expect(references.text).toContain(",'=geraamd\r\n");
    expect((await askJson(fixture, "/quarantine?feed=complaints"))[0]!.value).toBe("=cmd|calc");
  });
});
