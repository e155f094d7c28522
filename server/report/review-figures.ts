import { isMissed, type ReviewFigure, type Row } from "../review/figures.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell, type Chart } from "./blocks.ts";
import { sparkline, trendChart } from "./chart.ts";
import { baseOf, briefValue, judgementOf, remarksOf, shortTarget, shortValue, toneOf } from "./figure-words.ts";
import { markdownBlocks } from "./markdown.ts";
import { type Told, isJudged, judgedOf } from "./told.ts";
import type { Words } from "./words.ts";

/** A report has so many charts at most; other figures have their course as a line in the table. */
const mostCharts = 8;

/** The charts, by indicator: of figures with a verdict first, the missed ones before others. */
export function chartsOf(review: Review, told: Told[], words: Words): Map<string, Chart> {
  const judged = judgedOf(told);
  const unusual = ({ figure }: Told) => (figure.variation ?? "common") !== "common";
  const others = told.filter((each) => !isJudged(each) && figureHasNews(each));
  const candidates = [...judged, ...others.filter(unusual), ...others.filter((each) => !unusual(each))];
  const charts = new Map<string, Chart>();
  for (const { figure, definition, title } of candidates) {
    if (charts.size === mostCharts) break;
    const rows = figure.course.map((point) => ({ ...withoutCourse(figure), ...point }));
    const svg = trendChart(rows, definition, review.breaks, words);
    if (!svg) continue;
    const sentence = words.language === "nl" ? figure.sentence_nl : figure.sentence_en;
    charts.set(figure.indicator_id, { title, svg, alt: `${title}. ${sentence}`, text: sentence });
  }
  return charts;
}

function withoutCourse(figure: ReviewFigure): Row {
  const row: Partial<ReviewFigure> = { ...figure };
  for (const name of ["course", "previous", "year_before"] as const) delete row[name];
  return row as Row;
}

const figureHasNews = ({ figure }: Told): boolean => figure.value !== null && figure.target !== null;

export function section(
  focus: string,
  review: Review,
  told: Told[],
  charts: ReadonlyMap<string, Chart>,
  words: Words,
): Block[] {
  const { say } = words;
  if (told.length === 0) return [];
  const drawn = told.flatMap(({ figure }) => charts.get(figure.indicator_id) ?? []);
  return [
    heading(1, say(`focus.${focus}`)),
    ...(drawn.length ? [{ kind: "charts", charts: drawn } satisfies Block] : []),
    figureTable(told, words),
    line(say("report.signs"), "muted", 8),
    ...comments(review, told, words),
  ];
}

export function figureTable(told: readonly Told[], words: Words): Block {
  const { say } = words;
  return {
    kind: "table",
    columns: [
      { title: say("report.column.figure"), width: 3 },
      { title: say("report.column.course"), width: 0 },
      { title: say("report.column.now"), width: 1.45, align: "right" },
      { title: say("report.column.previous"), width: 0.9, align: "right" },
      { title: say("report.column.yearBefore"), width: 0.9, align: "right" },
      { title: say("report.column.target"), width: 0.75, align: "right" },
      { title: say("report.column.judgement"), width: 1.35 },
    ],
    rows: told.map(({ figure, definition, title }): Cell[] => {
      const course = sparkline(figure.course.map(({ value }) => value));
      return [
        { text: title },
        course ? { spark: course } : { text: "" },
        { text: [shortValue(figure, definition, words), baseOf(figure, definition, words)].filter(Boolean).join("\n") },
        { text: briefValue(figure.previous, definition, words), tone: "muted" },
        { text: briefValue(figure.year_before, definition, words), tone: "muted" },
        { text: shortTarget(figure, definition, words) },
        {
          text: [judgementOf(figure, words), ...remarksOf(figure, "half", words)].filter(Boolean).join("\n"),
          tone: toneOf(figure),
        },
      ];
    }),
  };
}

/** What was written of figures, and of which missed targets nothing was. */
function comments(review: Review, told: readonly Told[], { say }: Words): Block[] {
  const texts = new Map(review.texts.map(({ indicator_id, text }) => [indicator_id, text.trim()]));
  const silent = told.filter(({ figure }) => isMissed(figure) && !texts.get(figure.indicator_id));
  return [
    ...told.flatMap(({ figure, title }): Block[] => {
      const text = texts.get(figure.indicator_id);
      return text ? [{ kind: "said", label: say("report.on", { title }), blocks: markdownBlocks(text) }] : [];
    }),
    ...(silent.length
      ? [line(say("report.nothingSaid", { titles: silent.map(({ title }) => title).join("; ") }), "muted", 9)]
      : []),
  ];
}
