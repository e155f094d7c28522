import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readContracts } from "../pipelines/contracts/contract.ts";
import { readOwners } from "../pipelines/owners-file.ts";
import { readSchedule } from "../pipelines/schedule-file.ts";
import { projectFolder } from "../pipelines/settings.ts";

const page = readFileSync(path.join(projectFolder, "docs", "sources.md"), "utf8");
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

describe("docs/sources.md", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-sources-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));

  it("has examples of jobs and of owners", () => {
    expect(examples.map((text) => text.split(":")[0]).sort()).toEqual([
      "jobs",
      "jobs",
      "jobs",
      "jobs",
      "jobs",
      "owners",
    ]);
  });

  it.each(examples)("this example is in order:\n%s", (text) => {
    const file = path.join(folder, "example.yaml");
    writeFileSync(file, text);
    const { faults } = text.startsWith("jobs")
      ? readSchedule(file, { contracts, config: folder })
      : readOwners(file, contracts);
    expect(faults).toEqual([]);
  });
});
