import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { commandNames } from "../pipelines/command.ts";
import { projectFolder, settings } from "../pipelines/settings.ts";

const readme = readFileSync(path.join(projectFolder, "README.md"), "utf8");
const documents = [
  "README.md",
  ...readdirSync(path.join(projectFolder, "docs"), { recursive: true, encoding: "utf8" }).map((name) =>
    path.join("docs", name),
  ),
].filter((name) => name.endsWith(".md"));

describe("README.md", () => {
  it("names every setting with its default", () => {
    for (const setting of settings) expect(readme).toContain(`| \`${setting.name}\``);
  });

  it("names every command", () => {
    for (const name of commandNames()) expect(readme).toContain(`kvv ${name}`);
  });

  it("names every folder of the project", () => {
    for (const folder of ["pipelines", "server", "web", "data", "test", "docs"]) expect(readme).toContain(`${folder}/`);
  });

  it("gives the two commands that package.json knows", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectFolder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const [, script] of readme.matchAll(/npm (?:run )?(start|test|dev|check|test:long)\b/g))
      expect(scripts).toHaveProperty(script!);
    expect(readme).toContain("npm ci && npm start");
    expect(readme).toContain("npm ci && npm test");
  });
});

describe("links in the documents", () => {
  it.each(documents)("%s points at files that exist", (document) => {
    const text = readFileSync(path.join(projectFolder, document), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
    const missing = links.filter((link) => !existsSync(path.resolve(projectFolder, path.dirname(document), link)));
    expect(missing).toEqual([]);
  });
});
