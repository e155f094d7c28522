import { readFileSync } from "node:fs";
import path from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import type { Database } from "../database.ts";
import type { Choosing } from "../series/series.ts";

const sqlOf = (name: string) => readFileSync(path.join(import.meta.dirname, name), "utf8");
const knownSql = sqlOf("preview-known.sql");
const bySpansSql = sqlOf("preview-counted-by-spans.sql");
const countedSql = sqlOf("preview-counted.sql");
const chosenSql = sqlOf("preview-chosen.sql");
const smallSql = sqlOf("preview-small.sql");

/** So many figures are made and judged sooner than it is found out which of them are shown. */
export const fewFigures = 10_000;

/**
 * Counts all figures of a preview, and leaves of the way those alone that are shown. Few are counted once all are made.
 * Of many the count is told by their spans before any is made, and by what they add up to where they may be withheld as
 * small; where more can be withheld, or a span says not whether there is a figure, all are made and none judged.
 */
export class Counting implements Choosing {
  private readonly db: Database;
  private readonly units: DuckDBValue;
  private readonly few: number;
  private by: "few" | "spans" | "figures" = "few";

  /** `units`: of which every figure is shown. */
  constructor(db: Database, units: DuckDBValue, few: number) {
    this.db = db;
    this.units = units;
    this.few = few;
  }

  async begin(): Promise<void> {
    const { db } = this;
    const { n, told_by } = (await db.one<{ n: number; told_by: "spans" | "small" | "figures" }>(knownSql))!;
    if (n <= this.few) return;
    this.by = told_by === "figures" ? "figures" : "spans";
    if (this.by === "figures") return;
    await db.run(bySpansSql);
    if (told_by === "small") await db.run(smallSql);
    await this.narrow();
  }

  isWorthwhile(): boolean {
    return this.by === "figures";
  }

  async choose(): Promise<void> {
    await this.count("reasoned");
    await this.narrow();
  }

  /** Counts those that have not been counted on the way. */
  async end(): Promise<void> {
    if (this.by === "few") await this.count("gated");
  }

  /** To what is shown. */
  private async narrow(): Promise<void> {
    await this.db.run(chosenSql, { units: this.units });
    await this.db.run("create or replace temp view figure_spans as from chosen_spans");
  }

  private async count(table: "reasoned" | "gated"): Promise<void> {
    await this.db.run(`create or replace temp view all_figures as from ${table}`);
    await this.db.run(countedSql);
  }
}
