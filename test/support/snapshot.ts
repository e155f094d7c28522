import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { readContracts } from "../../pipelines/contracts/contract.ts";
import { Database } from "../../pipelines/database.ts";
import { readDefinitions } from "../../pipelines/indicators/read.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { prepared } from "./prepared.ts";

/** What a snapshot of the fixture differs in. */
export interface SnapshotSpec {
  /** `YYYYMMDDTHHMMSSZ-<6 hex>`. */
  name?: string;
  /** Multiplies every count. */
  scale?: number;
  /** Whether readers are switched to it. */
  current?: boolean;
  /** Also figures of composition and plans, under the project's own definitions. */
  hrm?: boolean;
  /** Copies of every indicator's rows under other names, for measurements. */
  rows?: number;
  /** Tables that it lacks, as one of before they were kept. */
  without?: string[];
  /** Statements run on it in the end. */
  besides?: string[];
}

const words = (nl: string, en: string) => ({ nl, en });

const first = { number: 1, valid_from: "2013-01-01", change: words("Eerste versie", "First version") };

const all = {
  stock: false,
  per: 1,
  covered_by: "all",
  chart: "line",
  levels: ["force", "unit", "district", "service", "team", "bureau"],
  grains: ["month", "quarter", "half", "year", "r12", "target"],
} satisfies Partial<Definition>;

const definitions: Definition[] = [
  {
    ...all,
    id: "intake-dual",
    question: words(
      "Hoeveel nieuwe collega's hebben een dubbele culturele achtergrond?",
      "How many new colleagues have a dual background?",
    ),
    sentence: words(
      "{period}: {value} ({numerator} van {denominator}).",
      "{period}: {value} ({numerator} of {denominator}).",
    ),
    title: words(
      "Instroom met een dubbele culturele achtergrond, uitvoering van de politietaak",
      "Executive intake with a dual background",
    ),
    description: words(
      "Welk deel van de nieuwe executieve collega's een dubbele culturele achtergrond heeft.",
      "Which share of new executive colleagues has a dual background.",
    ),
    why: words("De politie wil een afspiegeling zijn van de samenleving.", "The police wants to mirror society."),
    caveats: words("Achtergrond is niet van iedereen bekend.", "Background is not known for all."),
    focus: "composition",
    owner: "HRM",
    source: ["DH-2015 actie 4.1"],
    kind: "share",
    polarity: "up",
    numerator: words("instroom met een dubbele culturele achtergrond", "intake with a dual background"),
    denominator: words("instroom met bekende achtergrond", "intake of known background"),
    excluded: words("wie de vraag niet beantwoordde", "who did not answer"),
    breakdowns: [
      {
        name: "gender",
        title: words("Geslacht", "Gender"),
        values: { woman: words("vrouw", "woman"), man: words("man", "man") },
      },
    ],
    decimals: 1,
    disclosure: { denominator: 10 },
    version: {
      number: 2,
      valid_from: "2014-07-01",
      change: words("Zij-instromers tellen mee", "Lateral entrants count"),
    },
    reviewed: "2017-01-15",
    feeds: ["movements"],
    parts: {},
    protected: true,
    sensitive: false,
    sql: "select unit_id, month, numerator, denominator from movements",
  },
  {
    ...all,
    id: "staffing-women",
    question: words("Hoeveel collega's zijn vrouw?", "How many colleagues are women?"),
    sentence: words(
      "{period}: {value} ({numerator} van {denominator}).",
      "{period}: {value} ({numerator} of {denominator}).",
    ),
    title: words("Vrouwen in de bezetting", "Women in staff"),
    description: words("Welk deel van de collega's vrouw is.", "Which share of colleagues are women."),
    why: words("Streven is evenveel vrouwen als mannen.", "The aim is as many women as men."),
    caveats: words("Stand op de laatste dag van de periode.", "State on the last day of the period."),
    focus: "composition",
    owner: "HRM",
    source: ["RT-2015"],
    kind: "share",
    stock: true,
    polarity: "balance",
    numerator: words("vrouwen", "women"),
    denominator: words("collega's", "colleagues"),
    excluded: words("stagiairs", "interns"),
    breakdowns: [{ name: "category", title: words("Categorie", "Category"), values: {} }],
    decimals: 1,
    disclosure: {},
    version: first,
    reviewed: "2017-01-15",
    feeds: ["staffing"],
    parts: {},
    protected: false,
    sensitive: false,
    sql: "select unit_id, month, numerator, denominator from staffing",
  },
  {
    ...all,
    id: "top61",
    question: words("Hoe divers zijn de benoemingen aan de top?", "How diverse are appointments at the top?"),
    sentence: words(
      "{period}: {value} ({numerator} van {denominator}).",
      "{period}: {value} ({numerator} of {denominator}).",
    ),
    title: words("Diverse benoemingen in de top", "Diverse appointments at the top"),
    description: words(
      "Welk deel van de benoemingen in de top 61 divers is.",
      "Which share of top appointments is diverse.",
    ),
    why: words("De top geeft het voorbeeld.", "The top sets the example."),
    caveats: words("Kleine aantallen.", "Small numbers."),
    focus: "inclusion",
    owner: "HRM",
    source: ["DH-2015 actie 4.1"],
    kind: "share",
    polarity: "up",
    numerator: words("diverse benoemingen", "diverse appointments"),
    denominator: words("benoemingen", "appointments"),
    excluded: words("waarnemers", "acting appointments"),
    breakdowns: [],
    levels: ["force"],
    grains: ["year", "target"],
    decimals: 0,
    disclosure: {},
    version: first,
    reviewed: "2017-01-15",
    feeds: ["movements"],
    parts: {},
    protected: true,
    sensitive: false,
    sql: "select unit_id, month, numerator, denominator from movements",
  },
  {
    ...all,
    id: "complaints",
    question: words("Hoeveel klachten zijn er?", "How many complaints are there?"),
    sentence: words("{period} waren er {value} klachten.", "{period} there were {value} complaints."),
    title: words("Klachten", "Complaints"),
    description: words("Hoeveel klachten burgers indienden.", "How many complaints citizens filed."),
    why: words("Klachten zeggen iets over bejegening.", "Complaints say something about treatment."),
    caveats: words(
      "Meer klachten kan betekenen dat klagen makkelijker werd.",
      "More may mean that complaining became easier.",
    ),
    focus: "connection",
    owner: "VIK",
    source: ["DH-2015 actie 4.1"],
    kind: "count",
    polarity: "neutral",
    polarity_note: words("Meer is niet beter of slechter.", "More is neither better nor worse."),
    numerator: words("klachten", "complaints"),
    excluded: words("meldingen zonder klacht", "reports without a complaint"),
    breakdowns: [{ name: "aspect", title: words("Aspect", "Aspect"), values: {} }],
    decimals: 0,
    disclosure: {},
    version: first,
    reviewed: "2017-01-15",
    feeds: ["complaints"],
    parts: {},
    protected: false,
    sensitive: true,
    sql: "select unit_id, month, numerator from complaints",
  },
];

