import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changeFaults } from "../../pipelines/indicators/change.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { contracts, definitions } from "../support/figures.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-definitions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A sound header, a line a key; `changes` puts other lines, or none, in the place of keys. */
function header(changes: Record<string, string | null> = {}): string {
  const lines: Record<string, string | null> = {
    title: "title: { nl: Titel, en: Title }",
    question: "question: { nl: Vraag, en: Question }",
    description: "description: { nl: Tekst, en: Text }",
    why: "why: { nl: Daarom, en: Because }",
    sentence: 'sentence: { nl: "{period} {value}", en: "{period} {value}" }',
    focus: "focus: connection",
    owner: "owner: Klachtencoördinator",
    source: "source: [KVV]",
    kind: "kind: count",
    polarity: "polarity: up",
    numerator: "numerator: { nl: dingen, en: things }",
    version: "version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste, en: First } }",
    reviewed: "reviewed: 2026-11-24",
    ...changes,
  };
  return ["/*---", ...Object.values(lines).filter((line) => line !== null), "---*/"].join("\n");
}

const query = "select unit_id, received_on as month, count as numerator from complaints";
const share = { kind: "kind: share", denominator: "denominator: { nl: alles, en: all }" };
const ofStaff = (columns: string, from = "staffing") =>
  `select unit_id, period as month, ${columns} from ${from} group by unit_id, period`;

async function read(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { definitions, files: places, faults } = await readDefinitions(folder, contracts);
  return {
    ...{ definitions, files: places },
    faults: faults.map(({ file, line, message }) => `${path.basename(file)}:${line}: ${message}`),
  };
}

/** What one file is found to have wrong. */
const faultsOf = async (changes: Record<string, string | null>, sql = query) =>
  (await read({ "one.sql": `${header(changes)}\n${sql}\n` })).faults;

/** The definition of a query, without faults. */
async function definitionOf(sql: string, changes: Record<string, string | null> = {}) {
  const { definitions, faults } = await read({ "one.sql": `${header(changes)}\n${sql}\n` });
  expect(faults).toEqual([]);
  return definitions[0]!;
}

