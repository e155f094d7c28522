import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { oneIn } from "../support/long.ts";
import {
  addTarget,
  readTargetLines,
  removeTarget,
  setTarget,
  targetColumns,
  type TargetLine,
} from "../../web/state/targets-text.ts";

const text = readFileSync(path.join(projectFolder, "data", "targets.csv"), "utf8");
const all = readTargetLines(text);
const empty = Object.fromEntries(targetColumns.map((column) => [column, ""])) as TargetLine;

describe("readTargetLines(text)", () => {
  it("reads the targets of the project, with the columns of their file", () => {
    expect(text.split("\n")[0]).toBe(targetColumns.join(","));
    expect(all.map(({ target }) => target)).toEqual(parse(text, { columns: true }));
    const lines = text.split("\n");
    for (const { line, target } of all) expect(lines[line - 1]!.startsWith(`${target.indicator_id},`)).toBe(true);
  });

  it("has none in an empty text", () => {
    expect(readTargetLines("")).toEqual([]);
    expect(readTargetLines("indicator_id,unit_id\n")).toEqual([]);
  });
});

describe("setTarget, addTarget, removeTarget", () => {
  it("change one value and nothing else, there and back", () => {
    for (const [index, { target }] of all.entries())
      for (const column of oneIn(5, targetColumns, index)) {
        expect(setTarget(text, index, column, target[column])).toBe(text);
        const other = setTarget(text, index, column, 'een, "ander"');
        expect(readTargetLines(other)[index]!.target).toEqual({ ...target, [column]: 'een, "ander"' });
        expect(readTargetLines(setTarget(other, index, column, target[column]))).toEqual(all);
      }
  });

  it("add a line at the end and take it away, without a changed byte", () => {
    const added = addTarget(text, { ...empty, indicator_id: "new", source: "A; B, C" });
    expect(added).toBe(`${text}new,,,,,,,,,,,,,,"A; B, C",,,\n`);
    expect(removeTarget(added, all.length)).toBe(text);
    expect(readTargetLines(removeTarget(text, 0))).toHaveLength(all.length - 1);
    expect(addTarget("", { ...empty, unit_id: "politie" }).split("\n")[0]).toBe(targetColumns.join(","));
    expect(addTarget("indicator_id,value\r\na,1", { ...empty, value: "2" })).toBe(
      "indicator_id,value\r\na,1\r\n,2\r\n",
    );
  });

  it("keep every text that anybody writes", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom(",", '"', '""', "a\nb", "a\r\nb", " a "));
    const target = fc.record(
      Object.fromEntries(targetColumns.map((column) => [column, cell])),
    ) as fc.Arbitrary<TargetLine>;
    fc.assert(
      fc.property(fc.array(target, { minLength: 1, maxLength: 4 }), (targets) => {
        const written = targets.reduce(addTarget, "");
        expect(readTargetLines(written).map((each) => each.target)).toEqual(targets);
        expect(removeTarget(written, targets.length - 1)).toBe(
          targets.slice(0, -1).reduce(addTarget, "") || `${targetColumns.join(",")}\n`,
        );
      }),
    );
  });
});
