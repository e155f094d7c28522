import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import nl from "../../web/locales/nl.json" with { type: "json" };
import { textParts, textsOfPart, type TextPart } from "../../web/locales/parts.ts";

const web = path.join(projectFolder, "web");
const parts = Object.keys(textParts) as TextPart[];

/** Parts of the program that bring texts of their own. */
const withTexts = /new Code\(\(\) => import\("([^"]+)"\), \[([^\]]+)\]\)/g;
const namesIn = (list: string): TextPart[] => [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name as TextPart);

/** What is asked of a file more than once is looked for once. */
function remembered<T>(look: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    if (!known.has(file)) known.set(file, look(file));
    return known.get(file)!;
  };
}

const sourceOf = remembered((file) => readFileSync(file, "utf8"));
const imports = /(?<!import type [^;]*?)(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
/** What a file imports of our own, but for parts that bring texts. */
const importsOf = remembered((file) =>
  existsSync(file)
    ? [...sourceOf(file).replace(withTexts, "").matchAll(imports)]
        .filter(([, target]) => /\.(ts|svelte)$/.test(target!))
        .map(([, target]) => path.join(path.dirname(file), target!))
    : null,
);

/** The files that a file is made of, itself among them, but for parts that bring texts. */
function reached(file: string, known = new Set<string>()): Set<string> {
  const targets = importsOf(file);
  if (known.has(file) || targets === null) return known;
  known.add(file);
  for (const target of targets) reached(target, known);
  return known;
}

/** The parts that bring texts among what a file is made of, with these. */
const partsWithTexts = (file: string): { file: string; texts: TextPart[] }[] =>
  [...reached(file)].flatMap((each) =>
    [...sourceOf(each).matchAll(withTexts)].map(([, target, texts]) => ({
      file: path.join(path.dirname(each), target!),
      texts: namesIn(texts!),
    })),
  );

/** The parts whose texts a file names, or begins to name. */
const partsNamed = remembered((file) => {
  const source = sourceOf(file);
  return parts.filter((part) =>
    Object.keys(textsOfPart(part, nl)).some((key) => {
      const beginnings = key.split(".").map((_, index, all) => `\`${all.slice(0, index + 1).join(".")}.\${`);
      const counted = key.replace(/\.(one|other)$/, "");
      return [`"${key}"`, `sayCount("${counted}"`, ...beginnings].some((each) => source.includes(each));
    }),
  );
});

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

  /** What is wrong with the texts that come with a file, where some are there before. */
  function faults(file: string, texts: readonly TextPart[], before: readonly TextPart[] = []): string[] {
    const needs = needsOf(reached(file));
    for (const part of apart) needs.delete(part);
    const there = [...before, ...texts];
    const name = path.basename(file);
    return [
      ...[...needs]
        .filter(([part]) => !there.includes(part as TextPart))
        .map((each) => `${name} lacks ${each.join(": ")}`),
      ...texts
        .filter((part) => !apart.includes(part) && !needs.has(part))
        .map((part) => `${name} has no use for ${part}`),
      ...partsWithTexts(file).flatMap((each) => faults(each.file, each.texts, there)),
    ];
  }

  it.each(pages)("are all fetched with it, or with the part of it that needs them: %s", (name) => {
    const file = path.join(web, "pages", name);
    expect(faults(file, namesIn(/texts: \[([^\]]*)\]/.exec(readFileSync(file, "utf8"))?.[1] ?? ""))).toEqual([]);
  });

  it("are in no part where they stand around every page", () => {
    const needs = needsOf(reached(path.join(web, "App.svelte")));
    // Fetched with the box that they are in.
    needs.delete("find");
    expect([...needs]).toEqual([]);
  });
});
