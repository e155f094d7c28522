import path from "node:path";
import { describe, expect, it } from "vitest";
import { readContracts } from "../../../pipelines/contracts/contract.ts";
import { isFolded } from "../../../pipelines/loading/fold.ts";
import { parseMapping } from "../../../pipelines/reading/mapping.ts";
import { projectFolder } from "../../../pipelines/settings.ts";
import type { SourceColumn } from "../../../pipelines/sources/grouping/dialect.ts";
import { readFormat } from "../../../pipelines/sources/grouping/formats.ts";
import { planGrouping } from "../../../pipelines/sources/grouping/plan.ts";

const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));
const columns = (text: string): SourceColumn[] =>
  text.split(" ").map((name) => ({ name, kind: /datum|_op$/.test(name) ? "date" : "text", type: "text" }));

function plan(feed: string, header: string, text: string | null = null) {
  const contract = contracts.get(feed)!;
  if (!isFolded(contract)) throw new Error(feed);
  const mapping = text === null ? null : parseMapping(`feed: ${feed}\n${text}`, "m.yaml", contract).mapping!;
  const { values, days, id, group, first, columns: made, filters } = planGrouping(contract, mapping, columns(header));
  const names = (list: SourceColumn[]) => list.map(({ name }) => name);
  const ids = [id, group, first].map((each) => each && names(each.columns));
  return { values: names(values), days: days.map(({ column }) => column.name), ids, made: made.map(({ column }) => column.name), filters }; // prettier-ignore
}

describe("planGrouping(contract, mapping, columns)", () => {
  it("takes what the contract needs, and nothing of the rest", () => {
    expect(plan("complaints", "klachtnummer naam datum eenheid aspecten toelichting afgedaan_op")).toMatchObject({
      values: ["eenheid", "aspecten"],
      days: ["datum", "afgedaan_op"],
      ids: [["klachtnummer"], null, null],
      made: ["unit_id", "aspects"],
    });
  });

  it("knows what belongs together, and which is the first", () => {
    expect(plan("use_of_force", "meldingsnummer incidentnummer pleegdatum eenheid middel")).toMatchObject({
      ids: [["meldingsnummer"], ["incidentnummer"], ["meldingsnummer"]],
      values: ["eenheid", "middel"],
    });
  });

  it("takes what a mapping looks at: headers in any spelling, filters, keys of a second file; not the fields of that", () => {
    const header = "nr datum team aspecten status fase sluiting_op";
    const text = `columns:
  complaint_id: { key: [nr, team] }
  received_on: Datum
  closed_on: { from: sluiting_op, date_format: "%d-%m-%Y" }
  unit_id: { from: teams.unit, or: Team }
  route: { when: [{ if: { fase: "2*", sluiting_op: "*" }, then: committee }], otherwise: pending }
filters: { status: Y }
lookups: { teams: { file: t.csv, key: { team: code } } }
`;
    // The id is made of the team too, which is a column of its own: only whole ids are kept back.
    expect(() => plan("complaints", header, text)).toThrow('"Team" is a number of its own');
    expect(plan("complaints", header, text.replace("{ key: [nr, team] }", "nr"))).toMatchObject({
      values: ["team", "aspecten", "fase", "status"],
      days: ["datum", "sluiting_op"],
      ids: [["nr"], null, null],
      filters: { values: [3], days: [] },
    });
  });

  it("refuses what lacks an id or a column that every row must have, and names what it does not know", () => {
    expect(() => plan("complaints", "zaak datum eenheid aspecten")).toThrow(/no column for complaint_id.*"zaak"/);
    expect(() => plan("complaints", "klachtnummer datum plek aspecten")).toThrow(/no column for unit_id.*"plek"/);
    expect(() => plan("use_of_force", "meldingsnummer pleegdatum eenheid middel")).toThrow(/no column for incident_id/);
    expect(() => plan("complaints", "klachtnummer datum eenheid aspecten aantal")).toThrow(/"aantal" means count/);
    // In ClickHouse that would be another column: the id.
    expect(() => plan("complaints", "klachtnummer datum eenheid aspecten kvv_id", "columns: { origin: kvv_id }\n")).toThrow(/"kvv_id" is called as the monitor's own/); // prettier-ignore
  });
});

describe("readFormat(format)", () => {
  it("reads years, months, days and times in any order, and nothing else", () => {
    expect(readFormat("%d.%m.%Y")).toHaveLength(5);
    expect(readFormat("%m/%d/%Y %H:%M")).not.toBeNull();
    // Without anything between them digits are only told apart where none is left out.
    expect(JSON.stringify(readFormat("%d%m%Y"))).not.toContain("1,2");
    for (const other of ["%d %b %Y", "%d-%m", "%d-%m-%Y (%a)", "%d|%m|%Y", "%y-%m-%d", "%Y-%Y-%m-%d"])
      expect(readFormat(other), other).toBeNull();
  });
});
