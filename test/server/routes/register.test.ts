import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import readXlsx from "read-excel-file/node";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readContracts } from "../../../pipelines/contracts/contract.ts";
import { roles } from "../../../server/access.ts";
import type { AssessmentItem, ProcessingRow, RegisterColumnRow } from "../../../server/register/rows.ts";
import { projectContracts, serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askJson } from "../ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ hrm: true });
});
afterAll(() => fixture.stop());

const { contracts } = readContracts(projectContracts);

async function textOf(locale: string): Promise<string> {
  const { status, bytes } = await ask(fixture, `/api/v1/register/report.pdf?locale=${locale}`);
  expect(status, bytes.toString().slice(0, 200)).toBe(200);
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
  return text.replace(/\s+/g, " ");
}

describe("GET /api/v1/register", () => {
  it("has a row for each contract, and for what the monitor keeps of its users", async () => {
    const rows = await askJson<ProcessingRow[]>(fixture, "/register");
    expect(
      rows
        .filter(({ of }) => of === "feed")
        .map(({ processing_id }) => processing_id)
        .sort(),
    ).toEqual([...contracts.keys()].sort());
    expect(rows.filter(({ of }) => of === "monitor").map(({ processing_id }) => processing_id)).toEqual([
      ...["workspace", "audit", "sessions", "addresses"],
    ]);
    const staffing = rows.find(({ processing_id }) => processing_id === "staffing")!;
    expect(staffing).toMatchObject({ law: "gdpr", subjects: ["staff"], special: ["origin"], ground_decided: null });
    expect(staffing.ground_nl).toBe(contracts.get("staffing")!.legal_ground.nl);
    expect(staffing.indicators.map(({ id }) => id)).toContain("staffing-women");
  });

  it("is the same for every role, whatever figures they may see", async () => {
    const all = (await ask(fixture, "/api/v1/register")).text;
    for (const role of roles) {
      const cookie = await fixture.cookieOf({ name: role, roles: [role], units: ["den-haag"] });
      expect((await ask(fixture, "/api/v1/register", { headers: { cookie } })).text).toBe(all);
    }
    expect((await ask(fixture, "/api/v1/register", { headers: { cookie: "" } })).status).toBe(401);
  });

  it("has no figure: no number but how long things are kept", async () => {
    const rows = await askJson<Record<string, unknown>[]>(fixture, "/register");
    for (const row of rows) expect(Object.entries(row).filter(([, value]) => typeof value === "number")).toEqual([]);
  });

  it("is a sheet to hand over", async () => {
    const { bytes } = await ask(fixture, "/api/v1/register?format=xlsx&locale=nl");
    const [data] = await readXlsx(bytes);
    const head = data!.data[0]!;
    expect(head).toEqual(expect.arrayContaining(["Waarvoor (Nederlands)", "Wet", "Grond vastgesteld op", "Vragen"]));
    expect(data!.data).toHaveLength(contracts.size + 5);
  });
});

describe("GET /api/v1/register/columns", () => {
  it("has every column of every contract once, and only the monitor's own besides", async () => {
    const rows = await askJson<RegisterColumnRow[]>(fixture, "/register/columns");
    const named = rows.map(({ processing_id, column_name }) => `${processing_id}.${column_name}`);
    expect(new Set(named).size).toBe(named.length);
    const expected = [...contracts.values()].flatMap(({ name, columns }) =>
      columns.map((each) => `${name}.${each.name}`),
    );
    expect(named.filter((each) => contracts.has(each.split(".")[0]!)).sort()).toEqual(expected.sort());
  });
});

describe("GET /api/v1/register/assessment", () => {
  it("has risks with what is done against them and what is left, and questions", async () => {
    const items = await askJson<AssessmentItem[]>(fixture, "/register/assessment");
    const risks = items.filter(({ part }) => part === "risk");
    expect(risks.length).toBeGreaterThan(5);
    for (const { measures, left_nl } of risks)
      expect([measures.length > 0, left_nl]).toEqual([true, expect.any(String)]);
    expect(new Set(items.map(({ part }) => part))).toEqual(
      new Set(["description", "necessity", "proportionality", "risk", "question"]),
    );
  });
});

describe("GET /api/v1/register/report.pdf", () => {
  it("says of each processing why, on what ground, how long and who sees it, with its questions at the end", async () => {
    const text = await textOf("nl");
    for (const { title, purpose, questions } of contracts.values()) {
      expect(text).toContain(title.nl);
      expect(text).toContain(purpose.nl);
      for (const { nl } of questions) expect(text.slice(text.lastIndexOf("Open vragen aan"))).toContain(nl);
    }
    expect(text).toContain("voorstel; het korps heeft er nog niet over besloten");
    expect(text).toContain("achtergrond (background) bijzonder gegeven: herkomst");
    expect(text).toContain("Regels van het logboek 84 maanden KVV_KEEP_AUDIT_MONTHS");
    expect(text).toMatch(/Kleine aantallen worden niet getoond[^–]*pipelines\/disclosure\/gate\.sql/);
    expect(text).not.toMatch(/register\.\w|signIn\./);
  });

  it("is in English too, under a name of its own", async () => {
    const text = await textOf("en");
    expect(text).toContain("Register of processing of the monitor");
    expect(text).toContain("A small number gives somebody away");
    expect(text).not.toMatch(/register\.\w|signIn\.|Waarvoor/);
    const { headers } = await ask(fixture, "/api/v1/register/report.pdf?locale=en");
    expect(headers["content-disposition"]).toBe('attachment; filename="register-of-processing.pdf"');
  });
});

describe("an assessment with faults", () => {
  it("is told as a fault, and kvv check named", async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), "kvv-assessment-")), "assessment.yaml");
    writeFileSync(file, "risks: 3\n");
    const other = await serveFixture({ assessment: file });
    try {
      const { status, text } = await ask(other, "/api/v1/register/assessment");
      expect([status, text]).toEqual([503, expect.stringContaining("kvv check names them")]);
      writeFileSync(file, "questions: [{ nl: Wat nu?, en: What now? }]\n");
      const items = await askJson<AssessmentItem[]>(other, "/register/assessment");
      expect(items.map(({ text_nl }) => text_nl)).toEqual(["Wat nu?"]);
    } finally {
      await other.stop();
    }
  });
});
