import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { recordVersions, unrecorded } from "../../pipelines/indicators/versions.ts";
import { contracts, cover, emptyWarehouse, figures, insertMany, insertUnits } from "../support/figures.ts";
import { computeSynthetic, definitionText } from "../support/synthetic.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-versions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const version = (number: number, from: string) =>
  `version: { number: ${number}, valid_from: ${from}, change: { nl: "Versie ${number}", en: "Version ${number}" } }`;
const first = version(1, "2005-01-01");
const all = "select unit_id, received_on as month, count as numerator from complaints";
const founded = `${all} where outcome = 'founded'`;

function write(keys: string[], sql: string): void {
  writeFileSync(path.join(folder, "one.sql"), definitionText(keys, sql));
}

async function read() {
  const { definitions, faults } = await readDefinitions(folder, contracts);
  return { definitions, faults: faults.map(({ file, line, message }) => `${path.basename(file)}:${line}: ${message}`) };
}

async function record(): Promise<string[]> {
  return recordVersions(folder, (await read()).definitions);
}

describe("recordVersions", () => {
  it("writes down what is computed, once", async () => {
    write(["kind: count", first], all);
    expect(unrecorded(folder, (await read()).definitions).map(({ id }) => id)).toEqual(["one"]);
    expect(await record()).toEqual(["one.1.sql"]);
    const text = readFileSync(path.join(folder, "versions", "one.1.sql"), "utf8");
    expect(text).toContain("kind: count");
    expect(text).toContain(all);
    expect(text).not.toContain("title");
    write(["kind: count", first], founded);
    expect(await record()).toEqual([]);
    expect(readFileSync(path.join(folder, "versions", "one.1.sql"), "utf8")).toBe(text);
    expect(readdirSync(path.join(folder, "versions"))).toEqual(["one.1.sql"]);
  });
});

describe("readDefinitions: versions", () => {
  beforeEach(async () => {
    write(["kind: count", first], all);
    await record();
  });

  it("lets texts, comments and spaces change", async () => {
    write(
      ["kind: count", 'caveats: { nl: "Let op", en: "Mind" }', first.replace("Version 1", "The first")],
      "-- all of them\nselect unit_id,\n  received_on as month, /* each */ count as numerator\nfrom complaints;",
    );
    expect((await read()).faults).toEqual([]);
  });

  it.each<[string, string[], string, string]>([
    ["another query", ["kind: count", first], founded, "one.sql:17: the query is not that of version 1"],
    ["another text in it", ["kind: count", first], all.replace("count as", "2 as"), "one.sql:17: the query is not"],
    ["a stock", ["kind: count", "stock: true", first], all, "one.sql:15: stock is not that of version 1"],
    ["another kind", ["kind: cumulative", first], all, "one.sql:14: kind is not that of version 1"],
  ])("finds a definition that changed without a new version: %s", async (_name, keys, sql, wanted) => {
    write(keys, sql);
    const { faults } = await read();
    expect(faults).toEqual([expect.stringContaining(wanted)]);
    expect(faults[0]).toContain("write a new version with its valid_from and change");
    expect(faults[0]).toContain("remove pipelines/indicators/versions/one.1.sql and run kvv check --record");
  });

  it("takes the change as a new version, and keeps the old one", async () => {
    write(["kind: count", version(2, "2016-07-01")], founded);
    const { definitions, faults } = await read();
    expect(faults).toEqual([]);
    expect(definitions[0]!.earlier).toMatchObject([{ sql: all, version: { number: 1 } }]);
    expect(await record()).toEqual(["one.2.sql"]);
    expect((await read()).faults).toEqual([]);
  });

  it("finds a new version that is not later, an old one brought back, and a record of nothing", async () => {
    write(["kind: count", version(2, "2005-01-31")], founded);
    expect((await read()).faults[0]).toContain(
      "one.sql:15: version 2 is valid from 2005-01-31, not in a month after version 1",
    );
    write(["kind: count", version(2, "2016-07-01")], founded);
    await record();
    write(["kind: count", first], all);
    expect((await read()).faults).toEqual([expect.stringContaining("one.sql:15: version 2 is recorded already")]);
    rmSync(path.join(folder, "one.sql"));
    expect((await read()).faults).toEqual([
      'one.1.sql:1: there is no indicator "one"',
      'one.2.sql:1: there is no indicator "one"',
    ]);
  });

  it("finds a record that was written by hand, wrongly", async () => {
    writeFileSync(path.join(folder, "versions", "one.2.sql"), "select 1");
    writeFileSync(
      path.join(folder, "versions", "one.3.sql"),
      `/*---\nkind: count\n${version(4, "2017-01-01")}\n---*/\nselect 1`,
    );
    expect((await read()).faults).toEqual([
      expect.stringContaining("one.2.sql:1: no recorded version"),
      expect.stringContaining("one.3.sql:3: version 4 stands in the file of version 3"),
    ]);
  });
});

describe("computeSeries: versions", () => {
  it("computes a period under the version of its last day, so that figures under the old one stay as they were", async () => {
    write(["kind: count", first], all);
    await record();
    write(["kind: count", version(2, "2016-04-01")], founded);
    const { definitions } = await read();
    const db = await emptyWarehouse();
    try {
      await insertUnits(db, "unit_id level parent_id valid_from\n politie force - 2005-01-01");
      const row = (received_on: string, outcome: string, count: number) => ({
        ...{ unit_id: "politie", aspects: ["other"], received_on, outcome, count },
      });
      await insertMany(db, "complaints", [
        row("2016-02-10", "founded", 3),
        row("2016-02-10", "unfounded", 4),
        row("2016-05-10", "founded", 5),
        row("2016-05-10", "unfounded", 6),
      ]);
      await cover(db, "complaints", "politie", "2016-01", "2016-12");
      await computeSynthetic(db, definitions, { today: "2017-02-01" });
      const of = async (grain: string) =>
        (await figures(db, `grain = '${grain}'`)).map((each) => {
          const { value, definition_version } = each as typeof each & { definition_version: number };
          return `v${definition_version} ${value}`;
        });
      expect(await of("quarter")).toEqual(["v1 7", "v2 5", "v2 0", "v2 0"]);
      // The half-year ends under the new version, and is whole under it.
      expect(await of("half")).toEqual(["v2 8", "v2 0"]);
      expect((await of("month")).slice(0, 5)).toEqual(["v1 0", "v1 7", "v1 0", "v2 0", "v2 5"]);
    } finally {
      db.close();
    }
  });
});
