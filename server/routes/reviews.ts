import { z } from "zod";
import { checkWithin, day, id } from "../fields.ts";
import { Problem, shown } from "../problem.ts";
import { agreementKind } from "../review/agreements.ts";
import { carriedStates, saveCarried } from "../review/carried.ts";
import { halfOf, lastHalf, type Half } from "../review/half.ts";
import { planKind } from "../review/plans.ts";
import { progressOf } from "../review/progress.ts";
import { finish, readReview, unitIn } from "../review/review.ts";
import { checkOpen, states, takeStep } from "../review/steps.ts";
import { saveText, textHistory, type Author, type ReviewKey } from "../review/texts.ts";
import { workspaceRoute, type Writing } from "../route.ts";
import type { ScopedSnapshots } from "../snapshot.ts";
import { line, prose } from "../prose.ts";
import { seriesMarks, seriesRow, sentences } from "../series-row.ts";

/** Longest text, in characters: a small book. */
const mostCharacters = 200_000;
const mostBytes = 4 * 1024 * 1024;

const half = z.string().meta({ description: "A half-year that is over, as 2016-H2" });
export const ofReview = z.strictObject({ unit: id, half });

const version = z.number().int().min(0).meta({ description: "Of what you saw; 0 where there was none" });
const indicator = id.nullable().meta({ description: "Null: the whole review" });

const edit = z.strictObject({
  texts: z
    .array(z.strictObject({ indicator_id: indicator, text: prose(mostCharacters), version }))
    .max(200)
    .default([]),
  agreements: z
    .array(
      z.strictObject({
        agreement_id: z.number().int().nullable().meta({ description: "Null: a new one" }),
        indicator_id: indicator,
        text: prose(4000).min(1, "is empty"),
        owner: line(200).min(1, "is empty; name a function").meta({ description: "A function, not a person" }),
        due_on: day.nullable(),
        state: z.enum(carriedStates),
        result: prose(4000),
        version,
      }),
    )
    .max(200)
    .default([]),
  plans: z
    .array(
      z.strictObject({
        plan_id: z.number().int().nullable().meta({ description: "Null: a new one" }),
        indicator_id: id,
        measures: prose(20_000).min(1, "is empty; say what will be done"),
        owner: line(200).min(1, "is empty; name a function").meta({ description: "A function, not a person" }),
        reach_year: z.number().int().min(2000, "is no year").max(2100, "is no year"),
        state: z.enum(carriedStates),
        result: prose(4000),
        version,
      }),
    )
    .max(200)
    .default([]),
});

const moment = z.iso.datetime();
const text = z.object({
  indicator_id: z.string().nullable(),
  text: z.string(),
  version: z.number().int(),
  saved_at: moment,
  saved_by: z.string(),
});
const figure = seriesRow.extend(seriesMarks.shape).extend(sentences.shape);
const number = z.number().nullable();
const restated = z.object({
  indicator_id: z.string(),
  grain: z.string(),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  old_value: number,
  new_value: number,
  restated_at: moment,
});
const need = z.object({
  need: z.enum(["release", "overall", "comment", "plan"]),
  indicator_id: z.string().nullable(),
});
const release = z.object({ half: z.string(), snapshot: z.string(), note: z.string(), at: moment, by: z.string() });