describe("readDefinitions", () => {
  it("finds nothing wrong with a sound file; the id is its name", async () => {
    const definition = await definitionOf(`${query};`);
    expect(definition).toMatchObject({
      id: "one",
      feeds: ["complaints"],
      sql: query,
      kind: "count",
      stock: false,
      decimals: 1,
    });
  });

  it.each<[string, Record<string, string | null>, string]>([
    ["an unknown key", { focus: "focus: connection\ncolour: red" }, "one.sql:8: colour: unknown key"],
    [
      "an unknown key within",
      { title: "title: { nl: Titel, en: Title, fr: Titre }" },
      "one.sql:2: title.fr: unknown key",
    ],
    ["a missing translation", { why: "why: { nl: Daarom }" }, "one.sql:5: why.en: "],
    ["a missing key", { owner: null }, "owner: "],
    ["a wrong kind", { kind: "kind: percentage" }, "one.sql:10: kind: "],
    ["a wrong focus", { focus: "focus: colour" }, "one.sql:7: focus: "],
    ["a date that does not exist", { reviewed: "reviewed: 2026-02-30" }, "one.sql:14: reviewed: write a date"],
    [
      "a laxer threshold",
      { numerator: "numerator: { nl: a, en: b }\ndisclosure: { denominator: 5 }" },
      "one.sql:13: disclosure.denominator: ",
    ],
    [
      "a laxer least part",
      { numerator: "numerator: { nl: a, en: b }\ndisclosure: { numerator: 3 }" },
      "one.sql:13: disclosure.numerator: ",
    ],
    ["not YAML", { focus: "focus: [connection" }, "not YAML"],
    [
      "a rate without exposure",
      { ...share, kind: "kind: rate" },
      "one.sql:10: a rate says how its exposure goes over time",
    ],
    [
      "an exposure of a count",
      { kind: "kind: count\nexposure: mean" },
      "one.sql:11: only a rate, or a ratio of rates, has an exposure",
    ],
    [
      "a share without a denominator in words",
      { kind: "kind: share" },
      "one.sql:10: a share needs the denominator in words",
    ],
    ["a coverage of no level", { ...share, kind: "kind: coverage" }, "one.sql:10: a coverage says which units"],
    [
      "a coverage of what is no level",
      { ...share, kind: "kind: coverage\nof: [squad]" },
      "one.sql:11: of: write levels, as [team], or an id",
    ],
    ["a coverage of an indicator", { ...share, kind: "kind: coverage\nof: one" }, "one.sql:11: a coverage says"],
    [
      "a coverage with a breakdown",
      { ...share, kind: "kind: coverage\nof: [team]\nbreakdowns: [{ name: route, title: { nl: a, en: b } }]" },
      "one.sql:12: a unit has it or not",
    ],
    ["a least of a count", { kind: "kind: count\nleast: 2" }, "one.sql:11: only a coverage has least; this is a count"],
    ["an of of a count", { kind: "kind: count\nof: one" }, "one.sql:11: only a coverage or a change is of something"],
    ["a change of nothing", { kind: "kind: change" }, "one.sql:10: a change says of which indicator"],
    ["a change since nothing", { kind: "kind: change\nof: one" }, "one.sql:10: a change says since when"],
    [
      "a baseline that is no year",
      { kind: "kind: change\nof: one\nbaseline: { from: 2014-01-01, to: 2014-06-30 }" },
      "one.sql:12: write a whole year",
    ],
    [
      "a rolling running count",
      { kind: "kind: cumulative\ngrains: [r12]" },
      "one.sql:11: a cumulative has no figures by r12",
    ],
    [
      "a rate without an interval",
      { ...share, kind: "kind: rate\nexposure: mean\ninterval: none" },
      "one.sql:12: only a share, a count, a cumulative can be without; this is a rate",
    ],
    ["another interval", { kind: "kind: count\ninterval: wide" }, "one.sql:11: interval: "],
    ["a stock of durations", { kind: "kind: duration\nstock: true" }, "one.sql:11: a duration is no stock"],
    [
      "a ratio without its denominator in words",
      { kind: "kind: ratio" },
      "one.sql:10: a ratio needs the denominator in words",
    ],
    ["neutral without a note", { polarity: "polarity: neutral" }, "one.sql:11: say in polarity_note"],
    [
      "a placeholder that does not exist",
      { sentence: 'sentence: { nl: "{period} {value} {teller}", en: "{period} {value}" }' },
      "one.sql:6: sentence.nl: {teller} is none of ",
    ],
    [
      "a sentence without its value",
      { sentence: 'sentence: { nl: "{period} {value}", en: "{period}" }' },
      "one.sql:6: sentence.en lacks {value}",
    ],
    [
      "a breakdown that is no column",
      { owner: "owner: Iemand\nbreakdowns: [{ name: colour, title: { nl: Kleur, en: Colour } }]" },
      "the query yields no column colour",
    ],
  ])("finds %s", async (_name, changes, wanted) => {
    expect((await faultsOf(changes)).join("\n")).toContain(wanted);
  });

  it.each([
    ["no header", "select 1", "one.sql:1: begin with /*---"],
    ["a header that does not end", "/*---\ntitle: x\nselect 1", "one.sql:1: begin with /*---"],
    ["two statements", `${header()}\n${query};\n${query}`, "one.sql:16: write exactly one SELECT"],
    ["no statement", `${header()}\n`, "one.sql:16: "],
    ["no SELECT", `${header()}\ndelete from complaints`, "one.sql:16: no SELECT that the engine can read"],
    ["a syntax error", `${header()}\nselect from where`, "one.sql:16: no SELECT that the engine can read"],
    [
      "a column that does not exist",
      `${header()}\nselect unit_id, received as month, count as numerator from complaints`,
      "one.sql:16: ",
    ],
    [
      "a table that does not exist",
      `${header()}\nselect unit_id, day as month, 1 as numerator from klachten`,
      "klachten",
    ],
    [
      "no feed",
      `${header()}\nselect 'a' as unit_id, date '2016-01-01' as month, 1 as numerator`,
      "one.sql:16: the query reads no feed",
    ],
    [
      "a missing cell column",
      `${header()}\nselect unit_id, count as numerator from complaints`,
      "one.sql:16: the query yields no column month",
    ],
    [
      "a column too many",
      `${header()}\n${query.replace(" from", ", outcome from")}`,
      "one.sql:16: column outcome is neither part of a cell nor a breakdown",
    ],
    [
      "a month that is no day",
      `${header()}\n${query.replace("received_on", "'2016-01'")}`,
      "month is VARCHAR; it must be a DATE",
    ],
    [
      "a numerator that is no number",
      `${header()}\n${query.replace("count as", "outcome as")}`,
      "numerator is VARCHAR; it must be a number",
    ],
    [
      "a WITH clause named as a feed",
      `${header()}\nwith Complaints as (${query}) from complaints`,
      "has the name of a feed",
    ],
  ])("finds %s", async (_name, text, wanted) => {
    expect((await read({ "one.sql": text })).faults.join("\n")).toContain(wanted);
  });

  it.each<[string, Record<string, string | null>, string, string]>([
    ["a ratio of one pair", { ...share, kind: "kind: ratio" }, query, "the query yields no column denominator2"],
    ["a duration without days", { kind: "kind: duration" }, query, "the query yields no column days"],
    [
      "days that are a date",
      { kind: "kind: duration" },
      query.replace(" from", ", closed_on as days from"),
      "days is DATE; it must be a number",
    ],
    [
      "within that is a number",
      { kind: "kind: duration" },
      query.replace(" from", ", 1 as days, 1 as within from"),
      "within is INTEGER; it must be true or false",
    ],
    ["days of a count", {}, query.replace(" from", ", 1 as days from"), "a count has no column days"],
    [
      "what waits without words for it",
      share,
      `${query.replace(" from", ", 1 as denominator, 1 as waiting from")}`,
      "say in the header what is waiting",
    ],
    [
      "words for what does not wait",
      { ...share, denominator: `${share.denominator}\nwaiting: { nl: "{waiting}", en: "{waiting}" }` },
      query.replace(" from", ", 1 as denominator from"),
      "the query yields no column waiting",
    ],
    [
      "words without what waits",
      { ...share, denominator: `${share.denominator}\nwaiting: { nl: "{waiting}", en: "some" }` },
      query.replace(" from", ", 1 as denominator, 1 as waiting from"),
      "waiting.en lacks {waiting}",
    ],
    ["what waits of a count", {}, query.replace(" from", ", 1 as waiting from"), "a count has no column waiting"],
    ["an end of what adds up", {}, query.replace(" from", ", closed_on as until from"), "until is for what stays"],
  ])("finds %s", async (_name, changes, sql, wanted) => {
    expect((await faultsOf(changes, sql)).join("\n")).toContain(`one.sql:`);
    expect((await faultsOf(changes, sql)).join("\n")).toContain(wanted);
  });

  it("leaves out the grains that mean nothing of a kind", async () => {
    expect((await definitionOf(query, { kind: "kind: cumulative" })).grains).not.toContain("r12");
    expect((await definitionOf(query)).grains).toContain("r12");
  });

  describe("a change is of another indicator", () => {
    const change = { kind: "kind: change\nof: two\nbaseline: { from: 2014-01-01, to: 2014-12-31 }" };
    const one = (more = "") =>
      `${header({ ...change, kind: change.kind + more })}\n${query.replace(" from", ", route from")}`;
    const sound = `${header()}\n${query}`;

    it.each<[string, string | null, string]>([
      ["that there is not", null, 'one.sql:11: there is no indicator "two"'],
      [
        "of another kind",
        `${header({ ...share })}\n${query.replace(" from", ", count as denominator from")}`,
        "one.sql:11: two is a share: a change is of a count of events",
      ],
      [
        "that is a stock",
        `${header({ kind: "kind: count\nstock: true" })}\n${ofStaff("sum(fte) as numerator")}`,
        "one.sql:11: two is a stock: a change is of a count of events",
      ],
    ])("%s", async (_name, two, wanted) => {
      const { faults } = await read({ "one.sql": `${header(change)}\n${query}`, ...(two && { "two.sql": two }) });
      expect(faults).toEqual([wanted]);
    });

    it("with other breakdowns", async () => {
      const breakdown = "\nbreakdowns: [{ name: route, title: { nl: a, en: b } }]";
      const { faults } = await read({ "one.sql": one(breakdown), "two.sql": sound });
      expect(faults).toEqual(['one.sql:11: two has no breakdown "route"']);
    });

    it("whose own faults are told once", async () => {
      const { faults } = await read({
        "one.sql": `${header(change)}\n${query}`,
        "two.sql": `${header({ why: "why: x" })}\n${query}`,
      });
      expect(faults.every((fault) => fault.startsWith("two.sql"))).toBe(true);
    });

    it.each([
      ["takes its query", query, []],
      [
        "finds a query that counts other things",
        `${query} where route = 'mediation'`,
        ["one.sql:18: the query does not count what two counts: take its query"],
      ],
      [
        "finds a query that counts on another day",
        query.replace("received_on", "closed_on"),
        ["one.sql:18: the query does not count what two counts: take its query"],
      ],
    ])("%s", async (_name, sql, wanted) => {
      const { definitions, files, faults } = await read({ "one.sql": `${header(change)}\n${sql}`, "two.sql": sound });
      expect(faults).toEqual([]);
      const found = await changeFaults(files, definitions, contracts);
      expect(found.map(({ file, line, message }) => `${path.basename(file)}:${line}: ${message}`)).toEqual(wanted);
    });
  });

  it("needs a name in small letters", async () => {
    expect((await read({ "One Two.sql": `${header()}\n${query}` })).faults).toEqual([
      'One Two.sql:1: "One Two": write the file\'s name in small letters, digits and hyphens',
    ]);
  });

  it("finds every fault of every file at once", async () => {
    const { definitions, faults } = await read({
      "a.sql": `${header({ why: "why: { nl: Daarom }", focus: "focus: connection\ncolour: red" })}\nselect unit_id, count as numerator from complaints`,
      "b.sql": `${header({ polarity: "polarity: neutral", kind: "kind: rate" })}\n${query}`,
      "c.sql": `${header()}\n${query}`,
    });
    expect(definitions.map(({ id }) => id)).toEqual(["c"]);
    expect(faults.map((fault) => fault.split(": ")[0])).toEqual([
      "a.sql:5",
      "a.sql:8",
      "a.sql:17",
      "b.sql:10",
      "b.sql:10",
      "b.sql:11",
      "b.sql:16",
    ]);
  });

  it.each([
    [
      "a share of staff",
      share,
      ofStaff("sum(headcount) filter (gender = 'woman') as numerator, sum(headcount) as denominator"),
      "one.sql:10: staffing is a state at each month's end",
    ],
    ["a count of staff", {}, ofStaff("sum(fte) as numerator"), "one.sql:10: staffing is a state at each month's end"],
    ["formation", {}, ofStaff("sum(vacancies) as numerator", "establishment"), "establishment is a state"],
    [
      "a rate whose exposure is summed",
      { ...share, kind: "kind: rate\nexposure: sum" },
      ofStaff("0 as numerator, sum(headcount) as denominator"),
      "write stock: true, or exposure: mean",
    ],
  ])("refuses to sum states over months: %s", async (_name, changes, sql, wanted) => {
    const known = contracts.has("establishment") || !sql.includes("establishment");
    if (known) expect((await faultsOf(changes, sql)).join("\n")).toContain(wanted);
  });

  it("takes them as stocks, and as the mean exposure of a rate", async () => {
    const women = "sum(headcount) filter (gender = 'woman') as numerator, sum(headcount) as denominator";
    expect((await definitionOf(ofStaff(women), { ...share, kind: "kind: share\nstock: true" })).stock).toBe(true);
    expect(
      (
        await definitionOf(ofStaff("0 as numerator, sum(headcount) as denominator"), {
          ...share,
          kind: "kind: rate\nexposure: mean",
        })
      ).exposure,
    ).toBe("mean");
  });
});

