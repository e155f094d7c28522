import { formatPeriod } from "../../web/format.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Report } from "./blocks.ts";
import { dayOf } from "./moment.ts";
import { restatements, quality, definitions } from "./review-data.ts";
import { plans, agreements, actions } from "./review-deeds.ts";
import { chartsOf, section } from "./review-figures.ts";
import { summary } from "./review-summary.ts";
import { focusPoints, toldOf, stateLine } from "./told.ts";
import type { Words } from "./words.ts";

/** The half-yearly review of a unit as a document: a summary, agreements, the figures by focus point, what they are made of. */
export function reviewReport(review: Review, words: Words): Report {
  const { say, language } = words;
  const told = toldOf(review, words);
  const period = formatPeriod({ ...review, grain: "half" }, language);
  const last = review.steps.at(-1);
  const signed = review.state === "signed";
  const charts = chartsOf(review, told, words);
  const title = say("review.of", { unit: review.unit_name });
  return {
    title,
    subtitle: [period, stateLine(review, words)].join(" · "),
    language,
    at: signed ? last!.at : review.published_at,
    author: say("report.author"),
    description: `${title}, ${period}`,
    keywords: [review.unit_id, review.half, review.hash],
    mark: signed ? null : say("report.mark.concept"),
    demo: review.demo ? say("app.demo") : null,
    footer: `${title}, ${period} · ${say("report.snapshot", { snapshot: review.snapshot })}`,
    blocks: [
      ...summary(review, told, words),
      { kind: "contents", title: say("report.contents"), depth: 1 },
      { kind: "break" },
      ...plans(review, told, words),
      ...agreements(review.agreements, review.period_end, words),
      ...actions(review, words),
      ...focusPoints.flatMap((focus) =>
        section(
          focus,
          review,
          told.filter(({ figure }) => figure.focus === focus),
          charts,
          words,
        ),
      ),
      ...restatements(review, words),
      ...quality(review, told, words),
      ...definitions(told, words),
      ...seal(review, words),
    ],
  };
}

function seal(review: Review, words: Words): Block[] {
  const { say } = words;
  const blocks: Block[] = [
    heading(1, say("report.seal")),
    {
      kind: "facts",
      rows: [
        { label: say("report.state"), text: stateLine(review, words) },
        ...review.steps.map(({ state, at, by, reason }) => ({
          label: say(`review.state.${state}`),
          text: [dayOf(at, words), by, reason].filter(Boolean).join(" · "),
        })),
        { label: say("report.figuresOf"), text: `${dayOf(review.published_at, words)} (${review.snapshot})` },
        {
          label: say("review.hash"),
          text: say(review.state === "signed" ? "report.hashSigned" : "report.hashConcept"),
        },
      ],
    },
    { kind: "hash", text: review.hash },
    line(say("report.verify"), "muted", 8.5),
  ];
  return [{ kind: "together", blocks }];
}
