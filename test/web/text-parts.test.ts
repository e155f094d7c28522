import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import nl from "../../web/locales/nl.json" with { type: "json" };
import { textParts, textsOfPart, type TextPart } from "../../web/locales/parts.ts";

const web = path.join(projectFolder, "web");
const parts = Object.keys(textParts) as TextPart[];

/** The files that a file is made of, itself among them. */
function reached(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file) || !existsSync(file)) return known;
  known.add(file);
  const imports = /(?<!import type [^;]*?)(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
  for (const [, target] of readFileSync(file, "utf8").matchAll(imports))
    if (/\.(ts|svelte)$/.test(target!)) reached(path.join(path.dirname(file), target!), known);
  return known;
}

/** The parts whose texts a file names, or begins to name. */
function partsNamed(file: string): TextPart[] {
  const source = readFileSync(file, "utf8");
  return parts.filter((part) =>
    Object.keys(textsOfPart(part, nl)).some((key) => {
      const beginnings = key.split(".").map((_, index, all) => `\`${all.slice(0, index + 1).join(".")}.\${`);
      const counted = key.replace(/\.(one|other)$/, "");
      return [`"${key}"`, `sayCount("${counted}"`, ...beginnings].some((each) => source.includes(each));
    }),
  );
}

const needsOf = (files: Iterable<string>): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const file of files)
    for (const part of partsNamed(file)) found.set(part, [...(found.get(part) ?? []), path.relative(web, file)]);
  return found;
};

describe("textsOfPart(part, all)", () => {
  it("has every text in one part", () => {
    const divided = (["common", ...parts] as const).flatMap((part) => Object.keys(textsOfPart(part, nl)));
    expect(divided.toSorted()).toEqual(Object.keys(nl).toSorted());
    for (const part of parts) expect(Object.keys(textsOfPart(part, nl)).length, part).toBeGreaterThan(10);
  });
});

describe("the texts of a page", () => {
  const pages = readdirSync(path.join(web, "pages")).filter((name) => name.endsWith(".page.ts"));
  // Meanings of words and keys of charts are asked for by themselves.
  const apart: TextPart[] = ["explanations", "keys"];

  it.each(pages)("are all fetched with it: %s", (name) => {
    const file = path.join(web, "pages", name);
    const said = /texts: \[([^\]]*)\]/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    const needs = needsOf(reached(file));
    for (const part of apart) needs.delete(part);
    const missing = [...needs].filter(([part]) => !said.includes(`"${part}"`));
    expect(missing).toEqual([]);
    const vain = parts.filter((part) => said.includes(`"${part}"`) && !apart.includes(part) && !needs.has(part));
    expect(vain).toEqual([]);
  });

  it("are in no part where they stand around every page", () => {
    const needs = needsOf(reached(path.join(web, "App.svelte")));
    // Fetched with the box that they are in.
    needs.delete("find");
    expect([...needs]).toEqual([]);
  });
});
