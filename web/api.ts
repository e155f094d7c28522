import type { Right } from "../server/access.ts";
import type { LoadOfFigure } from "../pipelines/lineage/lineage.ts";
import type { PreviewRow } from "../pipelines/workbench/draft.ts";
import type { FunnelClass } from "../pipelines/statistics/funnel.ts";
import { Answers } from "./answers.ts";
import type { Grain } from "./charts/period.ts";

export interface Words {
  nl: string;
  en: string;
}

export type Judgement =
  | "reached"
  | "reached_uncertain"
  | "missed_uncertain"
  | "missed"
  | "no_target"
  | "too_few"
  | "withheld"
  | "no_data"
  | "not_due";

/** Of which snapshot figures are. */
export interface Served {
  snapshot: string;
  published_at: string;
  /** Last day that the data reach. */
  data_through: string;
  demo: boolean;
}

export interface Meta extends Served {
  user: { name: string; roles: string[]; units: string[] };
  access: Access;
}

/** What the reader may, and what they are called. */
export interface Access {
  rights: Right[];
  /** First parts of the addresses of the pages that they may open. */
  pages: string[];
  label_nl: string;
  label_en: string;
  /** Whether they can choose to be somebody else. */
  personas: boolean;
}

export type Level = "force" | "unit" | "district" | "service" | "team" | "bureau";

/** A unit in one period of its life. */
export interface Unit {
  unit_id: string;
  name: string;
  level: Level;
  parent_id: string | null;
  valid_from: string;
  valid_to: string | null;
  predecessor_ids: string[];
}

export interface Target {
  unit_id: string;
  breakdown?: string | null;
  breakdown_value?: string | null;
  goal: "streefcijfer" | "resultaat" | "afspraak" | "doelstelling";
  status: "proposed" | "decided";
  from: string | null;
  to: string | null;
  kind: "at_least" | "at_most" | "within" | "number";
  value: number;
  tolerance: number | null;
  grain: string | null;
  source: string;
  by: "paper" | "ours";
  baseline_from?: string | null;
  baseline_to?: string | null;
  proposed_on?: string | null;
  decided_on?: string | null;
  demo?: boolean;
}

export type Focus = "connection" | "inclusion" | "discrimination" | "composition";

export interface Breakdown {
  name: string;
  title?: Words;
  values?: Record<string, Words>;
}

export interface Version {
  version: number | string;
  valid_from?: string | null;
  change?: Words | string | null;
}

/** An indicator's definition, with its targets. */
export interface Definition {
  indicator_id: string;
  title: Words;
  question?: Words;
  description: Words;
  why?: Words | string | null;
  caveats?: Words | string | null;
  focus: Focus;
  owner?: Words | string | null;
  source?: string | string[] | null;
  kind: string;
  stock?: boolean;
  per?: number | null;
  /** `none`: chance plays no part in these figures. */
  interval?: string | null;
  polarity: "up" | "down" | "balance" | "neutral";
  polarity_note?: Words | string | null;
  numerator?: Words | null;
  denominator?: Words | null;
  excluded?: Words | null;
  /** Of a share beside which stands what does not count yet. */
  waiting?: Words | null;
  breakdowns?: Breakdown[];
  /** Levels and grains at which the figure exists. */
  levels?: Level[];
  grains?: Grain[];
  decimals: number;
  version: number | string;
  valid_from?: string | null;
  change?: Words | string | null;
  versions?: Version[];
  feeds?: string[];
  protected?: boolean;
  sensitive?: boolean;
  targets: Target[];
}

/** A figure of one unit and period, with all that is said of it. */
export interface SeriesRow extends Omit<
  PreviewRow,
  "level" | "grain" | "judgement" | "definition_version" | "reference" | "band" | "band_side"
> {
  grain: Grain;
  judgement: Judgement;
  variation: string | null;
  assurance: string | null;
  trend: string | null;
  restated: boolean;
  freshness: string | null;
  definition_version: number | string | null;
  sentence_nl?: string | null;
  sentence_en?: string | null;
  reference?: boolean | null;
  /** Shown only as "fewer than 5" (low) or "all but fewer than 5" (high). */
  band?: boolean | null;
  band_side?: "low" | "high" | null;
}

