import { z } from "zod";
import { day, id, known } from "../fields.ts";
import { Problem, shown } from "../problem.ts";
import {
  decisions,
  endedTargets,
  evaluationHistory,
  evaluationsOf,
  saveEvaluation,
  type Ended,
  type Evaluation,
} from "../review/evaluations.ts";
import { planKind, type Plan } from "../review/plans.ts";
import { workspaceRoute } from "../route.ts";
import type { ScopedSnapshots } from "../snapshot.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { prose } from "../prose.ts";

const number = z.number().nullable();
const moment = z.iso.datetime();

const written = z.object({
  text: z.string(),
  decision: z.enum(decisions).nullable(),
  new_value: number,
  version: z.number().int(),
  saved_at: moment,
  saved_by: z.string(),
});

const evaluation = z.object({
  indicator_id: z.string(),
  unit_id: z.string(),
  unit_name: z.string(),
  level: z.string(),
  goal: z.string(),
  target: z.number(),
  target_kind: z.string(),
  demo: z.boolean(),
  target_from: z.iso.date(),
  target_to: z.iso.date(),
  grain: z.string(),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  value: number,
  numerator: number,
  denominator: number,
  judgement: z.string(),
  withheld: z.boolean(),
  course: z.array(z.object({ period_start: z.iso.date(), period_end: z.iso.date(), value: number })),
  /** What was concluded; null before anyone wrote. */
  evaluation: written.nullable(),
  half: z.string().meta({ description: "The half-year in which it ended" }),
  /** The running plan for it. */
  plan: z
    .object({
      plan_id: z.number().int(),
      owner: z.string(),
      reach_year: z.number().int(),
      state: z.string(),
      half: z.string(),
    })
    .nullable(),
});

export type EvaluatedTarget = z.output<typeof evaluation>;

const edit = z
  .strictObject({
    text: prose(20_000),
    decision: z.enum(decisions).nullable(),
    new_value: z.number().nullable().meta({ description: "With `new_figure`: what is aimed at; shares 0..1" }),
    version: z.number().int().min(0).meta({ description: "Of what you saw; 0 where there was none" }),
  })
  .refine(({ decision, new_value }) => (decision === "new_figure") === (new_value !== null), {
    path: ["new_value"],
    message: "belongs to the decision new_figure, and only to it",
  });

/** Of the force and its units, or one of them: what is over, with what was written of it. */
async function answer(
  snapshots: ScopedSnapshots,
  workspace: Workspace,
  unit: string | null,
  at: Date,
): Promise<EvaluatedTarget[]> {
  const today = at.toISOString().slice(0, 10);
  const ended = await snapshots.use(undefined, async (snapshot) => {
    if (unit) known([unit], snapshot.catalogue.units, "unit");
    return endedTargets(snapshot, before(today), unit);
  });
  const { said, plans } = await workspace.read(async (db) => ({
    said: await evaluationsOf(db, unit),
    plans: await db.all<Plan & { unit_id: string; half: string }>(
      `from ${planKind.table} qualify row_number() over (partition by plan_id order by version desc) = 1`,
    ),
  }));
  const keyOf = (each: Pick<Ended, "unit_id" | "indicator_id" | "target_to">) =>
    `${each.unit_id} ${each.indicator_id} ${each.target_to}`;
  const byKey = new Map<string, Evaluation>(said.map((each) => [keyOf(each), each]));
  return ended.map((each) => {
    const found = byKey.get(keyOf(each));
    const plan = plans.find(
      ({ unit_id, indicator_id, state }) =>
        unit_id === each.unit_id && indicator_id === each.indicator_id && state === "open",
    );
    return {
      ...each,
      half: `${each.target_to.slice(0, 4)}-H${each.target_to.slice(5) <= "06-30" ? 1 : 2}`,
      evaluation: found
        ? {
            ...{ text: found.text, decision: found.decision, new_value: found.new_value, version: found.version },
            ...{ saved_at: found.saved_at, saved_by: found.saved_by },
          }
        : null,
      plan: plan
        ? { plan_id: plan.plan_id, owner: plan.owner, reach_year: plan.reach_year, state: plan.state, half: plan.half }
        : null,
    };
  });
}

/** The day before: a target is over when its last day is. */
const before = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

const ofOne = z.strictObject({ unit: id, indicator: id, to: day.meta({ description: "The last day of the target" }) });
const path = "/evaluations/:unit/:indicator/:to";

/** 404 where no such target of the unit is over. */
async function endedOne(snapshots: ScopedSnapshots, query: z.output<typeof ofOne>, at: Date): Promise<void> {
  const today = at.toISOString().slice(0, 10);
  const all = await snapshots.use(undefined, (snapshot) => endedTargets(snapshot, before(today), query.unit));
  if (!all.some(({ indicator_id, target_to }) => indicator_id === query.indicator && target_to === query.to))
    throw new Problem(
      404,
      `${shown(query.unit)} has no target for ${shown(query.indicator)} that ended on ${query.to}`,
      {
        code: "no-evaluation",
      },
    );
}

const keyOf = ({ unit, indicator, to }: z.output<typeof ofOne>) => ({
  unit_id: unit,
  indicator_id: indicator,
  target_to: to,
});

export default [
  workspaceRoute({
    method: "get",
    path: "/evaluations",
    summary: "Targets whose period is over, of the force and its units: how they ended, and what was concluded",
    query: z.strictObject({ unit: id.optional().meta({ description: "Left out: all of them" }) }),
    body: null,
    schema: z.array(evaluation),
    answer: ({ query, snapshots, workspace, at }) => answer(snapshots, workspace, query.unit ?? null, at),
  }),
  workspaceRoute({
    method: "put",
    path,
    summary: "Saves what was concluded of a target that is over; 409 where someone else saved meanwhile",
    query: ofOne,
    body: { contentType: "application/json", schema: edit },
    schema: evaluation,
    async answer({ query, body, snapshots, workspace, user, at }) {
      await endedOne(snapshots, query, at);
      await workspace.write((db) => saveEvaluation(db, keyOf(query), body, { name: user.name, at }));
      const all = await answer(snapshots, workspace, query.unit, at);
      return all.find((each) => each.indicator_id === query.indicator && each.target_to === query.to)!;
    },
  }),
  workspaceRoute({
    method: "get",
    path: `${path}/history`,
    summary: "Every version of what was concluded, the last first",
    query: ofOne,
    body: null,
    schema: z.array(written.extend({ unit_id: z.string(), indicator_id: z.string(), target_to: z.iso.date() })),
    async answer({ query, snapshots, workspace, at }) {
      await endedOne(snapshots, query, at);
      return workspace.read((db) => evaluationHistory(db, keyOf(query)));
    },
  }),
];
