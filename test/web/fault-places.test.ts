import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Definition, Kind } from "../../pipelines/indicators/definition.ts";
import { parseExample } from "../../pipelines/indicators/example.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { faultsOfFiling, type Paper } from "../../pipelines/papers.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { parseTargets } from "../../pipelines/targets.ts";
import en from "../../web/locales/en.json" with { type: "json" };
import nl from "../../web/locales/nl.json" with { type: "json" };
import { readDefinitionText } from "../../web/state/definition-text.ts";
import {
  examplePlaceOf,
  kindOfFault,
  placeOf,
  queryLine,
  queryPartOf,
  targetColumnOf,
  type QueryPart,
} from "../../web/state/fault-places.ts";
import { queryForm } from "../../web/state/query-read.ts";
import { targetColumns, type TargetColumn, type TargetLine } from "../../web/state/targets-text.ts";
import { contracts } from "../support/figures.ts";

const base = readFileSync(path.join(projectFolder, "pipelines", "indicators", "complaints-founded.sql"), "utf8");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-faults-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the check finds in a text, and where the form shows it. */
async function found(text: string) {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  writeFileSync(path.join(folder, "one.sql"), text);
  const { faults } = await readDefinitions(folder, contracts);
  const definition = readDefinitionText(text);
  return faults.map(({ line, message }) => ({
    message,
    place: placeOf(definition, { part: "definition", line, message }),
    kind: kindOfFault(message)?.kind ?? null,
  }));
}

describe("placeOf(definition, fault)", () => {
  it.each<[string, string, string, unknown, string]>([
    ["an empty text", "nl: Gegronde klachten", 'nl: ""', { field: "title", path: "title.nl" }, "empty"],
    ["a text that is missing", ", en: Founded complaints", "", { field: "title", path: "title.en" }, "empty"],
    ["a key that is missing", "owner: Klachtencoördinator\n", "", { field: "owner", path: "owner" }, "empty"],
    [
      "a sentence without its value",
      "{value} van de",
      "een deel van de",
      { field: "sentence", path: "sentence.nl" },
      "lacks",
    ],
    [
      "a word that is none to fill in",
      "{value} of the",
      "{value} {many} of the",
      { field: "sentence", path: "sentence.en" },
      "placeholder",
    ],
    ["a kind that there is not", "kind: share", "kind: shares", { field: "kind", path: "kind" }, "choice"],
    [
      "what a kind needs",
      /denominator: .*\n/.exec(base)![0],
      "",
      { field: "denominator", path: "denominator" },
      "denominator",
    ],
    [
      "a reason why neither is better, which is missing",
      /polarity_note:\n( .*\n)+/.exec(base)![0],
      "",
      { field: "polarity_note", path: "polarity_note" },
      "polarityNote",
    ],
    [
      "a part of a text that there is not",
      "nl: Gegronde klachten",
      "de: Klagen, nl: x",
      { field: "title", path: "title" },
      "unknownKey",
    ],
    [
      "one of two on one line",
      /version: .*/.exec(base)![0],
      'version: { number: 1, valid_from: 2005-01-01, change: { nl: "", en: x } }',
      { field: "version", path: "version.change.nl" },
      "empty",
    ],
    ["an unknown key", "kind: share", "kind: share\ncolour: red", null, "unknownKey"],
    [
      "a date that is none",
      "valid_from: 2005-01-01",
      "valid_from: soon",
      { field: "version", path: "version.valid_from" },
      "date",
    ],
    [
      "a breakdown that the query lacks",
      "aspects as aspect",
      "aspects",
      { field: "breakdowns", path: "breakdowns" },
      "noColumn",
    ],
    [
      "a column too many",
      "aspects as aspect",
      "aspects as aspect, any_value(route) as route",
      { query: true },
      "strayColumn",
    ],
    ["a column that the feed lacks", "received_on as month", "begun_on as month", { query: true }, "unknownColumn"],
    ["a feed that there is not", "from complaints", "from complainers", { query: true }, "noFeed"],
    ["a query that cannot be read", "select", "selekt", { query: true }, "syntax"],
  ])("of %s", async (_, from, to, place, kind) => {
    const faults = await found(base.replace(from, to));
    expect(faults).toContainEqual(expect.objectContaining({ place, kind }));
  });

  it("of a head that cannot be read is none", async () => {
    const [fault] = await found(base.replace("title: {", "title: {{"));
    expect(fault).toMatchObject({ kind: "yaml" });
  });

  it("knows the line of the query", () => {
    const definition = readDefinitionText(base);
    expect(base.split("\n")[queryLine(definition) - 1]).toBe("select");
  });
});

