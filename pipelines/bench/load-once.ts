import { mkdirSync } from "node:fs";
import path from "node:path";
import { createContext } from "../context.ts";
import { readContracts } from "../contracts/contract.ts";
import { loadFile } from "../loading/load.ts";
import { Refusal } from "../problem.ts";
import { projectFolder, readSettings } from "../settings.ts";
import { openWarehouse } from "../warehouse.ts";

/** What is to be loaded into an empty home, after its units. */
export interface Once {
  home: string;
  units: string;
  feed: string;
  file: string;
}

/** Milliseconds of the load and of its steps, and the most memory that the process had at once. */
export interface Loaded {
  milliseconds: number;
  steps: Record<string, number>;
  read: number;
  quarantined: number;
  cells: number;
  peak_mb: number;
}

// Runs as a process of its own: `node load-once.ts '{"home": …}'`.
process.stdout.write(JSON.stringify(await loadOnce(JSON.parse(process.argv[2]!) as Once)) + "\n");

async function loadOnce({ home, units, feed, file }: Once): Promise<Loaded> {
  mkdirSync(home, { recursive: true });
  const settings = readSettings({ ...process.env, KVV_HOME: home, KVV_NOW: "2026-01-01T00:00:00Z" });
  const context = createContext(settings, () => undefined);
  const { contracts } = readContracts(path.join(projectFolder, "pipelines", "contracts"));
  const db = await openWarehouse(context, contracts);
  try {
    await loadFile(db, context, contracts, { feed: "units", path: units });
    const marks: [string, number][] = [["reading", performance.now()]];
    context.step = ({ step }) => {
      if (step !== undefined && step !== marks.at(-1)![0]) marks.push([step, performance.now()]);
    };
    const result = await loadFile(db, context, contracts, { feed, path: file });
    const end = performance.now();
    if (result.refused) throw new Refusal(`the bench's own file was refused: ${result.refused}`);
    const cells = await db.one<{ n: number }>(`select count(*) as n from ${feed}`);
    return {
      milliseconds: end - marks[0]![1],
      steps: Object.fromEntries(marks.map(([step, at], i) => [step, (marks[i + 1]?.[1] ?? end) - at])),
      read: result.read,
      quarantined: result.quarantined,
      cells: cells!.n,
      peak_mb: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    db.close();
  }
}
