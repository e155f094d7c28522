import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../database.ts";
import { Corrections } from "../disclosure/corrections.ts";
import { applyRules, stateReasons, throughGate } from "../disclosure/gate.ts";
import { noProofs, type Proofs } from "../disclosure/proofs.ts";
import type { Freshness } from "../freshness.ts";
import { computedOf, type Computed, type Definition } from "../indicators/definition.ts";
import { medianRank } from "../statistics/duration.ts";
import type { Target } from "../targets.ts";
import { insertCells } from "./cells.ts";
import { hasChance } from "./figure.ts";
import { partsOf, readStatedParts } from "./parts.ts";
import { tableFromJson } from "./table.ts";
import { makeSpine } from "./spine.ts";

const sqlOf = (...parts: string[]) => readFileSync(path.join(import.meta.dirname, ...parts), "utf8");

const appliedTargets = sqlOf("targets.sql");
const spans = sqlOf("spans.sql");
const noneBegun = sqlOf("begun.sql");
const figureSpans = sqlOf("figure-spans.sql");
const coverage = sqlOf("coverage.sql");
const rollup = sqlOf("rollup.sql");
const cumulative = sqlOf("cumulative.sql");
const durations = sqlOf("duration.sql");
const medians = sqlOf("medians.sql");
const noMedians = sqlOf("no-medians.sql");
const figuresOfAllKinds = sqlOf("figures.sql");
const judgement = sqlOf("judgement.sql");
const rolledUp = sqlOf("rolled-up.sql");
const outcomes = sqlOf("outcomes.sql");

/** What series are computed from, besides the feeds. */
export interface Source {
  definitions: Definition[];
  targets: Target[];
  /** The day it is, ISO. */
  today: string;
  freshness: Map<string, Freshness>;
  /** What was worked out before of which figures must be withheld for others. */
  proofs?: Proofs;
  /** Corrections of a few people wait (`hold`); to `stage` is to keep besides what is computed, for `release` once it is published. Left out, all is as the feeds have it. */
  corrections?: "hold" | "stage";
  /** File of the snapshot before: what it withheld stays withheld, and what it told cannot be taken back. */
  before?: string | null;
  /** Withhold what would tell others; without it each figure is judged by itself, which is no protection. */
  complements?: boolean;
  /** Only the rules for each figure by itself: for numbers that are rounded before. */
  primary?: boolean;
  choose?: Choosing;
  progress?: (step: string) => void;
  continued?: Continuing | undefined;
}

/** Only some figures are wanted one by one; the others are counted. */
export interface Choosing {
  /** Before cells are rolled up, when these and `figure_spans` and `slots` are there: may narrow `figure_spans` to what is wanted, and what the count needs. */
  begin(): Promise<void>;
  /** Whether `choose` is for something yet, as what is counted must be looked at. */
  isWorthwhile(): boolean;
  /** Narrows `figure_spans` to those that are wanted: all are in `reasoned` then, but for their medians. */
  choose(): Promise<void>;
}

/** What need not be computed again, as a snapshot has it (publishing/continued.ts). */
export interface Continuing {
  /** Fills `begun` and `earlier` (begun.sql), once the tables of cells are there. */
  find(): Promise<void>;
  /** Whether what was computed goes on from what the snapshot has; then only what is new is left of it. Else all is computed. */
  goesOn(): Promise<boolean>;
}

/** Computes every figure of the definitions over the feeds in `db` and leaves what may be shown in the temporary table `series`: rows of `/series` with target, reference and band. Other temporary tables of the way hold unprotected figures: they never leave the connection. */
export async function computeSeries(db: Database, source: Source): Promise<Corrections | null> {
  const corrections = await prepareSpine(db, source);
  await computeFigures(db, source, corrections);
  return corrections;
}

/** Makes the tables that hold for all definitions: units, months, what lies below what and what is covered. Then `computeFigures` computes them, all at once or some at a time. */
export async function prepareSpine(db: Database, source: Source): Promise<Corrections | null> {
  source.progress?.("units and coverage");
  await makeSpine(db, source);
  return source.corrections ? Corrections.begin(db, source.today) : null;
}

/** Computes the figures of the definitions, which were among those of `prepareSpine`. Whatever others were computed before is replaced. */
export async function computeFigures(db: Database, source: Source, corrections: Corrections | null): Promise<void> {
  await computeCells(db, source, corrections);
  if (hasKind(source, "coverage")) await db.run(coverage);
  await computeGated(db, source);
  if (source.continued && !(await source.continued.goesOn())) {
    await db.run(noneBegun + figureSpans);
    await computeGated(db, source);
  }
  // Of some figures nobody asks how targets ended.
  if (!source.choose) await db.run(outcomes);
}

const hasKind = ({ definitions }: Source, kind: Definition["kind"]): boolean =>
  definitions.flatMap(computedOf).some((each) => each.kind === kind);

/** The statement that makes the view of figures, of the kinds that there are. */
function figuresOf(computed: readonly Computed[]): string {
  const has: Record<string, boolean> = {
    running: computed.some(({ kind }) => kind === "cumulative"),
    stocks: computed.some(({ stock, kind }) => stock || kind === "coverage"),
    waves: computed.some(({ kind }) => kind === "score"),
  };
  return figuresOfAllKinds.replaceAll(/^ *union all by name from (\w+)\n/gm, (line, name: string) =>
    has[name] ? line : "",
  );
}

