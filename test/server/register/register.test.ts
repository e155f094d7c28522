import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseContract, readContracts, type Contract } from "../../../pipelines/contracts/contract.ts";
import { createTableSql } from "../../../pipelines/contracts/contract.ts";
import { Database } from "../../../pipelines/database.ts";
import type { Definition } from "../../../pipelines/indicators/definition.ts";
import { readDefinitions } from "../../../pipelines/indicators/read.ts";
import { projectFolder, readSettings, settings } from "../../../pipelines/settings.ts";
import { reachesOf } from "../../../server/access.ts";
import { columnsRead, type ColumnsRead } from "../../../server/register/columns-read.ts";
import { measureFiles, type Processing, type Register } from "../../../server/register/processing.ts";
import { makeRegister } from "../../../server/register/register.ts";

const keep = readSettings({});
const folder = (...names: string[]) => path.join(projectFolder, ...names);

/** Visits to a counter, by person or by number; nobody needs the colour of their coat. */
const visits = `
name: visits
title: { nl: Bezoeken, en: Visits }
description: { nl: Wie er kwam., en: Who came. }
grain: { nl: een bezoek, en: a visit }
mode: upsert
key: [visit_id]
date: came_on
weight: count
columns:
  - { name: employee_id, type: id, person: true, personal: true }
  - { name: visit_id, type: id, required: true, unless: count, aliases: [bezoeknummer] }
  - { name: came_on, type: date, required: true, aliases: [gekomen op] }
  - { name: left_on, type: date }
  - { name: unit_id, type: unit, required: true }
  - { name: complaint, type: code, personal: true, special: [health], values: { back: [rug], other: [anders] } }
  - { name: coat, type: text, personal: true }
  - { name: remark, type: text, free: true }
  - { name: count, type: integer, default: 1, adds: true }
fold: { closed: left_on, months: 24 }
cadence: month
due_days: 20
overdue_days: 35
sensitivity: special
owner: Bedrijfsarts
supplier: { nl: De balie, en: The counter }
purpose: { nl: Zien hoe druk het is., en: Seeing how busy it is. }
law: gdpr
subjects: [staff]
legal_ground: { nl: AVG art. 6., en: GDPR art. 6. }
retention: { nl: Kort., en: Short. }
questions: [{ nl: Mag dit?, en: Is this allowed? }]
history: [{ on: 2026-11-29, change: First version }]
`;

const definition = (id: string, sql: string, more: Partial<Definition> = {}): Definition =>
  ({
    ...{ id, sql, feeds: ["visits"], parts: {}, protected: false, sensitive: false },
    title: { nl: `Titel van ${id}`, en: `Title of ${id}` },
    ...more,
  }) as Definition;

async function registerOf(contract: Contract, definitions: Definition[]): Promise<Register> {
  const contracts = new Map([[contract.name, contract]]);
  const reads = await columnsRead(definitions, contracts);
  return makeRegister({ contracts, definitions, reads, keep, reachesOf });
}

