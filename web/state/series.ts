import { ask, type Query, type SeriesRow } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import { grainsFrom } from "./figure.ts";

/** Figures of one grain. */
export interface GrainRows {
  grain: Grain;
  rows: SeriesRow[];
}

/** What a question about series brings at the grain that the reader asked for and at those above it, of the grains there are. */
export async function askFrom(asked: Grain, grains: readonly Grain[], query: Query): Promise<GrainRows[]> {
  const chosen = grainsFrom(asked).filter((grain) => grains.includes(grain));
  const all = chosen.length ? await ask<SeriesRow[]>("/series", { ...query, grain: chosen.join(",") }) : [];
  return chosen.map((grain) => ({ grain, rows: all.filter((row) => row.grain === grain) }));
}