describe("queryPartOf(query, message)", () => {
  const query = queryForm(
    "select unit_id, received_on as month, sum(count) filter (outcome = 'founded') as numerator, sum(count) as denominator, aspects as aspect from complaints where route = 'committee' group by unit_id, received_on, aspects",
  )!;
  it.each<[string, QueryPart | null]>([
    ["the query yields no column denominator", "denominator"],
    ["numerator is VARCHAR; it must be a number", "numerator"],
    ["month is VARCHAR; it must be a DATE", "month"],
    ["somebody counts 10 times in denominator, so that the least numbers that are shown protect nobody", "denominator"],
    ["states of 2016-12 make cells of 2016-01: yield each state in its own month", "month"],
    ["column route is neither part of a cell nor a breakdown", "breakdowns"],
    ['Binder Error: Referenced column "route" not found in FROM clause!', "conditions"],
    ['there is no column "outcome" in the feeds that the query reads, nor does the query name one so', "numerator"],
    ['Binder Error: Referenced column "outcome" not found in FROM clause!', "numerator"],
    ['Binder Error: Referenced column "received_on" not found in FROM clause!', "month"],
    // Both numbers name it, so neither alone is wrong.
    ['Binder Error: Referenced column "count" not found in FROM clause!', null],
    ["the query fails over made-up rows: Conversion Error", null],
  ])("of %j is %s", (message, part) => expect(queryPartOf(query, message)).toBe(part));
});

describe("targetColumnOf(message, target)", () => {
  const target = Object.fromEntries(targetColumns.map((column) => [column, ""])) as TargetLine;
  it.each<[string, TargetColumn | null]>([
    ["value: write a number as 0.25", "value"],
    ["value 25: a target of a share lies in 0..1", "value"],
    ["from 2017-01-01 is after to 2016-12-31", "from"],
    ["baseline_to: write a date that exists, as 2026-01-31", "baseline_to"],
    ["kind within needs a tolerance", "tolerance"],
    ["kind number is for what is counted, and this is a share: write at_least", "kind"],
    ["an aim on one day needs a baseline_from and baseline_to for its pace", "baseline_from"],
    ['x has no breakdown "age"', "breakdown"],
    ['there is no source "Idee"; begin with DH-2015', "source"],
    ['"=cmd" would be a formula in a spreadsheet: begin a text with none of = + - @ and tab', "source"],
    ["something else altogether", null],
  ])("of %j is %s", (message, column) => expect(targetColumnOf(message, { ...target, source: "=cmd|x" })).toBe(column));
});