/** A unit's figure beside those of the others of its level, with the limits between which chance alone may put it. */
export interface CompareRow extends SeriesRow {
  /** Of all units here whose figures are complete and shown. With the limits and the class: null where nothing can be compared. */
  overall: number | null;
  lower_95: number | null;
  upper_95: number | null;
  lower_998: number | null;
  upper_998: number | null;
  class: FunnelClass | null;
  /** How much more the units differ than chance explains; with limits widened by it and the class by those. Null for fewer than ten. */
  spread: number | null;
  wide_lower_95: number | null;
  wide_upper_95: number | null;
  wide_lower_998: number | null;
  wide_upper_998: number | null;
  wide_class: FunnelClass | null;
}

/** Between which values a unit's own figure usually varies in a period. */
export interface ControlLimit {
  indicator_id: string;
  unit_id: string;
  grain: "month" | "quarter";
  period_start: string;
  period_end: string;
  chart: "xmr" | "p" | "u";
  centre: number;
  lower: number;
  upper: number;
  /** They follow from fewer than twelve points. */
  trial: boolean;
}

/** A figure of the overview, with the values before it. */
export interface OverviewRow extends SeriesRow {
  spark?: (number | null)[] | null;
}

/** A figure that differs from what is usual for its unit, or a target that was missed; with the points of its chart. */
export interface Signal {
  signal_id: string;
  indicator_id: string;
  unit_id: string;
  level: Level;
  grain: Grain;
  cause: "outside" | "trend" | "two_of_three" | "one_side" | "target";
  direction: "high" | "low";
  variation: "improvement" | "concern" | "neutral_high" | "neutral_low";
  since: string;
  /** The period in which it could first be seen. */
  found_start: string;
  found_end: string;
  period_start: string;
  period_end: string;
  ongoing: boolean;
  value: number;
  has_target: boolean;
  chart_ends: string[];
  chart_values: number[];
  chart_centres: (number | null)[];
  chart_lowers: (number | null)[];
  chart_uppers: (number | null)[];
  chart_targets: (number | null)[];
  what_nl: string;
  what_en: string;
  sentence_nl: string;
  sentence_en: string;
}

/** Signals that chance alone would give among so many points, beside those found. */
export interface Counted {
  points: number;
  expected: number;
  found: number;
}

export interface Chance extends Counted {
  year: Counted;
  /** All that there are. */
  signals: number;
}

/** Incidents of discrimination that were registered in seven days. */
export interface Recent {
  unit_id: string;
  level: Level;
  from: string;
  to: string;
  registered: number | null;
  complete: boolean;
}

export interface Break {
  indicator_id: string;
  unit_id: string | null;
  on_date: string;
  kind: string;
  label_nl: string;
  label_en: string;
}

/** Something that happened: of a unit, or of the whole force and everyone in it; about some figures, or all. */
export interface ProgrammeEvent {
  event_id: string;
  date: string;
  unit_id: string | null;
  kind: "reorganisation" | "registration" | "programme" | "other";
  title_nl: string;
  title_en: string;
  note_nl: string | null;
  note_en: string | null;
  source: string;
  indicators: string[];
}

/** A figure that was published elsewhere. */
export interface ReferencePoint {
  indicator_id: string;
  unit_id: string;
  period_start: string;
  period_end: string;
  value: number;
  source_title: string;
  publisher: string | null;
  source_date: string | null;
  source_url: string | null;
  note: string | null;
}

/** A published figure beside what the monitor has of the same unit and period. */
export interface Reconciled extends Omit<ReferencePoint, "value"> {
  published: number;
  loaded: number | null;
  difference: number | null;
  complete: boolean | null;
  withheld_reason: string | null;
  /** Of the monitor's figure; null where it has no such period. */
  grain?: Grain | null;
}