describe("readDefinitions: what is protected", () => {
  const of = (where: string, from = "movements") =>
    `select unit_id, date as month, count as numerator from ${from} where ${where}`;

  it.each([
    ["a background", of("background = 'dual'")],
    ["a background in capitals", of("BACKGROUND = 'dual'")],
    ["a background in quotes", of(`"Background" = 'dual'`)],
    ["a background of a table's other name", of("m.background = 'dual'", "Movements as m")],
    ["a background in a subquery", of("date in (select date from movements where background = 'dual')")],
    ["a background under another name", of("b = 'dual'", "(select * rename (background as b) from movements)")],
    ["a background through USING", of("true", "movements join (select 'dual' as background) as d using (background)")],
    ["a background taken out of a row", of("struct_extract(m, 'background') = 'dual'", "movements as m")],
    ["a background in a row as one text", of("contains(m::varchar, 'dual')", "movements as m")],
    [
      "a background in a row by its feed's name",
      of("hash(movements) % 2 = 0 and exists (select 1 as movements from units)"),
    ],
    [
      "a background in a row by a name that another feed has elsewhere",
      of("hash(m) % 2 = 0 and exists (select 1 as m from units as m)", "movements as m"),
    ],
    ["an exit reason", of("exit_reason = 'safety'")],
    ["the survey", "select unit_id, wave as month, respondents as numerator from Survey"],
    ["published backgrounds", "select unit_id, period as month, base as numerator from background"],
  ])("%s", async (_name, sql) => {
    const isStock = sql.endsWith("from background");
    expect((await definitionOf(sql, isStock ? { kind: "kind: count\nstock: true" } : {})).protected).toBe(true);
  });

  it.each([
    ["gender alone", of("gender = 'woman'")],
    ["a word in a comment", `${of("true")} -- background`],
    ["complaints", query],
  ])("is not: %s", async (_name, sql) => {
    expect((await definitionOf(sql)).protected).toBe(false);
  });

  it.each([
    ["from query_table('movements')"],
    ["from query('from movements')"],
    ["select COLUMNS('b.*') from movements"],
    ["select unit_id, b from movements as m (a, unit_id, b)"],
  ])("refuses to guess what is read: %s", async (sql) => {
    expect((await faultsOf({}, sql)).join("\n")).toContain("name the feeds and columns that are read");
  });

  it("calls cases of citizens sensitive", async () => {
    expect((await definitionOf(query)).sensitive).toBe(true);
    expect((await definitionOf(query.replace("complaints", "COMPLAINTS"))).sensitive).toBe(true);
    expect((await definitionOf(of("true"))).sensitive).toBe(false);
  });

  it("knows the project's own", async () => {
    const all = await definitions();
    const named = (key: "protected" | "sensitive") => all.filter((each) => each[key]).map(({ id }) => id);
    expect(named("protected")).toEqual(
      expect.arrayContaining(["discrimination-experienced", "intake-dual", "leaders-dual", "staffing-dual", "top61"]),
    );
    for (const id of ["complaints", "leaders-women", "staffing-women", "use-of-force-rate"])
      expect(named("protected")).not.toContain(id);
    expect(named("sensitive")).toEqual(
      expect.arrayContaining([
        "complaints",
        "complaints-founded",
        "discrimination-complaints",
        "discrimination-incidents",
        "use-of-force",
      ]),
    );
  });
});

describe("readDefinitions: folders", () => {
  it("reads files that end in .sql only", async () => {
    mkdirSync(path.join(folder, "sub"));
    expect((await read({ "README.md": "x", "one.sql": `${header()}\n${query}` })).definitions).toHaveLength(1);
  });
});
