import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Database, identifier, literal } from "../database.ts";
import { Refusal } from "../problem.ts";
import { projectFolder } from "../settings.ts";
import { deliveries, yearsPerFile, type Delivery } from "./deliveries.ts";
import { writeDelivery } from "./write.ts";

/** A file of the demo, to be loaded in this order. */
export interface DemoFile {
  feed: string;
  /** Absolute path. */
  file: string;
  /** Absolute path of the mapping that the file needs, if any. */
  mapping?: string;
  note?: string;
  /** Rows that the loader must quarantine, by reason: faults that the generator put in. */
  faults: Record<string, number>;
}

export interface DemoOptions {
  seed: number;
  /** Last month, `YYYY-MM`. */
  through: string;
  /** Configuration folder; what it lacks of `data/` is taken from the project. */
  config: string;
  /** So many times as many events (complaints, use of force, incidents), for measurements; 1 where left out. */
  events?: number;
}

/** First month of the demo: the start of the national police. */
export const firstMonth = "2013-01";

/** The kinds of files that the demo consists of. */
export const demoKinds = deliveries.map(({ name }) => name);

const parameters = [
  "unit_size",
  "leaf_share",
  "staff_year",
  "intake_year",
  "movement_year",
  "exit_reasons",
  "complaint_year",
  "complaint_outcomes",
  "complaint_aspects",
  "force_year",
  "force_means",
  "incident_year",
  "incident_grounds",
  "background_share",
  "survey_wave",
  "establishment_year",
  "absence_year",
  "integrity_year",
  "integrity_themes",
  "committee_year",
  "team_output_year",
  "population_year",
  "output_places",
  "output_year",
  "output_list",
  "action_plan",
  "action_list",
  "faults",
];

/** Numbers of events in the parameters. */
const eventCounts = {
  complaint_year: ["complaints", "discrimination", "profiling", "of_both"],
  force_year: ["incidents", "reports"],
  incident_year: ["incidents"],
};

/** SQL files that everything rests on, and then those of the feeds; each of these chains has a connection of its own. */
const common = ["random", "organisation"];
const chains = [
  ["staffing", "movements", "background", "survey", "establishment", "absence", "integrity", "committees"],
  ["use_of_force"],
  ["complaints", "incidents"],
  ["population", "actions", "team_outputs", "programme_outputs", "outputs"],
];

/** Writes the demo data (voorbeelddata) of the whole force from 2013 through the month as ordinary feed files, and returns them in load order, the organisation first. The rows of a month depend on the seed and the month only. */
export async function writeDemo(folder: string, options: DemoOptions): Promise<DemoFile[]> {
  const { through, config } = options;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(through) || through < firstMonth)
    throw new Refusal(`demo data through "${through}": write a month from ${firstMonth} on as YYYY-MM`);
  await mkdir(folder, { recursive: true });
  // Many events are more than memory holds.
  const spill = { memory_limit: "6GB", temp_directory: path.join(folder, "spill") };
  const db = await Database.open(":memory:", (options.events ?? 1) > 1 ? spill : {});
  try {
    await prepare(db, options);
    const spans = blocks(through);
    const written = await Promise.all(chains.map((steps) => writeChain(db, steps, options, folder, spans)));
    const inOrder = spans.flatMap((span) => deliveries.map((delivery) => key(delivery, span)));
    const files = new Map(written.flat());
    return [...projectFiles(config), ...inOrder.flatMap((each) => files.get(each) ?? [])];
  } finally {
    db.close();
  }
}

/** Years that share a file, from the first day to the last. */
interface Span {
  from: string;
  to: string;
}

const key = (delivery: Delivery, span: Span) => `${delivery.name} ${span.from}`;

async function prepare(db: Database, options: DemoOptions): Promise<void> {
  await setVariables(db, options);
  for (const name of parameters) {
    const file = dataFile(options.config, "demo", `${name}.csv`);
    await db.run(
      `create table ${identifier(name)} as from read_csv(${literal(file)}, header = true, delim = ',', quote = '"', types = {${textColumns(name)}})`,
    );
  }
  for (const [table, columns] of Object.entries(eventCounts))
    await db.run(
      `update ${identifier(table)} set ${columns.map((column) => `${column} = ${column} * $events::bigint`).join(", ")}`,
      { events: options.events ?? 1 },
    );
  for (const step of common) await db.run(await stepSql(step));
}

async function writeChain(
  main: Database,
  steps: string[],
  options: DemoOptions,
  folder: string,
  spans: Span[],
): Promise<[string, DemoFile][]> {
  const db = await main.connect();
  try {
    await setVariables(db, options);
    for (const step of steps) await db.run(await stepSql(step));
    const files: [string, DemoFile][] = [];
    for (const delivery of deliveries.filter((each) => steps.includes(each.feed)))
      for (const span of spans) {
        const file = await writeDelivery(db, folder, delivery, span.from, span.to);
        if (file) files.push([key(delivery, span), await describeFile(db, delivery, span, file)]);
      }
    return files;
  } finally {
    db.disconnect();
  }
}

async function setVariables(db: Database, { seed, through, config }: DemoOptions): Promise<void> {
  await db.run("set variable seed = $seed::bigint", { seed });
  await db.run("set variable through = last_day(($through || '-01')::date)", { through });
  await db.run("set variable units = $units", { units: dataFile(config, "organisation", "units.csv") });
}

const stepSql = (step: string) => readFile(path.join(import.meta.dirname, `${step}.sql`), "utf8");

async function describeFile(db: Database, delivery: Delivery, span: Span, file: string): Promise<DemoFile> {
  return {
    feed: delivery.feed,
    file,
    ...(delivery.note ? { note: delivery.note } : {}),
    faults: await expectedFaults(db, delivery, span),
  };
}

/** Columns that would be taken for something else than text. */
function textColumns(name: string): string {
  if (name === "faults") return "'month': 'VARCHAR'";
  if (name === "background_share") return "'percent': 'VARCHAR'";
  if (name === "action_list") return "'number': 'VARCHAR'";
  return "'source': 'VARCHAR'";
}

function dataFile(config: string, ...parts: string[]): string {
  const own = path.join(config, "data", ...parts);
  return existsSync(own) ? own : path.join(projectFolder, "data", ...parts);
}

function projectFiles(config: string): DemoFile[] {
  const mapping = dataFile(config, "published", "figures.mapping.yaml");
  return [
    { feed: "units", file: dataFile(config, "organisation", "units.csv"), faults: {} },
    {
      feed: "published",
      file: dataFile(config, "published", "figures.csv"),
      ...(existsSync(mapping) ? { mapping } : {}),
      faults: {},
    },
  ];
}

/** Spans of years that share a file. They do not depend on the last month, so only the last one changes when months are added. */
function blocks(through: string): Span[] {
  const first = Number(firstMonth.slice(0, 4));
  const last = Number(through.slice(0, 4));
  const count = Math.floor((last - first) / yearsPerFile) + 1;
  return Array.from({ length: count }, (_, index) => {
    const from = first + index * yearsPerFile;
    return { from: `${from}-01-01`, to: `${from + yearsPerFile - 1}-12-31` };
  });
}

async function expectedFaults(db: Database, delivery: Delivery, { from, to }: Span): Promise<Record<string, number>> {
  if (!delivery.faulty) return {};
  const rows = await db.all<{ reason: string; count: number }>(
    `select reason, sum(rows)::integer as count from faults
     where feed = $feed and last_day((month || '-01')::date) between $from::date and least($to::date, getvariable('through'))
     group by reason order by reason`,
    { feed: delivery.feed, from, to },
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