describe("makeRegister(sources), of a contract worked by hand", () => {
  const { contract, faults } = parseContract(visits, "visits.yaml");
  const backs = definition(
    "backs",
    "select unit_id, came_on as month, sum(count) filter (complaint = 'back') as numerator, sum(count) as denominator from visits group by all",
    { protected: true },
  );
  const stay = definition(
    "stay",
    "select unit_id, came_on as month, left_on - came_on as days, count as numerator from visits",
    {
      sensitive: true,
    },
  );
  let processing: Processing;

  beforeAll(async () => {
    expect(faults).toEqual([]);
    const register = await registerOf(contract!, [backs, stay]);
    expect(register.map(({ id, of }) => `${of} ${id}`)).toEqual([
      ...["feed visits", "monitor workspace", "monitor audit", "monitor sessions", "monitor addresses"],
    ]);
    processing = register[0]!;
  });

  it("says of each column what it is to a person and what needs it", () => {
    expect(
      processing.columns.map(({ name, header, about, stored, indicators, uses }) =>
        [
          name,
          header ?? "-",
          about,
          stored ? "stored" : "not",
          indicators.join("+") || "-",
          uses.join("+") || "-",
        ].join(" "),
      ),
    ).toEqual([
      "employee_id - counted not - count",
      "visit_id bezoeknummer pseudonym stored - key",
      "came_on gekomen op case stored backs+stay date",
      "left_on - case stored stay fold",
      "unit_id - case stored backs+stay -",
      "complaint - special stored backs -",
      "coat - personal stored - -",
      "remark - free stored - -",
      "count - none stored backs+stay weight",
    ]);
    expect(processing.unused).toEqual(["coat"]);
    expect(processing.special).toEqual(["health"]);
  });

  it("names the figures in their order, why, on what ground and from whom, as the contract says", () => {
    expect(processing.indicators.map(({ id }) => id)).toEqual(["backs", "stay"]);
    expect(processing).toMatchObject({
      ...{ purpose: { nl: "Zien hoe druk het is." }, ground: { en: "GDPR art. 6." }, ground_decided: null },
      ...{ supplier: { nl: "De balie" }, owner: "Bedrijfsarts", law: "gdpr", subjects: ["staff"] },
      questions: [{ nl: "Mag dit?", en: "Is this allowed?" }],
    });
  });

  it("says how long each thing is kept, by contract and settings", () => {
    expect(processing.kept.map(({ what, amount, unit, setting }) => [what, amount, unit, setting])).toEqual([
      ["counted", null, "months", null],
      ["rows", 24, "months", null],
      ["archive", 84, "months", "KVV_KEEP_ARCHIVE_MONTHS"],
      ["quarantine", 12, "months", "KVV_KEEP_QUARANTINE_MONTHS"],
      ["files", 30, "days", "KVV_KEEP_FILES_DAYS"],
      ["snapshots", 60, "snapshots", "KVV_KEEP_SNAPSHOTS"],
    ]);
  });

  it("says what protects it: what its columns and its figures ask", () => {
    expect(processing.measures).toEqual([
      ...["counted", "keyed", "unnamed", "folded", "gate", "complements", "small_cases"],
      ...["published", "scoped", "rights", "logged"],
    ]);
  });

  it("says who sees it, by the table of rights; HRM not, for it is no feed of theirs", () => {
    const seen = processing.seen.map(({ right, role, reach }) => `${right} ${role} ${reach}`);
    expect(seen).toEqual([
      "figures leadership units",
      "figures programme force",
      "figures control all",
      "figures portfolio whole",
      "data control all",
    ]);
  });

  it("follows settings: what is kept for ever has no amount", () => {
    const reads: ColumnsRead = new Map();
    const contracts = new Map([["visits", contract!]]);
    const longer = { ...keep, keepArchiveMonths: 0, keepAuditMonths: 3 };
    const register = makeRegister({ contracts, definitions: [], reads, keep: longer, reachesOf });
    const keptOf = (id: string, what: string) =>
      register.find((each) => each.id === id)!.kept.find((each) => each.what === what)!.amount;
    expect(keptOf("visits", "archive")).toBeNull();
    expect(keptOf("audit", "audit")).toBe(3);
    expect(register[0]!.seen.map(({ right }) => right)).toEqual(["data"]);
  });

  it("keeps as decided what the force decided", async () => {
    const [decided] = await registerOf({ ...contract!, ground_decided: "2026-12-01" }, []);
    expect(decided!.ground_decided).toBe("2026-12-01");
  });
});

describe("columnsRead(definitions, contracts)", () => {
  const { contract } = parseContract(visits, "visits.yaml");
  const contracts = new Map([["visits", contract!]]);
  const readBy = async (...definitions: Definition[]) => {
    const reads = await columnsRead(definitions, contracts);
    return [...reads.get(definitions[0]!.id)!.get("visits")!];
  };

  it("counts no column that only a star brings along, nor one that is only the name of a result", async () => {
    const star = "with v as (select * from visits) select unit_id, came_on as month, 1 as count from v";
    expect(await readBy(definition("x", star))).toEqual(["came_on", "unit_id"]);
  });

  it("adds what an earlier version of the figure needs", async () => {
    const now = definition("x", "select unit_id, came_on as month from visits");
    const before = definition("x", "select unit_id, left_on as month from visits");
    expect(await readBy({ ...now, earlier: [before] })).toEqual(["came_on", "unit_id", "left_on"]);
  });

  it("takes every column for needed where the query does not fit the contract", async () => {
    const all = contract!.columns.filter(({ person }) => !person).map(({ name }) => name);
    expect(await readBy(definition("x", "select nowhere from visits"))).toEqual(all);
  });
});

