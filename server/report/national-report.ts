import { formatPeriod } from "../../web/format.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell, type Report } from "./blocks.ts";
import { baseOf, judgementOf, shortTarget, shortValue, toneOf } from "./figure-words.ts";
import { dayOf } from "./moment.ts";
import { chartsOf, figureTable } from "./review-figures.ts";
import { focusPoints, goalsLine, isJudged, toldOf, type Told } from "./told.ts";
import type { Words } from "./words.ts";

/** The reviews of a half-year together: how far they are, the target figures of all units beside each other, plans, and the figures of the force. The first is that of the force. */
export function nationalReport(reviews: readonly Review[], words: Words): Report {
  const { say, language } = words;
  const [force, ...units] = reviews as [Review, ...Review[]];
  const period = formatPeriod({ ...force, grain: "half" }, language);
  const title = say("report.national");
  const told = new Map(reviews.map((review) => [review.unit_id, toldOf(review, words)]));
  const own = told.get(force.unit_id)!;
  const signed = units.filter(({ state }) => state === "signed").length;
  const last = reviews
    .flatMap(({ steps }) => steps.map(({ at }) => at))
    .sort()
    .at(-1);
  return {
    title,
    subtitle: [period, say("report.signedOf", { signed, count: units.length })].join(" · "),
    language,
    at: last && last > force.published_at ? last : force.published_at,
    author: say("report.author"),
    description: `${title}, ${period}`,
    keywords: [force.half, force.snapshot],
    mark: force.release ? null : say("report.mark.concept"),
    demo: force.demo ? say("app.demo") : null,
    footer: `${title}, ${period} · ${say("report.snapshot", { snapshot: force.snapshot })}`,
    blocks: [
      heading(1, say("report.summary")),
      line(`${force.unit_name}: ${goalsLine(own, words)}`, "strong"),
      ...(force.release
        ? [line(say("review.released", { date: dayOf(force.release.at, words) }), "muted", 9)]
        : [line(say("report.notReleasedYet"), "warn", 9)]),
      states(units, told, words),
      ...targetFigures(reviews, told, words),
      ...plansOf(units, told, words),
      heading(1, say("report.forceFigures", { unit: force.unit_name })),
      ...charts(force, own, words),
      ...focusPoints.flatMap((focus) => {
        const its = own.filter(({ figure }) => figure.focus === focus && figure.value !== null);
        return its.length ? [heading(2, say(`focus.${focus}`)), figureTable(its, words)] : [];
      }),
      line(say("report.signs"), "muted", 8),
    ],
  };
}

function charts(force: Review, told: Told[], words: Words): Block[] {
  const drawn = [...chartsOf(force, told, words).values()].slice(0, 4);
  return drawn.length ? [{ kind: "charts", charts: drawn }] : [];
}

/** How far each unit is, and how its goals stand. */
function states(units: readonly Review[], told: ReadonlyMap<string, Told[]>, words: Words): Block {
  const { say } = words;
  const counted = (review: Review, pattern: RegExp): Cell => ({
    text: String(told.get(review.unit_id)!.filter(({ figure }) => pattern.test(figure.judgement ?? "")).length),
  });
  return {
    kind: "table",
    columns: [
      { title: say("review.unit"), width: 2.2 },
      { title: say("review.stateWord"), width: 1.2 },
      { title: say("report.column.reached"), width: 0.9, align: "right" },
      { title: say("report.column.uncertain"), width: 0.9, align: "right" },
      { title: say("report.column.missed"), width: 0.9, align: "right" },
      { title: say("report.column.plans"), width: 0.9, align: "right" },
      { title: say("review.openAgreements"), width: 1.1, align: "right" },
      { title: say("report.column.late"), width: 0.8, align: "right" },
    ],
    rows: units.map((review): Cell[] => {
      const open = review.agreements.filter(({ state }) => state === "open");
      const late = open.filter(({ due_on }) => due_on !== null && due_on <= review.period_end).length;
      return [
        { text: review.unit_name },
        { text: say(`review.state.${review.state}`), tone: review.state === "signed" ? "good" : "plain" },
        counted(review, /^reached$/),
        counted(review, /_uncertain$/),
        counted(review, /^missed$/),
        { text: String(review.plans.filter(({ state }) => state === "open").length) },
        { text: String(open.length) },
        late ? { text: String(late), tone: "warn" } : { text: "0" },
      ];
    }),
  };
}

/** Each target figure, with all units for which it is judged. */
function targetFigures(reviews: readonly Review[], told: ReadonlyMap<string, Told[]>, words: Words): Block[] {
  const { say } = words;
  const all = reviews.flatMap((review) =>
    told
      .get(review.unit_id)!
      .filter((each) => each.figure.goal === "streefcijfer" && isJudged(each))
      .map((each) => ({ review, each })),
  );
  const ids = [...new Set(all.map(({ each }) => each.figure.indicator_id))];
  if (ids.length === 0) return [];
  return [
    heading(1, say("report.targetFigures")),
    ...ids.flatMap((id): Block[] => {
      const its = all.filter(({ each }) => each.figure.indicator_id === id);
      return [
        heading(2, its[0]!.each.title),
        {
          kind: "table",
          columns: [
            { title: say("review.unit"), width: 2 },
            { title: say("report.column.now"), width: 0.8, align: "right" },
            { title: say("report.column.base"), width: 1.2, align: "right" },
            { title: say("report.column.target"), width: 0.7, align: "right" },
            { title: say("report.column.judgement"), width: 1.6 },
            { title: say("report.column.plan"), width: 1.8 },
          ],
          rows: its.map(({ review, each: { figure, definition } }): Cell[] => {
            const plan = review.plans.find(({ indicator_id, state }) => indicator_id === id && state === "open");
            return [
              { text: review.unit_name },
              { text: shortValue(figure, definition, words), tone: "strong" },
              { text: baseOf(figure, definition, words) ?? "", tone: "muted" },
              { text: shortTarget(figure, definition, words) },
              { text: judgementOf(figure, words), tone: toneOf(figure) },
              { text: plan ? say("review.plan.by", { year: plan.reach_year }) : "" },
            ];
          }),
        },
      ];
    }),
  ];
}

/** The plans that run, by unit. */
function plansOf(units: readonly Review[], told: ReadonlyMap<string, Told[]>, words: Words): Block[] {
  const { say } = words;
  const rows = units.flatMap((review) =>
    review.plans
      .filter(({ state }) => state === "open")
      .map((plan): Cell[] => [
        { text: review.unit_name },
        {
          text:
            told.get(review.unit_id)!.find(({ figure }) => figure.indicator_id === plan.indicator_id)?.title ??
            plan.indicator_id,
        },
        { text: plan.measures },
        { text: plan.owner },
        { text: String(plan.reach_year) },
      ]),
  );
  if (rows.length === 0) return [];
  return [
    heading(1, say("review.plans")),
    {
      kind: "table",
      columns: [
        { title: say("review.unit"), width: 1.2 },
        { title: say("report.column.goal"), width: 1.8 },
        { title: say("report.column.measures"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.2 },
        { title: say("report.column.reach"), width: 0.8 },
      ],
      rows,
    },
  ];
}
