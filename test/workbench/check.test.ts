import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { makeWarehouse } from "../../pipelines/indicators/example.ts";
import { feedsIn, type Feeds } from "../../pipelines/indicators/read.ts";
import { readProject } from "../../pipelines/project.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { faultsBesideStanding } from "../../pipelines/workbench/adopt.ts";
import { checkDraft } from "../../pipelines/workbench/check.ts";
import { otherOf, type Known } from "../../pipelines/workbench/known.ts";
import { asStrictAs, lessProtected } from "../../pipelines/workbench/less-protected.ts";
import { knownOf } from "../../pipelines/workbench/messages.ts";
import { linesAbout } from "../../pipelines/workbench/target-lines.ts";
import { long } from "../support/long.ts";
import { standing, targetHeader, within70, withQuery } from "./support.ts";

const project = await readProject({ config: projectFolder });
const filed = readFileSync(path.join(projectFolder, "data", "targets.csv"), "utf8");
const open = () => Database.open(":memory:", { threads: "1" });

let feeds: Feeds;
let known: Known;
beforeAll(async () => {
  const { contracts, papers, definitions, versions } = project;
  known = knownOf({ contracts: [...contracts.values()], papers, others: definitions.map(otherOf), versions });
  const db = await open();
  await makeWarehouse(db, contracts);
  feeds = await feedsIn(db);
});
afterAll(() => feeds.db.close());

/** Of people by background, whatever the source withheld. */
const shares = `
select unit_id, period as month, sum(headcount) filter (background = 'dual') as numerator, sum(headcount) filter (background in ('dual', 'single')) as denominator
from staffing where background is not null group by all
`;

const check = (draft: Parameters<typeof checkDraft>[1]) => checkDraft({ feeds, open, known, tried: new Map() }, draft);

describe("checkDraft(checking, draft)", () => {
  const some = project.definitions.filter((_, i) => long || i % 10 === 0).map(({ id }) => id);

  it("names the row of an example that its feed cannot have, and its line", async () => {
    const examples = within70.examples.replace("k3            2016-02-01", "k3            2016-02-31");
    expect((await check({ ...within70, examples })).faults).toEqual([
      { part: "examples", line: 8, message: expect.stringMatching(/^complaints, row 3: .*2016-02-31/) as string },
    ]);
    expect(examples.split("\n")[7]).toContain("k3");
  });

  it.each(some)("finds nothing wrong with %s as it stands", async (id) => {
    const draft = { ...standing(id), targets: [targetHeader.trim(), ...linesAbout(filed, id)].join("\n") };
    const { faults, examples, header, feeds: read, protected: isProtected, sql, less_protected } = await check(draft);
    expect(less_protected).toEqual([]);
    const definition = project.definitions.find((each) => each.id === id)!;
    expect(faults).toEqual([]);
    expect(examples.every(({ ok }) => ok)).toBe(true);
    expect(examples.length).toBeGreaterThan(0);
    expect([header?.version, read, isProtected, sql]).toEqual([
      definition.version,
      definition.feeds,
      definition.protected,
      definition.sql,
    ]);
    expect(faultsBesideStanding(draft, header, project, projectFolder)).toEqual([]);
  });

  it("knows the shape of the form", async () => {
    const form = async (query: string) => (await check({ ...withQuery(within70, query), examples: "" })).form;
    const cells = (from: string) =>
      `select unit_id, received_on as month, sum(count) as numerator, sum(count) as denominator ${from} group by all`;
    expect((await check(within70)).form).toBe(true);
    expect(
      await form(cells("from complaints where route in ('committee', 'mediation') and closed_on - received_on <= 70")),
    ).toBe(true);
    expect(await form(cells("from complaints where list_contains(aspects, 'service') and outcome is not null"))).toBe(
      true,
    );
    expect(await form(cells("from complaints where route = 'committee' or outcome = 'founded'"))).toBe(false);
    expect(await form(cells("from complaints join units using (unit_id)"))).toBe(false);
    expect(await form(`with mine as (select * from complaints) ${cells("from mine")}`)).toBe(false);
    expect(
      await form("select unit_id, received_on + 1 as month, 1 as numerator, 1 as denominator from complaints"),
    ).toBe(false);
  });

  it("finds a query that adds states up over months, and one that does not count what it tells the change of", async () => {
    const staff = standing("staffing-women");
    const summed = withQuery(
      staff,
      "select unit_id, last_day(make_date(year(period), 12, 1)) as month, sum(headcount) filter (gender = 'woman') as numerator, sum(headcount) as denominator, category, role, '' as scale_band, age_band from staffing group by all",
    );
    expect(
      (await check({ ...summed, indicator_id: "women", examples: "" })).faults.map(({ message }) => message).join(),
    ).toContain("cells of");
    const change = withQuery(
      standing("discrimination-registrations"),
      "select unit_id, registered_on as month, 2 * sum(count) as numerator from incidents group by all",
    );
    expect(
      (await check({ ...change, indicator_id: "registrations", examples: "" })).faults.map(({ message }) => message),
    ).toEqual([
      "the query does not count what discrimination-incidents counts: take its query",
      "somebody counts 2 times in numerator, so that the least numbers that are shown protect nobody: count each once",
    ]);
  });

  it("tells by what a draft of people tells more of them than what stands", async () => {
    const staff = standing("staffing-dual");
    const strict = new Map(known.others);
    strict.set("staffing-dual", {
      ...strict.get("staffing-dual")!,
      ...{ disclosure: { denominator: 20 }, levels: ["force", "unit"] },
    });
    const of = async (definition: string) =>
      (
        await checkDraft(
          { feeds, open, known: { ...known, others: strict }, tried: new Map() },
          { ...staff, definition },
        )
      ).less_protected;
    expect(staff.definition).not.toContain("disclosure:");
    const text = staff.definition.replace(/^kind:/m, "disclosure: { denominator: 15, numerator: 8 }\nkind:");
    expect(await of(text)).toMatchObject([
      { what: "denominator", before: "20", after: "15" },
      { what: "levels", before: "force, unit", after: "district, service, team, bureau" },
    ]);
    const query = staff.definition.slice(staff.definition.indexOf("---*/") + 5);
    expect(await of(staff.definition.replace(query, shares))).toContainEqual({
      what: "withheld",
      before: "",
      after: "",
    });
    const stands = project.definitions.find(({ id }) => id === "staffing-dual")!;
    const gender = { name: "gender", title: { nl: "geslacht", en: "gender" }, values: {} };
    expect(lessProtected({ ...stands, breakdowns: [gender] }, otherOf(stands))).toEqual([
      { what: "breakdowns", before: "", after: "gender" },
    ]);
    expect(asStrictAs(stands, strict.get("staffing-dual")).disclosure).toEqual({ denominator: 20, numerator: 5 });
    // Of what is not about people, nobody is asked.
    expect((await check(standing("budget"))).less_protected).toEqual([]);
  });

  it("names a source that is none", async () => {
    const { faults } = await check({
      ...within70,
      definition: within70.definition.replace("AWB 9:11", "ABW 9:11"),
      targets: "",
    });
    expect(faults.map(({ message }) => message).join()).toContain('there is no source "ABW 9:11"');
  });
});
