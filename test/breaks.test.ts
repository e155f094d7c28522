import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBreaks } from "../pipelines/breaks.ts";
import { readProject } from "../pipelines/project.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { definitions } from "./support/figures.ts";

const all = await definitions();
const header = "indicator_id,unit_id,on_date,kind,label_nl,label_en,source";
const sound = "complaints,,2019-01-01,registration,anders geteld,counted differently,KVV";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-breaks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(...lines: string[]) {
  const file = path.join(folder, "breaks.csv");
  writeFileSync(file, lines.join("\n") + "\n");
  const { breaks, faults } = readBreaks(file, all);
  return { breaks, faults: faults.map((fault) => `${path.basename(fault.file)}:${fault.line}: ${fault.message}`) };
}

describe("readBreaks(file, definitions)", () => {
  it("reads a sound file; without a unit a break is of all", () => {
    const { breaks, faults } = read(header, sound, sound.replace(",,", ",den-haag,"));
    expect(faults).toEqual([]);
    expect(breaks.map(({ unit_id, on_date }) => [unit_id, on_date])).toEqual([
      [null, "2019-01-01"],
      ["den-haag", "2019-01-01"],
    ]);
  });

  it.each([
    ["an unknown indicator", sound.replace("complaints", "klachten"), 'there is no indicator "klachten"'],
    ["a day that does not exist", sound.replace("2019-01-01", "2019-02-30"), "on_date: write a date that exists"],
    [
      "another kind",
      sound.replace("registration", "storm"),
      "kind: write one of registration, organisation, definition",
    ],
    ["no words", sound.replace("anders geteld", ""), "label_nl: is empty; say what changed"],
    ["no source", sound.replace(",KVV", ","), "source: is empty; name who says so"],
    ["the same break again", sound, "is the same break as line 2: leave one of them out"],
  ])("names the line and the remedy of %s", (_, line, words) => {
    const { faults } = read(header, sound, line);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`breaks.csv:3: ${words}`);
  });

  it("knows unknown and missing columns", () => {
    expect(read(`${header},colour`, `${sound},red`).faults).toEqual(["breaks.csv:2: unknown columns: colour"]);
    expect(read("indicator_id", "complaints").faults).toContain("breaks.csv:2: there is no column on_date");
  });
});

describe("data/breaks.csv", () => {
  it("is sound, and read with the project", async () => {
    const { breaks, faults } = await readProject({ config: projectFolder });
    expect(faults).toEqual([]);
    expect(breaks.length).toBeGreaterThan(0);
  });
});