describe("kindOfFault(message)", () => {
  it("explains each kind in words, and has none for what it does not know", () => {
    const explained = Object.keys(nl).filter((key) => key.startsWith("workbench.fault."));
    for (const message of [
      "version 2 stands already with another text: write version 3",
      "version 2 stands already: write that number where only words change, else version 3, with its valid_from and change",
      'targets that were filed stay: keep their lines, and end one with its last day in "to"',
      "kind: Invalid option: expected one of",
      "write a date as 2026-01-31",
      "value: write a number as 0.25",
    ])
      expect(explained).toContain(`workbench.fault.${kindOfFault(message)!.kind}`);
    expect(kindOfFault("something else altogether")).toBeNull();
    expect(kindOfFault('there is no source "Idee"; begin with DH-2015')).toEqual({
      kind: "source",
      values: { name: "Idee" },
    });
  });

  const header = "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on"; // prettier-ignore
  /** A target with these changes. */
  const line = (changes: Record<string, string | number>): string => {
    const sound = {
      ...{ indicator_id: "x", unit_id: "politie", goal: "streefcijfer", status: "proposed", from: "2016-01-01" },
      ...{ to: "2016-12-31", kind: "at_least", value: 0.2, grain: "year", source: "KVV", by: "ours" },
    };
    const all: Record<string, string | number> = { ...sound, proposed_on: "2015-01-01", ...changes };
    return header.split(",").map((name) => all[name] ?? "").join(","); // prettier-ignore
  };
  const judged = (kind: Kind) => ({ id: "x", kind, grains: ["year"] as Definition["grains"], breakdowns: [{ name: "gender", title: { nl: "", en: "" }, values: { man: { nl: "", en: "" } } }] }); // prettier-ignore
  it.each<[string, Kind, string[]]>([
    ["overlaps", "share", [line({}), line({ to: "2017-12-31" })]],
    ["fromAfterTo", "share", [line({ from: "2017-01-01" })]],
    ["outsideDays", "share", [line({ to: "2150-12-31" })]],
    ["shareRange", "share", [line({ value: 25 })]],
    ["changeRange", "change", [line({ value: -2 })]],
    ["negative", "rate", [line({ value: -2 })]],
    ["whole", "count", [line({ kind: "number", value: 1.5 })]],
    ["counted", "share", [line({ kind: "number", value: 1 })]],
    ["tolerance", "share", [line({ kind: "within" })]],
    ["otherGrain", "share", [line({ grain: "month" })]],
    ["aimBaseline", "share", [line({ from: "2016-12-31" })]],
    ["lateBaseline", "share", [line({ from: "2016-12-31", baseline_from: "2016-01-01", baseline_to: "2016-12-31" })]],
    ["noBreakdown", "share", [line({ breakdown: "age" })]],
    ["noBreakdownValue", "share", [line({ breakdown: "gender", breakdown_value: "vrouw" })]],
    ["valueAlone", "share", [line({ breakdown_value: "man" })]],
  ])("explains what is wrong with a target: %s", (kind, of, lines) => {
    const { faults } = parseTargets([header, ...lines, ""].join("\n"), "targets.csv", [judged(of)]);
    expect(faults.map(({ message }) => kindOfFault(message)?.kind)).toEqual([kind]);
    for (const words of [nl, en] as Record<string, string>[]) {
      const text = words[`workbench.fault.${kind}`]!;
      const { values } = kindOfFault(faults[0]!.message)!;
      expect(text.match(/\{\w+\}/g)?.sort() ?? []).toEqual(Object.keys(values).map((name) => `{${name}}`).sort()); // prettier-ignore
    }
  });

  it("explains that a paper is about another unit", () => {
    const papers = [{ source: "DH-2015", units: ["den-haag"] }] as Paper[];
    const [message] = faultsOfFiling({ unit_id: "rotterdam", source: "DH-2015", by: "paper" }, papers);
    expect(kindOfFault(message!)).toEqual({ kind: "paper", values: { unit: "rotterdam" } });
  });
});

describe("examplePlaceOf(message)", () => {
  /** A worked example, and where what is wrong with it is shown. */
  const places = (
    rows: string,
    expect = "unit_id grain period_end value\nhoefkade year 2016-12-31 1",
    from = "2016-01",
  ) =>
    parseExample(
      `today: 2017-02-01\ncovers: { from: ${from}, to: 2016-12 }\nfeeds:\n  complaints: |\n    ${rows}\nexpect: |\n  ${expect.replace("\n", "\n  ")}\n`,
      "examples",
      contracts,
    ).faults.map(({ message }) => examplePlaceOf(message));

  it("is the table, and the column where it is one", () => {
    expect(places("received_on colour\n    2016-01-01 red")).toEqual([
      { table: "feeds", feed: "complaints", row: null, column: "colour" },
    ]);
    expect(places("received_on", "unit_id grain\nhoefkade year")).toEqual([
      { table: "expect", row: null, column: "period_end" },
    ]);
    expect(places("received_on", "unit_id grain period_end colour\nhoefkade year 2016-12-31 red")).toEqual([
      { table: "expect", row: null, column: "colour" },
    ]);
  });

  it("is the day that is none", () => {
    expect(places("received_on", undefined, "2016-13")).toEqual([{ field: "from" }]);
  });

  it("is the row that its feed cannot have", () => {
    expect(examplePlaceOf('complaints, row 2: invalid date field format: "2016-13-01"')).toEqual({
      ...{ table: "feeds", feed: "complaints", row: 2, column: null },
    });
  });

  it("is nowhere where the whole text is at fault", () => {
    expect(examplePlaceOf("not YAML: something")).toBeNull();
  });
});
