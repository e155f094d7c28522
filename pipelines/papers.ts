import { z } from "zod";
import { readCsv } from "./csv-file.ts";
import type { Fault } from "./yaml-file.ts";

/** A paper, or a place in it that speaks of others than the rest, by the name that sources begin with. */
export interface Paper {
  source: string;
  title: string;
  /** Units for which, and for what lies below them, it may file a target; none: for all. */
  units: string[];
}

const paperSchema = z.strictObject({
  source: z.string().min(1),
  title: z.string().min(1),
  units: z.string().transform((text) => text.split("|").filter(Boolean)),
});

/** Reads `data/sources.csv`; every fault of every line at once. */
export function readPapers(file: string): { papers: Paper[]; faults: Fault[] } {
  const { lines, faults } = readCsv(file, paperSchema);
  return { papers: lines.map(({ value }) => value), faults };
}

/** The paper that a source names, by its most exact place: "DH-2015 actie 4.1" before "DH-2015". What it quotes stands in brackets. */
export function paperOf(source: string, papers: Paper[]): Paper | undefined {
  const own = source.replace(/\(.*$/, "").trim();
  return papers
    .filter((paper) => own === paper.source || own.startsWith(`${paper.source} `))
    .sort((one, other) => other.source.length - one.source.length)[0];
}

/** What is wrong with a source: that no paper has its name, nor the name of where it is quoted. */
export function faultsOfSource(source: string, papers: Paper[]): string[] {
  const quotedIn = /\(in (.*)\)$/.exec(source)?.[1];
  return [source, ...(quotedIn ? [quotedIn] : [])]
    .filter((each) => !paperOf(each, papers))
    .map((each) => `there is no source "${each}"; begin with ${namesOf(papers)}`);
}

const namesOf = (papers: Paper[]) =>
  papers
    .map(({ source }) => source)
    .filter((source) => !source.includes(" "))
    .join(", ");

/** What is wrong with the sources of a target, parted by `;`: unknown ones, and that none of them speaks of its unit. A choice of ours widens no paper. */
export function faultsOfFiling(target: { unit_id: string; source: string; by: string }, papers: Paper[]): string[] {
  const sources = target.source.split(";").map((each) => each.trim());
  const unknown = sources.flatMap((source) => faultsOfSource(source, papers));
  if (unknown.length > 0) return unknown;
  const named = sources.map((source) => paperOf(source, papers)!);
  const filing = named.filter(({ source }) => source !== "KVV" || target.by === "ours" || named.length === 1);
  const isOf = (unit: string) =>
    target.unit_id === unit || (target.unit_id.startsWith(`${unit}-`) && unit !== "politie");
  if (filing.some(({ units }) => units.length === 0 || units.some(isOf))) return [];
  const units = [...new Set(filing.flatMap((each) => each.units))];
  return [
    `${target.source} speaks of ${units.join(", ")}, not of ${target.unit_id}: file the target for that unit, or name the passage that says so`,
  ];
}