/** How far a feed has come, and what is the matter with it. */
export interface Feed {
  feed: string;
  title_nl: string;
  title_en: string;
  owner: string;
  cadence: string;
  covered_to: string | null;
  last_load_at: string | null;
  freshness: "fresh" | "due" | "overdue";
  due_on: string | null;
  overdue_on: string | null;
  /** Since the last success its newest file was refused, or its newest run failed. */
  trouble?: "refused" | "failed" | null;
  /** The first refusal or failure since the last success. */
  trouble_since?: string | null;
  /** The newest one's words. */
  trouble_reason?: string | null;
  trouble_file?: string | null;
  /** `inbox`, or the host that it is fetched from; null without a job. */
  source?: string | null;
  next_run_at?: string | null;
}

export interface ContractColumn {
  name: string;
  type: string;
  required: boolean;
  unless?: string | null;
  /** Codes, each with the words that are read as it. */
  values?: Record<string, string[]> | null;
  aliases?: string[];
  min?: number | null;
  max?: number | null;
  default?: number | null;
  personal?: boolean;
  person?: boolean;
  description?: Words | null;
}

/** What a file of a feed must hold, and on which ground. */
export interface Contract {
  feed: string;
  title: Words;
  description: Words;
  grain: Words;
  mode: "upsert" | "replace";
  key: string[];
  /** The column of the date that a row belongs to. */
  date: string;
  /** The column that says how many a row stands for. */
  weight: string | null;
  cadence: string;
  due_days: number;
  overdue_days: number;
  sensitivity: string;
  owner: string;
  legal_ground: Words;
  retention: Words;
  history: { on: string; change: string }[];
  columns: ContractColumn[];
  one_of?: string[][];
}

/** A file that was taken: read = accepted + quarantined + skipped + merged. */
export interface Load {
  load_id: number;
  feed: string;
  file: string;
  started_at: string;
  finished_at: string;
  read: number;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  reasons: Record<string, number> | string | null;
  from_month: string | null;
  to_month: string | null;
  /** The lowest unit above all rows; null where several have none above them together. */
  unit_id: string | null;
  total: number | null;
  format: string | null;
  encoding: string | null;
  delimiter: string | null;
  sheet: string | null;
  header_row: number | null;
  accepted_change: boolean;
  max_quarantined_reason: string | null;
}

export interface FileRefusal {
  feed: string;
  file: string;
  reason: string;
  at: string;
}

export interface Restatement {
  indicator_id: string;
  unit_id: string;
  grain: Grain;
  period_start: string;
  period_end: string;
  breakdown: string | null;
  breakdown_value: string | null;
  old_value: number | null;
  new_value: number | null;
  old_numerator?: number | null;
  new_numerator?: number | null;
  old_denominator?: number | null;
  new_denominator?: number | null;
  /** The load that changed it; null where a definition or the organisation did. */
  load_id?: number | null;
  /** All loads that can have changed it; `load_id` is the last of them. */
  load_ids?: number[];
  restated_at: string;
}

export interface Run {
  run_id: number;
  job: string;
  started_at: string;
  finished_at: string | null;
  status: string;
  error: string | null;
  loads: number | null;
}

export interface Quarantined {
  load_id: number;
  feed: string;
  file: string;
  line: number;
  column_name: string | null;
  value: string | null;
  reason: string;
  record?: Record<string, unknown> | string | null;
}

/** Where a figure comes from: the version of its definition, and by feed the loads whose rows are in it. */
export interface FigureLineage {
  definition_version: number;
  valid_from: string;
  /** The last load that the published figure can have, and the last that there is. */
  published_load: number;
  through_load: number;
  feeds: { feed: string; title_nl: string; title_en: string; loads: LoadOfFigure[] }[];
}

/** What became of a file that was sent. */
export interface Delivery {
  feed: string;
  file: string;
  load_id: number | null;
  read: number;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  unchanged: boolean;
  /** Why nothing was loaded; null where it was. */
  refused: string | null;
  reasons: Record<string, number>;
  max_quarantined_reason?: string | null;
}