/** From cells to what the gate lets through. */
async function computeGated(db: Database, source: Source): Promise<void> {
  const figures = figuresOf(source.definitions.flatMap(computedOf));
  const step = source.progress ?? (() => undefined);
  await source.choose?.begin();
  step("roll-up");
  await db.run(rollup);
  if (hasKind(source, "cumulative")) await db.run(cumulative);
  if (source.choose?.isWorthwhile()) {
    await db.run(noMedians + figures);
    await stateReasons(db);
    await source.choose.choose();
  }
  await computeMedians(db, source);
  await db.run(figures);
  await stateReasons(db);
  step("judgement");
  await db.run(judgement);
  step("disclosure gate");
  await applyRules(db);
  await db.run(rolledUp);
  const past = { proofs: source.proofs ?? noProofs, before: source.before ?? null };
  await throughGate(db, past, { complements: source.complements, primary: source.primary });
}

/** Makes the tables that figures are rolled up from: the periods of each unit, and the cells of each definition. */
export async function computeCells(db: Database, source: Source, corrections: Corrections | null): Promise<void> {
  source.progress?.("cells");
  const computed = source.definitions.flatMap(computedOf);
  await insertIndicators(db, source);
  await insertComputed(db, computed);
  await db.run(appliedTargets);
  await db.run(spans);
  await insertCells(db, computed, {
    hold: corrections?.hold.bind(corrections),
    stage: source.corrections === "stage" ? corrections?.stage.bind(corrections) : undefined,
  });
  await db.run(noneBegun);
  await source.continued?.find();
  await db.run(figureSpans);
}

const worst: Freshness[] = ["overdue", "due", "fresh"];

/** A figure is as fresh as the feed of its that is worst. */
export const freshnessOf = ({ feeds }: Pick<Definition, "feeds">, freshness: Map<string, Freshness>): Freshness =>
  worst.find((each) => feeds.some((feed) => freshness.get(feed) === each)) ?? "fresh";

/** What the gate and those after it need to know of each definition; of several versions the strictest. */
async function insertIndicators(db: Database, { definitions, freshness }: Source): Promise<void> {
  const rows = definitions.map((definition) => {
    const versions = computedOf(definition);
    return {
      indicator_id: definition.id,
      kind: definition.kind,
      stock: definition.stock,
      protected: versions.some((each) => each.protected),
      in_days: versions.some((each) => each.feeds.includes("absence")),
      sensitive: versions.some((each) => each.sensitive),
      min_denominator: definition.disclosure.denominator ?? 10,
      min_numerator: definition.disclosure.numerator ?? 5,
      version: definition.version.number,
      freshness: freshnessOf(definition, freshness),
    };
  });
  await tableFromJson(db, "indicators", rows, {
    indicator_id: "indicator_key",
    kind: "kind_key",
    stock: "BOOLEAN",
    protected: "BOOLEAN",
    in_days: "BOOLEAN",
    sensitive: "BOOLEAN",
    min_denominator: "INTEGER",
    min_numerator: "INTEGER",
    version: "INTEGER",
    freshness: "VARCHAR",
  });
}

/** A month that no figure lies beyond. */
const never = 999_999;
const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

/** What the roll-up needs to know of each version, and which coverage counts for it. */
async function insertComputed(db: Database, computed: Computed[]): Promise<void> {
  const rows = computed.map((version, computed_id) => ({
    computed_id,
    indicator_id: version.id,
    version: version.version.number,
    first_end: version.first_end ? monthOf(version.first_end) : 0,
    last_end: version.last_end ? monthOf(version.last_end) - 1 : never,
    kind: version.kind,
    stock: version.stock || version.kind === "coverage",
    per: version.per,
    exposure: version.exposure ?? null,
    has_chance: hasChance(version),
    any_feed: version.covered_by === "any",
    levels: version.levels,
    grains: version.grains,
    of_levels: version.kind === "coverage" ? version.of : [],
    least: version.least ?? 1,
    baseline_from: version.baseline ? monthOf(version.baseline.from) : null,
    has_term: version.has_term ?? false,
    has_spells: version.has_spells ?? false,
    has_waiting: version.has_waiting ?? false,
    protected: version.protected,
  }));
  await tableFromJson(db, "computed", rows, {
    computed_id: "INTEGER",
    indicator_id: "indicator_key",
    version: "INTEGER",
    first_end: "INTEGER",
    last_end: "INTEGER",
    kind: "kind_key",
    stock: "BOOLEAN",
    per: "DOUBLE",
    exposure: "VARCHAR",
    has_chance: "BOOLEAN",
    any_feed: "BOOLEAN",
    levels: "VARCHAR[]",
    grains: "VARCHAR[]",
    of_levels: "VARCHAR[]",
    least: "DOUBLE",
    baseline_from: "INTEGER",
    has_term: "BOOLEAN",
    has_spells: "BOOLEAN",
    has_waiting: "BOOLEAN",
    protected: "BOOLEAN",
  });
  const { parts, feeds } = partsOf(computed, await readStatedParts(db));
  await tableFromJson(db, "indicator_parts", parts, { computed_id: "INTEGER", part: "VARCHAR", feed: "VARCHAR" });
  await tableFromJson(db, "indicator_feeds", feeds, {
    indicator_id: "VARCHAR",
    feed: "VARCHAR",
    only_values: "VARCHAR",
  });
}

async function computeMedians(db: Database, source: Source): Promise<void> {
  if (!hasKind(source, "duration")) return db.run(noMedians);
  await db.run(durations);
  await insertMedianRanks(db);
  await db.run(medians);
}

/** How far from either end the interval of a median begins, for every number of cases that occurs. */
async function insertMedianRanks(db: Database): Promise<void> {
  const found = await db.all<{ closed: number }>("select distinct closed::integer as closed from ranked_cases");
  const rows = found.map(({ closed }) => ({ closed, median_rank: medianRank(closed) }));
  await tableFromJson(db, "median_ranks", rows, { closed: "INTEGER", median_rank: "INTEGER" });
}
