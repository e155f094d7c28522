import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseMapping, refuseLookupsElsewhere } from "../../pipelines/reading/mapping.ts";
import { makeLoading, type Loading } from "../loading/support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading();
});
afterAll(() => loading.home.remove());
beforeEach(async () => {
  for (const feed of ["complaints", "staffing", "survey", "use_of_force", "quarantine", "coverage"])
    await loading.db.run(`delete from ${feed}`);
  await loading.db.run("delete from loads where feed <> 'units'");
});

/** Loads a text with a mapping; returns the counts and the rows that it gave. */
async function mapped(feed: string, text: string, mapping: string, columns: string) {
  const result = await loading.load(feed, text, { mapping: `feed: ${feed}\n${mapping}` });
  expect(result.refused).toBeNull();
  return { result, rows: await loading.db.all(`select ${columns} from ${feed} order by all`) };
}

/** A YAML text of a few lines whose references stand for 9 to that power. */
const referring = (lines: number) =>
  Array.from(
    { length: lines },
    (_, i) =>
      `a${i}: &a${i} [${Array(9)
        .fill(i ? `*a${i - 1}` : "x")
        .join(", ")}]`,
  ).join("\n");

const base = `
columns:
  complaint_id: nr
  received_on: date
  unit_id: { constant: n1 }
  aspects: { constant: other }
`;

