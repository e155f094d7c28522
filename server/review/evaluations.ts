import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import { momentOf, type Author } from "./texts.ts";

export const decisions = ["stop", "continue", "new_figure"] as const;

/** A target whose period is over, as it ended for a unit. */
export interface Ended {
  indicator_id: string;
  unit_id: string;
  unit_name: string;
  level: string;
  goal: string;
  target: number;
  target_kind: string;
  demo: boolean;
  target_from: string;
  target_to: string;
  grain: string;
  period_start: string;
  period_end: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  judgement: string;
  withheld: boolean;
  course: { period_start: string; period_end: string; value: number | null }[];
}

/** What was concluded of it. */
export interface Evaluation {
  unit_id: string;
  indicator_id: string;
  target_to: string;
  version: number;
  /** What helped, and what did not. */
  text: string;
  decision: (typeof decisions)[number] | null;
  /** Of a new figure: what is aimed at from now on. */
  new_value: number | null;
  saved_at: string;
  saved_by: string;
}

export type EvaluationEdit = Pick<Evaluation, "version" | "text" | "decision" | "new_value">;
export type EvaluationKey = Pick<Evaluation, "unit_id" | "indicator_id" | "target_to">;

const sql = readFileSync(path.join(import.meta.dirname, "ended.sql"), "utf8");

/** Targets that were over on a day, of the force and its units or of one of them; the last first. */
export async function endedTargets(snapshot: Snapshot, day: string, unit: string | null): Promise<Ended[]> {
  if (!snapshot.catalogue.tables.has("outcomes")) return [];
  const rows = await rowsOf(await snapshot.query(sql, { day, unit }));
  return rows.map((row) => ({
    ...row,
    course: JSON.parse(String(row.course)) as Ended["course"],
  })) as unknown as Ended[];
}

const columns = "unit_id, indicator_id, target_to, version, text, decision, new_value, saved_at, saved_by";

/** The last version of each evaluation. */
export const evaluationsOf = (db: Database, unit: string | null): Promise<Evaluation[]> =>
  db.all<Evaluation>(
    `select ${columns} from evaluations where $unit is null or unit_id = $unit
     qualify row_number() over (partition by unit_id, indicator_id, target_to order by version desc) = 1`,
    { unit },
  );

/** Every version of one, the last first. */
export const evaluationHistory = (db: Database, key: EvaluationKey): Promise<Evaluation[]> =>
  db.all<Evaluation>(
    `select ${columns} from evaluations
     where unit_id = $unit_id and indicator_id = $indicator_id and target_to = $target_to::date order by version desc`,
    { ...key },
  );

/** Saves what was concluded as the next version; 409 where someone else saved meanwhile. */
export async function saveEvaluation(
  db: Database,
  key: EvaluationKey,
  edit: EvaluationEdit,
  author: Author,
): Promise<void> {
  const [current] = await evaluationHistory(db, key);
  const fields = ["text", "decision", "new_value"] as const;
  if (current && fields.every((name) => current[name] === edit[name])) return;
  if ((current?.version ?? 0) !== edit.version)
    throw new Problem(409, "someone saved this evaluation after you opened it; see what they wrote, then save again", {
      code: "evaluation-changed",
    });
  await db.run(
    `insert into evaluations values ($unit_id, $indicator_id, $target_to::date, $version, $text, $decision, $new_value::double,
       $at::timestamp, $by)`,
    { ...key, ...edit, version: edit.version + 1, at: momentOf(author.at), by: author.name },
  );
}
