import { mkdirSync } from "node:fs";
import path from "node:path";
import { createContext, type Context } from "../context.ts";
import type { Database } from "../database.ts";
import { writeDemoState } from "../demo-home.ts";
import type { DemoFile } from "../demo/demo.ts";
import { loadFile } from "../loading/load.ts";
import { Refusal } from "../problem.ts";
import { checkProject, readProject, type Project } from "../project.ts";
import { publish } from "../publish.ts";
import { projectFolder, readSettings } from "../settings.ts";
import { openWarehouse } from "../warehouse.ts";
import type { DemoInput } from "./demo-once.ts";
import { runApart } from "./measure.ts";

/** The whole demo force with so many times as many events, in a home in this folder: its first publication, which proves what must be withheld, or those after it. */
export interface PublishInput {
  folder: string;
  events: number;
  part: "first" | "later";
}

export interface FirstPublished {
  first_seconds: number;
  first_memory_mb: number;
}

/** Seconds of publications, and what the whole one published. */
export interface Published {
  indicators: number;
  rows: number;
  whole_seconds: number;
  /** After one more month of each of these feeds. */
  complaints_seconds: number;
  complaints_computed: number;
  movements_seconds: number;
  movements_computed: number;
  staffing_seconds: number;
  staffing_computed: number;
  unchanged_seconds: number;
  memory_mb: number;
}

const seed = 2016;
const before = "2026-09";
const after = "2026-10";

// Runs as a process of its own: `node publish-once.ts '{"folder": …, "events": 1, "part": "first"}'`.
process.stdout.write(JSON.stringify(await publishOnce(JSON.parse(process.argv[2]!) as PublishInput)) + "\n");

async function publishOnce({ folder, events, part }: PublishInput): Promise<FirstPublished | Published> {
  const home = path.join(folder, "home");
  mkdirSync(home, { recursive: true });
  const settings = readSettings({ ...process.env, KVV_HOME: home });
  // In another month all is computed anew, with what was proved before.
  const clock = part === "first" ? "2026-10-20T08:00:00Z" : "2026-11-02T08:00:00Z";
  const context: Context = { ...createContext(settings, () => undefined), now: () => new Date(clock) };
  if (part === "first") writeDemoState(home, { seed, through: before });
  const project = await readProject(settings);
  checkProject(project);
  const db = await openWarehouse(context, project.contracts);
  const load = (through: string, only?: string) =>
    loadDemo({ db, context, project }, { folder, events, through, only });
  try {
    if (part === "first") {
      await load(before);
      const first = await publish(db, context, project);
      return { first_seconds: first.seconds, first_memory_mb: memory() };
    }
    const whole = await publish(db, context, project);
    const later = [];
    for (const feed of ["complaints", "movements", "staffing"]) {
      await load(after, feed);
      later.push(await publish(db, context, project));
    }
    const unchanged = await publish(db, context, project);
    const [complaints, movements, staffing] = later;
    return {
      indicators: project.definitions.length,
      rows: whole.rows,
      whole_seconds: whole.seconds,
      complaints_seconds: complaints!.seconds,
      complaints_computed: complaints!.computed.length,
      movements_seconds: movements!.seconds,
      movements_computed: movements!.computed.length,
      staffing_seconds: staffing!.seconds,
      staffing_computed: staffing!.computed.length,
      unchanged_seconds: unchanged.seconds,
      memory_mb: memory(),
    };
  } finally {
    db.close();
  }
}

function memory(): number {
  return process.resourceUsage().maxRSS / 1024;
}

interface Work {
  db: Database;
  context: Context;
  project: Project;
}

interface Wanted {
  folder: string;
  events: number;
  through: string;
  /** This feed alone. */
  only?: string | undefined;
}

async function loadDemo({ db, context, project }: Work, { folder, events, through, only }: Wanted): Promise<void> {
  const demo: DemoInput = { folder: path.join(folder, "demo"), seed, through, config: projectFolder, events };
  for (const { feed, file, mapping } of await runApart<DemoFile[]>("pipelines/bench/demo-once.ts", demo)) {
    if (only && feed !== only) continue;
    const result = await loadFile(db, context, project.contracts, {
      ...{ feed, path: file, acceptChange: true },
      ...(mapping ? { mappingPath: mapping } : {}),
    });
    if (result.refused) throw new Refusal(`${path.basename(file)} was refused: ${result.refused}`);
  }
}
