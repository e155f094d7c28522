import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, it } from "vitest";

const folder = inject("pages");
const html = readFileSync(path.join(folder, "index.html"), "utf8");
const tags = [...html.matchAll(/<(?:script|link)\s[^>]*>/g)].map(([tag]) => tag);
const addressIn = (tag: string) => /(?:href|src)="([^"]+)"/.exec(tag)![1]!;

describe("the page without its content", () => {
  it("asks for the letters with the style that says them", () => {
    const [font, ...others] = tags.filter((tag) => tag.includes('rel="preload"'));
    expect(others).toEqual([]);
    expect(font).toMatch(/as="font" type="font\/woff2" crossorigin/);
    expect(existsSync(path.join(folder, addressIn(font!)))).toBe(true);
    const style = addressIn(tags.find((tag) => tag.includes('rel="stylesheet"'))!);
    // By this very address: by another, browsers would fetch it twice.
    expect(readFileSync(path.join(folder, style), "utf8")).toContain(`url(${addressIn(font!)})`);
  });

  it("lets the program come after what it is painted with", () => {
    const program = tags.filter((tag) => tag.endsWith('.js">') || tag.includes('type="module"'));
    expect(program.length).toBeGreaterThan(1);
    for (const tag of program) expect(tag).toContain('fetchpriority="low"');
    for (const tag of tags.filter((tag) => !program.includes(tag))) expect(tag).not.toContain("fetchpriority");
  });
});
