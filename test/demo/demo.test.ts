import { isUtf8 } from "node:buffer";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalise, readContracts } from "../../pipelines/contracts/contract.ts";
import { Database, identifier, literal } from "../../pipelines/database.ts";
import { writeDemo, type DemoFile } from "../../pipelines/demo/demo.ts";
import { Refusal } from "../../pipelines/problem.ts";
import { projectFolder } from "../../pipelines/settings.ts";

const root = mkdtempSync(path.join(tmpdir(), "kvv-demo-"));
const make = (name: string, through: string, seed = 2016) =>
  writeDemo(path.join(root, name), { seed, through, config: projectFolder });
const generated = (files: DemoFile[]) => files.filter((file) => file.file.startsWith(root));
const isDecimal = (text: string) => /^-?\d+,\d$/.test(text);

/** The file's text, by the same marks that a person would go by. */
function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (isUtf8(bytes) ? bytes.toString("utf8") : iconv.decode(bytes, "windows-1252")).replace(/^\uFEFF/, "");
}

const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));

/** A line's fields by the contract's column names; the generator quotes nothing but empty texts. */
function rowsOf({ feed, file }: DemoFile): Record<string, string>[] {
  const columns = contracts.get(feed)!.columns;
  const [header, ...lines] = textOf(file).trimEnd().split("\n");
  const delimiter = header!.includes(";") ? ";" : ",";
  const names = header!.split(delimiter).map((text) => {
    const column = columns.find(({ name, aliases }) => [name, ...aliases].map(normalise).includes(normalise(text)));
    return column?.name ?? text;
  });
  return lines.map((line) => {
    const fields = line.split(delimiter);
    return Object.fromEntries(names.map((name, index) => [name, fields[index]!.replace(/^""$/, "")]));
  });
}

afterAll(() => rmSync(root, { recursive: true }));

