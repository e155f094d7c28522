import { formatDate, formatNumber, formatPeriod, formatValue, inLanguage } from "../../web/format.ts";
import type { Agreement } from "../review/agreements.ts";
import type { ReviewDefinition } from "../review/document.ts";
import { isMissed, type Restated, type ReviewFigure, type Row } from "../review/figures.ts";
import type { Review } from "../review/review.ts";
import { heading, line, type Block, type Cell, type Chart, type Report } from "./blocks.ts";
import { sparkline, trendChart } from "./chart.ts";
import { baseOf, briefValue, judgementOf, remarksOf, shortTarget, shortValue, toneOf } from "./figure-words.ts";
import { markdownBlocks } from "./markdown.ts";
import { dayOf } from "./moment.ts";
import type { Words } from "./words.ts";

/** A report has so many charts at most; other figures have their course as a line in the table. */
const mostCharts = 8;
export const focusPoints = ["composition", "connection", "discrimination", "inclusion"] as const;

/** What a review says of a figure, with all that is needed to say it. */
export interface Told {
  figure: ReviewFigure;
  definition: ReviewDefinition;
  title: string;
}

/** The figures of a review that have something to say. */
export function toldOf(review: Review, { language }: Words): Told[] {
  const definitions = new Map(review.definitions.map((each) => [each.indicator_id, each]));
  return review.figures
    .filter((figure) => figure.judgement !== "no_data" || figure.withheld)
    .map((figure) => {
      const definition = definitions.get(figure.indicator_id)!;
      return { figure, definition, title: inLanguage(definition.title, language) };
    });
}

export const isJudged = ({ figure }: Told): boolean => /^(missed|reached)/.test(figure.judgement ?? "");

const byUrgency = ["missed", "missed_uncertain", "reached_uncertain", "reached"];

/** Figures with a verdict, the missed ones first. */
export const judgedOf = (told: readonly Told[]): Told[] =>
  told.filter(isJudged).sort((a, b) => byUrgency.indexOf(a.figure.judgement!) - byUrgency.indexOf(b.figure.judgement!));

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

/** Whether it is a concept, and whether its figures are released. */
export function stateLine(review: Review, words: Words): string {
  const { say } = words;
  const last = review.steps.at(-1);
  const state = last
    ? say("report.stateSince", { state: say(`review.state.${last.state}`), date: dayOf(last.at, words) })
    : say("report.mark.concept");
  return review.release ? state : `${state} · ${say("report.notReleased")}`;
}

/** "Van 9 doelen zijn er 4 gehaald, …" */
export function goalsLine(told: readonly Told[], { say, count }: Words): string {
  const judged = told.filter(isJudged);
  if (judged.length === 0) return say("report.noGoals");
  const parts = [...byUrgency]
    .reverse()
    .map((judgement) => [judgement, judged.filter(({ figure }) => figure.judgement === judgement).length] as const)
    .filter(([, number]) => number > 0)
    .map(([judgement, number]) => `${number} ${say(`judgement.${judgement}`)}`);
  return `${count("report.goals", judged.length)}: ${parts.join("; ")}.`;
}

