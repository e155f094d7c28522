import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDefinitions } from "../pipelines/indicators/read.ts";
import { faultsOfFiling, faultsOfSource, paperOf, readPapers } from "../pipelines/papers.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { readTargets } from "../pipelines/targets.ts";
import { contracts, definitions } from "./support/figures.ts";
import { definitionText } from "./support/synthetic.ts";

const { papers, faults } = readPapers(path.join(projectFolder, "data", "sources.csv"));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-papers-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("readPapers", () => {
  it("reads the project's own without a fault", () => {
    expect(faults).toEqual([]);
    expect(papers.map(({ source }) => source)).toEqual(expect.arrayContaining(["DH-2015", "NP-VISIE", "KVV", "AWB"]));
  });

  it("names the line of what is missing", () => {
    const file = path.join(folder, "sources.csv");
    writeFileSync(file, "source,title,units\nDH-2015,Den Haag,den-haag\nRTM-2015,,rotterdam\n");
    expect(readPapers(file).faults.map(({ line, message }) => `${line}: ${message}`)[0]).toMatch(/^3: title: /);
  });
});

describe("paperOf(source, papers)", () => {
  it.each([
    ["DH-2015 §4.4", "DH-2015"],
    ["DH-2015 actie 4.1", "DH-2015 actie 4.1"],
    ["DH-2015 actie 4.11", "DH-2015"],
    ["NP-VISIE 7d (in ONL-2015)", "NP-VISIE"],
    ["DH-20155", undefined],
  ])("%s is of %s", (source, paper) => expect(paperOf(source, papers)?.source).toBe(paper));
});

describe("faultsOfSource(source, papers)", () => {
  it("knows neither a strange paper nor one that quotes", () => {
    expect(faultsOfSource("DH-2015 §3.3", papers)).toEqual([]);
    expect(faultsOfSource("UTR-2015 §1", papers)[0]).toContain(
      'there is no source "UTR-2015 §1"; begin with DH-2015, ',
    );
    expect(faultsOfSource("NP-VISIE (in UTR-2015)", papers)[0]).toContain('there is no source "UTR-2015"');
  });

  it("is told of a definition with file and line", async () => {
    const version = "version: { number: 1, valid_from: 2005-01-01, change: { nl: a, en: b } }";
    const text = definitionText(
      ["kind: count", version],
      "select unit_id, received_on as month, count as numerator from complaints",
    );
    writeFileSync(path.join(folder, "one.sql"), text.replace("[KVV]", "[KVV, UTR-2015]"));
    const found = await readDefinitions(folder, contracts, papers);
    expect(found.faults.map(({ file, line, message }) => `${path.basename(file)}:${line}: ${message}`)).toEqual([
      expect.stringMatching(/^one\.sql:9: there is no source "UTR-2015"/),
    ]);
  });
});

describe("faultsOfFiling(target, papers)", () => {
  const filed = (unit_id: string, source: string, by = "paper") => faultsOfFiling({ unit_id, source, by }, papers);

  it.each([
    ["den-haag", "DH-2015 §2"],
    ["den-haag-centrum", "DH-2015 §2"],
    ["politie", "NP-VISIE (in DH-2015 §2)"],
    ["politie", "DH-2015 actie 4.1; DH-2016 project 13"],
    ["limburg", "KVV"],
    ["limburg", "voorbeelddata"],
  ])("lets %s be filed by %s", (unit, source) => expect(filed(unit, source)).toEqual([]));

  it.each([
    ["politie", "DH-2015 §2", "DH-2015 §2 speaks of den-haag, not of politie"],
    ["rotterdam", "DH-2015 actie 3.1", "speaks of den-haag, not of rotterdam"],
    ["politie", "RTM-2015; KVV", "speaks of rotterdam, not of politie"],
    ["amsterdam-noord", "DH-2015 actie 4.1", "speaks of politie, den-haag, not of amsterdam-noord"],
  ])("refuses %s by %s", (unit, source, wanted) => expect(filed(unit, source).join()).toContain(wanted));

  it("is told of a target with file and line, beside its other faults", async () => {
    const file = path.join(folder, "targets.csv");
    writeFileSync(
      file,
      `indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on
intake-dual,politie,,,streefcijfer,proposed,2015-01-01,2017-12-31,at_least,25,,year,,,RTM-2016 besluit 7,paper,,
`,
    );
    const found = readTargets(file, await definitions(), papers).faults;
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "2: value 25: a target of a share lies in 0..1",
      expect.stringMatching(/^2: RTM-2016 besluit 7 speaks of rotterdam, not of politie/),
    ]);
  });

  it("finds nothing wrong with the project's own", async () => {
    const own = readTargets(path.join(projectFolder, "data", "targets.csv"), await definitions(), papers);
    expect(own.faults).toEqual([]);
  });
});
