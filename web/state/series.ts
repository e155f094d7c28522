import { soon, type Query, type Question, type SeriesRow, type Soon } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import { grainsFrom } from "./figure.ts";

/** Figures of one grain. */
export interface GrainRows {
  grain: Grain;
  rows: SeriesRow[];
}

/** Of a question about series the grains that are asked: that which the reader asked for and those above it, of the grains there are. */
const grainsOf = (asked: Grain, grains: readonly Grain[]) =>
  grainsFrom(asked).filter((grain) => grains.includes(grain));

/** The question that it is; none where there is no such grain. */
export function questionFrom(asked: Grain, grains: readonly Grain[], query: Query): Question[] {
  const chosen = grainsOf(asked, grains);
  return chosen.length ? [["/series", { ...query, grain: chosen.join(",") }]] : [];
}

/** Answers by grain, each made once: a chart is drawn anew where its rows are others. */
const byGrain = new WeakMap<SeriesRow[], GrainRows[]>();

/** What it brings, by grain. */
export function askFrom(asked: Grain, grains: readonly Grain[], query: Query): Soon<GrainRows[]> {
  return soon(questionFrom(asked, grains, query), ([all = []]: SeriesRow[][]) => {
    const known = byGrain.get(all);
    if (known) return known;
    const made = grainsOf(asked, grains).map((grain) => ({ grain, rows: all.filter((row) => row.grain === grain) }));
    byGrain.set(all, made);
    return made;
  });
}
