import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { partsOf } from "../../pipelines/series/parts.ts";
import { compute, figures } from "../support/figures.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

// Two senders of one feed: one delivers who leaves, the other who comes, of the same force and months.

let loading: Loading;
beforeEach(async () => {
  loading = await makeLoading();
});
afterEach(() => loading.home.remove());

const exitsOnly = `feed: movements
columns: { kind: { constant: exit }, date: weg, gender: { from: mv, values: { v: woman, m: man } } }
covers: { from: 2016-01-01, to: 2016-12-31, unit: force, only: { kind: exit } }
`;
const comersOnly = `feed: movements
covers: { from: 2016-01-01, to: 2016-12-31, unit: force, only: { kind: [intake, internship] } }
`;
const exits = (rows: string[]) => ["weg;eenheid;mv;aantal", ...rows, ""].join("\n");
const comers = (rows: string[]) => ["date,unit_id,kind,category,gender,background,count", ...rows, ""].join("\n");
const intake = (count: number) => [
  `2016-02-01,n1,intake,executive,man,dual,${count}`,
  `2016-02-01,n1,intake,executive,man,single,${count}`,
];

const rows = () =>
  loading.db.all("select date, unit_id, kind, sum(count)::integer as n from movements group by all order by all");

describe("a load with covers: { only }", () => {
  it("replaces its own part of the feed, and leaves the other sender's as it is", async () => {
    await loading.load("movements", exits(["2016-02-01;n1;v;3", "2016-03-01;s1;m;4"]), { mapping: exitsOnly });
    await loading.load("movements", comers(intake(10)), { mapping: comersOnly });
    await loading.load("movements", exits(["2016-02-01;n1;v;2", "2016-03-01;s1;m;4"]), { mapping: exitsOnly });
    expect(await rows()).toEqual([
      { date: "2016-02-01", unit_id: "n1", kind: "exit", n: 2 },
      { date: "2016-02-01", unit_id: "n1", kind: "intake", n: 20 },
      { date: "2016-03-01", unit_id: "s1", kind: "exit", n: 4 },
    ]);
    const parts = await loading.db.all("select only_values from coverage where feed = 'movements' order by load_id");
    expect(parts.map((each) => each.only_values)).toEqual([
      '{"kind":["exit"]}',
      '{"kind":["intake","internship"]}',
      '{"kind":["exit"]}',
    ]);
  });

  it("is compared with the last load of the same part", async () => {
    await loading.load("movements", exits(["2016-02-01;n1;v;100"]), { mapping: exitsOnly });
    expect((await loading.load("movements", comers(intake(4)), { mapping: comersOnly })).refused).toBeNull();
    const shrunk = await loading.load("movements", exits(["2016-02-01;n1;v;40"]), { mapping: exitsOnly });
    expect(shrunk.refused).toMatch(/40, 60% less than the 100/);
  });

  it("is the same bytes again although the other sender's file came in between", async () => {
    const text = exits(["2016-02-01;n1;v;3"]);
    await loading.load("movements", text, { mapping: exitsOnly });
    await loading.load("movements", comers(intake(4)), { mapping: comersOnly });
    expect(await loading.load("movements", text, { mapping: exitsOnly })).toMatchObject({ unchanged: true });
    // After a whole file the part does not stand any more: it counts anew.
    await loading.load("movements", comers(intake(4)), {
      mapping: "feed: movements\ncovers: { from: 2016-01-01, to: 2016-12-31, unit: force }\n",
    });
    expect((await loading.load("movements", text, { mapping: exitsOnly })).unchanged).toBe(false);
  });

  it("is refused with a row of another part, which it names", async () => {
    const { refused } = await loading.load("movements", comers(["2016-02-01,n1,promotion,executive,man,,1"]), {
      mapping: comersOnly,
    });
    expect(refused).toBe(
      "the mapping says that the file covers only kind intake, internship, but it has rows with kind promotion; mend covers, or filter the rows",
    );
  });

  it.each([
    ["{ gender: woman }", 'gender does not part movements: name "kind"'],
    ["{ soort: exit }", 'movements has no column "soort"'],
    ["{ kind: vertrek }", 'kind has no value "vertrek"; it has intake, appointment'],
  ])("is refused with only: %s", async (only, message) => {
    const mapping = `feed: movements\ncovers: { only: ${only} }\n`;
    const { refused } = await loading.load("movements", comers(intake(1)), { mapping });
    expect(refused).toContain(message);
  });

  it("comes back from the archive as it was", async () => {
    await loading.load("movements", exits(["2016-02-01;n1;v;3"]), { mapping: exitsOnly });
    await loading.load("movements", comers(intake(10)), { mapping: comersOnly });
    await loading.load("movements", exits(["2016-02-01;n1;v;4"]), { mapping: exitsOnly });
    const before = [await rows(), await loading.db.all("select * from loads"), await loading.db.all("from coverage")];
    await rebuild(loading.db, loading.home.context, loading.home.contracts);
    expect([await rows(), await loading.db.all("select * from loads"), await loading.db.all("from coverage")]).toEqual(
      before,
    );
  });

  it("deletes, as a full snapshot, what it lacks of its own part only", async () => {
    const incidents = (lines: string[]) => ["incident_id,registered_on,unit_id,kind,grounds", ...lines, ""].join("\n");
    await loading.load("incidents", incidents(["A,2016-01-05,n1,report,sex", "B,2016-01-06,n1,incident,sex"]));
    const mapping =
      "feed: incidents\nfull: true\ncovers: { from: 2016-01-01, to: 2016-12-31, only: { kind: report } }\n";
    await loading.load("incidents", incidents(["C,2016-02-01,n1,report,age"]), { mapping });
    expect(await loading.db.all("select kind, registered_on from incidents order by all")).toEqual([
      { kind: "incident", registered_on: "2016-01-06" },
      { kind: "report", registered_on: "2016-02-01" },
    ]);
  });
});