describe("columns", () => {
  it("take a header, a constant, values with a rest, and what an empty field means", async () => {
    const { rows } = await mapped(
      "complaints",
      "nr,when,soort,uitslag\n1,2016-05-01,Grof woord,\n2,2016-05-02,iets,OK\n",
      `columns:
  complaint_id: nr
  received_on: when
  unit_id: { constant: n1 }
  aspects: { from: soort, values: { grof-woord: treatment }, otherwise: other }
  outcome: { from: uitslag, values: { ok: founded }, empty: pending }
`,
      "received_on, unit_id, aspects, outcome",
    );
    expect(rows).toEqual([
      { received_on: "2016-05-01", unit_id: "n1", aspects: ["treatment"], outcome: "pending" },
      { received_on: "2016-05-02", unit_id: "n1", aspects: ["other"], outcome: "founded" },
    ]);
  });

  it("join a key of several, and are none where a part is empty", async () => {
    const { result } = await mapped(
      "complaints",
      "zaak,volg,date\n1,11,2016-05-01\n11,1,2016-05-01\n1,11,2016-05-02\n" + "2,x,2016-05-01\n3,,2016-05-01\n",
      base.replace("complaint_id: nr", "complaint_id: { key: [zaak, volg] }") +
        "max_quarantined: { share: 0.5, reason: two of these five are faulty }\n",
      "*",
    );
    expect(result).toMatchObject({ accepted: 3, reasons: { missing_required: 1, duplicate_key: 1 } });
    expect(result.max_quarantined_reason).toBe("two of these five are faulty");
  });

  it("put several columns into one with several values", async () => {
    const { rows } = await mapped(
      "use_of_force",
      "nr,inc,date,eenheid,m1,m2,gun\n1,1,2016-05-01,n1,geweld,hond,0\n2,1,2016-05-01,n1,,,2.0\n3,1,2016-05-01,n1,,,\n",
      `columns:
  report_id: nr
  incident_id: inc
  occurred_on: date
  means: { several: [m2, { if: { m1: "*" }, then: physical }, { if: { gun: { from: 1 } }, then: firearm_shot }], otherwise: other }
`,
      "report_id_order, means",
    );
    expect(rows.map(({ means }) => means)).toEqual([["dog", "physical"], ["firearm_shot"], ["other"]]);
  });

  it("follow the first condition that holds", async () => {
    const { rows } = await mapped(
      "complaints",
      "nr,date,f,c\n1,2016-05-01,SU,2016-06-01\n2,2016-05-01,SU,\n3,2016-05-01,su-x,2016-06-01\n4,2016-05-01,,2016-06-01\n5,2016-05-01,100%_,\n",
      `${base}  outcome:
    when:
      - { if: { f: SU, c: "*" }, then: founded }
      - { if: { f: "SU*", c: { from: 2016-01-01, to: 2016-12-31 } }, then: unfounded }
      - { if: { f: "" }, then: withdrawn }
      - { if: { f: ["zz", "100%_"] }, then: settled }
      - { if: { c: { not: "*" } }, then: no_judgement }
    otherwise: pending
`,
      "outcome",
    );
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      "founded",
      "no_judgement",
      "settled",
      "unfounded",
      "withdrawn",
    ]);
  });

  it("read dates in a fixed format, and unit numbers with a prefix", async () => {
    const units = "unit_id,name,level,parent_id,valid_from\nteam-16,Zestien,team,force,2005-01-01\n";
    await loading.load("units", units);
    const { rows } = await mapped(
      "complaints",
      "nr,date,district\n1,02/03/2016,16.0\n",
      base
        .replace("received_on: date", 'received_on: { from: date, date_format: "%m/%d/%Y" }')
        .replace("{ constant: n1 }", "{ from: district, whole: true, prefix: team- }"),
      "received_on, unit_id",
    );
    expect(rows).toEqual([{ received_on: "2016-02-03", unit_id: "team-16" }]);
  });

  it("find units by the source's codes: in a list of values, or in a second file with ids or names", async () => {
    const text = "nr,date,team\n1,2016-05-01,T1\n2,2016-05-01,t 2\n3,2016-05-01,Team Drie\n4,2016-05-01,T9\n";
    const others = base.replace("  unit_id: { constant: n1 }\n", "");
    const allowed = "max_quarantined: { share: 0.5, reason: one code is not known }\n";
    loading.home.write("teams.csv", "code;eenheid\nT1;n1\nt 2;Team Twee\nT1;s1\n");
    const units = [
      "  unit_id: { from: team, values: { t1: n1, t-2: n2 } }\n",
      "  unit_id: { from: teams.eenheid, or: team }\nlookups: { teams: { file: teams.csv, key: { team: code } } }\n",
    ];
    for (const unit of units) {
      await loading.db.run("delete from complaints");
      await loading.db.run("delete from quarantine");
      const { result, rows } = await mapped("complaints", text, others + unit + allowed, "unit_id");
      expect(result).toMatchObject({ accepted: 3, reasons: { unknown_unit: 1 } });
      expect(rows.map(({ unit_id }) => unit_id)).toEqual(["n1", "n2", "s1"]);
      expect(await loading.db.all("select value from quarantine")).toEqual([{ value: "T9" }]);
    }
  });

  it("that are not named are found by their header; null leaves one out", async () => {
    const text = "nr,date,Oordeel,Datum afdoening\n1,2016-05-01,gegrond,2016-06-01\n";
    const { rows } = await mapped("complaints", text, `${base}  closed_on: null\n`, "outcome, closed_on");
    expect(rows).toEqual([{ outcome: "founded", closed_on: null }]);
  });

  it("hold no code: what a mapping says is only ever a text", async () => {
    const nasty = `') from loads; drop table loads; --`;
    const { rows } = await mapped(
      "complaints",
      "nr,date,f\n1,2016-05-01,x\n",
      base.replace("complaint_id: nr", `complaint_id: { from: nr, prefix: "${nasty}" }`) +
        `filters: { f: { not: "${nasty}" } }\n`,
      "received_on",
    );
    expect(rows).toHaveLength(1);
    expect(await loading.db.one("select count(*) as n from loads where feed = 'complaints'")).toEqual({ n: 1 });
  });
});