const review = z.object({
  kind: z.literal("kvv-review"),
  format: z.literal(1),
  unit_id: z.string(),
  unit_name: z.string(),
  level: z.string(),
  half: z.string(),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  snapshot: z.string(),
  published_at: z.string(),
  data_through: z.iso.date().nullable(),
  demo: z.boolean(),
  definitions: z.array(
    z.looseObject({
      indicator_id: z.string(),
      version: z.number().int(),
      focus: z.string(),
      title: z.object({ nl: z.string(), en: z.string() }),
    }),
  ),
  figures: z.array(
    figure.extend({
      focus: z.string(),
      goal: z.string().nullable(),
      previous: figure.nullable(),
      year_before: figure.nullable(),
      course: z.array(z.looseObject({ period_start: z.iso.date(), period_end: z.iso.date(), value: number })),
    }),
  ),
  restated: z.array(restated),
  breaks: z.array(
    z.object({
      indicator_id: z.string(),
      unit_id: z.string().nullable(),
      on_date: z.iso.date(),
      kind: z.string(),
      label_nl: z.string(),
      label_en: z.string(),
    }),
  ),
  feeds: z.array(
    z.object({
      feed: z.string(),
      title_nl: z.string(),
      title_en: z.string(),
      freshness: z.string(),
      cadence: z.string(),
      covered_to: z.iso.date().nullable(),
    }),
  ),
  texts: z.array(text),
  agreements: z.array(
    z.object({
      agreement_id: z.number().int(),
      made_in: z.string(),
      indicator_id: z.string().nullable(),
      text: z.string(),
      owner: z.string(),
      due_on: z.iso.date().nullable(),
      state: z.enum(carriedStates),
      result: z.string(),
      version: z.number().int(),
      saved_at: moment,
      saved_by: z.string(),
    }),
  ),
  plans: z.array(
    z.object({
      plan_id: z.number().int(),
      made_in: z.string(),
      indicator_id: z.string(),
      measures: z.string(),
      owner: z.string(),
      reach_year: z.number().int(),
      state: z.enum(carriedStates),
      result: z.string(),
      version: z.number().int(),
      saved_at: moment,
      saved_by: z.string(),
    }),
  ),
  actions: z.array(
    z.looseObject({
      action_id: z.string(),
      number: z.string().nullable(),
      title: z.string(),
      unit_id: z.string(),
      owner: z.string().nullable(),
      due_on: z.iso.date().nullable(),
      status: z.string(),
      late: z.boolean(),
      budget: number,
      spent: number,
      forecast: number,
    }),
  ),
  state: z.enum(states),
  steps: z.array(z.object({ state: z.enum(states), reason: z.string().nullable(), at: moment, by: z.string() })),
  release: release.nullable(),
  missing: z.array(need),
  hash: z.string(),
  restated_since: z.array(restated),
});

/** The asked half-year; 404 where it is none, or not over yet. */
export function endedHalf(text: string, at: Date): Half {
  const found = halfOf(text);
  if (!found)
    throw new Problem(404, `half: ${shown(text)} is no half-year; write one as 2016-H2`, { code: "no-review" });
  if (found.end >= at.toISOString().slice(0, 10))
    throw new Problem(404, `${found.half} is not over before ${found.end}; its review opens then`, {
      code: "no-review",
    });
  return found;
}

/** The last half-year that is over and that the figures reach. */
async function lastCovered(snapshots: ScopedSnapshots, at: Date): Promise<Half> {
  const today = at.toISOString().slice(0, 10);
  return snapshots.use(undefined, async ({ manifest: { data_through } }) => {
    // The half-year that ends on the last day of the figures is over for them.
    const after = data_through && new Date(Date.parse(data_through) + 24 * 3600 * 1000).toISOString().slice(0, 10);
    return lastHalf(after && after < today ? after : today);
  });
}

interface Asked {
  key: ReviewKey;
  half: Half;
}

type Asking = Pick<Writing<{ unit: string; half: string }, unknown>, "query" | "snapshots" | "user" | "at">;

/** Of whom and when; 404 where there is no such unit or half-year. */
export async function reviewAsked({ query, snapshots, at }: Omit<Asking, "user">): Promise<Asked> {
  const half = endedHalf(query.half, at);
  await snapshots.use(undefined, async (snapshot) => {
    unitIn(snapshot, query.unit, half);
    // Of a unit that belonged elsewhere then, others answer for that half-year.
    if (!snapshot.catalogue.sees(query.unit, half.end)) checkWithin([query.unit], new Set([query.unit]), "unit");
  });
  return { key: { unit_id: query.unit, half: half.half }, half };
}

const askedOf = async (asking: Asking): Promise<Asked & { author: Author }> => ({
  ...(await reviewAsked(asking)),
  author: { name: asking.user.name, at: asking.at },
});

/** What is written about must be in the review. */
async function checkIndicators(writing: Asking, ids: readonly (string | null)[]): Promise<void> {
  await writing.snapshots.use(undefined, async ({ catalogue }) => {
    const stranger = ids.find((each) => each !== null && !catalogue.definitions.has(each));
    if (stranger) throw new Problem(404, `no indicator ${shown(stranger)}`, { code: "unknown-indicator" });
  });
}

