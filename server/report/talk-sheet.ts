import { formatDate, formatPeriod } from "../../web/format.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell, type Report } from "./blocks.ts";
import { briefValue, judgementOf, shortTarget, shortValue, toneOf } from "./figure-words.ts";
import { goalsLine, judgedOf, stateLine, toldOf } from "./told.ts";
import type { Words } from "./words.ts";

/** So much has room on one page. */
const most = { plans: 4, figures: 10, characters: 160 };

/** One page for the management talk about a unit: its plan, its figures, three questions with room to write. */
export function talkSheet(review: Review, words: Words): Report {
  const { say, language } = words;
  const told = toldOf(review, words);
  const judged = judgedOf(told);
  const period = formatPeriod({ ...review, grain: "half" }, language);
  const title = say("report.talk", { unit: review.unit_name });
  const titles = new Map(told.map((each) => [each.figure.indicator_id, each.title]));
  const open = review.plans.filter(({ state }) => state === "open");
  const owed = review.agreements.filter(({ state }) => state === "open");
  const first =
    judged.find(({ figure }) => figure.judgement === "missed" && figure.goal === "streefcijfer") ??
    judged.find(({ figure }) => figure.judgement === "missed");
  return {
    title,
    subtitle: [period, stateLine(review, words)].join(" · "),
    language,
    at: review.steps.at(-1)?.at ?? review.published_at,
    author: say("report.author"),
    description: `${title}, ${period}`,
    keywords: [review.unit_id, review.half],
    mark: review.state === "signed" ? null : say("report.mark.concept"),
    demo: review.demo ? say("app.demo") : null,
    footer: `${title}, ${period} · ${say("report.snapshot", { snapshot: review.snapshot })}`,
    blocks: [
      heading(1, say("review.plans")),
      ...(open.length
        ? [
            {
              kind: "list",
              ordered: false,
              items: open
                .slice(0, most.plans)
                .map((plan) => [
                  line(
                    `${titles.get(plan.indicator_id) ?? plan.indicator_id}: ${short(plan.measures)} (${plan.owner}; ${say("review.plan.by", { year: plan.reach_year })})`,
                    "plain",
                    9,
                  ),
                ]),
            } satisfies Block,
          ]
        : [line(say("review.noPlans"), "muted", 9)]),
      ...owed.slice(0, most.plans).map((each) =>
        line(
          say("report.talkAgreement", {
            text: short(each.text),
            owner: each.owner,
            due: each.due_on ? formatDate(each.due_on, language, "short") : say("review.agreement.noDue"),
          }),
          each.due_on !== null && each.due_on <= review.period_end ? "warn" : "plain",
          9,
        ),
      ),
      heading(1, say("report.talkFigures")),
      line(goalsLine(told, words), "strong"),
      {
        kind: "table",
        columns: [
          { title: say("report.column.goal"), width: 3.2 },
          { title: say("report.column.now"), width: 1, align: "right" },
          { title: say("report.column.previous"), width: 1, align: "right" },
          { title: say("report.column.target"), width: 0.8, align: "right" },
          { title: say("report.column.judgement"), width: 1.6 },
        ],
        rows: judged
          .slice(0, most.figures)
          .map(({ figure, definition, title: name }): Cell[] => [
            { text: name },
            { text: shortValue(figure, definition, words), tone: "strong" },
            { text: briefValue(figure.previous, definition, words), tone: "muted" },
            { text: shortTarget(figure, definition, words) },
            { text: judgementOf(figure, words), tone: toneOf(figure) },
          ]),
      },
      heading(1, say("report.questions")),
      ...[
        say(open.length ? "report.question.plan" : "report.question.noPlan"),
        first ? say("report.question.goal", { title: first.title }) : say("report.question.kept"),
        say("report.question.next"),
      ].flatMap((question): Block[] => [line(question, "strong"), { kind: "lines", count: 3 }]),
    ],
  };
}

const short = (text: string): string => {
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length <= most.characters ? plain : `${plain.slice(0, most.characters - 2).trimEnd()} …`;
};