describe("rows", () => {
  it("are filtered by value, range and not empty; the others are skipped", async () => {
    const { result } = await mapped(
      "complaints",
      "nr,date,s,n,e\n1,2016-05-01,Y,5,a\n2,2016-05-01,N,5,a\n3,2016-05-01,Y,50,a\n4,2016-05-01,Y,5,\n5,2014-05-01,Y,5,a\n",
      base + 'filters: { s: y, n: { to: 9 }, e: "*", date: { from: 2015-01-01 } }\n',
      "*",
    );
    expect(result).toMatchObject({ read: 5, accepted: 1, skipped: 4 });
  });

  it("are filtered by one set of conditions or another", async () => {
    const { rows } = await mapped(
      "complaints",
      "nr,date,s,e\n1,2016-05-01,Y,\n2,2016-05-02,N,\n3,2016-05-03,N,a\n4,2016-05-04,Y,a\n5,2016-05-05,X,a\n",
      base + 'filters: [{ s: Y }, { s: N, e: "*" }]\n',
      "received_on",
    );
    expect(rows.map((row) => row.received_on)).toEqual(["2016-05-01", "2016-05-03", "2016-05-04"]);
  });

  it.each([
    ["first", "2016-05-01"],
    ["last", "2016-05-03"],
  ])("only the %s of a key is kept, after the filters", async (which, day) => {
    const { result, rows } = await mapped(
      "complaints",
      "nr,date,s\n1,2016-04-01,N\n1,2016-05-01,Y\n1,2016-05-02,Y\n1,2016-05-03,Y\n",
      `${base}filters: { s: Y }\nkeep: { ${which}: [nr] }\n`,
      "received_on",
    );
    expect(result).toMatchObject({ read: 4, accepted: 1, skipped: 3 });
    expect(rows).toEqual([{ received_on: day }]);
  });

  it("look columns up in a second file by key, without ever becoming more", async () => {
    loading.home.write(
      "dates.csv",
      "zaak;dag;open\n1;2016-05-01;ja\n1;2016-09-09;ja\n2;2016-05-02;nee\n3;2016-05-03;ja\n",
    );
    const mapping =
      base.replace("received_on: date", "received_on: zaken.dag") +
      "  outcome: { when: [{ if: { zaken.dag: { to: 2016-05-01 } }, then: founded }], otherwise: pending }\n" +
      "lookups: { zaken: { file: dates.csv, key: { ref: zaak } } }\nfilters: { zaken.open: ja }\n";
    const text = "nr,ref\na,1\nb,1\nc,2\nd,3\ne,9\n";
    const { result, rows } = await mapped("complaints", text, mapping, "received_on, outcome");
    expect(result).toMatchObject({ read: 5, accepted: 3, skipped: 2 });
    expect(rows).toEqual([
      { received_on: "2016-05-01", outcome: "founded" },
      { received_on: "2016-05-01", outcome: "founded" },
      { received_on: "2016-05-03", outcome: "pending" },
    ]);
    expect(await loading.load("complaints", text, { mapping: `feed: complaints\n${mapping}` })).toMatchObject({
      unchanged: true,
    });
    loading.home.write("dates.csv", "zaak;dag;open\n1;2016-06-01;ja\n");
    expect(await loading.load("complaints", text, { mapping: `feed: complaints\n${mapping}` })).toMatchObject({
      unchanged: false,
      accepted: 2,
    });
  });

  it("become one for each column of a wide file", async () => {
    const { result, rows } = await mapped(
      "survey",
      "org,E01,E03\nn1,13%,n<10\nn2,7%,9%\n",
      `columns: { wave: { constant: 2016-10-01 }, unit_id: org, population: { constant: all } }
unpivot: { name: question, value: share, columns: { discrimination: E01, bullying: E03 } }
`,
      "unit_id, question, share, withheld",
    );
    expect(result).toMatchObject({ read: 4, accepted: 4 });
    expect(rows).toEqual([
      { unit_id: "n1", question: "bullying", share: null, withheld: ["share"] },
      { unit_id: "n1", question: "discrimination", share: 0.13, withheld: null },
      { unit_id: "n2", question: "bullying", share: 0.09, withheld: null },
      { unit_id: "n2", question: "discrimination", share: 0.07, withheld: null },
    ]);
  });

  it("that are periods become one for every month at whose end they run, in memory where they are about persons", async () => {
    const { result, rows } = await mapped(
      "staffing",
      "who,unit,sex,start,end\n1,n1,F,2016-01-31,2016-03-30\n2,n1,M,2016-03-01,\n3,n2,F,2016-02-02,2016-02-20\n",
      `columns:
  employee_id: who
  unit_id: unit
  category: { constant: executive }
  role: { constant: employee }
  gender: sex
spells: { from: start, to: end, until: 2016-04-30 }
`,
      "period, unit_id, gender, headcount",
    );
    expect(result).toMatchObject({ read: 5, accepted: 4, skipped: 1 });
    expect(rows).toEqual([
      { period: "2016-01-31", unit_id: "n1", gender: "woman", headcount: 1 },
      { period: "2016-02-29", unit_id: "n1", gender: "woman", headcount: 1 },
      { period: "2016-03-31", unit_id: "n1", gender: "man", headcount: 1 },
      { period: "2016-04-30", unit_id: "n1", gender: "man", headcount: 1 },
    ]);
  });
});

