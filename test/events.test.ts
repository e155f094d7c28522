import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEvents } from "../pipelines/events.ts";
import { readPapers } from "../pipelines/papers.ts";
import { readProject } from "../pipelines/project.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { definitions } from "./support/figures.ts";

const all = await definitions();
const { papers } = readPapers(path.join(projectFolder, "data", "sources.csv"));
const header = "event_id,date,unit_id,kind,title_nl,title_en,note_nl,note_en,source,indicators";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-events-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A sound line but for what is given. */
function line(fields: Record<string, string> = {}): string {
  const sound: Record<string, string> = {
    ...{ event_id: "start", date: "2016-04-15", unit_id: "den-haag", kind: "programme" },
    ...{ title_nl: "Start", title_en: "Start", source: "DH-2016 Bijlage C" },
  };
  return header
    .split(",")
    .map((name) => fields[name] ?? sound[name] ?? "")
    .join(",");
}

function read(...lines: string[]) {
  const file = path.join(folder, "events.csv");
  writeFileSync(file, lines.join("\n") + "\n");
  const { events, faults } = readEvents(file, all, papers);
  return { events, faults: faults.map((fault) => `${path.basename(fault.file)}:${fault.line}: ${fault.message}`) };
}

describe("readEvents(file, definitions, papers)", () => {
  it("reads a sound file; what is left out is null, and no figures are all", () => {
    const { events, faults } = read(
      header,
      line({ indicators: "intake-dual  top61", note_nl: "Wat.", note_en: "What." }),
      line({ event_id: "visie", unit_id: "", source: "NP-VISIE" }),
    );
    expect(faults).toEqual([]);
    expect(events[0]).toEqual({
      ...{ event_id: "start", date: "2016-04-15", unit_id: "den-haag", kind: "programme" },
      ...{ title_nl: "Start", title_en: "Start", note_nl: "Wat.", note_en: "What.", source: "DH-2016 Bijlage C" },
      indicators: ["intake-dual", "top61"],
    });
    expect(events[1]).toMatchObject({ unit_id: null, note_nl: null, note_en: null, indicators: [] });
  });

  it.each([
    ["a day that does not exist", { date: "2016-02-30" }, "date: write a date that exists, as 2016-01-31"],
    ["another kind", { kind: "feest" }, "kind: write one of reorganisation, registration, programme, other"],
    ["no words", { title_en: "" }, "title_en: is empty; say what happened"],
    ["no source", { source: "" }, "source: is empty; name the paper that says so"],
    ["a source that nobody knows", { source: "Krant" }, 'there is no source "Krant"; begin with DH-2015,'],
    [
      "a paper that speaks of others",
      { unit_id: "rotterdam" },
      "DH-2016 Bijlage C speaks of den-haag, not of rotterdam",
    ],
    ["a paper of one unit for everyone", { unit_id: "" }, "DH-2016 Bijlage C speaks of den-haag, not of politie"],
    ["an unknown figure", { indicators: "intake-dual geluk" }, 'there is no indicator "geluk"; write ids with spaces'],
    ["a note in one language", { note_nl: "Wat." }, "note_en is empty where note_nl is not; write both or none"],
    ["a name with capitals", { event_id: "Start 1" }, "event_id: write a name in small letters"],
  ])("names the line and the remedy of %s", (_, fields, words) => {
    const { faults } = read(header, line({ event_id: "sound" }), line(fields as Record<string, string>));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`events.csv:3: ${words}`);
  });

  it("knows two of one name, unknown and missing columns, and a broken file", () => {
    expect(read(header, line(), line()).faults).toEqual([
      "events.csv:3: event_id start stands on line 2 too: give each event a name of its own",
    ]);
    expect(read(`${header},colour`, `${line()},red`).faults).toEqual(["events.csv:2: unknown columns: colour"]);
    expect(read("event_id,date", "start,2016-04-15").faults).toContain("events.csv:2: there is no column title_nl");
    expect(read(header, "start,2016").faults).toHaveLength(1);
  });
});

describe("data/events.csv", () => {
  it("is sound, and read with the project", async () => {
    const { events, faults } = await readProject({ config: projectFolder });
    expect(faults).toEqual([]);
    expect(events.length).toBeGreaterThan(5);
    expect(events.map(({ date }) => date)).toEqual(events.map(({ date }) => date).sort());
  });
});