/** Makes a snapshot of a small invented country in `<home>/published`, as a publish would: aside, hashed, renamed. Returns its name. */
export async function makeSnapshot(home: string, spec: SnapshotSpec = {}): Promise<string> {
  const name = spec.name ?? "20170203T060000Z-0000aa";
  const published = path.join(home, "published");
  const aside = path.join(published, `.${name}.tmp`);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const { file, said } = await seriesOf(spec);
  copyFileSync(file, path.join(aside, "series.duckdb"));
  const manifest = {
    snapshot: name,
    published_at: publishedAt(name),
    data_through: "2017-01-31",
    demo: true,
    ...said,
  };
  writeFileSync(path.join(aside, "manifest.json"), JSON.stringify(manifest));
  renameSync(aside, path.join(published, name));
  if (spec.current !== false) pointTo(home, name);
  return name;
}

/** Names the current snapshot, by rename. */
export function pointTo(home: string, name: string): void {
  const pointer = path.join(home, "published", "current");
  writeFileSync(`${pointer}.tmp`, `${name}\n`);
  renameSync(`${pointer}.tmp`, pointer);
}

/** Makes `<home>/operations.duckdb` as the pipelines do: aside, then renamed over the old one. */
export async function makeOperations(home: string, runs = 2, besides: readonly string[] = []): Promise<void> {
  const file = path.join(home, "operations.duckdb");
  const made = await prepared(`operations ${JSON.stringify([runs, besides])}`, async (folder) => {
    const db = await Database.open(path.join(folder, "operations.duckdb"));
    await runFile(db, "operations.sql", { runs });
    for (const statement of besides) await db.run(statement);
    db.close();
  });
  copyFileSync(path.join(made, "operations.duckdb"), `${file}.tmp`);
  renameSync(`${file}.tmp`, file);
}