function summary(review: Review, told: Told[], words: Words): Block[] {
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

function plans(review: Review, told: readonly Told[], words: Words): Block[] {
  const { say } = words;
  const title = heading(1, say("review.plans"));
  if (review.plans.length === 0) return [title, line(say("review.noPlans"), "muted")];
  const titles = new Map(told.map((each) => [each.figure.indicator_id, each.title]));
  const year = Number(review.half.slice(0, 4));
  return [
    title,
    {
      kind: "table",
      columns: [
        { title: say("report.column.goal"), width: 2 },
        { title: say("report.column.measures"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.3 },
        { title: say("report.column.reach"), width: 0.8 },
        { title: say("report.column.state"), width: 1 },
        { title: say("review.agreement.result"), width: 1.6 },
      ],
      rows: review.plans.map((each): Cell[] => [
        { text: titles.get(each.indicator_id) ?? each.indicator_id, tone: "strong" },
        { text: `${each.measures}\n${say("review.agreement.madeIn", { period: each.made_in })}` },
        { text: each.owner },
        { text: String(each.reach_year) },
        each.state === "open" && each.reach_year < year
          ? { text: say("report.late"), tone: "warn" }
          : { text: say(`review.agreement.${each.state}`) },
        { text: each.result },
      ]),
    },
  ];
}

function agreements(all: readonly Agreement[], end: string, words: Words): Block[] {
  const { say, language } = words;
  const title = heading(1, say("review.agreements"));
  if (all.length === 0) return [title, line(say("review.noAgreements"), "muted")];
  return [
    title,
    {
      kind: "table",
      columns: [
        { title: say("review.agreement.text"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.3 },
        { title: say("review.agreement.due"), width: 1.1 },
        { title: say("review.agreement.state"), width: 1.2 },
        { title: say("review.agreement.result"), width: 2 },
      ],
      rows: all.map((each): Cell[] => [
        { text: `${each.text}\n${say("review.agreement.madeIn", { period: each.made_in })}` },
        { text: each.owner },
        { text: each.due_on ? formatDate(each.due_on, language, "short") : say("review.agreement.noDue") },
        each.state === "open" && each.due_on !== null && each.due_on <= end
          ? { text: say("report.late"), tone: "warn" }
          : { text: say(`review.agreement.${each.state}`) },
        { text: each.result },
      ]),
    },
  ];
}

/** So many actions stand in a report; all of them are on the page and in the workbook. Those that are late come first. */
const mostActions = 20;

/** The unit's actions of the year, with their money and the totals of all. */
function actions(review: Review, words: Words): Block[] {
  const { say, count, language } = words;
  const title = heading(1, say("report.actions", { year: review.half.slice(0, 4) }));
  const all = review.actions ?? [];
  if (all.length === 0) return [title, line(say("report.noActions"), "muted")];
  const money = (amount: number | null) => (amount === null ? "" : formatNumber(amount, language));
  const total = (name: "budget" | "spent" | "forecast") =>
    all.some((each) => each[name] !== null) ? money(all.reduce((sum, each) => sum + (each[name] ?? 0), 0)) : "";
  const shown = [...all.filter(({ late }) => late), ...all.filter(({ late }) => !late)].slice(0, mostActions);
  return [
    title,
    {
      kind: "table",
      size: 8,
      columns: [
        { title: say("report.column.number"), width: 0 },
        { title: say("report.column.action"), width: 3 },
        { title: say("review.agreement.owner"), width: 1.5 },
        { title: say("review.agreement.due"), width: 1.1 },
        { title: say("report.column.state"), width: 1.1 },
        { title: say("report.column.budget"), width: 0.9, align: "right" },
        { title: say("report.column.spent"), width: 0.9, align: "right" },
        { title: say("report.column.forecast"), width: 0.9, align: "right" },
      ],
      rows: [
        ...shown.map((each): Cell[] => [
          { text: each.number ?? "" },
          { text: each.title },
          { text: each.owner ?? "" },
          { text: each.due_on ? formatDate(each.due_on, language, "short") : "" },
          each.late
            ? { text: `${say(`review.action.status.${each.status}`)}, ${say("report.late")}`, tone: "warn" }
            : { text: say(`review.action.status.${each.status}`) },
          { text: money(each.budget) },
          { text: money(each.spent) },
          { text: money(each.forecast) },
        ]),
        [
          { text: "" },
          { text: count("report.actionsTotal", all.length), tone: "strong" },
          ...[{ text: "" }, { text: "" }, { text: "" }],
          ...(["budget", "spent", "forecast"] as const).map((name): Cell => ({ text: total(name), tone: "strong" })),
        ],
      ],
    },
    ...(all.length > shown.length ? [line(count("report.moreActions", all.length - shown.length), "muted", 9)] : []),
  ];
}

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

function section(
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

function restatements(review: Review, words: Words): Block[] {
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
function quality(review: Review, told: readonly Told[], words: Words): Block[] {
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
function definitions(told: readonly Told[], words: Words): Block[] {
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
