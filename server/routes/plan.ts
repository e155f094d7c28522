import { z } from "zod";
import {
  leastComing,
  noQuota,
  projectStaffing,
  reach,
  reachInWords,
  type Scenario,
} from "../../pipelines/statistics/plan.ts";
import { id, knownIndicators, knownUnits } from "../fields.ts";
import { Problem, shown } from "../problem.ts";
import { planRoute } from "../route.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";

const share = z.number().min(0, "lies below 0; a share is 0..1").max(1, "lies above 1; a share is 0..1");
const people = z.number().int("is no whole number").min(0, "lies below 0").max(1_000_000);
const words = { note_nl: z.string(), note_en: z.string() };
const note = { note_nl: noQuota.nl, note_en: noQuota.en };

const reachQuestion = z.strictObject({
  indicator: id.default("intake-dual").meta({ description: "A share with a target over years" }),
  unit: id.meta({ description: "The force or a unit" }),
  coming: people
    .min(leastComing, `is too few; with fewer than ${leastComing} appointments proportions say nothing`)
    .meta({ description: "Appointments expected until the target's end, from vacancies and the usual intake" }),
});

const reachAnswer = z.object({
  indicator_id: z.string(),
  unit_id: z.string(),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  until: z.iso.date(),
  counted: z.number(),
  appointed: z.number(),
  target: z.number(),
  coming: z.number(),
  reach: z.enum(["nothing_to_do", "possible", "out_of_reach"]),
  needed: z.number().nullable(),
  lowest: z.number(),
  highest: z.number(),
  words_nl: z.string(),
  words_en: z.string(),
  ...words,
});

const scenario = z.strictObject({
  intake_share: share.meta({ description: "Share of the group among those who come" }),
  exit_rate: share.meta({ description: "Share of the group that leaves in a half-year" }),
  exit_rate_others: share.meta({ description: "Share of the others that leaves in a half-year" }),
});

const staffingQuestion = z
  .strictObject({
    staff: people.min(1, "is nobody"),
    group: people,
    intake: people.meta({ description: "People who come in a half-year" }),
    from: z.string().regex(/^[12]\d{3}-H[12]$/, "is no half-year; write one as 2017-H1"),
    halves: z.number().int().min(1).max(60).default(20),
    target: share,
    low: scenario,
    high: scenario,
  })
  .refine(({ staff, group }) => group <= staff, { path: ["group"], message: "is more than `staff`" });

const projection = z.object({
  reached: z.string().nullable(),
  points: z.array(z.object({ half: z.string(), staff: z.number(), group: z.number(), share: z.number().nullable() })),
});

export default [
  planRoute({
    path: "/plan/reach",
    summary: "Which share of the coming appointments would reach a target; for the force and units",
    query: z.strictObject({}),
    body: { contentType: "application/json", schema: reachQuestion },
    schema: reachAnswer,
    async answer(snapshot, { indicator, unit, coming }) {
      const figure = await toDate(snapshot, indicator, unit);
      const { value: target, to: until } = snapshot.catalogue.targets.get(figure.target_id)!;
      const { numerator: counted, denominator: appointed } = figure;
      const answer = reach({ counted, appointed, target, coming });
      return {
        ...{ indicator_id: indicator, unit_id: unit, period_start: figure.period_start, period_end: figure.period_end },
        ...{ until, counted, appointed, target, coming },
        ...answer,
        words_nl: reachInWords("nl", answer, coming),
        words_en: reachInWords("en", answer, coming),
        ...note,
      };
    },
  }),
  planRoute({
    path: "/plan/staffing",
    summary: "Staff by half-year from intake and exits, in a low and a high scenario: when a share would be reached",
    query: z.strictObject({}),
    body: { contentType: "application/json", schema: staffingQuestion },
    schema: z.object({ low: projection, high: projection, ...words }),
    async answer(_snapshot, { low, high, ...question }) {
      return {
        low: projectStaffing(question, scenarioOf(low)),
        high: projectStaffing(question, scenarioOf(high)),
        ...note,
      };
    },
  }),
];

const scenarioOf = ({ intake_share, exit_rate, exit_rate_others }: z.output<typeof scenario>): Scenario => ({
  intakeShare: intake_share,
  exitRate: exit_rate,
  exitRateOthers: exit_rate_others,
});

interface ToDate {
  target_id: number;
  period_start: string;
  period_end: string;
  numerator: number;
  denominator: number;
  withheld: boolean;
}

/** The unit's shown figure from its target's start to date; a problem that says why where there is none to plan with. */
async function toDate(snapshot: Snapshot, indicator: string, unit: string): Promise<ToDate> {
  knownIndicators(snapshot, [indicator]);
  knownUnits(snapshot, [unit]);
  const level = snapshot.catalogue.units.get(unit)!.at(-1)!.level;
  if (level !== "force" && level !== "unit")
    throw new Problem(422, `unit: ${shown(unit)} is a ${level}; this is for the force and units only`, {
      code: "too-small",
    });
  if (snapshot.catalogue.definitions.get(indicator)!.kind !== "share")
    throw new Problem(422, `indicator: ${shown(indicator)} is no share`, { code: "no-plan" });
  const { data_through, published_at } = snapshot.manifest;
  // What runs on may still be withheld; the last that is shown is then that of a half-year before.
  const found = await snapshot.query(
    `select target_id, period_start, period_end, numerator, denominator, withheld
     from series join targets using (target_id)
     where series.indicator_id = $indicator and series.unit_id = $unit and series.grain = 'target' and series.breakdown is null
       and targets.kind = 'at_least' and targets."to" > $day::date
     order by withheld, period_end desc, targets."to" desc limit 1`,
    { indicator, unit, day: data_through ?? published_at.slice(0, 10) },
  );
  const [figure] = (await rowsOf(found)) as unknown as ToDate[];
  if (!figure)
    throw new Problem(422, `${shown(unit)} has no target for ${shown(indicator)} that is still running`, {
      code: "no-target",
    });
  if (figure.withheld || figure.numerator === null || figure.denominator === null)
    throw new Problem(422, `the figure of ${shown(unit)} to date is withheld: too few people`, { code: "withheld" });
  return figure;
}
