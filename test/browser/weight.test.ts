import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, inject, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";

/** What a browser fetches of a page's script before a reader touches a chart is at most so many bytes, packed. */
const most = 60_000;
/** What is heavier still: no heavier than it is. */
const heavier: Record<string, number> = {
  // The parser of its texts comes with it; the editor by itself.
  "Workbench with components/workbench/Desk.svelte": 116_400,
};

type Manifest = Record<string, { file: string; imports?: string[]; dynamicImports?: string[] }>;

const folder = inject("pages");
const manifest = JSON.parse(readFileSync(path.join(folder, ".vite", "manifest.json"), "utf8")) as Manifest;

/** The files that come with one, itself among them. */
function withImports(name: string, known = new Set<string>()): Set<string> {
  const part = manifest[name];
  if (!part) throw new Error(`the build has no part ${name}`);
  if (known.has(name)) return known;
  known.add(name);
  for (const each of part.imports ?? []) withImports(each, known);
  return known;
}

const packed = (name: string): number => gzipSync(readFileSync(path.join(folder, manifest[name]!.file))).length;

/** Parts that a page shows at once and fetches by themselves. */
const atOnce: Record<string, string[][]> = {
  Compare: [[], ["components/IndicatorList.svelte"]],
  Data: [["components/data/FeedList.svelte"], ["components/data/FeedDetail.svelte"]],
  Indicator: [[], ["components/IndicatorList.svelte"]],
  Workbench: [["components/workbench/DraftList.svelte"], ["components/workbench/Desk.svelte"]],
  Review: [["components/review/ReviewSheet.svelte"], ["components/review/ReviewProgress.svelte"]],
};

describe("script of a page", () => {
  const pages = readdirSync(path.join(projectFolder, "web", "pages")).filter((name) => name.endsWith(".page.ts"));
  const each = pages.flatMap((file) => {
    const name = file.replace(".page.ts", "");
    return (atOnce[name] ?? [[]]).map((parts) => ({ name, parts, shown: [name, ...parts].join(" with ") }));
  });

  it.each(["nl", "en"].flatMap((language) => each.map((page) => ({ ...page, language }))))(
    "is not heavier than it may be: $shown, $language",
    ({ name, parts, shown, language }) => {
      const source = readFileSync(path.join(projectFolder, "web", "pages", `${name}.page.ts`), "utf8");
      const texts = [...(/texts: \[([^\]]*)\]/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, text]) => text!);
      const all = new Set<string>();
      for (const root of [
        "index.html",
        `pages/${name}.svelte`,
        ...parts,
        ...["common", ...texts].map((text) => `locales/${language}.json?part=${text}`),
      ])
        withImports(root, all);
      const heaviest = [...all].map((part): [string, number] => [part, packed(part)]).sort((a, b) => b[1] - a[1]);
      const weight = heaviest.reduce((sum, [, bytes]) => sum + bytes, 0);
      expect(weight, heaviest.map(([part, bytes]) => `${part}: ${bytes}`).join("\n")).toBeLessThan(
        heavier[shown] ?? most,
      );
      // Less than this no page is: then it is not the page that was weighed.
      expect(weight).toBeGreaterThan(30_000);
    },
  );

  it("has neither Vega nor what draws charts", () => {
    for (const { name } of each) {
      const files = [...withImports(`pages/${name}.svelte`), ...withImports("index.html")];
      expect(files.filter((file) => /vega|drawing|charts\/(trend|funnel)\.ts/.test(file))).toEqual([]);
    }
  });
});
