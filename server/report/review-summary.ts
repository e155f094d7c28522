import { formatDate } from "../../web/format.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell } from "./blocks.ts";
import { baseOf, briefValue, judgementOf, remarksOf, shortTarget, shortValue, toneOf } from "./figure-words.ts";
import { markdownBlocks } from "./markdown.ts";
import { type Told, judgedOf, goalsLine } from "./told.ts";
import type { Words } from "./words.ts";

export function summary(review: Review, told: Told[], words: Words): Block[] {
  const { say } = words;
  const judged = judgedOf(told);
  const overall = review.texts.find(({ indicator_id }) => indicator_id === null)?.text.trim();
  return [
    heading(1, say("report.summary")),
    line(goalsLine(told, words), "strong"),
    ...(judged.length
      ? [
          {
            kind: "table",
            columns: [
              { title: say("report.column.goal"), width: 3.2 },
              { title: say("report.column.now"), width: 1, align: "right" },
              { title: say("report.column.base"), width: 1.2, align: "right" },
              { title: say("report.column.target"), width: 0.8, align: "right" },
              { title: say("report.column.judgement"), width: 1.5 },
              { title: say("report.column.previous"), width: 1, align: "right" },
            ],
            rows: judged.map(({ figure, definition, title }): Cell[] => [
              { text: title },
              { text: shortValue(figure, definition, words), tone: "strong" },
              { text: baseOf(figure, definition, words) ?? "", tone: "muted" },
              { text: shortTarget(figure, definition, words) },
              {
                text: [judgementOf(figure, words), ...remarksOf(figure, "half", words)].join("\n"),
                tone: toneOf(figure),
              },
              { text: briefValue(figure.previous, definition, words), tone: "muted" },
            ]),
          } satisfies Block,
        ]
      : []),
    ...owed(review, words),
    ...(overall
      ? [{ kind: "said", label: say("review.overall"), blocks: markdownBlocks(overall) } satisfies Block]
      : []),
    ...(review.release?.note ? [line(`${say("review.note")} ${review.release.note}`, "muted", 9)] : []),
  ];
}

/** What still has to be done: what the review lacks, and agreements whose day has passed. */
function owed(review: Review, words: Words): Block[] {
  const { say, count } = words;
  const open = review.agreements.filter(({ state }) => state === "open");
  const late = open.filter(({ due_on }) => due_on !== null && due_on <= review.period_end);
  const missingPlans = review.missing.filter(({ need }) => need === "plan").length;
  const comments = review.missing.filter(({ need }) => need === "comment").length;
  const items = [
    ...review.missing
      .filter(({ need }) => need === "release" || need === "overall")
      .map(({ need }) => say(`review.need.${need}`)),
    ...(comments ? [count("review.comments", comments)] : []),
    ...(missingPlans ? [count("review.plansMissing", missingPlans)] : []),
    ...(open.length ? [count("report.openAgreements", open.length)] : []),
    ...late.map((each) =>
      say("report.lateAgreement", { text: each.text, date: formatDate(each.due_on!, words.language) }),
    ),
  ];
  if (items.length === 0) return [];
  return [heading(2, say("report.owed")), { kind: "list", ordered: false, items: items.map((text) => [line(text)]) }];
}
