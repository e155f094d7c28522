import path from "node:path";
import { Database } from "../../pipelines/database.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import type { Project } from "../../pipelines/project.ts";
import { currentSnapshot, publish } from "../../pipelines/publish.ts";
import { organisation } from "../loading/support.ts";
import { contracts, definitions, type SeriesRow } from "./figures.ts";
import { homeAfter, type Home } from "./home.ts";
import { projectOf } from "./project.ts";

/** A row of the restatement list. */
export interface Restated {
  indicator_id: string;
  unit_id: string;
  grain: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  old_value: number | null;
  new_value: number | null;
  old_numerator: number | null;
  new_numerator: number | null;
  load_id: number | null;
  load_ids: number[];
}

/** A home with a small organisation through which files go and snapshots come, as a test tells them. */
export interface History {
  home: Home;
  project: Project;
  clock: Date;
  /** Loads a text as a file of the feed; a mapping is its text, or its lines. Returns the load's number; throws where it was refused. */
  load(
    feed: string,
    text: string,
    mapping?: string | Record<string, string>,
    acceptChange?: boolean,
  ): Promise<number | null>;
  /** Publishes, a day later than before. */
  publish(): Promise<string>;
  series(where: string): Promise<SeriesRow[]>;
  restated(where: string): Promise<Restated[]>;
  remove(): Promise<void>;
}

/** Makes one with the small organisation of the loader's tests, and these indicators. */
export async function makeHistory(ids: string[], units = organisation): Promise<History> {
  const home = await homeAfter(units, {}, async (first) => {
    const path = first.write("units.csv", units);
    const { refused } = await loadFile(await first.warehouse(), first.context, contracts, {
      ...{ feed: "units", path, acceptChange: true },
    });
    if (refused) throw new Error(refused);
  });
  const chosen = (await definitions()).filter(({ id }) => ids.includes(id));
  let files = 1;
  const read = async <T>(sql: string) => {
    const reader = await Database.open(
      path.join(home.folder, "published", currentSnapshot(home.folder)!, "series.duckdb"),
      { access_mode: "READ_ONLY" },
    );
    try {
      return await reader.all<T>(sql);
    } finally {
      reader.close();
    }
  };
  const history: History = {
    home,
    project: projectOf(chosen),
    clock: new Date("2017-07-03T08:00:00Z"),
    async load(feed, text, mapping, acceptChange = true) {
      const number = ++files;
      const lines = typeof mapping === "string" ? mapping : mapping && yaml(mapping);
      const result = await loadFile(await home.warehouse(), { ...home.context, now: () => history.clock }, contracts, {
        feed,
        path: home.write(`file-${number}.csv`, text),
        acceptChange,
        ...(lines ? { mappingPath: home.write(`mapping-${number}.yaml`, lines) } : {}),
      });
      if (result.refused) throw new Error(result.refused);
      return result.load_id;
    },
    async publish() {
      const now = history.clock;
      const { snapshot } = await publish(await home.warehouse(), { ...home.context, now: () => now }, history.project);
      history.clock = new Date(now.getTime() + 86_400_000);
      return snapshot;
    },
    series: (where) => read(`from series where ${where} order by all`),
    restated: (where) =>
      read(
        `from restatements where ${where}
         order by restated_at, indicator_id, unit_id, period_end, grain, breakdown nulls first, breakdown_value`,
      ),
    remove: () => home.remove(),
  };
  return history;
}

const yaml = (lines: Record<string, string>) =>
  Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");

/** Staff at each month's end of these units: of `total`, 20 women. */
export function staff(units: string[], from: string, to: string, total: number, band = ""): string {
  const rows = monthEnds(from, to).flatMap((day) =>
    units.flatMap((unit) => [
      `${day},${unit},executive,employee,woman,${band},20`,
      `${day},${unit},executive,employee,man,${band},${total - 20}`,
    ]),
  );
  return ["period,unit_id,category,role,gender,age_band,headcount", ...rows, ""].join("\n");
}

function monthEnds(from: string, to: string): string[] {
  const ends: string[] = [];
  for (let day = new Date(`${from}-01T00:00:00Z`); day.toISOString().slice(0, 7) <= to;) {
    const next = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
    ends.push(new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10));
    day = next;
  }
  return ends;
}
