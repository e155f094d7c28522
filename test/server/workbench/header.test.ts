import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../pipelines/indicators/definition.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
import { headingOf } from "../../../server/workbench/header.ts";

const definition = (yaml: string) => `/*---\n${yaml}\n---*/\nselect 1\n`;

describe("headingOf(definition)", () => {
  it("says of every definition of the project what the whole reading of it says", () => {
    const folder = path.join(projectFolder, "pipelines", "indicators");
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".sql"))) {
      const text = readFileSync(path.join(folder, name), "utf8");
      const { title, version } = parseDefinition(text, name).header!;
      expect(headingOf(text), name).toEqual({ title, number: version.number });
    }
  });

  it.each([
    ["title: { nl: Klachten, en: '' }", { nl: "Klachten", en: "Klachten" }],
    ["title:\r\n  nl: Klachten\r\n  en: Complaints\r\nkind: [", { nl: "Klachten", en: "Complaints" }],
    ["kind: share\ntitle: { nl: , en: }", null],
    ["title: Klachten", null],
    ["title: { nl: [", null],
    ["", null],
  ])("reads the title of what is not done: %j", (yaml, title) => {
    expect(headingOf(definition(yaml)).title).toEqual(title);
    expect(headingOf(yaml).title).toBeNull();
  });

  // Each of these takes the reader of YAML seconds, or all memory there is.
  it.each<[string, string]>([
    ["braces in braces", "{a: ".repeat(15_000)],
    ["brackets in brackets", "[".repeat(60_000)],
    ["dashes after dashes", "- ".repeat(30_000)],
    ["keys after keys", "a: ".repeat(20_000)],
    ["questions", "? ".repeat(30_000)],
    ["names of names", `&a [x]\n${"b: *a\n".repeat(10_000)}`],
    ["lines within lines", Array.from({ length: 200 }, (_, i) => `\n${" ".repeat(i + 1)}a:`).join("")],
  ])("is done at once with %s", (_what, yaml) => {
    const started = performance.now();
    for (const key of ["title", "version", "x"]) expect(headingOf(definition(`${key}: ${yaml}`)).title).toBeNull();
    expect(performance.now() - started).toBeLessThan(500);
  });
});