describe("spells", () => {
  it.each([
    ["to", ["2016-01-31", "2016-02-29"]],
    ["before", ["2016-01-31"]],
  ])("end with the day in %s", async (word, months) => {
    const { rows } = await mapped(
      "staffing",
      "unit,start,end\nn1,2016-01-31,2016-02-29\n",
      `columns:
  unit_id: unit
  category: { constant: executive }
  role: { constant: employee }
  gender: { constant: man }
  headcount: { constant: 1 }
spells: { from: start, ${word}: end, until: 2016-04-30 }
`,
      "period",
    );
    expect(rows.map((row) => row.period)).toEqual(months);
  });
});

describe("parseMapping(text, file, contract)", () => {
  const faults = (text: string) =>
    parseMapping(text, "m.yaml", loading.home.contracts.get("complaints")!).faults.map(
      ({ line, message }) => `${line}: ${message}`,
    );

  it.each([
    [
      "a column that the feed has not",
      "feed: complaints\ncolumns:\n  colour: red\n",
      /^3: complaints has no column "colour"/,
    ],
    ["another feed", "feed: staffing\n", /^1: this mapping is for "staffing"/],
    ["a key that it does not know", "feed: complaints\nsql: drop\n", /^2: sql: unknown key/],
    [
      "a source with two origins",
      "feed: complaints\ncolumns:\n  outcome: { from: a, constant: b }\n",
      /^3: .*write one of from, constant/,
    ],
    ["a source with none", "feed: complaints\ncolumns:\n  outcome: { empty: b }\n", /^3: .*write one of/],
    ["a share without a reason", "feed: complaints\nmax_quarantined: { share: 0.2 }\n", /^2: max_quarantined.reason/],
    [
      "a date that is none",
      "feed: complaints\ncovers: { from: 1-1-2016 }\n",
      /^2: covers.from: write a date as 2026-01-31/,
    ],
    ["a test that is none", "feed: complaints\nfilters:\n  a: { like: b }\n", /^3: filters.a.like: unknown key/],
    ["no YAML", "feed: [complaints\n", /not YAML/],
    ["references that never end", referring(10), /^1: its references .* stand for too much/],
  ])("names the line of %s", (_, text, message) => {
    expect(faults(text)[0]).toMatch(message);
  });

  it("a mapping with faults is a refusal with all of them", async () => {
    const mapping = "feed: staffing\ncolumns:\n  colour: red\n";
    const { refused } = await loading.load("complaints", "a,b\n1,2\n", { mapping });
    expect(refused).toMatch(/has 2 faults: mapping-\d+\.yaml:1: .*; mapping-\d+\.yaml:3: /);
  });

  it("headers that the file has not are named in a refusal", async () => {
    const mapping = `feed: complaints\n${base}filters: { status: Y }\n`;
    const { refused } = await loading.load("complaints", "nr,dag\n1,2\n", { mapping });
    expect(refused).toBe('the mapping names "date", "status", but the header has "nr", "dag"');
  });
});

describe("refuseLookupsElsewhere(mapping)", () => {
  const folder = () => path.dirname(loading.home.write("inbox-mapping/x.txt", ""));
  const refusal = (file: string) => {
    const text = `feed: complaints\nlookups: { teams: { file: ${file}, key: { a: b } } }\n${base}`;
    const { mapping } = parseMapping(
      text,
      path.join(folder(), "mapping.yaml"),
      loading.home.contracts.get("complaints")!,
    );
    return () => refuseLookupsElsewhere(mapping!);
  };

  it("lets a mapping in the inbox look things up in its folder lookups only", () => {
    loading.home.write("inbox-mapping/lookups/teams.csv", "b\n1\n");
    expect(refusal("lookups/teams.csv")).not.toThrow();
    for (const file of ["/etc/passwd", "../secret.csv", "lookups/../../secret.csv", "teams.csv"])
      expect(refusal(file)).toThrow(`looks things up in its folder lookups only, and ${file} lies elsewhere`);
  });

  it("follows links before it judges", () => {
    const outside = loading.home.write("outside.csv", "b\n1\n");
    const link = path.join(folder(), "lookups", "link.csv");
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(outside, link);
    expect(refusal("lookups/link.csv")).toThrow("lies elsewhere");
  });
});
