import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTableSql, normalise, parseContract, readContracts } from "../../pipelines/contracts/contract.ts";
import { Database } from "../../pipelines/database.ts";
import { projectFolder } from "../../pipelines/settings.ts";

const folder = path.join(projectFolder, "pipelines", "contracts");
const complaints = readFileSync(path.join(folder, "complaints.yaml"), "utf8");

/** The message of each fault that a change of the complaints contract gives. */
const faultsOf = (from: string, to: string) => {
  expect(complaints).toContain(from);
  const { faults } = parseContract(complaints.replace(from, to), "complaints.yaml");
  return faults.map((fault) => `${fault.line}: ${fault.message}`);
};

describe("readContracts(folder)", () => {
  it("the project's contracts have no faults, and each makes a table", async () => {
    const { contracts, faults } = readContracts(folder);
    expect(faults).toEqual([]);
    expect([...contracts.keys()]).toContain("complaints");
    const db = await Database.open(":memory:");
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    db.close();
  });
});

describe("parseContract(text, file)", () => {
  it("names the line of a column that refers to nothing", () => {
    expect(faultsOf("date: received_on", "date: received")).toEqual(['10: there is no column "received"']);
  });

  it("refuses a header that means two columns", () => {
    expect(faultsOf("aliases: [klachtnummer,", "aliases: [Ontvangen-Op, klachtnummer,")[0]).toMatch(
      /header "ontvangen op" already means complaint_id/,
    );
  });

  it("refuses keys that it does not know", () => {
    expect(faultsOf("mode: upsert", "mode: upsert\ncolour: red")[0]).toMatch(/colour: unknown key/);
  });

  it("refuses a file of another name", () => {
    expect(parseContract(complaints, "klachten.yaml").faults[0]!.message).toMatch(/not the file's name, "klachten"/);
  });
});

describe("normalise(text)", () => {
  it("does nothing to what it has made", () => {
    fc.assert(fc.property(fc.string(), (text) => normalise(normalise(text)) === normalise(text)));
  });
});
