import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { indicatorPages, stalePages, writePages } from "../../pipelines/indicators/pages.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { readTargets } from "../../pipelines/targets.ts";
import { definitions } from "../support/figures.ts";

const all = await definitions();
const { targets } = readTargets(path.join(projectFolder, "data", "targets.csv"), all);
const pages = indicatorPages(all, targets, import.meta.dirname);

describe("indicatorPages(definitions, targets, examples)", () => {
  it("has a page for every indicator, and docs/indicators is up to date", () => {
    expect(pages.size).toBe(all.length + 1);
    const stale = stalePages(pages, path.join(projectFolder, "docs", "indicators"));
    expect(stale, "run npx kvv docs").toEqual([]);
  });

  it("shows meaning, targets and the worked example as tables", () => {
    const page = pages.get("intake-dual.md")!;
    expect(page).toContain("*Instroom met dubbele culturele achtergrond*");
    expect(page).toContain("| Denominator | executive intake whose background is known |");
    expect(page).toContain(
      "| politie | all | streefcijfer | at least 0.25 | 2015-01-01 to 2017-12-31 | year | proposed |",
    );
    expect(page).toContain("| den-haag | year | 2016-12-31 |  |  | 18 | 72 | 5 | 0.25 |  |");
    expect(page).not.toContain("voorbeelddata");
  });
});

describe("writePages(pages, folder)", () => {
  it("writes what changed, removes what is left over, and then changes nothing", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-pages-"));
    try {
      writeFileSync(path.join(folder, "gone.md"), "an indicator of former days");
      const few = new Map([["a.md", "# A\n"]]);
      expect(writePages(few, folder)).toEqual(["a.md", "gone.md"]);
      expect(writePages(few, folder)).toEqual([]);
      expect(stalePages(new Map([["a.md", "# B\n"]]), folder)).toEqual(["a.md"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
