import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { peopleFaults } from "../../pipelines/indicators/people.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { contracts, definitions } from "../support/figures.ts";
import { definitionText, firstVersion } from "../support/synthetic.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-people-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is found in a share that is counted by a query. */
async function faultsOf(sql: string): Promise<string[]> {
  const text = definitionText(["kind: share", "stock: true", firstVersion], sql);
  writeFileSync(path.join(folder, "one.sql"), text);
  const { definitions, files, faults } = await readDefinitions(folder, contracts);
  expect(faults).toEqual([]);
  return (await peopleFaults(files, definitions, contracts)).map(({ message }) => message);
}
const dual = "sum(headcount) filter (background = 'dual')";
const known = "sum(headcount) filter (background in ('dual', 'single'))";
const cells = (numerator: string, denominator: string, more = "", from = "staffing") =>
  `select unit_id, period as month, ${numerator} as numerator, ${denominator} as denominator${more} from ${from} group by unit_id, period`;

describe("peopleFaults(files, definitions, contracts)", () => {
  it("finds nothing in any definition of the project", async () => {
    const all = await definitions();
    expect(all.filter((each) => each.protected || each.sensitive).length).toBeGreaterThan(30);
    expect(await peopleFaults(new Map(all.map(({ id }) => [id, id])), all, contracts)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["multiplies", cells(`10 * ${dual}`, `10 * ${known}`), "10 times in numerator"],
    ["adds people to the denominator", cells(dual, `${known} + 25`), "in denominator"],
    ["joins rows to each other", cells(dual, known, "", "staffing join range(12) as twelve(n) on true"), "12 times"],
    [
      "counts everybody in one unit",
      `select 'one' as unit_id, period as month, ${dual} as numerator, ${known} as denominator from staffing group by all`,
      "times in numerator",
    ],
    [
      "divides for itself",
      cells("null::bigint", "null::bigint", `, ${dual} / ${known} as share, 0.01 as share_step, true as whole`),
      "share is not one that came as it is",
    ],
    ["multiplies what was made up otherwise", cells(`if(max(headcount) > 1, 5, 1) * ${dual}`, known), "5 times"],
    [
      "adds up more in one month",
      cells(`if(period = date '2024-03-31', 5, 1) * ${dual}`, known, "", "staffing"),
      "5 times",
    ],
    ["knows a unit", cells(`if(unit_id = 'hoefkade', 5, 1) * ${dual}`, known), "what a unit is called"],
    [
      "counts a unit again",
      `${cells(dual, known)} union all ${cells(dual, known, "", "(from staffing where unit_id in ('hoefkade', 'overbosch'))")}`,
      "what a unit is called",
    ],
    [
      "goes by how long a unit's name is",
      cells(`if(length(unit_id) < 8, 5, 1) * ${dual}`, known),
      "what a unit is called",
    ],
    [
      "knows a unit by its hash",
      cells(`if(hash(unit_id) = 13815214126497245461, 5, 1) * ${dual}`, known),
      "what a unit is called",
    ],
    [
      "knows a unit by a part of its name",
      cells(`if(substr(unit_id, 2) = 'oefkade', 5, 1) * ${dual}`, known),
      "what a unit is called",
    ],
    ["leaves made-up names alone", cells(`if(unit_id like 'staffing-%', 1, 5) * ${dual}`, known), "5 times"],
  ])("finds a query that %s", async (_name, sql, words) => {
    const found = await faultsOf(sql);
    expect(found).toEqual([expect.stringContaining(words)]);
  });

  it("leaves what counts each once, and what is no data of people", async () => {
    expect(await faultsOf(cells(dual, known))).toEqual([]);
    expect(await faultsOf(cells("10 * sum(headcount) filter (gender = 'woman')", "10 * sum(headcount)"))).toEqual([]);
  });
});
