import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { computedOf, type Computed } from "../indicators/definition.ts";
import { Refusal } from "../problem.ts";
import type { Project } from "../project.ts";
import { computeCells, prepareSpine } from "../series/series.ts";
import { tableFromJson } from "../series/table.ts";
import { findOrigins } from "./origins.ts";

const sql = readFileSync(path.join(import.meta.dirname, "lineage.sql"), "utf8");

/** One figure: the total of an indicator, a unit and a period; days are ISO. */
export interface AskedFigure {
  indicator_id: string;
  unit_id: string;
  grain: string;
  period_start: string;
  period_end: string;
}

/** A load of which rows are in a figure. */
export interface LoadOfFigure {
  load_id: number;
  file: string;
  /** UTC. */
  finished_at: string;
  /** The months of the figure in which its rows are; first days. */
  from_month: string;
  to_month: string;
  /** How many rows; null where that would tell of people what the figure must not. */
  rows: number | null;
}

/** Where a figure comes from. */
export interface Lineage {
  definition_version: number;
  /** From when that version holds. */
  valid_from: string;
  /** The last load there is. */
  through_load: number;
  feeds: { feed: string; loads: LoadOfFigure[] }[];
}

/**
 * Which loads the rows of a figure came with, as the warehouse is now: those that the query of its version reads, of the
 * units that count to its unit and of the months that it is made of. Works in temporary tables of its connection. Throws a
 * Refusal where there is no such figure.
 */
export async function lineageOf(
  db: Database,
  { definitions, targets, contracts }: Pick<Project, "definitions" | "targets" | "contracts">,
  asked: AskedFigure,
  now: Date,
): Promise<Lineage> {
  const definition = definitions.find(({ id }) => id === asked.indicator_id);
  if (!definition) throw noFigure(asked, "there is no such indicator");
  const version = versionOn(computedOf(definition), asked.period_end);
  const source = {
    definitions: [definition],
    targets: targets.filter(({ indicator_id }) => indicator_id === definition.id),
    today: now.toISOString().slice(0, 10),
    freshness: new Map(),
  };
  await prepareSpine(db, source);
  await computeCells(db, source, null);
  await findOrigins(db, version, contracts);
  await tableFromJson(db, "asked", [asked], askedColumns);
  await db.run(sql);
  if (!(await db.one("from asked_span"))) throw noFigure(asked, "nothing is known of that unit and period");
  const rows = await db.all<LoadOfFigure & { feed: string }>(
    `select feed, load_id, file, finished_at, first_day(min(month)) as from_month, first_day(max(month)) as to_month,
       count(distinct row_no)::integer as rows
     from found left join loads using (load_id, feed) group by all order by feed, load_id`,
  );
  const last = await db.one<{ id: number }>("select coalesce(max(load_id), 0) as id from loads");
  const hidden = version.protected || version.sensitive;
  return {
    definition_version: version.version.number,
    valid_from: version.version.valid_from,
    through_load: last!.id,
    feeds: version.feeds.map((feed) => ({
      feed,
      loads: rows
        .filter((each) => each.feed === feed)
        .map(({ load_id, file, finished_at, from_month, to_month, rows }) => ({
          ...{ load_id, file, finished_at, from_month, to_month },
          rows: hidden ? null : rows,
        })),
    })),
  };
}

const askedColumns = {
  ...{ indicator_id: "VARCHAR", unit_id: "VARCHAR", grain: "VARCHAR" },
  ...{ period_start: "DATE", period_end: "DATE" },
};

/** A period is computed under the version that holds on its last day. */
const versionOn = (versions: Computed[], day: string): Computed =>
  versions.findLast(({ first_end }) => first_end === null || first_end.slice(0, 7) <= day.slice(0, 7))!;

const noFigure = ({ indicator_id, unit_id, period_end }: AskedFigure, why: string) =>
  new Refusal(`no figure of ${indicator_id} for ${unit_id} to ${period_end}: ${why}`);
