import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { dropTemporary, temporaryTables, type Database } from "../database.ts";
import type { Definition } from "../indicators/definition.ts";
import { Refusal } from "../problem.ts";
import { computeFigures, type Source } from "../series/series.ts";
import { KeptSpine } from "../series/spine.ts";
import type { Target } from "../targets.ts";
import type { PreviewResult } from "./messages.ts";
import { asCompared, ComparedTotals } from "./compared-totals.ts";
import type { WithheldCount } from "./draft.ts";
import { Counting, fewFigures } from "./preview-counting.ts";

/** A definition with its targets, as figures are made of them. */
export interface Figures {
  definition: Definition;
  targets: Target[];
}

/** Of what figures are shown. */
export interface Previewed extends Figures {
  /** What they are compared with; null: with nothing. */
  before: Figures | null;
  /** Units of which every row is wanted. */
  units: string[];
  today: string;
}

/** So many rows are shown at most. */
const mostRows = 60_000;
/** So many values a breakdown has at most, of so many characters: it is for kinds of things, and must not list cases or people one by one. */
const mostValues = 100;
const longestValue = 80;

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");
const rowsSql = sqlOf("preview-rows.sql");
const withheldSql = sqlOf("preview-withheld.sql");

/** Feeds that drafts are computed over, with the tables that hold for all drafts as long as they do. */
export class Bench {
  readonly db: Database;
  /** So many figures are all made. */
  readonly few: number;
  readonly compared: ComparedTotals;
  private readonly spine: KeptSpine;
  private kept: ReadonlySet<string> = new Set();

  constructor(db: Database, few = fewFigures) {
    this.db = db;
    this.few = few;
    this.compared = new ComparedTotals(db);
    this.spine = new KeptSpine(db);
  }

  async compute(source: Source): Promise<void> {
    if (await this.spine.make(source)) await this.keepSpine();
    await computeFigures(this.db, source, null);
  }

  /** What is stopped here has no tables to keep. */
  private async keepSpine(): Promise<void> {
    this.kept = new Set();
    try {
      this.kept = new Set(await temporaryTables(this.db));
    } catch (error) {
      this.spine.forget();
      throw error;
    }
  }

  /** Takes away what was computed. */
  async clear(): Promise<void> {
    await dropTemporary(this.db, new Set([...this.kept, ComparedTotals.table]));
  }
}

/** Computes a draft's figures, through the gate's rules for each figure by itself. Leaves tables, which `clear` takes away. */
export async function previewDraft(
  bench: Bench,
  { definition, targets, before, units, today }: Previewed,
): Promise<PreviewResult> {
  const compared = before && asCompared(before.definition);
  const isKept = compared === null || bench.compared.has(compared, today);
  const { db } = bench;
  const wanted = listValue(["", ...units]);
  const counting = new Counting(db, wanted, bench.few);
  await bench.compute({
    definitions: isKept ? [definition] : [definition, compared],
    targets: targets.map((target, i) => ({ ...target, target_id: i + 1 })),
    today,
    freshness: new Map(),
    // What protected figures need besides is of exact numbers, which no draft has.
    primary: true,
    choose: counting,
  });
  await counting.end();
  await refuseLists(db);
  const indicator_id = definition.id;
  const { n, rows } = (await db.one<{ n: number; rows: string }>(rowsSql, {
    indicator_id,
    units: wanted,
    most: mostRows + 1,
  }))!;
  if (n > mostRows)
    throw new Refusal(
      `more than ${mostRows} figures: a breakdown has too many values; group by a column with fewer`,
      "draft-too-large",
    );
  const withheld = await db.all<WithheldCount>(withheldSql, { indicator_id });
  if (!isKept) await bench.compared.take(compared, today);
  const differing = compared ? await bench.compared.differing(indicator_id, mostRows) : [];
  return { rows, withheld, rounded: false, compared: differing };
}

/** Computes what drafts will be compared with, before anybody waits for it. Leaves tables, which `clear` takes away. */
export async function prepareComparison(bench: Bench, definition: Definition, today: string): Promise<void> {
  const compared = asCompared(definition);
  if (bench.compared.has(compared, today)) return;
  const counting = new Counting(bench.db, listValue([""]), bench.few);
  await bench.compute({
    ...{ definitions: [compared], targets: [], today, freshness: new Map() },
    ...{ primary: true, choose: counting },
  });
  await counting.end();
  await bench.compared.take(compared, today);
}

async function refuseLists(db: Database): Promise<void> {
  const found = await db.one<{ breakdown: string; n: number; longest: number }>(
    `select breakdown, count(distinct breakdown_value) as n, max(length(breakdown_value)) as longest
     from slots where breakdown is not null group by breakdown
     having n > $most or longest > $longest order by n desc limit 1`,
    { most: mostValues, longest: longestValue },
  );
  if (!found) return;
  const { breakdown, n, longest } = found;
  const why =
    n > mostValues ? `${n} values; at most ${mostValues}` : `a value of ${longest} characters; at most ${longestValue}`;
  throw new Refusal(
    `the breakdown ${breakdown} has ${why} are shown: group by a column with fewer, shorter codes`,
    "draft-too-large",
  );
}
