import readXlsx from "read-excel-file/node";
import { describe, expect, it } from "vitest";
import { meetingSheet } from "../../web/components/hrm/meeting.ts";
import { text } from "../../web/locales/text.ts";
import { sheetCsv, sheetXlsx } from "../../web/state/sheet.ts";
import { definition, seriesRow, withheld } from "../support/rows.ts";
import type { TargetLine } from "../../web/state/hrm.ts";

const meta = {
  ...{ snapshot: "20170203T060000Z-0000aa", published_at: "2017-02-03T06:00:00Z", data_through: "2017-01-31" },
  demo: false,
};

const sheet = {
  columns: ["Wat", "Stand"],
  rows: [
    ["=1+1", { share: 0.224 }],
    ['een "twee"; drie', { day: "2016-12-31" }],
    [null, 1406],
  ],
};

describe("sheetCsv(sheet, language)", () => {
  it("is as the language's spreadsheets want it, and holds no formula", () => {
    expect(sheetCsv(sheet, "nl")).toBe(
      '\ufeffWat;Stand\r\n\'=1+1;0,224\r\n"een ""twee""; drie";2016-12-31\r\n;1406\r\n',
    );
    expect(sheetCsv(sheet, "en").split("\r\n")[1]).toBe("'=1+1,0.224");
  });
});

describe("sheetXlsx(sheet, name)", () => {
  it("is a workbook", async () => {
    const blob = await sheetXlsx(sheet, "Streefcijfers", "Toelichting");
    const head = new Uint8Array(await blob.arrayBuffer()).slice(0, 2);
    expect([...head]).toEqual([0x50, 0x4b]);
  });
});

describe("meetingSheet(lines, unitName, language, t)", () => {
  const line = (fields: Partial<TargetLine> = {}): TargetLine => ({
    definition: definition(),
    unitId: "den-haag",
    target: {
      ...{ unit_id: "politie", goal: "streefcijfer", status: "proposed", from: "2015-01-01", to: "2017-12-31" },
      ...{ kind: "at_least", value: 0.25, tolerance: null, grain: "year", source: "DH-2015", by: "paper" },
    } as TargetLine["target"],
    row: seriesRow({ target: 0.25, judgement: "missed_uncertain" }),
    newer: null,
    ended: false,
    inherited: true,
    ...fields,
  });
  const made = (fields: Partial<TargetLine> = {}) =>
    meetingSheet(
      [{ line: line(fields), need: { state: "withheld", reason: "threshold" } }],
      (id) => id,
      "nl",
      (key, values) => text("nl", key, values),
      meta,
    );

  it("says of which snapshot it is and what its figures mean, on the sheet and in CSV", async () => {
    const sheet = made({ definition: definition({ numerator: { nl: "vrouwen", en: "women" } }) });
    expect(sheet.about?.[0]).toEqual([
      "Momentopname",
      expect.stringMatching(
        /^Momentopname 20170203T060000Z-0000aa, gepubliceerd op 3 feb 2017.*; gegevens tot en met 31 januari 2017/,
      ),
    ]);
    expect(sheet.about?.[1]?.[1]).toContain("Teller: vrouwen");
    const [first, second] = sheetCsv(sheet, "nl").split("\r\n");
    expect(first).toMatch(/^\ufeff# Momentopname: /);
    expect(second).toMatch(/^# .*Teller: /);
    const blob = await sheetXlsx(sheet, "Streefcijfers", "Toelichting");
    const sheets = await readXlsx(Buffer.from(await blob.arrayBuffer()));
    expect(sheets.map((each) => each.sheet)).toEqual(["Streefcijfers", "Toelichting"]);
    expect(sheets[1]!.data[0]![0]).toBe("Momentopname");
  });

  it("has a cell for each column, with what the page shows", () => {
    const { columns, rows } = made();
    expect(rows[0]).toHaveLength(columns.length);
    const cell = (name: string) => rows[0]![columns.indexOf(name)];
    expect(cell("Stand")).toEqual({ share: 0.2 });
    expect(cell("Voor wie")).toBe("politie, landelijk");
    expect(cell("Oordeel")).toBe("niet gehaald, nog onzeker");
    expect(cell("Wat is er nodig")).toMatch(/niet te geven/);
  });

  it("has no number where a figure is withheld, but the reason", () => {
    const { columns, rows } = made({ row: seriesRow(withheld("complement")) });
    const numbers = ["Stand", "Aantal", "Van", "Marge van", "Marge tot"].filter((name) => columns.indexOf(name) >= 8);
    for (const name of numbers) expect(rows[0]![columns.lastIndexOf(name)]).toBeNull();
    expect(rows[0]![columns.indexOf("Opmerking")]).toContain("mee te berekenen");
  });
});
