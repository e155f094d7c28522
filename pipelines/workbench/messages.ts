import type { Contract } from "../contracts/contract.ts";
import type { VersionFile } from "../indicators/versions.ts";
import type { Paper } from "../papers.ts";
import type { Draft, DraftCheck, DraftCode, DraftPreview, PreviewAsk } from "./draft.ts";
import type { Known, Other } from "./known.ts";
import type { Figures } from "./preview.ts";

/** What is asked of the process that runs drafts. */
export type Job =
  | {
      kind: "check";
      draft: Draft;
      /** What stands now, with which figures of the draft will be compared; null: there is none. */
      standing: Figures | null;
      today: string;
    }
  | {
      kind: "preview";
      ask: PreviewAsk;
      /** What stands now, where it is compared with that; null: there is none. */
      standing: Figures | null;
      today: string;
      /** Whether targets of the demo count. */
      demo: boolean;
    };

/** A preview whose rows are JSON already: they are many, and only passed on. */
export type PreviewResult = Omit<DraftPreview, "through_load" | "took_ms" | "rows"> & { rows: string };
export type Result = DraftCheck | PreviewResult;

/** Something that stands, whose figures are made once over a new copy of the feeds and thrown away, unless somebody asks meanwhile: the first that anybody asks for then takes no longer than the next. */
export type Trial = Figures & { today: string };

/** To the process: what it must know, which copy of the feeds it reads, a job with how long it may work, or that the job at hand is to stop. */
export type Told =
  { know: KnownAsLists } | { open: string; trial: Trial | null } | { job: Job; ms: number } | { stop: StopCode };

/** Why a job is stopped from outside. */
export type StopCode = Extract<DraftCode, "draft-too-slow" | "draft-cancelled">;

/** From it: that it did what it was told, or why it did not. */
export type Said = { ready: true } | { done: Result | null } | { failed: string; code: string };

export interface KnownAsLists {
  contracts: Contract[];
  papers: Paper[];
  others: Other[];
  versions: VersionFile[];
}

export function knownOf({ contracts, papers, others, versions }: KnownAsLists): Known {
  const known: Known = {
    contracts: new Map(contracts.map((each) => [each.name, each])),
    papers,
    others: new Map(others.map((each) => [each.id, each])),
    versions: new Map(),
  };
  for (const each of versions) known.versions.set(each.id, [...(known.versions.get(each.id) ?? []), each]);
  return known;
}
