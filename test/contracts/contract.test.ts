import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createTableSql,
  normalise,
  parseContract,
  readContracts,
  undecidedGrounds,
} from "../../pipelines/contracts/contract.ts";
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

  it("asks from whom, for what and under which law, and about whom where there are personal data", () => {
    const lines = complaints.split("\n");
    const without = (key: string) => {
      const start = lines.findIndex((line) => line.startsWith(`${key}:`));
      const end = lines.findIndex((line, i) => i > start && !line.startsWith(" "));
      expect(start).toBeGreaterThan(0);
      const { faults } = parseContract([...lines.slice(0, start), ...lines.slice(end)].join("\n"), "complaints.yaml");
      return faults.map(({ message }) => message).join("; ");
    };
    expect(without("supplier")).toMatch(/^supplier: /);
    expect(without("purpose")).toMatch(/^purpose: /);
    expect(without("law")).toMatch(/^law: write one of gdpr, police_data, none$/);
    expect(without("subjects")).toMatch(/^subjects is missing/);
  });

  it("refuses kinds of people and of data that it does not know", () => {
    expect(faultsOf("subjects: [complainants, staff]", "subjects: [complainers]")[0]).toMatch(
      /subjects\.0: write some of staff, leavers/,
    );
    expect(
      faultsOf("    type: date\n    required: true", "    type: date\n    required: true\n    special: [wealth]")[0],
    ).toMatch(/special\.0: write some of origin, belief, health, orientation/);
  });

  it("does not believe that there are no personal data where it says whom they are about", () => {
    expect(faultsOf("law: gdpr", "law: none")[0]).toMatch(/data about complainants, staff fall under a law/);
    expect(faultsOf("law: gdpr\nsubjects: [complainants, staff]", "law: none\nground_decided: 2026-11-29")[0]).toMatch(
      /there is no ground to decide on/,
    );
    expect(
      parseContract(
        readFileSync(path.join(folder, "staffing.yaml"), "utf8").replace("law: gdpr\nsubjects: [staff]", "law: none"),
        "staffing.yaml",
      ).faults.map(({ message }) => message),
    ).toEqual([
      "special data fall under a law: not law: none",
      ...["employee_id", "scale", "gender", "age_band", "background"].map(
        (name) => `${name} is about persons: not law: none`,
      ),
    ]);
  });

  it("refuses a file of another name", () => {
    expect(parseContract(complaints, "klachten.yaml").faults[0]!.message).toMatch(/not the file's name, "klachten"/);
  });
});

describe("undecidedGrounds(contracts)", () => {
  it("names feeds with personal data until the force decided", () => {
    const { contract } = parseContract(complaints, "complaints.yaml");
    const { contract: units } = parseContract(readFileSync(path.join(folder, "units.yaml"), "utf8"), "units.yaml");
    expect(undecidedGrounds([contract!, units!])).toEqual(["complaints"]);
    expect(undecidedGrounds([{ ...contract!, ground_decided: "2026-11-29" }])).toEqual([]);
  });
});

describe("normalise(text)", () => {
  it("does nothing to what it has made", () => {
    fc.assert(fc.property(fc.string(), (text) => normalise(normalise(text)) === normalise(text)));
  });
});

describe("pipelines/contracts/", () => {
  const { contracts } = readContracts(folder);

  it("has every feed, with its mode, key and required columns", () => {
    const shape = [...contracts.values()].map(({ name, mode, key, columns }) => {
      const required = columns.filter((column) => column.required).map((column) => column.name);
      return `${name}: ${mode}${key.length > 0 && key.length < 3 ? ` by ${key.join(", ")}` : ""}: ${required.join(", ")}`;
    });
    expect(shape).toEqual([
      "absence: replace: period, unit_id, available_days, sick_days",
      "actions: upsert by action_id: action_id, kind, focus, title, unit_id, status",
      "background: replace: period, unit_id, population, source",
      "committees: replace: date, unit_id, position, members, women, diverse",
      "complaints: upsert by complaint_id: complaint_id, received_on, unit_id, aspects",
      "establishment: replace: period, unit_id, category, fte",
      "incidents: upsert by incident_id: incident_id, registered_on, unit_id, kind, grounds",
      "integrity: replace: period, unit_id, channel, theme, contacts",
      "movements: replace: date, unit_id, kind, gender",
      "outputs: replace: date, unit_id, output, quantity",
      "population: replace: unit_id, year, persons",
      "published: upsert: measure, unit, value, source_title",
      "staffing: replace: period, unit_id, category, role, gender, headcount",
      "survey: replace: wave, unit_id, population, question",
      "units: upsert by unit_id, valid_from: unit_id, name, level, valid_from",
      "use_of_force: upsert by report_id: report_id, incident_id, occurred_on, unit_id, means",
    ]);
  });
});