describe("figures of months of which only a part was delivered", () => {
  const shown = async (indicator: string, unit: string) =>
    (
      await figures(
        loading.db,
        `grain = 'half' and breakdown is null and indicator_id = '${indicator}' and unit_id = '${unit}'`,
      )
    ).map((each) => [each.period_end, each.numerator, each.complete]);

  it("are 0 for what was delivered, and not there for what was not", async () => {
    await loading.load("movements", exits(["2016-02-01;n1;v;3"]), { mapping: exitsOnly });
    await loading.load(
      "staffing",
      "period,unit_id,category,role,gender,headcount\n" +
        Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2016, i + 1, 0)).toISOString().slice(0, 10))
          .map((day) => `${day},n1,executive,employee,man,60\n`)
          .join(""),
    );
    await compute(loading.db, { ids: ["outflow", "intake-dual"], today: "2017-02-01" });
    expect(await shown("outflow", "n1")).toEqual([
      ["2016-06-30", 3, true],
      ["2016-12-31", 0, true],
    ]);
    expect(await shown("intake-dual", "north")).toEqual([]);
    await loading.load("movements", comers(intake(10)), { mapping: comersOnly });
    await compute(loading.db, { ids: ["outflow", "intake-dual"], today: "2017-02-01" });
    expect(await shown("outflow", "n1")).toEqual([
      ["2016-06-30", 3, true],
      ["2016-12-31", 0, true],
    ]);
    expect(await shown("intake-dual", "north")).toEqual([
      ["2016-06-30", 10, true],
      ["2016-12-31", 0, true],
    ]);
  });

  it("are complete where a whole file covers them", async () => {
    await loading.load("complaints", complaints([]));
    await compute(loading.db, { ids: ["complaints"], today: "2017-02-01" });
    expect((await figures(loading.db, "grain = 'month' and unit_id = 'n1' and breakdown is null")).length).toBe(9);
  });
});

describe("partsOf(definitions, stated)", () => {
  const definition = (kind: string[]) => ({
    id: "a",
    feeds: ["movements"],
    parts: { movements: { kind, category: ["executive"] } },
    covered_by: "all" as const,
  });
  const stated = [
    { feed: "movements", only_values: '{"kind":["exit"]}' },
    { feed: "movements", only_values: '{"kind":["intake","promotion"]}' },
  ];

  it("asks for each part that the indicator reads, and finds what covers it", () => {
    expect(partsOf([definition(["exit", "intake"])], stated).coverage).toEqual([
      { part: "movements kind=exit", feed: "movements", only_values: null },
      { part: "movements kind=exit", feed: "movements", only_values: '{"kind":["exit"]}' },
      { part: "movements kind=intake", feed: "movements", only_values: null },
      { part: "movements kind=intake", feed: "movements", only_values: '{"kind":["intake","promotion"]}' },
    ]);
  });

  it("asks for the feed where no load was of a part", () => {
    expect(partsOf([definition(["exit"])], [])).toEqual({
      parts: [{ computed_id: 0, part: "movements", feed: "movements" }],
      coverage: [{ part: "movements", feed: "movements", only_values: null }],
      feeds: [{ indicator_id: "a", feed: "movements", only_values: null }],
    });
  });

  it("takes no part for the whole", () => {
    const reader = { id: "a", feeds: ["movements"], parts: {}, covered_by: "all" as const };
    expect(partsOf([reader], stated).coverage).toEqual([{ part: "movements", feed: "movements", only_values: null }]);
    expect(partsOf([reader], stated).feeds).toHaveLength(3);
  });
});
