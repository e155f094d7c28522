import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fixed } from "../../web/slim-svelte.ts";

const svelte = path.dirname(createRequire(import.meta.url).resolve("svelte/package.json"));

const exportsOf = (code: string): string[] =>
  [...code.matchAll(/export (?:let|const|function) (\w+)/g)].map(([, name]) => name!);

describe("fixed", () => {
  it.each(Object.keys(fixed))("has what Svelte's own module has, but for what switches something on: %s", (file) => {
    const own = exportsOf(readFileSync(path.join(svelte, "src", "internal", file), "utf8"));
    const switches = own.filter((name) => /^(en|dis)able_/.test(name));
    expect(exportsOf(fixed[file]!).toSorted()).toEqual(own.filter((name) => !switches.includes(name)).toSorted());
  });
});
