import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readContracts } from "../../pipelines/contracts/contract.ts";
import { parseMapping } from "../../pipelines/reading/mapping.ts";
import { projectFolder } from "../../pipelines/settings.ts";

const page = readFileSync(path.join(projectFolder, "docs", "mapping.md"), "utf8");
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));

describe("docs/mapping.md", () => {
  it.each(examples.map((text) => [text.split("\n").slice(0, 3).join(" "), text]))(
    "has an example without faults: %s",
    (_, text) => {
      const feed = /^feed: (\w+)/.exec(text)![1]!;
      expect(parseMapping(text, "example.yaml", contracts.get(feed)!).faults).toEqual([]);
    },
  );

  it("names every key of a mapping", () => {
    const source = readFileSync(path.join(projectFolder, "pipelines", "reading", "mapping.ts"), "utf8");
    const schema = source.slice(source.indexOf("const readingKeys"), source.indexOf("export type Source"));
    const keys = [...schema.matchAll(/^ {2}([a-z_]+):/gm)].map((match) => match[1]!);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !page.includes(`\`${key}\``) && !page.includes(`${key}:`))).toEqual([]);
  });
});
