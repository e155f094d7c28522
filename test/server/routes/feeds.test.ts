import readXlsx from "read-excel-file/node";
import writeXlsx, { type SheetData } from "write-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Column } from "../../../pipelines/contracts/contract.ts";
import { loadFile } from "../../../pipelines/loading/load.ts";
import { headerOf } from "../../../server/template.ts";
import { makeHome } from "../../support/home.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson, askProblem } from "../ask.ts";

const home = makeHome();
const feeds = [...home.contracts.keys()];
let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ snapshot: false });
  const units = home.write("units.csv", "unit_id,name,level,valid_from\npolitie,Politie,force,2013-01-01\n");
  await loadFile(await home.warehouse(), home.context, home.contracts, { feed: "units", path: units });
});
afterAll(async () => {
  await fixture.stop();
  await home.remove();
});

describe("GET /api/v1/feeds/:feed", () => {
  it("says what the feed is, all columns alike", async () => {
    const feed = await askJson<Record<string, unknown>>(fixture, "/feeds/complaints");
    expect(feed).toMatchObject({
      ...{ feed: "complaints", title: { nl: "Klachten" }, mode: "upsert", key: ["complaint_id"], cadence: "month" },
      ...{ date_order: [["received_on", "closed_on"]], one_of: [], parts: [], weight: "count" },
    });
    expect((feed.columns as Record<string, unknown>[])[0]).toEqual({
      ...{ name: "complaint_id", type: "id", required: true, unless: "count", values: null, min: null, max: null },
      ...{ default: null, signed: false, future: false, personal: false, person: false },
      aliases: ["klachtnummer", "klacht id", "klachtnr", "zaaknummer", "klachtkenmerk"],
    });
    expect(feed).not.toHaveProperty("hash");
  });

  it.each(feeds)("knows %s", async (feed) => {
    const { columns } = await askJson<{ columns: { name: string }[] }>(fixture, `/feeds/${feed}`);
    expect(columns.map((column) => column.name)).toEqual(home.contracts.get(feed)!.columns.map(({ name }) => name));
  });

  it.each(["nothing", "..%2f..%2fpackage", "%00", "Complaints", "a.b"])("does not know %s", async (feed) => {
    for (const path of ["", "/template"])
      expect([400, 404]).toContain((await askProblem(fixture, `/api/v1/feeds/${feed}${path}`)).status);
  });
});

/** A value that any column of the type takes. */
function valueOf(column: Column): string {
  const [code] = Object.keys(column.values ?? {});
  if (column.default !== undefined || column.name === "parent_id" || column.name === "predecessor_ids") return "";
  switch (column.type) {
    case "code":
    case "codes":
      return code ?? "een";
    case "unit":
      return "politie";
    case "date":
    case "month_end":
      return "31-12-2016";
    case "year":
      return "2016";
    case "integer":
    case "decimal":
      return String(column.min ?? 1);
    case "share":
      return "50%";
    case "id":
    case "text":
      return "A-1";
  }
}

describe("GET /api/v1/feeds/:feed/template", () => {
  const nl = "?locale=nl&format=";

  it("is a file to keep, in either format", async () => {
    const csv = await ask(fixture, "/api/v1/feeds/complaints/template");
    expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(csv.headers["content-disposition"]).toBe("attachment; filename=complaints-template.csv");
    expect(csv.text).toBe("complaint_id,received_on,unit_id,aspects,origin,route,outcome,closed_on,count\r\n");
    const dutch = await ask(fixture, `/api/v1/feeds/complaints/template${nl}csv`);
    expect(dutch.text).toMatch(/^\ufeffklachtnummer;ontvangen op;eenheid;/);
    const xlsx = await ask(fixture, `/api/v1/feeds/complaints/template${nl}xlsx`);
    expect(xlsx.headers["content-disposition"]).toBe("attachment; filename=complaints-template.xlsx");
    expect(await askProblem(fixture, "/api/v1/feeds/complaints/template?format=arrow")).toMatchObject({ status: 406 });
  });

  it.each(feeds)("of %s loads again when it is filled in, in Dutch and English", async (feed) => {
    const contract = home.contracts.get(feed)!;
    const columns = contract.columns.filter((column) => !column.person);
    const cells = columns.map(valueOf);
    for (const [locale, separator] of [
      ["nl", ";"],
      ["en", ","],
    ] as const) {
      const { text } = await ask(fixture, `/api/v1/feeds/${feed}/template?format=csv&locale=${locale}`);
      const row = cells.map((cell, i) => (columns[i]!.name === contract.key[0] ? `${cell}-${locale}` : cell));
      const path = home.write(`${feed}-${locale}.csv`, `${text}${row.join(separator)}\r\n`);
      const result = await loadFile(await home.warehouse(), home.context, home.contracts, { feed, path });
      expect(result).toMatchObject({ refused: null, reasons: {}, read: 1, accepted: 1, by_person: false });
    }
  });

  it.each(feeds)("of %s explains every column in a second sheet", async (feed) => {
    const { bytes } = await ask(fixture, `/api/v1/feeds/${feed}/template${nl}xlsx`);
    const sheets = await readXlsx(bytes);
    expect(sheets.map(({ sheet }) => sheet)[1]).toBe("Uitleg");
    const names = home.contracts
      .get(feed)!
      .columns.filter((column) => !column.person)
      .map((column) => headerOf(column, "nl"));
    expect(sheets[0]!.data).toEqual([names]);
    expect(sheets[1]!.data.slice(-names.length).map(([name]) => name)).toEqual(names);
  });

  it.each(feeds)("of %s loads again as a spreadsheet, its explanation beside it", async (feed) => {
    const columns = home.contracts.get(feed)!.columns.filter((column) => !column.person);
    const { bytes } = await ask(fixture, `/api/v1/feeds/${feed}/template${nl}xlsx`);
    const [first, second] = await readXlsx(bytes);
    const cells = columns.map((column) =>
      column.name === home.contracts.get(feed)!.key[0] ? "A-xlsx" : valueOf(column),
    );
    const filled = await writeXlsx([
      { sheet: first!.sheet, data: [...first!.data, cells] as SheetData },
      { sheet: second!.sheet, data: second!.data as SheetData },
    ]).toBuffer();
    const path = home.write(`${feed}.xlsx`, filled);
    const result = await loadFile(await home.warehouse(), home.context, home.contracts, { feed, path });
    expect(result).toMatchObject({ refused: null, reasons: {}, read: 1, accepted: 1, format: "xlsx", header_row: 1 });
  });

  it("has no word that a spreadsheet would run", () => {
    const column = home.contracts.get("complaints")!.columns[0]!;
    for (const word of ["=1+1", "+1", "-1", "@sum", "\t=1", "a;b", '"a"'])
      expect(headerOf({ ...column, aliases: [word] }, "nl")).toBe("complaint_id");
    expect(headerOf({ ...column, aliases: ["één"] }, "nl")).toBe("één");
  });
});