/** The database of a snapshot, with what its manifest says of it. */
async function seriesOf({ scale, hrm, rows, without, besides }: SnapshotSpec) {
  const spec = { scale, hrm, rows, without, besides };
  const folder = await prepared(`series ${JSON.stringify(spec)}`, async (folder) => {
    const file = path.join(folder, "series.duckdb");
    const counts = await writeSeries(file, spec);
    const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
    writeFileSync(path.join(folder, "said.json"), JSON.stringify({ ...counts, hash }));
  });
  const said = JSON.parse(readFileSync(path.join(folder, "said.json"), "utf8")) as Record<string, unknown>;
  return { file: path.join(folder, "series.duckdb"), said };
}

/** An empty home in a folder of its own. */
export function temporaryHome(): { home: string; remove(): void } {
  const home = mkdtempSync(path.join(os.tmpdir(), "kvv-server-"));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** The project's definitions of the figures in `snapshot-hrm.sql`. */
async function hrmDefinitions(): Promise<Definition[]> {
  const folder = (name: string) => path.join(projectFolder, "pipelines", name);
  const { definitions } = await readDefinitions(folder("indicators"), readContracts(folder("contracts")).contracts);
  const ids = "intake-dual intake-women promotion-dual leaders-dual staffing-dual staffing-fte vacancies outflow outflow-dual"; // prettier-ignore
  return definitions.filter(({ id }) => ids.split(" ").includes(id));
}

async function writeSeries(
  file: string,
  { scale = 1, rows = 0, hrm = false, without = [], besides = [] }: SnapshotSpec,
) {
  const db = await Database.open(file);
  try {
    await runFile(db, "snapshot.sql", { scale });
    await db.run("create table indicators (indicator_id varchar, position integer, definition json)");
    if (hrm) await runFile(db, "snapshot-hrm.sql", {});
    const more = hrm ? await hrmDefinitions() : [];
    const own = definitions.filter((each) => !more.some(({ id }) => id === each.id));
    for (const [position, definition] of [...more, ...own].entries())
      await db.run("insert into indicators values ($id, $position, $definition)", {
        id: definition.id,
        position,
        definition: JSON.stringify(definition),
      });
    if (rows > 0) await multiply(db, rows);
    for (const table of without) await db.run(`drop table ${table}`);
    for (const statement of besides) await db.run(statement);
    const counts = await db.one<{ rows: number; withheld: number; restated: number }>(
      `select count(*) as "rows", count(*) filter (where withheld) as withheld,
              count(*) filter (where restated) as restated from series`,
    );
    await db.run("checkpoint");
    return counts;
  } finally {
    db.close();
  }
}

/** Gives the fixture the size of a country: rows of Rotterdam again for so many invented teams. */
async function multiply(db: Database, teams: number): Promise<void> {
  await db.run(
    `insert into units select 'rotterdam-team-' || i, 'Team ' || i, 'team', 'rotterdam', date '2013-01-01', null, []
     from range($teams) as numbers(i)`,
    { teams },
  );
  await db.run(
    `create table more as
     from (from series union all by name
           select series.* replace ('rotterdam-team-' || i as unit_id) from series, range($teams) as numbers(i)
           where unit_id = 'rotterdam')
     order by indicator_id, grain, breakdown, unit_id, period_start, breakdown_value`,
    { teams },
  );
  await db.run("drop table series");
  await db.run("alter table more rename to series");
}

/** The statements of a file beside this one, one after another, with the parameters that each names. */
async function runFile(db: Database, file: string, parameters: Record<string, number>): Promise<void> {
  const text = readFileSync(path.join(import.meta.dirname, file), "utf8").replace(/--.*$/gm, "");
  for (const statement of text.split(/;\s*\n/)) {
    if (!statement.trim()) continue;
    let bound = statement;
    for (const [name, value] of Object.entries(parameters)) bound = bound.replaceAll(`$${name}`, String(value));
    await db.run(bound);
  }
}

const publishedAt = (name: string) => name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, "$1-$2-$3T$4:$5:$6Z");
