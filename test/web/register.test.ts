import { describe, expect, it } from "vitest";
import type { ProcessingRow, RegisterColumnRow } from "../../web/api.ts";
import {
  groupedRegister,
  isUndecided,
  nameOfColumn,
  neededBy,
  questionCount,
  seenByRight,
  sharedKept,
  sharedMeasures,
} from "../../web/state/register.ts";

const words = (nl: string) => ({ nl, en: nl });
const row = (more: Partial<ProcessingRow>): ProcessingRow =>
  ({
    ...{ processing_id: "x", of: "feed", law: "gdpr", ground_decided: null, questions: [], unused: [] },
    ...{ measures: [], kept: [], seen: [], indicators: [] },
    ...more,
  }) as unknown as ProcessingRow;
const column = (more: Partial<RegisterColumnRow>): RegisterColumnRow =>
  ({ column_name: "background", header: "achtergrond", indicators: [], ...more }) as RegisterColumnRow;

describe("groupedRegister(register)", () => {
  it("puts the monitor's own apart, whatever its law, and leaves empty groups out", () => {
    const groups = groupedRegister([
      row({ processing_id: "a", law: "none" }),
      row({ processing_id: "b", of: "monitor" }),
    ]);
    expect(groups.map(({ group, processings }) => [group, processings.map((each) => each.processing_id)])).toEqual([
      ["monitor", ["b"]],
      ["none", ["a"]],
    ]);
  });
});

describe("isUndecided(processing), questionCount(processing)", () => {
  it("asks nothing of a ground where there are no personal data, or where it was decided", () => {
    expect([row({}), row({ law: "none" }), row({ ground_decided: "2026-11-29" })].map(isUndecided)).toEqual([
      ...[true, false, false],
    ]);
  });

  it("counts one question more where columns are needed by nothing", () => {
    expect(questionCount(row({ questions: [words("a"), words("b")] }))).toBe(2);
    expect(questionCount(row({ questions: [words("a")], unused: ["coat", "hat"] }))).toBe(2);
  });
});

describe("sharedMeasures(register), sharedKept(register)", () => {
  const files = { what: "files", amount: 30, unit: "days", setting: "KVV_KEEP_FILES_DAYS" } as const;
  const rows = { what: "rows", amount: 36, unit: "months", setting: null } as const;
  const register = [
    row({ measures: ["gate", "rights"], kept: [files, rows] }),
    row({ measures: ["rights", "keyed"], kept: [{ ...rows, amount: 24 }, files] }),
    row({ law: "none", measures: [], kept: [] }),
    row({ of: "monitor", measures: ["chained"], kept: [] }),
  ];

  it("are what all feeds about persons have alike", () => {
    expect(sharedMeasures(register)).toEqual(["rights"]);
    expect(sharedKept(register)).toEqual([files]);
    expect(sharedMeasures([])).toEqual([]);
  });
});

describe("neededBy(column, processing)", () => {
  const processing = row({
    indicators: [
      { id: "a", title: words("A") },
      { id: "b", title: words("B") },
    ],
  });

  it("names figures in the order of the processing, and says whether all need it", () => {
    const [a, b] = processing.indicators as [(typeof processing.indicators)[0], (typeof processing.indicators)[0]];
    expect(neededBy(column({ indicators: ["b"] }), processing)).toEqual({ figures: [b], all: false });
    expect(neededBy(column({ indicators: ["b", "a"] }), processing)).toEqual({ figures: [a, b], all: true });
    expect(neededBy(column({}), processing)).toEqual({ figures: [], all: false });
    expect(neededBy(column({ indicators: ["a"] }), row({ indicators: [a] }))).toEqual({ figures: [a], all: false });
  });
});

describe("nameOfColumn(column, language)", () => {
  it("is that of Dutch files in Dutch", () => {
    expect(nameOfColumn(column({}), "nl")).toBe("achtergrond");
    expect(nameOfColumn(column({ header: null }), "nl")).toBe("background");
    expect(nameOfColumn(column({}), "en")).toBe("background");
  });
});

describe("seenByRight(processing)", () => {
  it("has each right once, with who has it", () => {
    const seen = [
      { right: "figures", role: "hrm", reach: "hr" },
      { right: "data", role: "control", reach: "all" },
      { right: "figures", role: "control", reach: "all" },
    ] as const;
    expect(seenByRight(row({ seen: [...seen] })).map(({ right, by }) => [right, by.map(({ role }) => role)])).toEqual([
      ["figures", ["hrm", "control"]],
      ["data", ["control"]],
    ]);
  });
});
