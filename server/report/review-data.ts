import { formatDate, formatPeriod, formatValue, inLanguage } from "../../web/format.ts";
import type { Restated } from "../review/figures.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell } from "./blocks.ts";
import type { Told } from "./told.ts";
import type { Words } from "./words.ts";

export function restatements(review: Review, words: Words): Block[] {
  const { say } = words;
  const parts = [
    { title: say("review.restated"), rows: review.restated },
    { title: say("review.restatedSince"), rows: review.restated_since },
  ].filter(({ rows }) => rows.length > 0);
  if (parts.length === 0) return [];
  return [
    heading(1, say("report.restatements")),
    ...parts.flatMap(({ title, rows }) => restatedTable(title, rows, review, words)),
  ];
}

/** Rows of restatements that a report shows; all of them are on the page and in the workbook. */
const mostRestated = 30;

function restatedTable(title: string, rows: readonly Restated[], review: Review, words: Words): Block[] {
  const { say, count, language } = words;
  const definitions = new Map(review.definitions.map((each) => [each.indicator_id, each]));
  const value = (indicator: string, number: number | null) => {
    const definition = definitions.get(indicator);
    if (number === null || !definition) return say("report.noData");
    return formatValue(number, definition, language);
  };
  return [
    heading(2, title),
    {
      kind: "table",
      columns: [
        { title: say("report.column.figure"), width: 3 },
        { title: say("table.period"), width: 1.3 },
        { title: say("report.column.old"), width: 1, align: "right" },
        { title: say("report.column.new"), width: 1, align: "right" },
      ],
      rows: rows
        .slice(0, mostRestated)
        .map((each): Cell[] => [
          { text: inLanguage(definitions.get(each.indicator_id)?.title ?? each.indicator_id, language) },
          { text: formatPeriod(each as never, language, "short") },
          { text: value(each.indicator_id, each.old_value) },
          { text: value(each.indicator_id, each.new_value) },
        ]),
    },
    ...(rows.length > mostRestated ? [line(count("report.more", rows.length - mostRestated), "muted", 9)] : []),
  ];
}

/** What a reader must know of the data: feeds that lack something, and figures that are not shown or not complete. */
export function quality(review: Review, told: readonly Told[], words: Words): Block[] {
  const { say, count, language } = words;
  const lacking = review.feeds.filter(
    ({ cadence, covered_to }) => cadence !== "none" && (covered_to === null || covered_to < review.period_end),
  );
  const withheld = told.filter(({ figure }) => figure.withheld).length;
  const open = told.filter(({ figure }) => !figure.complete && !figure.withheld).length;
  const items = [
    ...(review.release ? [] : [say("report.notReleasedYet")]),
    ...(withheld ? [count("report.withheldCount", withheld)] : []),
    ...(open ? [count("report.provisionalCount", open)] : []),
    ...lacking.map((feed) =>
      say(feed.covered_to ? "report.feedTo" : "report.feedNothing", {
        feed: language === "nl" ? feed.title_nl : feed.title_en,
        date: feed.covered_to ? formatDate(feed.covered_to, language) : "",
      }),
    ),
  ];
  return [
    heading(1, say("report.quality")),
    items.length
      ? { kind: "list", ordered: false, items: items.map((text) => [line(text, "plain", 9)]) }
      : line(say("report.qualityFine"), "plain", 9),
  ];
}

/** What each figure counts, and where it comes from. */
export function definitions(told: readonly Told[], words: Words): Block[] {
  const { say, language } = words;
  return [
    heading(1, say("report.definitions")),
    {
      kind: "table",
      size: 7,
      columns: [
        { title: say("report.column.figure"), width: 2 },
        { title: say("report.column.counts"), width: 3 },
        { title: say("report.column.source"), width: 1.5 },
      ],
      rows: told.map(({ definition, title }): Cell[] => [
        { text: title },
        {
          text: [definition.numerator, definition.denominator]
            .filter(Boolean)
            .map((each) => inLanguage(each, language))
            .join(` ${say("report.over")} `),
        },
        { text: `${definition.source.join("; ")} · ${say("report.version", { version: definition.version })}` },
      ]),
    },
  ];
}
