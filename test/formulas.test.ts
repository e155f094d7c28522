import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { formulasIn } from "../pipelines/formulas.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { parseTargets } from "../pipelines/targets.ts";
import { targetHeader, targetOf } from "./workbench/support.ts";

describe("formulasIn(text)", () => {
  it.each([
    ["a,=1+1", "=1+1"],
    ["a\n=1,b", "=1"],
    ['a,"=HYPERLINK(x)"', "=HYPERLINK(x)"],
    ["a;@SUM(A1)", "@SUM(A1)"],
    ["a,+31 6", "+31 6"],
    ["a,-x", "-x"],
    ["a,-1+1", "-1+1"],
    ["a,\tb", "\tb"],
    ["\ufeff=a,b", "=a"],
    ["=a", "=a"],
  ])("finds that of %j", (text, value) => expect(formulasIn(text)[0]?.value).toBe(value));

  it.each(["a,-0.05,b", "a,-1", "a-b,c=d,e+f", "2016-01-01,a@b", 'a,"b, -c"', ""])("finds none in %j", (text) =>
    expect(formulasIn(text)).toEqual([]),
  );

  it("names the line, whatever ends lines", () => {
    expect(formulasIn("a,b\r\nc,d\r\ne,=f").map(({ line }) => line)).toEqual([3]);
    expect(formulasIn("a,b\nc,=d\n=e,f").map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe("parseTargets(text, file, definitions)", () => {
  it("finds no formula in the targets of the project", () => {
    expect(formulasIn(readFileSync(path.join(projectFolder, "data", "targets.csv"), "utf8"))).toEqual([]);
  });

  it("names what a spreadsheet would take for one, with its line", () => {
    const line = targetOf("complaints", "0.6").replace("AWB 9:11", "=cmd");
    const { faults } = parseTargets(`${targetHeader}\n${line}\n`, "targets", []);
    expect(faults).toContainEqual({
      ...{ file: "targets", line: 2 },
      message: '"=cmd" would be a formula in a spreadsheet: begin a text with none of = + - @ and tab',
    });
  });
});
