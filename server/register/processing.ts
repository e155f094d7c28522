import type { Law, SpecialKind, SubjectKind } from "../../pipelines/contracts/contract.ts";
import type { Settings } from "../../pipelines/settings.ts";
import type { Reach, Right, Role } from "../access.ts";

export interface Words {
  nl: string;
  en: string;
}

/**
 * What a column is to a person, the nearest first.
 * `counted`: tells who it is, is read to count and never kept; `special`: of a special category; `pseudonym`: the number
 * of a case, kept as a keyed hash; `personal`: says something of a person; `user`: of who uses the monitor; `free`: free
 * text, which may hold a name; `case`: beside the pseudonym of a case; `none`.
 */
export const abouts = ["counted", "special", "pseudonym", "personal", "user", "free", "case", "none"] as const;
export type About = (typeof abouts)[number];

/** What is kept for some time, and then removed. */
export const keptKinds = [
  ...(["counted", "rows", "background", "archive", "quarantine", "files", "snapshots"] as const),
  ...(["texts", "audit", "session", "idle", "addresses"] as const),
] as const;
export type KeptWhat = (typeof keptKinds)[number];
export const keptUnits = ["months", "days", "hours", "minutes", "snapshots"] as const;

/** How long something is kept: null without limit. */
export interface Kept {
  what: KeptWhat;
  amount: number | null;
  unit: (typeof keptUnits)[number];
  /** The setting that says so; null where the contract does, or the program itself. */
  setting: string | null;
}

/** What protects data, each with the file that does it. */
export const measureFiles = {
  counted: "pipelines/loading/check.ts",
  keyed: "pipelines/loading/id-key.ts",
  unnamed: "pipelines/loading/quarantine.ts",
  folded: "pipelines/loading/fold.ts",
  gate: "pipelines/disclosure/gate.sql",
  complements: "pipelines/disclosure/complements.ts",
  small_cases: "pipelines/disclosure/gate.sql",
  published: "pipelines/publishing/snapshot.sql",
  scoped: "server/scope.ts",
  rights: "server/access.ts",
  logged: "server/recorder.ts",
  chained: "server/audit.ts",
  signed: "server/session.ts",
} as const;
export type Measure = keyof typeof measureFiles;

/** Who sees something of it: by which right, and how far. `whole`: units as a whole, for a role that has none of its own. */
export interface Seen {
  right: Right;
  role: Role;
  reach: Reach | "whole";
}

/** What is done with data of one source, or with those of the monitor's own users. */
export interface Processing {
  /** The feed's name, or that of the monitor's own. */
  id: string;
  of: "feed" | "monitor";
  title: Words;
  description: Words;
  purpose: Words;
  law: Law;
  subjects: readonly SubjectKind[];
  special: readonly SpecialKind[];
  ground: Words;
  /** Null while the force has not decided on it. */
  ground_decided: string | null;
  questions: readonly Words[];
  supplier: Words;
  owner: string;
  retention: Words;
  kept: readonly Kept[];
  measures: readonly Measure[];
  seen: readonly Seen[];
  /** The figures that are made of it, in their order. */
  indicators: readonly { id: string; title: Words }[];
  columns: readonly RegisterColumn[];
  /** Columns about persons that no figure and nothing else needs. */
  unused: readonly string[];
}

export interface RegisterColumn {
  name: string;
  /** What it is called in Dutch files; null where it has no other name. */
  header: string | null;
  type: string;
  about: About;
  special: readonly SpecialKind[];
  /** Whether it has a place in what the monitor keeps. */
  stored: boolean;
  /** Ids of the figures that need it. */
  indicators: readonly string[];
  uses: readonly Use[];
}

/** What a column is needed for besides figures. */
export const uses = ["count", "key", "date", "weight", "fold", "shown"] as const;
export type Use = (typeof uses)[number];

export type Register = readonly Processing[];

/** How long the settings keep things; 0 is for ever. */
export type Keep = Pick<
  Settings,
  | "keepSnapshots"
  | "keepArchiveMonths"
  | "keepBackgroundMonths"
  | "keepQuarantineMonths"
  | "keepFilesDays"
  | "keepAuditMonths"
  | "sessionIdleMs"
  | "sessionLongestMs"
>;

/** What a setting of so many means: 0 is without limit. */
export const limit = (amount: number): number | null => (amount === 0 ? null : amount);

export const months = (what: KeptWhat, amount: number, setting: string): Kept => ({
  ...{ what, setting, amount: limit(amount), unit: "months" },
});
