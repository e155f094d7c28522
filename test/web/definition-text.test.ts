import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fields, parseDefinition } from "../../pipelines/indicators/definition.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { oneIn } from "../support/long.ts";
import {
  addField,
  fieldOf,
  headerKeys,
  readDefinitionText,
  removeField,
  setField,
  setQuery,
  type Path,
  type Yaml,
} from "../../web/state/definition-text.ts";

const folder = path.join(projectFolder, "pipelines", "indicators");
const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
const catalogue = files.map((name) => ({ name, text: readFileSync(path.join(folder, name), "utf8") }));

/** Every single value of a header, with its place. */
function leaves(value: unknown, at: Path = []): { at: Path; value: Yaml }[] {
  if (value === null || typeof value !== "object") return [{ at, value: value as Yaml }];
  const pairs: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return pairs.flatMap(([key, each]) => leaves(each, [...at, key]));
}

/** The text between what two texts share at their begin and at their end. */
function changed(before: string, after: string): { from: number; to: number } {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let end = 0;
  while (end < before.length - from && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from, to: before.length - end };
}

const another = (value: Yaml): Yaml =>
  typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)} en meer`;

describe("readDefinitionText(text)", () => {
  it("knows the keys of a header, in the order in which they are described", () => {
    expect(headerKeys).toEqual(Object.keys(fields));
  });

  it.each(catalogue)("has header and query as the monitor reads them, and the file whole: $name", ({ name, text }) => {
    const read = readDefinitionText(text);
    const { header, sql } = parseDefinition(text, name);
    expect(read.fault).toBeNull();
    expect(header).toMatchObject(read.header!);
    expect(read.sql).toBe(sql);
    expect(read.text).toBe(text);
  });

  it("says where a header cannot be read, and has the query none the less", () => {
    const read = readDefinitionText("/*---\ntitle: { nl: A\nkind: share\n---*/\nselect 1;\n");
    expect(read.header).toBeNull();
    expect(read.fault?.line).toBeGreaterThan(1);
    expect(read.sql).toBe("select 1");
    expect(setField(read, ["kind"], "count")).toBe(read.text);
    expect(readDefinitionText("select 1").fault?.message).toContain("begin with /*---");
    expect(readDefinitionText("").sql).toBe("");
  });
});

describe("setField(definition, path, value)", () => {
  it.each(catalogue)("changes no byte of what stays the same: $name", ({ name, text }) => {
    const read = readDefinitionText(text);
    for (const { at, value } of oneIn(5, leaves(read.header), files.indexOf(name)))
      expect(setField(read, at, value), at.join(".")).toBe(text);
    expect(setQuery(read, read.sql)).toBe(text);
  });

  it.each(catalogue)("changes each value and nothing else, there and back: $name", ({ name, text }) => {
    const read = readDefinitionText(text);
    for (const { at, value } of oneIn(5, leaves(read.header), files.indexOf(name))) {
      const other = readDefinitionText(setField(read, at, another(value)));
      expect(fieldOf(other, at), at.join(".")).toBe(another(value));
      expect(leaves(other.header).filter((each) => fieldOf(read, each.at) !== each.value)).toHaveLength(1);
      const { from, to } = changed(text, other.text);
      expect(text.slice(from, to), at.join(".")).not.toContain("\n");
      expect(setField(other, at, value), at.join(".")).toBe(text);
    }
  });

  it.each(catalogue)("takes each key away and puts it back where it belongs: $name", ({ text }) => {
    const read = readDefinitionText(text);
    for (const key of Object.keys(read.header!)) {
      const without = readDefinitionText(setField(read, [key], undefined));
      expect(without.header).toEqual(Object.fromEntries(Object.entries(read.header!).filter(([name]) => name !== key)));
      const again = readDefinitionText(setField(without, [key], read.header![key] as Yaml));
      expect(again.header).toEqual(read.header);
      const keys = (of: string) => [...of.matchAll(/^(\w+):/gm)].map(([, name]) => name);
      expect(keys(again.text).sort()).toEqual(keys(text).sort());
    }
  });

  it("keeps comments, quotes, blank lines and the ends of lines", () => {
    const text = [
      "/*---",
      "title: { nl: 'Het aantal', en: \"The number\" } # as agreed",
      "",
      "# what is asked",
      "question:",
      "  nl: Hoeveel?",
      "  en: How many?   # often asked",
      "kind: count",
      "---*/",
      "",
      "select 1 ;",
      "",
    ].join("\r\n");
    const read = readDefinitionText(text);
    expect(setField(read, ["title", "nl"], "Een 'ander' aantal")).toBe(
      text.replace("'Het aantal'", "'Een ''ander'' aantal'"),
    );
    expect(setField(read, ["question", "en"], "How few?")).toBe(text.replace("How many?", "How few?"));
    expect(setField(read, ["stock"], true)).toBe(text.replace("kind: count", "kind: count\r\nstock: true"));
    expect(setField(read, ["description"], { nl: "A", en: "B" })).toBe(
      text.replace("kind: count", "description: { nl: A, en: B }\r\nkind: count"),
    );
    expect(setField(read, ["title", "en"], undefined)).toBe(text.replace(', en: "The number"', ""));
    expect(setField(read, ["question", "nl"], undefined)).toBe(text.replace("  nl: Hoeveel?\r\n", ""));
    expect(setQuery(read, "select 2;\n")).toBe(text.replace("select 1 ", "select 2"));
  });

  it("writes what has no value yet, and into what is empty", () => {
    const empty = readDefinitionText("/*---\n---*/\n");
    const titled = readDefinitionText(setField(empty, ["title", "nl"], "Klachten"));
    expect(titled.text).toBe("/*---\ntitle: { nl: Klachten }\n---*/\n");
    const bare = readDefinitionText("/*---\ntitle:\nkind: # which?\n---*/\nselect 1");
    expect(readDefinitionText(setField(bare, ["kind"], "share")).header).toEqual({ title: null, kind: "share" });
    expect(readDefinitionText(setField(bare, ["title", "en"], "T")).header).toEqual({ title: { en: "T" }, kind: null });
    expect(setQuery(empty, "select 1")).toBe("/*---\n---*/\nselect 1");
  });

  it("replaces a text that is broken over lines", () => {
    const text =
      "/*---\nwhy:\n  nl: >\n    Omdat\n    het moet.\n  en: |\n    Because\ncaveats: dit loopt\n  door\nkind: count\n---*/\n";
    const read = readDefinitionText(text);
    const other = readDefinitionText(setField(read, ["why", "nl"], "Daarom"));
    expect(other.text).toBe(text.replace(">\n    Omdat\n    het moet.\n", "Daarom\n"));
    expect(readDefinitionText(setField(read, ["caveats"], "Kort")).text).toBe(
      text.replace("dit loopt\n  door", "Kort"),
    );
  });

  it("says what was asked for, whatever texts there are", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "yes",
        "null",
        "8",
        "0x1f",
        "- a",
        "a: b",
        "#",
        "a #b",
        " a ",
        "a\nb",
        "{",
        "'",
        '"',
        "|",
        ">",
        "&a",
        "*a",
        "!x",
        "%",
        "@",
        "`",
        "é",
        "\u2028",
      ),
    );
    const base = catalogue.find(({ name }) => name === "complaints-founded.sql")!.text;
    const places = leaves(readDefinitionText(base).header).filter(({ value }) => typeof value === "string");
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.array(texts, { minLength: 1, maxLength: 3 }), ({ at }, many) => {
        let text = base;
        for (const each of many) {
          const before = readDefinitionText(text);
          const after = readDefinitionText(setField(before, at, each));
          expect(fieldOf(after, at)).toBe(each);
          expect(after.sql).toBe(before.sql);
          text = after.text;
        }
        const back = readDefinitionText(
          setField(readDefinitionText(text), at, fieldOf(readDefinitionText(base), at) as Yaml),
        );
        expect(back.header).toEqual(readDefinitionText(base).header);
      }),
      { numRuns: 300 },
    );
  });
});

