import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { readExampleText, setExample, setTable, type TablePlace } from "../../web/state/example-text.ts";
import { table } from "../support/figures.ts";

const folder = path.join(projectFolder, "test", "indicators");
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => ({ name, text: readFileSync(path.join(folder, name), "utf8") }));
const exampleOf = (text: string) => readExampleText(text).example!;

describe("readExampleText(text)", () => {
  it.each(examples)(
    "has the tables as they are computed from, and writes them without a changed byte: $name",
    ({ text }) => {
      const example = exampleOf(text);
      const places: TablePlace[] = [...Object.keys(example.feeds).map((feed) => ["feeds", feed] as const), ["expect"]];
      for (const place of places) {
        const standing = place[0] === "expect" ? example.expect : example.feeds[place[1]]!;
        const asRead = standing.rows.map((row) =>
          Object.fromEntries(standing.columns.map((name, i) => [name, row[i] === "-" ? null : row[i]])),
        );
        const written = text
          .slice(text.indexOf(`${place.at(-1)}: |`))
          .split("\n")
          .slice(1);
        const indent = /^ */.exec(written[0]!)![0];
        const block = written.slice(
          0,
          written.findIndex((line) => !line.startsWith(indent) || line === ""),
        );
        expect(asRead).toEqual(table(block.join("\n")));
        expect(setTable(text, place, standing)).toBe(text);
      }
    },
  );

  it("says why a text cannot be read", () => {
    expect(readExampleText("today: [")).toMatchObject({ example: null, fault: expect.stringMatching(/./) as string });
    expect(exampleOf("")).toEqual({ today: "", from: "", to: "", feeds: {}, expect: { columns: [], rows: [] } });
  });
});

describe("setTable(text, place, table)", () => {
  const text = examples.find(({ name }) => name === "complaints-founded.yaml")!.text;
  const { feeds, expect: figures } = exampleOf(text);
  const complaints = feeds.complaints!;

  it("changes the line of a cell, and no other", () => {
    const rows = complaints.rows.with(1, complaints.rows[1]!.with(5, "12"));
    expect(setTable(text, ["feeds", "complaints"], { ...complaints, rows })).toBe(
      text.replace("partly_founded 1", "partly_founded 12"),
    );
    const none = complaints.rows.with(1, complaints.rows[1]!.with(3, "-"));
    expect(setTable(text, ["feeds", "complaints"], { ...complaints, rows: none })).toBe(
      text.replace("hoefkade  treatment partly_founded", "hoefkade  -         partly_founded"),
    );
  });

  it("adds and removes rows, and lays the table out anew where something does not fit", () => {
    const more = { ...figures, rows: [...figures.rows, ["den-haag", "half", "2016-06-30", "3", "8", "0.375"]] };
    const added = setTable(text, ["expect"], more);
    expect(added).toBe(`${text}  den-haag  half   2016-06-30  3         8           0.375\n`);
    expect(setTable(added, ["expect"], figures)).toBe(text);
    const wide = { ...figures, rows: [figures.rows[0]!.with(0, "den-haag-centrum"), ...figures.rows.slice(1)] };
    expect(setTable(text, ["expect"], wide)).toContain("\n  den-haag-centrum year  2016-12-31 3");
    expect(exampleOf(setTable(text, ["expect"], wide)).expect).toEqual(wide);
  });

  it("adds a feed and takes it away", () => {
    const units = { columns: ["unit_id", "period", "headcount"], rows: [["hoefkade", "2016-01-31", "12"]] };
    const added = setTable(text, ["feeds", "staffing"], units);
    expect(added).toContain(
      "  staffing: |\n    unit_id  period     headcount\n    hoefkade 2016-01-31 12\nexpect: |\n",
    );
    expect(setTable(added, ["feeds", "staffing"], null)).toBe(text);
  });

  it("begins an example from nothing", () => {
    let begun = setExample("", ["today"], "2017-02-01");
    begun = setExample(begun, ["covers"], { from: "2016-01", to: "2016-12" });
    begun = setTable(begun, ["feeds", "complaints"], { columns: ["unit_id", "count"], rows: [["hoefkade", "1"]] });
    begun = setTable(begun, ["expect"], { columns: ["unit_id", "value"], rows: [["hoefkade", ""]] });
    expect(begun).toBe(
      "today: 2017-02-01\ncovers: { from: 2016-01, to: 2016-12 }\nfeeds:\n  complaints: |\n    unit_id  count\n    hoefkade 1\nexpect: |\n  unit_id  value\n  hoefkade -\n",
    );
  });
});
