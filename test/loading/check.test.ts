import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading();
});
afterAll(() => loading.home.remove());
beforeEach(async () => {
  for (const table of ["loads", "quarantine", "coverage", "complaints", "survey", "staffing"])
    await loading.db.run(`delete from ${table}${table === "loads" ? " where feed <> 'units'" : ""}`);
});

/** Loads sound complaints and this row, which is quarantined; returns what is kept of it. */
async function quarantined(row: string) {
  const result = await loading.load("complaints", complaints([row]));
  expect(result).toMatchObject({ refused: null, read: 101, accepted: 100, quarantined: 1 });
  return loading.db.one("select line, column_name, value, reason, record from quarantine");
}

describe("the reasons of quarantine", () => {
  it.each([
    ["missing_required", "unit_id", null, "A,2016-01-01,,treatment,,"],
    ["wrong_type", "received_on", "1 mei", "A,1 mei,n1,treatment,,"],
    ["not_allowed", "aspects", "treatment|zang", "A,2016-01-01,n1,treatment|zang,,"],
    ["not_allowed", "outcome", "misschien", "A,2016-01-01,n1,treatment,misschien,"],
    ["unknown_unit", "unit_id", "nergens", "A,2016-01-01,nergens,treatment,,"],
    ["unknown_unit", "unit_id", "../../etc/passwd", "A,2016-01-01,../../etc/passwd,treatment,,"],
    ["unit_not_valid_then", "unit_id", "old", "A,2016-01-01,old,treatment,,"],
    ["duplicate_key", "complaint_id", "F-3", "F-3,2016-01-01,n1,treatment,,"],
    ["date_in_future", "received_on", "2017-07-04", "A,2017-07-04,n1,treatment,,"],
    ["date_order", "closed_on", "2015-12-31", "A,2016-01-01,n1,treatment,,2015-12-31"],
  ])("%s: column %s, value %s", async (reason, column, value, row) => {
    expect(await quarantined(row)).toMatchObject({ line: 102, reason, column_name: column, value });
  });

  it("a row counts once, under the first reason in their order", async () => {
    expect(await quarantined("F-1,1 mei,nergens,zang,misschien,2010-01-01")).toMatchObject({ reason: "wrong_type" });
  });

  it("a second row of a key is a duplicate, whatever else comes later in the order", async () => {
    expect(await quarantined("F-1,2016-05-05,n1,treatment,,2010-01-01")).toMatchObject({ reason: "duplicate_key" });
  });

  it("of two rows with a key, one that cannot be read is not the one that is kept", async () => {
    const result = await loading.load("complaints", complaints(["A,1 mei,n1,treatment,,", "A,2016-05-01,n1,force,,"]));
    expect(result.reasons).toEqual({ wrong_type: 1 });
    expect(result.accepted).toBe(101);
  });

  it("the record has the columns that are not about persons", async () => {
    const found = await quarantined("A,2016-01-01,nergens,treatment,founded,");
    expect(JSON.parse(found!.record as string)).toEqual({
      complaint_id: "A",
      received_on: "2016-01-01",
      unit_id: "nergens",
      aspects: "treatment",
      outcome: "founded",
      closed_on: null,
    });
  });

  it("the line is the one in the file, past blank lines and fields of several lines", async () => {
    const text = complaints([]).replace("F-5,2016-06-11,n1,treatment", '\n\n"F-5\nx",2016-06-11,"n1",treatment');
    const result = await loading.load("complaints", text + "\nA,2016-01-01,nergens,treatment,,\n");
    expect(result).toMatchObject({ read: 101, quarantined: 1 });
    const lines = (text + "\nA,").split("\n");
    expect(await loading.db.one("select line from quarantine")).toEqual({ line: lines.length });
  });
});

const survey = (rows: string[]) => {
  const filling = Array.from({ length: 60 }, (_, i) => `2016-10-01;n1;all;q${i};100;50;20;`);
  return ["wave;unit_id;population;question;invited;respondents;positive;share", ...filling, ...rows].join("\n");
};

