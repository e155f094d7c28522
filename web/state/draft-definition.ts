import type { DraftCheck, PreviewRow } from "../../pipelines/workbench/draft.ts";
import type { Definition, Judgement, Level, SeriesRow, Target } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import { readTargetLines } from "./targets-text.ts";

/** What the check read of a draft as an indicator, so that it is drawn and written as any other; null where it could not read it. */
export function definitionOf(check: DraftCheck | null, indicator_id: string, targets: string): Definition | null {
  const header = check?.header;
  if (!header) return null;
  const { version, per, stock, interval, ...rest } = header;
  return {
    ...rest,
    indicator_id,
    per: per ?? null,
    stock: stock ?? false,
    interval: interval ?? null,
    version: version.number,
    valid_from: version.valid_from,
    change: version.change,
    feeds: check.feeds,
    protected: check.protected,
    targets: targetsOf(targets),
  } as unknown as Definition;
}

const numberOf = (text: string): number | null => (text === "" || !Number.isFinite(Number(text)) ? null : Number(text));

/** The targets of a text, as far as they can be read. */
export function targetsOf(text: string): Target[] {
  return readTargetLines(text).flatMap(({ target }): Target[] => {
    const value = numberOf(target.value);
    if (value === null || !target.unit_id) return [];
    return [
      {
        unit_id: target.unit_id,
        breakdown: target.breakdown || null,
        breakdown_value: target.breakdown_value || null,
        goal: target.goal as Target["goal"],
        status: target.status as Target["status"],
        from: target.from || null,
        to: target.to || null,
        kind: target.kind as Target["kind"],
        value,
        tolerance: numberOf(target.tolerance),
        grain: target.grain || null,
        source: target.source,
        by: target.by as Target["by"],
      },
    ];
  });
}

/** A previewed figure as a row that charts and tables know; nothing of it was published, so nothing is known of its course. */
export const seriesRowOf = (row: PreviewRow): SeriesRow => ({
  ...row,
  grain: row.grain as Grain,
  judgement: row.judgement as Judgement,
  band_side: row.band_side as "low" | "high" | null,
  variation: null,
  assurance: null,
  trend: null,
  restated: false,
  freshness: null,
});

/** A level's place from the force down. */
const levels: Level[] = ["force", "unit", "district", "service", "team", "bureau"];
export const levelRank = (level: string): number => levels.indexOf(level as Level);

/** What figures there are of, to choose from: units by level, the widest first. */
export function unitsIn(rows: readonly PreviewRow[]): { unit_id: string; level: string }[] {
  const all = new Map(rows.map(({ unit_id, level }) => [unit_id, level]));
  return [...all]
    .map(([unit_id, level]) => ({ unit_id, level }))
    .sort((a, b) => levelRank(a.level) - levelRank(b.level));
}

const grains: Grain[] = ["month", "quarter", "half", "year", "r12", "target"];

/** The grains of which a unit has figures. */
export const grainsIn = (rows: readonly PreviewRow[], unit_id: string): Grain[] =>
  grains.filter((grain) => rows.some((row) => row.unit_id === unit_id && row.grain === grain));