const reason = z.strictObject({ reason: prose(4000).min(1, "is empty; say why") });
const nothing = z.strictObject({});
const path = "/reviews/:unit/:half";
const json = "application/json" as const;

export default [
  workspaceRoute({
    method: "get",
    path: "/reviews",
    summary: "How far the reviews of a half-year are: of the force and of each unit, with what is missing",
    query: z.strictObject({ half: half.optional() }),
    body: null,
    schema: z.object({
      half: z.string(),
      release: release.nullable(),
      reviews: z.array(
        z.object({
          unit_id: z.string(),
          unit_name: z.string(),
          level: z.string(),
          half: z.string(),
          state: z.enum(states),
          changed_at: moment.nullable(),
          missed: z.number().int(),
          open_agreements: z.number().int(),
          missing: z.array(need),
        }),
      ),
    }),
    async answer({ query, snapshots, workspace, at }) {
      const asked = query.half === undefined ? await lastCovered(snapshots, at) : endedHalf(query.half, at);
      return { half: asked.half, ...(await progressOf(snapshots, workspace, asked)) };
    },
  }),
  workspaceRoute({
    method: "get",
    path,
    summary: "The half-yearly review of a unit: its figures, what is written of them, and what it still needs",
    query: ofReview,
    body: null,
    schema: review,
    async answer(writing) {
      const asked = await askedOf(writing);
      return readReview(writing.whole, writing.workspace, asked.key, asked.half);
    },
  }),
  workspaceRoute({
    method: "put",
    path,
    summary: "Saves texts and agreements of a review; 409, and nothing saved, where someone else saved meanwhile",
    query: ofReview,
    body: { contentType: json, schema: edit, mostBytes },
    schema: review,
    async answer(writing) {
      const { whole, workspace, body } = writing;
      const { key, half, author } = await askedOf(writing);
      await checkIndicators(
        writing,
        [...body.texts, ...body.agreements, ...body.plans].map((each) => each.indicator_id),
      );
      await workspace.write(async (db) => {
        await checkOpen(db, key);
        for (const each of body.texts) await saveText(db, key, each, author);
        for (const each of body.agreements) await saveCarried(db, agreementKind, key, each, author);
        for (const each of body.plans) await saveCarried(db, planKind, key, each, author);
      });
      return readReview(whole, workspace, key, half);
    },
  }),
  workspaceRoute({
    method: "get",
    path: `${path}/history`,
    summary: "Every version of one text of a review, the last first",
    query: ofReview.extend({ indicator: id.optional().meta({ description: "Left out: the overall comment" }) }),
    body: null,
    schema: z.array(text),
    async answer(writing) {
      const { key } = await askedOf(writing);
      return writing.workspace.read((db) => textHistory(db, key, writing.query.indicator ?? null));
    },
  }),
  ...(["submitted", "signed"] as const).map((state) =>
    workspaceRoute({
      method: "post",
      path: `${path}/${state === "signed" ? "sign" : "submit"}`,
      summary:
        state === "signed"
          ? "Signs a submitted review: it is kept as it is, with its hash"
          : "Submits a review that lacks nothing",
      query: ofReview,
      body: { contentType: json, schema: nothing },
      schema: review,
      async answer(writing) {
        const { whole, workspace } = writing;
        const { key, half, author } = await askedOf(writing);
        await finish(whole, workspace, { key, half, state, author });
        return readReview(whole, workspace, key, half);
      },
    }),
  ),
  workspaceRoute({
    method: "post",
    path: `${path}/reopen`,
    summary: "Opens a submitted or signed review again, with the reason; what was signed stays kept",
    query: ofReview,
    body: { contentType: json, schema: reason },
    schema: review,
    async answer(writing) {
      const { whole, workspace, body } = writing;
      const { key, half, author } = await askedOf(writing);
      await workspace.write((db) => takeStep(db, key, { state: "reopened", reason: body.reason }, author));
      return readReview(whole, workspace, key, half);
    },
  }),
];
