import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import type { PublishedTarget } from "../catalogue.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import type { Version } from "../actions/actions.ts";
import { reviewActions, type ReviewAction } from "./actions.ts";
import type { Agreement } from "./agreements.ts";
import { figuresOf, restatedSince, type Restated, type ReviewFigure } from "./figures.ts";
import type { Half } from "./half.ts";
import type { Plan } from "./plans.ts";
import type { Signed } from "./steps.ts";
import type { ReviewText } from "./texts.ts";

/** What a review keeps of a definition: all that its report says of it. */
export interface ReviewDefinition extends Pick<
  Definition,
  "focus" | "title" | "kind" | "decimals" | "stock" | "polarity" | "numerator" | "owner" | "source"
> {
  indicator_id: string;
  version: number;
  denominator: Definition["denominator"] | null;
  excluded: Definition["excluded"] | null;
  caveats: Definition["caveats"] | null;
  /** Those of the unit and of the force. */
  targets: PublishedTarget[];
}

/** A feed of the figures as it stood when they were published. */
export interface ReviewFeed {
  feed: string;
  title_nl: string;
  title_en: string;
  freshness: string;
  cadence: string;
  covered_to: string | null;
}

/** A day on which a figure changed its meaning. */
export interface ReviewBreak {
  indicator_id: string;
  unit_id: string | null;
  on_date: string;
  kind: string;
  label_nl: string;
  label_en: string;
}

/** What is signed, whole: all that the report of a review says. */
export interface ReviewDocument {
  kind: "kvv-review";
  format: 1;
  unit_id: string;
  unit_name: string;
  level: string;
  half: string;
  period_start: string;
  period_end: string;
  snapshot: string;
  published_at: string;
  data_through: string | null;
  demo: boolean;
  definitions: ReviewDefinition[];
  figures: ReviewFigure[];
  /** Of the figures, since the half-year before was released. */
  restated: Restated[];
  breaks: ReviewBreak[];
  feeds: ReviewFeed[];
  texts: ReviewText[];
  agreements: Agreement[];
  plans: Plan[];
  actions: ReviewAction[];
}

/** What is written of a review that belongs to its document. */
export interface DocumentTexts {
  texts: ReviewText[];
  agreements: Agreement[];
  plans: Plan[];
  /** What was saved last of each action. */
  saved: Version[];
  /** When the figures of the half-year before were released. */
  before: string | null;
}

/** The document of a unit's half-year as it is now. */
export async function documentOf(
  snapshot: Snapshot,
  unit: { unit_id: string; name: string; level: string },
  half: Half,
  { texts, agreements, plans, saved, before }: DocumentTexts,
): Promise<ReviewDocument> {
  const { unit_id } = unit;
  const figures = await figuresOf(snapshot, half, unit);
  const { manifest, catalogue } = snapshot;
  return {
    ...{ kind: "kvv-review", format: 1, unit_id, unit_name: unit.name, level: unit.level, half: half.half },
    ...{ period_start: half.start, period_end: half.end, snapshot: manifest.snapshot },
    ...{ published_at: manifest.published_at, data_through: manifest.data_through ?? null, demo: manifest.demo },
    definitions: figures.map(({ indicator_id, definition_version }) =>
      keptOf(snapshot, indicator_id, unit_id, definition_version),
    ),
    figures,
    restated: before ? await restatedSince(snapshot, unit_id, half, before) : [],
    breaks: (await breaksOf(snapshot, unit_id)).filter(({ on_date }) => on_date <= half.end),
    feeds: await feedsOf(
      snapshot,
      new Set(figures.flatMap((each) => catalogue.definitions.get(each.indicator_id)!.feeds)),
    ),
    texts,
    agreements,
    plans,
    actions: await reviewActions(snapshot, saved, unit, half),
  };
}

/** What is kept of a definition for a report about a unit. */
export function keptOf(
  { catalogue }: Snapshot,
  indicator_id: string,
  unit_id: string,
  of: number | null,
): ReviewDefinition {
  const { focus, title, kind, decimals, stock, polarity, numerator, owner, source, ...rest } =
    catalogue.definitions.get(indicator_id)!;
  const force = [...catalogue.units.values()].flat().filter(({ level }) => level === "force");
  const holders = new Set([unit_id, ...force.map((each) => each.unit_id)]);
  return {
    ...{ indicator_id, version: of ?? rest.version.number, focus, title, kind, decimals, stock, polarity, numerator },
    ...{ owner, source, denominator: rest.denominator ?? null, excluded: rest.excluded ?? null },
    caveats: rest.caveats ?? null,
    targets: [...catalogue.targets.values()].filter(
      (target) => target.indicator_id === indicator_id && holders.has(target.unit_id),
    ),
  };
}

export async function breaksOf(snapshot: Snapshot, unit_id: string): Promise<ReviewBreak[]> {
  const sql = `select indicator_id, unit_id, on_date, kind, label_nl, label_en from breaks
    where unit_id is null or unit_id = $unit_id order by all`;
  return (await rowsOf(await snapshot.query(sql, { unit_id }))) as unknown as ReviewBreak[];
}

async function feedsOf(snapshot: Snapshot, used: ReadonlySet<string>): Promise<ReviewFeed[]> {
  const sql = "select feed, title_nl, title_en, freshness, cadence, covered_to from feeds order by feed";
  const feeds = (await rowsOf(await snapshot.query(sql))) as unknown as ReviewFeed[];
  return feeds.filter(({ feed }) => used.has(feed));
}

/** The document as it is signed: canonical JSON (RFC 8785), and its SHA-256 in 64 lower-case hex digits. */
export function sealed(document: ReviewDocument): Pick<Signed, "document" | "hash"> {
  const text = canonicalize(document)!;
  return { document: text, hash: hashOf(text) };
}

/** SHA-256 of a text, in 64 lower-case hex digits. */
export const hashOf = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