describe("the register of the project", () => {
  const { contracts } = readContracts(folder("pipelines", "contracts"));
  let definitions: Definition[];
  let register: Register;

  beforeAll(async () => {
    ({ definitions } = await readDefinitions(folder("pipelines", "indicators"), contracts));
    const reads = await columnsRead(definitions, contracts);
    register = makeRegister({ contracts, definitions, reads, keep, reachesOf });
  });

  it("has every contract and every column of it, exactly once", () => {
    const feeds = register.filter(({ of }) => of === "feed");
    expect(feeds.map(({ id }) => id).sort()).toEqual([...contracts.keys()].sort());
    for (const { id, columns } of feeds)
      expect([id, columns.map(({ name }) => name)]).toEqual([id, contracts.get(id)!.columns.map(({ name }) => name)]);
    expect(new Set(register.map(({ id }) => id)).size).toBe(register.length);
  });

  it("names every figure with every feed that its definition reads", () => {
    for (const { id, feeds } of definitions)
      for (const feed of feeds)
        expect([id, register.find((each) => each.id === feed)!.indicators.map((each) => each.id)]).toEqual([
          id,
          expect.arrayContaining([id]),
        ]);
  });

  it("names with a column the figures whose plan reads it from the feed's table", async () => {
    const db = await Database.open(":memory:", { threads: "1" });
    // A plan of empty tables reads nothing, and one that knows their values leaves conditions out.
    await db.run("set disabled_optimizers = 'statistics_propagation,empty_result_pullup'");
    for (const contract of contracts.values()) await db.run(createTableSql(contract));
    let looked = 0;
    for (const { id, sql, feeds } of definitions) {
      const [row] = await db.all<{ explain_value: string }>(`explain (format json) ${sql}`);
      const plans = JSON.parse(row!.explain_value) as Plan[];
      for (const feed of feeds) {
        const read = columnsOf(plans, feed);
        const columns = register.find((each) => each.id === feed)!.columns;
        for (const { name } of columns.filter(({ indicators }) => !indicators.includes(id)))
          expect([id, feed, name, read.has(name)]).toEqual([id, feed, name, false]);
        looked += read.size;
      }
    }
    db.close();
    expect(looked).toBeGreaterThan(200);
  });

  it("finds the columns about persons that no figure needs", () => {
    const unused = Object.fromEntries(
      register.filter(({ unused }) => unused.length).map(({ id, unused }) => [id, unused]),
    );
    expect(unused).toEqual({
      complaints: ["origin"],
      incidents: ["occurred_on"],
      movements: ["scale_from"],
      use_of_force: ["injury"],
    });
    for (const [feed, names] of Object.entries(unused))
      for (const { sql } of definitions.filter(({ feeds }) => feeds.length === 1 && feeds[0] === feed))
        for (const name of names) expect(sql).not.toMatch(new RegExp(`\\b${name}\\b`));
  });

  it("shows HRM no more of a feed than figures made of HR feeds", () => {
    const ofHrm = register.filter(({ seen }) => seen.some(({ role, right }) => role === "hrm" && right === "figures"));
    expect(ofHrm.map(({ id }) => id).sort()).toEqual([
      ...["absence", "background", "committees", "establishment", "movements", "population", "published"],
      ...["staffing", "survey"],
    ]);
  });

  it("names measures and settings that are there", () => {
    for (const file of Object.values(measureFiles)) expect([file, existsSync(folder(file))]).toEqual([file, true]);
    const names = new Set(settings.map(({ name }) => name));
    for (const { kept } of register) for (const { setting } of kept) if (setting) expect(names).toContain(setting);
  });
});

describe("what the monitor keeps of its users", () => {
  const own = makeRegister({
    ...{ contracts: new Map<string, Contract>(), definitions: [], keep, reachesOf },
    reads: new Map() as ColumnsRead,
  });
  const namesOf = (id: string) => own.find((each) => each.id === id)!.columns.map(({ name }) => name);

  it("has every field of a line of the log but those that chain it", () => {
    const entry = readFileSync(folder("server", "audit.ts"), "utf8").match(/export interface Told \{([^}]*)\}/)![1]!;
    const told = [...entry.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1]!);
    expect(told.length).toBeGreaterThan(5);
    expect(namesOf("audit").sort()).toEqual([...told, "at"].sort());
  });

  it("has every column of the workspace in which a user or a text stands; the others are known to have neither", async () => {
    const db = await Database.open(":memory:");
    await db.run(readFileSync(folder("server", "workspace", "schema.sql"), "utf8"));
    const rows = await db.all<{ name: string }>(
      "select distinct column_name as name from duckdb_columns() where not internal",
    );
    db.close();
    const neither = [
      ...["action_id", "agreement_id", "attempt", "audience", "budget", "committed", "cost_code", "decision"],
      ...["document_hash", "draft_id", "due_on", "file_hash", "focus", "forecast", "format", "funding", "half", "hash"],
      ...[
        "indicator_id",
        "issued_at",
        "kind",
        "made_in",
        "mandatory",
        "new_value",
        "number",
        "plan_id",
        "publish_on",
        "reach_year",
      ],
      ...[
        "release",
        "snapshot",
        "spent",
        "starts_on",
        "state",
        "status",
        "step",
        "target_to",
        "unit_id",
        "version",
        "year",
      ],
    ];
    expect([...namesOf("workspace"), ...neither].sort()).toEqual(rows.map(({ name }) => name).sort());
  });
});

interface Plan {
  name: string;
  extra_info: Record<string, string | string[]>;
  children?: Plan[];
}

/** The columns that a plan reads of a table, in its scans. */
function columnsOf(plans: Plan[], table: string, found = new Set<string>()): Set<string> {
  for (const { extra_info, children = [] } of plans) {
    const name = String(extra_info.Table ?? "")
      .split(".")
      .at(-1);
    if (name === table) {
      for (const each of [extra_info.Projections ?? []].flat()) found.add(each);
      for (const [, each] of [extra_info.Filters ?? []]
        .flat()
        .join(" ")
        .matchAll(/"?(\w+)"?\s*(?:=|<>|>|<|IS|IN)/g))
        found.add(each!);
    }
    columnsOf(children, table, found);
  }
  return found;
}
