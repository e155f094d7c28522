import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { noAssessment, parseAssessment } from "../pipelines/assessment-file.ts";
import { projectFolder } from "../pipelines/settings.ts";

const file = path.join(projectFolder, "data", "assessment.yaml");
const text = readFileSync(file, "utf8");

const faultsOf = (from: string, to: string) => {
  expect(text).toContain(from);
  return parseAssessment(text.replace(from, to), "assessment.yaml").faults.map(
    ({ line, message }) => `${line}: ${message}`,
  );
};

describe("parseAssessment(text, file)", () => {
  it("has no faults in the project's own, in which every risk has a measure and says what is left", () => {
    const { assessment, faults } = parseAssessment(text, file);
    expect(faults).toEqual([]);
    expect(assessment.risks.length).toBeGreaterThan(5);
    for (const { id, measures, left } of assessment.risks) {
      expect([id, measures.length > 0]).toEqual([id, true]);
      expect(left.nl.length).toBeGreaterThan(20);
    }
  });

  it("names the line of a measure that nothing does: no such file, setting, or one outside the project", () => {
    const line = text.split("\n").findIndex((each) => each.includes("by: pipelines/inbox.ts")) + 1;
    expect(faultsOf("by: pipelines/inbox.ts", "by: pipelines/outbox.ts")).toEqual([
      `${line}: risks.2.measures.0.by: there is no file or setting pipelines/outbox.ts; name what does it, or leave the measure out`,
    ]);
    expect(faultsOf("by: KVV_KEEP_FILES_DAYS", "by: KVV_KEEP_FILES_YEARS")).toHaveLength(1);
    expect(faultsOf("by: pipelines/inbox.ts", "by: ../README.md")).toHaveLength(1);
  });

  it("refuses two risks of one name, and keys that it does not know", () => {
    expect(faultsOf("- id: over-time", "- id: small-cells")[0]).toMatch(/risks\.1\.id: small-cells stands there twice/);
    expect(faultsOf("description:", "chance: high\ndescription:")[0]).toMatch(/chance: unknown key/);
  });

  it("gives nothing of a file with faults", () => {
    expect(parseAssessment("risks: 3", "assessment.yaml").assessment).toEqual(noAssessment);
  });
});