describe("addField and removeField", () => {
  const base = catalogue.find(({ name }) => name === "intake-dual.sql")!.text;

  it("add an item to a list and take it away, without a changed byte", () => {
    const read = readDefinitionText(base);
    const item = {
      name: "category",
      title: { nl: "Sterkte", en: "Category" },
      values: { executive: { nl: "executief", en: "executive" } },
    };
    const more = readDefinitionText(addField(read, ["breakdowns"], item));
    expect(fieldOf(more, ["breakdowns", 2])).toEqual(item);
    expect(more.text.replace(/ {2}- name: category[^]*?executive \}\n/, "")).toBe(base);
    expect(removeField(more, ["breakdowns"], 2)).toBe(base);
  });

  it("take the first away as well as the last, and the list with the last of all", () => {
    const read = readDefinitionText(base);
    const second = readDefinitionText(removeField(read, ["breakdowns"], 0));
    expect(fieldOf(second, ["breakdowns"])).toEqual([fieldOf(read, ["breakdowns", 1])]);
    expect(base).toContain(second.text.slice(second.text.indexOf("  - name: gender")));
    const none = readDefinitionText(removeField(second, ["breakdowns"], 0));
    expect(none.header).not.toHaveProperty("breakdowns");
    const again = addField(none, ["breakdowns"], { name: "gender", title: { nl: "Geslacht", en: "Gender" } });
    expect(again).toContain("breakdowns:\n  - name: gender\n    title: { nl: Geslacht, en: Gender }\nversion:");
  });

  it("edit a list on one line", () => {
    const read = readDefinitionText(base);
    expect(addField(read, ["source"], "KVV: eigen")).toContain(
      'source: [DH-2015 actie 4.1, DH-2016 project 13, "KVV: eigen"]',
    );
    expect(removeField(read, ["source"], 0)).toContain("source: [DH-2016 project 13]");
    expect(setField(read, ["grains"], ["year"])).toContain("\ngrains: [year]\nversion:");
  });
});