describe("numbers", () => {
  it.each([
    ["negative", "respondents", "-5", "2016-10-01;n1;all;a;100;-5;;13%"],
    ["parts_exceed_whole", "positive", null, "2016-10-01;n1;all;a;100;50;51;"],
    ["parts_exceed_whole", "respondents", "101", "2016-10-01;n1;all;a;100;101;5;"],
    ["out_of_range", "share", null, "2016-10-01;n1;all;a;;;;113%"],
    ["wrong_type", "invited", "veel", "2016-10-01;n1;all;a;veel;;;13%"],
    ["missing_required", "respondents", "50", "2016-10-01;n1;all;a;100;50;;"],
  ])("%s: column %s, value %s", async (reason, column, value, row) => {
    const result = await loading.load("survey", survey([row]));
    expect(result).toMatchObject({ refused: null, quarantined: 1 });
    expect(await loading.db.one("select reason, column_name, value from quarantine")).toEqual({
      reason,
      column_name: column,
      value,
    });
  });

  it("a withheld value is neither 0 nor an error, and keeps its name", async () => {
    const rows = ["2016-10-01;n1;all;a;100;50;n<10;", "2016-10-01;n1;all;b;;;;*"];
    expect(await loading.load("survey", survey(rows))).toMatchObject({ quarantined: 0, accepted: 62 });
    expect(
      await loading.db.all(
        "select question, positive, share, withheld from survey where withheld is not null order by 1",
      ),
    ).toEqual([
      { question: "a", positive: null, share: null, withheld: ["positive"] },
      { question: "b", positive: null, share: null, withheld: ["share"] },
    ]);
  });

  it("a share keeps its rounding", async () => {
    await loading.load("survey", survey(["2016-10-01;n1;all;a;;;;13%", "2016-10-01;n1;all;b;;;;0.129"]));
    expect(
      await loading.db.all("select share, share_step from survey where share is not null order by question"),
    ).toEqual([
      { share: 0.13, share_step: 0.01 },
      { share: 0.129, share_step: 0.001 },
    ]);
  });

  it("a point groups thousands where a file has decimal commas", async () => {
    const staffing = (fte: string[]) =>
      [
        "period;unit_id;category;role;gender;headcount;fte",
        ...fte.map((each, i) => `2016-0${i + 1};n1;executive;employee;woman;1.200;${each}`),
      ].join("\n");
    await loading.load("staffing", staffing(["1.150,5", "1.100"]));
    expect(await loading.db.all("select headcount, fte from staffing order by period")).toEqual([
      { headcount: 1200, fte: 1150.5 },
      { headcount: 1200, fte: 1100 },
    ]);
    await loading.load("staffing", staffing(["1.5", "1.125"]));
    expect(await loading.db.all("select fte from staffing order by period")).toEqual([{ fte: 1.5 }, { fte: 1.125 }]);
  });
});

describe("units", () => {
  it("are found by id, or by a name that one unit then has", async () => {
    const rows = [
      "A,2015-06-01,Team Oud,force,,",
      "B,2016-06-01,team  oud,force,,",
      "C,2016-06-01,N1,force,,",
      "D,2016-06-01,s1,force,,",
    ];
    expect(await loading.load("complaints", complaints(rows))).toMatchObject({ quarantined: 0 });
    expect(
      await loading.db.all(
        "select unit_id, received_on::varchar as day from complaints where aspects = ['force'] order by all",
      ),
    ).toEqual([
      { unit_id: "n1", day: "2016-06-01" },
      { unit_id: "new", day: "2016-06-01" },
      { unit_id: "old", day: "2015-06-01" },
      { unit_id: "s1", day: "2016-06-01" },
    ]);
  });
});

describe("ids", () => {
  it("are kept as keyed hashes: the same in a home, another in another", async () => {
    await loading.load("complaints", complaints([]));
    const other = await makeLoading();
    await other.load("complaints", complaints([]));
    const ids = async ({ db }: Loading) =>
      (await db.all<{ id: string }>("select complaint_id::varchar as id from complaints")).map(({ id }) => id);
    const [ours, theirs] = [await ids(loading), await ids(other)];
    expect(new Set(ours).size).toBe(100);
    expect(ours.filter((id) => theirs.includes(id))).toEqual([]);
    await other.home.remove();
  });
});
