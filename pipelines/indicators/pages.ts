import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Target } from "../targets.ts";
import type { Definition } from "./definition.ts";
import { indexPage, indicatorPage, pageName } from "./page.ts";

/** Every page about indicators, by its file name. `examples` is the folder of the worked examples; an indicator without one has no page. */
export function indicatorPages(definitions: Definition[], targets: Target[], examples: string): Map<string, string> {
  const worked = definitions
    .map((definition) => ({ definition, file: path.join(examples, `${definition.id}.yaml`) }))
    .filter(({ file }) => existsSync(file));
  return new Map([
    ["README.md", indexPage(worked.map(({ definition }) => definition))],
    ...worked.map(({ definition, file }): [string, string] => [
      pageName(definition.id),
      indicatorPage(definition, targets, readFileSync(file, "utf8")),
    ]),
  ]);
}

/** Names of the pages in a folder that are not what they should be, missing or left over. */
export function stalePages(pages: Map<string, string>, folder: string): string[] {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const isCurrent = (name: string) =>
    found.includes(name) && readFileSync(path.join(folder, name), "utf8") === pages.get(name);
  return [...new Set([...pages.keys(), ...found])].filter((name) => !isCurrent(name)).sort();
}

/** Makes the folder hold these pages and no others; returns the names of those that changed. */
export function writePages(pages: Map<string, string>, folder: string): string[] {
  const stale = stalePages(pages, folder);
  mkdirSync(folder, { recursive: true });
  for (const name of stale) {
    const text = pages.get(name);
    if (text === undefined) rmSync(path.join(folder, name));
    else writeFileSync(path.join(folder, name), text);
  }
  return stale;
}
