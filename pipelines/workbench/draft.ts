import type { Header } from "../indicators/definition.ts";

/** What would stand in the configuration about one indicator: its definition file, its worked example, and its lines of the targets under their header. A text that is empty is not there. */
export interface DraftTexts {
  definition: string;
  examples: string;
  targets: string;
}

/** The texts of an indicator, as somebody writes them. */
export interface Draft extends DraftTexts {
  indicator_id: string;
}

/** Something in a draft that must be mended, worded as `kvv check` words it; the line is that of the text. */
export interface DraftFault {
  part: keyof DraftTexts;
  line: number;
  message: string;
}

/** A figure of the worked example: what was worked out by hand, as it is written, and what the definition yields. */
export interface ExampleFigure {
  unit_id: string;
  grain: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  /** Of each field that the example names; `value: "none"` says that there is no such figure. */
  expected: Record<string, string | null>;
  /** The same fields as computed; null where there is no such figure, or not one only. */
  got: Record<string, string | number | boolean | null> | null;
  ok: boolean;
}

/** Something by which a draft tells more of people than what stands: least numbers that are smaller, levels, grains or breakdowns that are more, or that it looks away from what the source withheld. */
export interface LessProtected {
  what: "denominator" | "numerator" | "levels" | "grains" | "breakdowns" | "withheld";
  /** As it stands; of what is added, what there is already. */
  before: string;
  /** As the draft has it; of what is added, that alone. */
  after: string;
}

/** What is said of a draft while it is written. */
export interface DraftCheck {
  faults: DraftFault[];
  /** What stands above the query; null where it cannot be read. */
  header: Header | null;
  /** Feeds that the query reads; none where it may not be run. */
  feeds: string[];
  protected: boolean;
  /** Of what is protected or sensitive: whoever approves of it says that they saw this. */
  less_protected: LessProtected[];
  examples: ExampleFigure[];
  /** The query, without the header. */
  sql: string;
  /** Whether the query is of the form's shape: one feed, filters, sums, breakdowns. */
  form: boolean;
}

/** A figure of a draft: a row of `/series`, besides the level of its unit. Nothing of it is published, so it has no variation, assurance or trend. */
export interface PreviewRow {
  indicator_id: string;
  unit_id: string;
  level: string;
  grain: string;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
  lower: number | null;
  upper: number | null;
  target: number | null;
  target_source: string | null;
  pace: number | null;
  judgement: string;
  complete: boolean;
  withheld: boolean;
  withheld_reason: string | null;
  definition_version: number;
  reference: boolean;
  band: boolean;
  band_side: string | null;
}

/** How many figures of a level and grain there are, and how many of them the gate withholds. */
export interface WithheldCount {
  level: string;
  grain: string;
  cells: number;
  withheld: number;
}

/** A total that is another under the draft; null where there is none, or none that may be shown. */
export interface ComparedRow {
  unit_id: string;
  level: string;
  grain: string;
  period_start: string;
  period_end: string;
  before: number | null;
  after: number | null;
}

/** The figures of a draft, through the gate. */
export interface DraftPreview {
  /** Every total of the force and its units; of the last twelve months that are complete their breakdowns too, and the totals of all below them. Of units that were asked for every row. */
  rows: PreviewRow[];
  /** Of all figures, also those that are not among the rows. */
  withheld: WithheldCount[];
  /** Protected: only force and units, by year, of counts in multiples of five. */
  rounded: boolean;
  /** The last load that is in them. */
  through_load: number;
  /** Totals that differ from those compared with; below the force's units those of these twelve months. Empty where nothing is compared. */
  compared: ComparedRow[];
  took_ms: number;
}

/** Of what figures are asked. */
export interface PreviewAsk {
  indicator_id: string;
  definition: string;
  targets: string;
  /** What it is compared with: another version of the texts, or what stands now. */
  against?: { definition: string; targets: string } | "current";
  /** Units of which every row is wanted. */
  units?: string[];
}

/** A draft that is to become what counts. */
export interface AdoptAsk extends Draft {
  /** Who wrote it, and who approved of it: names, for the log. */
  by: string;
  approved_by: string;
}

export interface Adopted {
  indicator_id: string;
  version: number;
}

/** Why nothing came of a draft. */
export type DraftCode = "draft-refused" | "draft-too-slow" | "draft-too-large" | "draft-cancelled" | "busy";
