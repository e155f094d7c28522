import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { createContext, type Context } from "../context.ts";
import { identifier, type Database } from "../database.ts";
import { writeDemoState } from "../demo-home.ts";
import type { DemoFile } from "../demo/demo.ts";
import { loadFile } from "../loading/load.ts";
import { Refusal } from "../problem.ts";
import { checkProject, readProject } from "../project.ts";
import { publish } from "../publish.ts";
import { projectFolder, readSettings } from "../settings.ts";
import { openWarehouse } from "../warehouse.ts";
import type { DemoInput } from "./demo-once.ts";
import { runApart } from "./measure.ts";

/** Four years of a force that has the demo's units, districts and teams so many times, in a folder that is emptied afterwards. */
export interface ForcesInput {
  folder: string;
  times: number;
}

/** What came of it: places are units with their periods; seconds of a first publication, with its proofs, and of one after it that has them. */
export interface Forces {
  places: number;
  figures: number;
  snapshot_mb: number;
  warehouse_mb: number;
  first_seconds: number;
  whole_seconds: number;
  memory_mb: number;
}

const seed = 2016;
const through = "2016-12";

// Runs as a process of its own: `node forces-once.ts '{"folder": …, "times": 2}'`.
process.stdout.write(JSON.stringify(await forcesOnce(JSON.parse(process.argv[2]!) as ForcesInput)) + "\n");

async function forcesOnce({ folder, times }: ForcesInput): Promise<Forces> {
  const home = path.join(folder, "home");
  mkdirSync(home, { recursive: true });
  const settings = readSettings({ ...process.env, KVV_HOME: home });
  const at = (day: string): Context => ({
    ...createContext(settings, () => undefined),
    now: () => new Date(`${day}T08:00:00Z`),
  });
  writeDemoState(home, { seed, through });
  const project = await readProject(settings);
  checkProject(project);
  const db = await openWarehouse(at("2017-01-20"), project.contracts);
  try {
    const demo: DemoInput = { folder: path.join(folder, "demo"), seed, through, config: projectFolder };
    for (const { feed, file, mapping } of await runApart<DemoFile[]>("pipelines/bench/demo-once.ts", demo)) {
      const result = await loadFile(db, at("2017-01-20"), project.contracts, {
        ...{ feed, path: file, acceptChange: true },
        ...(mapping ? { mappingPath: mapping } : {}),
      });
      if (result.refused) throw new Refusal(`${path.basename(file)} was refused: ${result.refused}`);
    }
    for (let copy = 2; copy <= times; copy++) await addForce(db, copy);
    await db.run("checkpoint");
    const first = await publish(db, at("2017-01-20"), project);
    // In another month all is computed anew, with what was proved before.
    const whole = await publish(db, at("2017-02-02"), project);
    const places = await db.one<{ n: number }>("select count(*) as n from units");
    const bytes = statSync(path.join(home, "published", whole.snapshot!, "series.duckdb")).size;
    return {
      places: places!.n,
      figures: whole.rows,
      snapshot_mb: bytes / 1e6,
      warehouse_mb: statSync(path.join(home, "warehouse.duckdb")).size / 1e6,
      first_seconds: first.seconds,
      whole_seconds: whole.seconds,
      memory_mb: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds the units below the force once more, under names of their own, with all that is told of them. */
async function addForce(db: Database, copy: number): Promise<void> {
  const parameters = { copy };
  const own = "unit_id not like '%~%' and unit_id not in (select unit_id from units where level = 'force')";
  const tables = await db.all<{ name: string; columns: string[]; types: string[] }>(
    `select table_name as name, list(column_name order by column_index) as columns, list(data_type order by column_index) as types
     from duckdb_columns() where database_name = current_database() and schema_name = 'main'
     group by table_name having list_contains(columns, 'unit_id') and table_name not in ('restatements', 'quarantine', 'loads')`,
  );
  for (const { name, columns, types } of tables) {
    const values = columns.map((column, index) => {
      const quoted = identifier(column);
      if (column === "unit_id") return `unit_id || '~' || $copy`;
      if (column === "parent_id")
        return `if(parent_id in (select unit_id from units where level = 'force'), parent_id, parent_id || '~' || $copy)`;
      if (column === "predecessor_ids") return `list_transform(predecessor_ids, lambda each: each || '~' || $copy)`;
      if (column === "name" && name === "units") return `name || ' ' || $copy`;
      // Hashed numbers of events, and of what they belong to.
      if (types[index] === "UBIGINT") return `hash(${quoted}, $copy)`;
      return quoted;
    });
    await db.run(
      `insert into ${identifier(name)} select ${values.join(", ")} from ${identifier(name)} where ${own}`,
      parameters,
    );
  }
}
