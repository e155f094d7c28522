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
import type { ComparedRow, WithheldCount } from "./draft.ts";
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

/** What is compared goes through the computation beside the draft, under a name that no indicator can have. */
const other = "-before-";
/** So many rows are shown at most. */
const mostRows = 60_000;
/** So many values a breakdown has at most, of so many characters: it is for kinds of things, and must not list cases or people one by one. */
const mostValues = 100;
const longestValue = 80;

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");
const rowsSql = sqlOf("preview-rows.sql");
const withheldSql = sqlOf("preview-withheld.sql");
const comparedSql = sqlOf("preview-compared.sql");

/** Feeds that drafts are computed over, with the tables that hold for all drafts as long as they do. */
export class Bench {
  readonly db: Database;
  /** So many figures are all made. */
  readonly few: number;
  private readonly spine: KeptSpine;
  private kept: ReadonlySet<string> = new Set();

  constructor(db: Database, few = fewFigures) {
    this.db = db;
    this.few = few;
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
    await dropTemporary(this.db, this.kept);
  }
}

/** Computes a draft's figures, through the gate's rules for each figure by itself. Leaves tables, which `clear` takes away. */
export async function previewDraft(
  bench: Bench,
  { definition, targets, before, units, today }: Previewed,
): Promise<PreviewResult> {
  const compared = before && totalsOf(under(other, before));
  const { db } = bench;
  const wanted = listValue(["", ...units]);
  const counting = new Counting(db, wanted, bench.few);
  await bench.compute({
    definitions: [definition, ...(compared ? [compared.definition] : [])],
    targets: [...targets, ...(compared?.targets ?? [])].map((target, i) => ({ ...target, target_id: i + 1 })),
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
  const differing = compared ? await db.all<ComparedRow>(comparedSql, { indicator_id, other, most: mostRows }) : [];
  return { rows, withheld, rounded: false, compared: differing };
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

/** No more than these is compared. */
function totalsOf({ definition, targets }: Figures): Figures {
  const { earlier } = definition;
  const total = { ...definition, breakdowns: [] };
  return {
    definition: earlier ? { ...total, earlier: earlier.map((each) => ({ ...each, breakdowns: [] })) } : total,
    targets,
  };
}

function under(id: string, { definition, targets }: Figures): Figures {
  return {
    definition: {
      ...definition,
      id,
      ...(definition.earlier ? { earlier: definition.earlier.map((each) => ({ ...each, id })) } : {}),
    },
    targets: targets.map((target) => ({ ...target, indicator_id: id })),
  };
}