describe("writeDemo(folder, { seed, through, config })", () => {
  let first: DemoFile[];
  let longer: DemoFile[];
  beforeAll(async () => {
    first = await make("first", "2014-02");
    longer = await make("longer", "2014-05");
  }, 60_000);

  it("writes the same bytes for the same seed, and others for another", async () => {
    const again = generated(await make("again", "2014-02"));
    const other = generated(await make("other", "2014-02", 7));
    expect(again.map((file) => path.basename(file.file))).toEqual(generated(first).map((f) => path.basename(f.file)));
    generated(first).forEach((file, index) => {
      const bytes = readFileSync(file.file);
      expect(readFileSync(again[index]!.file).equals(bytes), file.file).toBe(true);
      // The actions of the first years are those that the papers name.
      expect(readFileSync(other[index]!.file).equals(bytes), file.file).toBe(file.feed === "actions");
    });
  }, 60_000);

  it("only adds rows when months are added: a month's rows depend on seed and month", () => {
    expect(generated(first)).toHaveLength(15);
    for (const { feed, file } of generated(first)) {
      const more = generated(longer).find((each) => path.basename(each.file) === path.basename(file))!;
      // Inhabitants come once a year, and actions when they begin.
      if (feed !== "population" && feed !== "actions")
        expect(textOf(more.file).length, file).toBeGreaterThan(textOf(file).length);
      expect(textOf(more.file).startsWith(textOf(file)), file).toBe(true);
    }
  });

  it("puts the organisation and the published figures first, then each feed", () => {
    expect(first.slice(0, 3).map((file) => file.feed)).toEqual(["units", "published", "staffing"]);
  });

  it("uses only headers and codes that the contracts know, but for the faults it names", () => {
    for (const file of generated(longer)) {
      const columns = contracts.get(file.feed)!.columns;
      const rows = rowsOf(file);
      const known = new Set([...columns.map((column) => column.name), "naam eenheid"]);
      expect(
        Object.keys(rows[0]!).filter((name) => !known.has(name)),
        file.file,
      ).toEqual([]);
      let strangers = 0;
      for (const { name, type, values, required } of columns) {
        if (!values || !(name in rows[0]!)) continue;
        const words = new Set(
          Object.entries(values).flatMap(([code, aliases]) => [code, ...aliases].map((word) => normalise(word))),
        );
        for (const row of rows) {
          const codes = type === "codes" ? row[name]!.split("|") : [row[name]!];
          if (codes.some((code) => (code === "" ? required : !words.has(normalise(code))))) strangers++;
        }
      }
      expect(strangers, file.file).toBe((file.faults["not_allowed"] ?? 0) + (file.faults["missing_required"] ?? 0));
    }
  });

  it("writes old exports in windows-1252 with Dutch dates and decimal commas, and few faults", () => {
    const staffing = longer.find((file) => file.feed === "staffing")!;
    expect(readFileSync(staffing.file).toString("utf8")).toContain("\uFFFD");
    expect(textOf(staffing.file)).toContain(";Súdwest-Fryslân;");
    expect(textOf(staffing.file)).toContain(";’s-Gravesandeplein;");
    const rows = rowsOf(staffing);
    expect(rows[0]!["period"]).toBe("31-01-2013");
    expect(rows.every((row) => isDecimal(row["fte"]!))).toBe(true);
    expect(staffing.faults).toEqual({ unknown_unit: 3, wrong_type: 2 });
    const incidents = longer.find((file) => file.feed === "incidents")!;
    expect([...readFileSync(incidents.file).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it("brings a complaint as pending in the month of its receipt and closed in a later one", () => {
    const [received, closed] = longer.filter((file) => file.feed === "complaints").map(rowsOf);
    const pending = new Set(
      received!.filter((row) => row["outcome"] === "in behandeling").map((row) => row["complaint_id"]!),
    );
    const late = closed!.map((row) => row["complaint_id"]!);
    expect(pending.size).toBeGreaterThan(late.length);
    expect(late.filter((id) => !pending.has(id))).toEqual([]);
    expect(closed!.filter((row) => row["outcome"] === "in behandeling" || !row["closed_on"])).toEqual([]);
  });

  it("refuses a month that it cannot reach", async () => {
    await expect(make("early", "2012-12")).rejects.toThrow(Refusal);
    await expect(make("early", "2014")).rejects.toThrow("write a month from 2013-01 on as YYYY-MM");
  });
});

describe("the yearly totals of the demo", () => {
  let db: Database;
  beforeAll(async () => {
    const files = generated(await make("whole", "2024-12"));
    db = await Database.open(":memory:");
    for (const feed of ["staffing", "movements", "complaints", "use_of_force", "incidents", "survey", "absence"]) {
      const parts = files
        .filter((file) => file.feed === feed && !/-(closed|discussed|ended|correction)-/.test(file.file))
        .map(asQuery);
      await db.run(`create table ${identifier(feed)} as ${parts.join(" union all by name ")}`);
    }
    const figures = path.join(projectFolder, "data", "published", "figures.csv");
    await db.run(`create table figures as from read_csv(${literal(figures)}, header = true, all_varchar = true)`);
  }, 90_000);
  afterAll(() => db.close());

  /** The file as a query with the contract's columns; codes and dates as the contract writes them. */
  function asQuery({ feed, file }: DemoFile): string {
    const readable = isUtf8(readFileSync(file)) ? file : `${file}.utf8`;
    if (readable !== file) writeFileSync(readable, textOf(file));
    const header = readFileSync(readable, "utf8")
      .split("\n", 1)[0]!
      .replace(/^\uFEFF/, "");
    const delimiter = header.includes(";") ? ";" : ",";
    const columns = header.split(delimiter).flatMap((title) => {
      const column = contracts
        .get(feed)!
        .columns.find(({ name, aliases }) => [name, ...aliases].map(normalise).includes(normalise(title)));
      if (!column) return [];
      const field = identifier(title);
      if (column.type === "date" || column.type === "month_end")
        return `coalesce(try_strptime(${field}, '%d-%m-%Y'), try_strptime(${field}, '%Y-%m-%d'))::date as ${identifier(column.name)}`;
      const words = Object.entries(column.values ?? {}).flatMap(([code, aliases]) =>
        aliases.map((alias) => `${literal(alias)}: ${literal(code)}`),
      );
      const coded = (each: string) =>
        words.length > 0 ? `coalesce(map {${words.join(", ")}}[${each}], ${each})` : each;
      const value =
        column.type === "codes"
          ? `list_transform(string_split(${field}, '|'), lambda each: ${coded("each")})`
          : coded(field);
      return `${value} as ${identifier(column.name)}`;
    });
    return `select ${columns.join(", ")} from read_csv(${literal(readable)}, header = true, delim = '${delimiter}', all_varchar = true)`;
  }

  const published = async (measure: string, breakdown: string, year: number, unit = "Nederland") => {
    const figure = await db.one<{ value: number }>(
      `select value::double as value from figures where measure = $measure and breakdown = $breakdown
       and unit = $unit and period_end = $end`,
      { measure, breakdown, unit, end: `${year}-12-31` },
    );
    return figure!.value;
  };
  const byYear = async (sql: string) => {
    const rows = await db.all<{ year: number; n: number }>(sql);
    return new Map(rows.map(({ year, n }) => [year, n]));
  };
  /** At most this share away. */
  const near = (actual: number | undefined, expected: number, share: number) => {
    expect(Math.abs(actual! - expected) / expected, `${actual} beside ${expected}`).toBeLessThanOrEqual(share);
  };

  it("has 43 districts, 168 teams, twelve districts and services in Den Haag, and about 62,000 staff", async () => {
    const units = await db.all<{ unit_id: string; level: string; parent_id: string | null }>(
      `select unit_id, level, parent_id from read_csv(${literal(path.join(projectFolder, "data", "organisation", "units.csv"))}, header = true, all_varchar = true)`,
    );
    const count = (test: (unit: (typeof units)[number]) => boolean) => units.filter(test).length;
    expect(count(({ level }) => level === "district")).toBe(43);
    expect(count(({ level }) => level === "team")).toBe(168);
    expect(count(({ parent_id: parent }) => parent === "den-haag")).toBe(12);
    const staff = await byYear(
      `select year(period) as year, sum(try_cast(headcount as integer))::integer as n from staffing
       where month(period) = 12 group by all`,
    );
    for (const [year, n] of staff) near(n, 62_000, year < 2017 ? 0.04 : 0.035);
  });

  it("follows the published strength and share of women", async () => {
    const executive = await byYear(
      `select year(period) as year, sum(try_cast(headcount as integer))::integer as n from staffing
       where month(period) = 12 and category = 'executive' group by all`,
    );
    for (const year of [2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022])
      near(executive.get(year), await published("staff_fte", "operational", year), 0.02);
    const women = await db.one<{ n: number }>(
      `select 100 * sum(headcount::integer) filter (gender = 'woman') / sum(headcount::integer) as n
       from staffing where period = '2020-12-31' and try_cast(headcount as integer) > 0`,
    );
    near(women!.n, await published("share_women_pct", "all staff", 2020), 0.02);
  });

  it("has about the published sick leave", async () => {
    const sick = await db.all<{ year: number; percent: number }>(
      `select year(period) as year, 100 * sum(sick_days::integer) / sum(available_days::integer) as percent
       from absence group by all`,
    );
    const found = new Map(sick.map(({ year, percent }) => [year, percent]));
    for (const year of [2013, 2014, 2015])
      near(found.get(year), await published("sick_leave_pct", "all staff", year), 0.03);
  });

  it("has the published intake of aspirants, to the person", async () => {
    const intake = await db.all<{ year: number; known: number; dual: number }>(
      `select year(date) as year, sum(count::integer) filter (background <> 'unknown')::integer as known,
         sum(count::integer) filter (background = 'dual')::integer as dual
       from movements where kind = 'intake' and category = 'executive' group by all order by year`,
    );
    for (const { year, known, dual } of intake.filter((row) => [2016, 2017, 2018].includes(row.year))) {
      expect(dual).toBe(await published("intake_diverse", "aspirants, double cultural background", year));
      const share = await published("intake_share_diverse_pct", "aspirants, double cultural background", year);
      near((100 * dual) / known, share, 0.01);
    }
    const units = await db.all<{ unit: string; share: number }>(
      `select unit_id as unit, 100 * sum(count::integer) filter (background = 'dual') / sum(count::integer) as share
       from movements where kind = 'intake' and category = 'executive' and year(date) = 2016 and background <> 'unknown'
       and unit_id in ('amsterdam', 'den-haag', 'rotterdam') group by all order by unit`,
    );
    expect(units.map(({ share }) => share.toFixed(1))).toEqual(["39.5", "15.1", "23.8"]);
  });

  it("has the published use of force of 2013-2024", async () => {
    const incidents = await byYear(
      "select year(occurred_on) as year, count(distinct incident_id) as n from use_of_force group by all",
    );
    const reports = await byYear("select year(occurred_on) as year, count(*) as n from use_of_force group by all");
    for (const year of [2013, 2014, 2021, 2022])
      near(incidents.get(year), await published("uof_incidents", "total", year), 0.005);
    for (const year of [2019, 2021, 2022, 2024])
      near(reports.get(year), await published("uof_applications", "total", year), 0.005);
    const hague = await db.one<{ n: number }>(
      `select count(distinct incident_id) as n from use_of_force
       where year(occurred_on) = 2022 and starts_with(unit_id, 'den-haag-')`,
    );
    near(hague!.n, await published("uof_incidents", "total", 2022, "Den Haag"), 0.005);
  });

  it("has the published complaints and discrimination incidents", async () => {
    const complaints = await byYear(
      "select year(received_on) as year, count(*) as n from complaints where received_on is not null group by all",
    );
    for (const year of [2014, 2017]) near(complaints.get(year), await published("complaints", "received", year), 0.005);
    const either = await byYear(
      `select year(received_on) as year, count(*) as n from complaints
       where list_has_any(aspects, ['discrimination', 'profiling']) group by all`,
    );
    near(
      either.get(2019),
      await published("complaints", "discrimination and/or ethnic profiling: received", 2019),
      0.02,
    );
    const incidents = await byYear("select year(registered_on) as year, count(*) as n from incidents group by all");
    for (const year of [2014, 2016, 2017, 2018, 2021, 2022, 2023, 2024])
      near(incidents.get(year), await published("discrimination_incidents_registered", "total", year), 0.005);
  });

  it("asks districts and services, and finds 4.2% in Den Haag in 2014", async () => {
    const hague = await db.one<{ share: number; below: number }>(
      `select 100 * sum(positive::integer) / sum(respondents::integer) as share,
         count(*) filter (unit_id not in (select unit_id from staffing)) as below
       from survey where question = 'discrimination_experienced' and wave = '2014-10-01' and starts_with(unit_id, 'den-haag-')`,
    );
    near(hague!.share, await published("discrimination_experienced_pct", "operational staff", 2014, "Den Haag"), 0.02);
    expect(hague!.below).toBe(0);
  });

  it("has the means of chance: months differ, and no two units are alike", async () => {
    const months = await db.all<{ n: number }>(
      `select count(*) as n from use_of_force where starts_with(unit_id, 'limburg-') and year(occurred_on) = 2023
       group by month(occurred_on)`,
    );
    const mean = months.reduce((sum, { n }) => sum + n, 0) / months.length;
    const variance = months.reduce((sum, { n }) => sum + (n - mean) ** 2, 0) / (months.length - 1);
    expect(months).toHaveLength(12);
    expect(variance / mean).toBeGreaterThan(0.3);
    expect(variance / mean).toBeLessThan(6);
  });
});

describe("data/organisation/units.csv", () => {
  const [, ...lines] = readFileSync(path.join(projectFolder, "data", "organisation", "units.csv"), "utf8")
    .trimEnd()
    .split("\n");
  const units = lines.map((line) => {
    const [id, name, level, parent, from, to, predecessors] = line.split(",") as [string, ...string[]];
    return { id, name: name!, level: level!, parent: parent!, from: from!, to: to!, predecessors: predecessors! };
  });
  const byId = new Map(units.map((unit) => [unit.id, unit]));

  it("has slugs of at least six characters, unique, beginning with their unit's", () => {
    expect(byId.size).toBe(units.length);
    for (const { id, level, parent } of units) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(id.length).toBeGreaterThanOrEqual(6);
      if (level === "unit" || level === "force") continue;
      const above = byId.get(parent)!;
      const unit = above.level === "unit" ? above : byId.get(above.parent)!;
      expect(unit.level).toBe("unit");
      expect(id.startsWith(`${unit.id}-`), id).toBe(true);
    }
  });

  it("gives the name of a unit to nothing else", () => {
    const names = units.filter(({ level }) => level === "unit").map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(units.filter(({ name, level }) => level !== "unit" && names.includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["Den Haag", "Landelijke Eenheid", "Politieacademie"]));
  });

  it("lets 26 corps of before 2013 each go into one unit, and ends the Landelijke Eenheid in two", () => {
    const corps = units.filter(({ to }) => to === "2012-12-31");
    const successors = (id: string) => units.filter(({ predecessors }) => predecessors.split("|").includes(id));
    expect(corps).toHaveLength(26);
    expect(corps.filter(({ id }) => successors(id).length !== 1)).toEqual([]);
    expect(byId.get("den-haag")!.predecessors).toBe("korps-haaglanden|korps-hollands-midden");
    expect(successors("landelijke-eenheid").map(({ from }) => from)).toEqual(["2024-01-01", "2024-01-01"]);
  });

  it("has parents that exist as long as their children", () => {
    for (const { parent, from, to } of units.filter((unit) => unit.parent)) {
      const above = byId.get(parent)!;
      expect(above.from <= from && (above.to || "9999") >= (to || "9999")).toBe(true);
    }
  });
});
