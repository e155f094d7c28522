import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { overlayIn } from "../../../pipelines/overlay.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
import { DefinitionTexts } from "../../../server/workbench/standing-texts.ts";

let root: string;
let texts: DefinitionTexts;
const targetsFile = () => path.join(root, "config", "data", "targets.csv");

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "kvv-standing-"));
  mkdirSync(path.join(root, "config", "data"), { recursive: true });
  mkdirSync(path.join(root, "home"));
  cpSync(path.join(projectFolder, "data", "targets.csv"), targetsFile());
  cpSync(path.join(projectFolder, "pipelines", "indicators"), path.join(root, "config", "pipelines", "indicators"), {
    recursive: true,
    filter: (file) => !file.endsWith(".ts"),
  });
  texts = new DefinitionTexts({ config: path.join(root, "config"), home: path.join(root, "home") });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("DefinitionTexts.targetsOf(indicator_id)", () => {
  const lines = () => readFileSync(targetsFile(), "utf8").trim().split("\n");

  it("is the header and the lines of that indicator, as they stand in the file", () => {
    const own = lines().filter((line) => line.startsWith("intake-dual,"));
    expect(own.length).toBeGreaterThan(0);
    expect(texts.targetsOf("intake-dual")).toBe([lines()[0], ...own].join("\n") + "\n");
    expect(texts.all().get("intake-dual")?.targets).toBe(texts.targetsOf("intake-dual"));
    expect(texts.targetsOf("none-of-that-name")).toBe(texts.targetHeader());
  });

  it("is what the file says now, however often it was asked before", () => {
    const before = texts.targetsOf("intake-dual");
    const line = lines().find((each) => each.startsWith("intake-dual,"))!;
    appendFileSync(targetsFile(), `${line}\n`);
    expect(texts.targetsOf("intake-dual")).toBe(`${before}${line}\n`);
  });

  it("is that of the home, where targets of it were adopted", () => {
    const line = lines().find((each) => each.startsWith("intake-dual,"))!;
    const { targets } = overlayIn(path.join(root, "home"));
    mkdirSync(path.dirname(targets), { recursive: true });
    writeFileSync(targets, `${lines()[0]}\n${line}\n`);
    expect(texts.targetsOf("intake-dual")).toBe(`${lines()[0]}\n${line}\n`);
    expect(texts.targetsOf("leaders-dual")).toContain("leaders-dual,");
  });
});