export type { FunnelClass };
export type { LoadOfFigure } from "../pipelines/lineage/lineage.ts";
export type { Right } from "../server/access.ts";
export type { WorkState } from "../pipelines/work.ts";
export type { Action, ActionFields, LogEntry } from "../server/actions/actions.ts";
export type { DatedItem as CalendarItem } from "../server/calendar/items.ts";
export type { Agreement, AgreementEdit } from "../server/review/agreements.ts";
export type { Plan, PlanEdit } from "../server/review/plans.ts";
export type { ProgrammeResult } from "../server/routes/results.ts";
export type { AssessmentItem, ProcessingRow, RegisterColumnRow } from "../server/register/rows.ts";
export type { EvaluatedTarget } from "../server/routes/evaluations.ts";
export type { Progress } from "../server/review/progress.ts";
export type { Release } from "../server/review/releases.ts";
export type { Need, Review } from "../server/review/review.ts";
export type { ReviewText } from "../server/review/texts.ts";

/** What somebody did, as the log has it. */
export interface AuditEntry {
  at: string;
  user: string;
  roles: string;
  did: string;
  what: string;
  selection: string;
  status: number;
}

export type Query = Record<string, string | null | undefined>;

/** A refusal of the server, or of the road to it, in words for the reader. */
export class Problem extends Error {
  readonly status: number;
  /** Names the kind of refusal (`urn:kvv:problem:…`), where it has one. */
  readonly type: unknown;
  constructor(status = 0, detail = "", type?: unknown) {
    super(detail);
    this.status = status;
    this.type = type;
  }
}

/** How answers are fetched, and who hears what is asked: the server, while it makes a page, does both by itself. */
export const reach = {
  fetch: (address: string, more: RequestInit = {}): Promise<Response> =>
    fetch(address, { headers: { accept: "application/json" }, ...more }),
  read: async (response: Response): Promise<Parsed> => {
    const text = await response.text();
    return { value: JSON.parse(text) as unknown, size: text.length };
  },
  asked: (() => undefined) as (address: string) => void,
};

/** What an answer says, and how long its text is, in characters. */
export interface Parsed {
  value: unknown;
  size: number;
}

/** The address of an answer, for fetching and for download links. */
export function apiAddress(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  return `/api/v1${path}${search ? `?${search}` : ""}`;
}

/** So much text of answers is kept, in characters. */
const mostKept = 24_000_000;
const answers = new Answers(
  (address, signal) => fetchParsed(address, signal ? { signal, priority: "low" } : {}),
  mostKept,
);

/** A question to the API: a path with what it asks. */
export type Question = readonly [path: string, query?: Query];

/** An answer of the API; the same question is asked once until `forget()`. Throws `Problem`. */
export function ask<T>(...[path, query]: Question): Promise<T> {
  const address = apiAddress(path, query);
  reach.asked(address);
  return answers.ask(address) as Promise<T>;
}

/** What is here already, or comes. */
export type Soon<T> = T | Promise<T>;

/** What is made of the answers to some questions: at once where they are all here, so that a page can show it in the same frame. */
export function soon<T, A = unknown>(questions: readonly Question[], make: (answers: A[]) => T): Soon<T> {
  const known = questions.map((question) => answers.known(apiAddress(...question)));
  const here = known.filter((each) => each !== null);
  if (here.length < questions.length) return Promise.all(questions.map((question) => ask<A>(...question))).then(make);
  return make(here.map(({ value }) => value as A));
}

/** Asks for what a reader may want soon, until the signal says otherwise; its answer comes with `ask`. */
export const askAhead = ([path, query]: Question, signal: AbortSignal): Promise<void> =>
  answers.askAhead(apiAddress(path, query), signal);

/** Forgets all answers: a new snapshot is being served. */
export const forget = (): void => answers.forget();

/** An answer that is never kept. Throws `Problem`. */
export const fetchJson = async <T>(address: string): Promise<T> => (await fetchParsed(address)).value as T;

async function fetchParsed(address: string, more: RequestInit = {}): Promise<Parsed> {
  let response: Response;
  try {
    response = await reach.fetch(address, more);
  } catch {
    throw new Problem();
  }
  if (!response.ok) throw await problemOf(response);
  return reach.read(response);
}

/** What a refusal says, as its answer has it. */
export const problemOf = async (response: Response): Promise<Problem> =>
  problemIn(response.status, await response.json().catch(() => ({})));

export const problemIn = (
  status: number,
  { detail, title, type }: { detail?: string; title?: string; type?: string },
): Problem => new Problem(status, detail ?? title, type);
