import { readFileSync } from "node:fs";
import path from "node:path";
import { listValue } from "@duckdb/node-api";
import { formatNumber, formatPartialDate, formatPeriod, formatValue, inLanguage } from "../../web/format.ts";
import { breaksOf, keptOf, type ReviewBreak, type ReviewDefinition } from "../review/document.ts";
import { rowsWithSentences, type Row } from "../review/figures.ts";
import type { Snapshot } from "../snapshot.ts";
import { rowsOf } from "../table.ts";
import { heading, line, type Block, type Cell, type Chart, type Report } from "./blocks.ts";
import { trendChart } from "./chart.ts";
import { briefValue, judgementOf, toneOf } from "./figure-words.ts";
import { formOf, type Sheet, type SheetCell } from "./sheets.ts";
import type { Subject } from "./subjects.ts";
import type { Words } from "./words.ts";

const sql = readFileSync(path.join(import.meta.dirname, "subject.sql"), "utf8");
/** Years in a chart, and in a table. */
const years = { chart: 12, table: 5 };
const mostCharts = 6;

/** A figure that someone else published of the same measure and unit. */
interface Reference {
  indicator_id: string;
  period_start: string;
  period_end: string;
  value: number | null;
  source_title: string;
  publisher: string | null;
  source_date: string | null;
  note: string | null;
}

/** A figure of what others count: shown, never compared. */
interface Beside extends Reference {
  title_nl: string;
  title_en: string;
}

/** All that a report about a subject says of a unit in a year. */
export interface SubjectFigures {
  subject: Subject;
  unit_name: string;
  year: number;
  manifest: Snapshot["manifest"];
  definitions: (ReviewDefinition & { breakdowns: NonNullable<Breakdowns> })[];
  rows: Row[];
  breaks: ReviewBreak[];
  references: Reference[];
  beside: Beside[];
}
type Breakdowns = {
  name: string;
  title: { nl: string; en: string };
  values: Record<string, { nl: string; en: string }>;
}[];

/** What a snapshot has of a subject. */
export async function readSubject(
  snapshot: Snapshot,
  subject: Subject,
  unit: { unit_id: string; name: string },
  year: number,
): Promise<SubjectFigures> {
  const { unit_id } = unit;
  const had = subject.indicators.filter((id) => snapshot.catalogue.definitions.has(id));
  const rows = await rowsWithSentences<Row>(snapshot, sql, {
    ...{ unit: unit_id, indicators: listValue([...subject.indicators]), year, from_year: year - years.chart + 1 },
    part_indicators: listValue(subject.parts.map(([indicator]) => indicator)),
    part_breakdowns: listValue(subject.parts.map(([, breakdown]) => breakdown)),
  });
  /** Figures of a table of published ones; snapshots of before it was kept have none. */
  const published = async <Point extends Reference>(table: string, more: readonly string[] = []): Promise<Point[]> => {
    if (had.length === 0 || !snapshot.catalogue.tables.has(table)) return [];
    const points = await snapshot.query(
      `select indicator_id, period_start, period_end, "value", source_title, publisher, source_date, note${more.map((name) => `, ${name}`).join("")}
       from ${table}
       where unit_id = $unit and list_contains($indicators, indicator_id) and year(period_end) <= $year::integer
       order by period_end desc, indicator_id, source_title`,
      { unit: unit_id, indicators: listValue(had), year },
    );
    return (await rowsOf(points)) as unknown as Point[];
  };
  return {
    ...{ subject, unit_name: unit.name, year, manifest: snapshot.manifest, rows },
    references: await published<Reference>("reference_points"),
    beside: await published<Beside>("beside_points", ["title_nl", "title_en"]),
    definitions: had.map((id) => ({
      ...keptOf(snapshot, id, unit_id, null),
      breakdowns: snapshot.catalogue.definitions.get(id)!.breakdowns,
    })),
    breaks: await breaksOf(snapshot, unit_id),
  };
}

const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const sentenced = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const isShown = (row: Row): boolean => row.value !== null || row.withheld;
const totals = ({ rows }: SubjectFigures, id: string): Row[] =>
  rows.filter((row) => row.indicator_id === id && row.breakdown === null);
const yearOf = ({ period_end }: { period_end: string }): number => Number(period_end.slice(0, 4));

/** A report about one subject: what the year says in words, charts, figures by year, their parts, what others published. */
export function subjectReport(figures: SubjectFigures, words: Words): Report {
  const { subject, unit_name, year, manifest, definitions } = figures;
  const { say, language } = words;
  const title = `${say(`report.subject.${subject.name}`)} ${unit_name}`;
  const told = definitions.filter(({ indicator_id }) => totals(figures, indicator_id).some(isShown));
  return {
    title,
    subtitle: [String(year), say("report.fromTo", { from: year - years.table + 1, to: year })].join(" · "),
    language,
    at: manifest.published_at,
    author: say("report.author"),
    description: `${title}, ${year}`,
    keywords: [subject.name, String(year), manifest.snapshot],
    mark: null,
    demo: manifest.demo ? say("app.demo") : null,
    footer: `${title}, ${year} · ${say("report.snapshot", { snapshot: manifest.snapshot })}`,
    blocks:
      told.length === 0
        ? [line(say("report.subjectNothing", { year }), "muted")]
        : [
            heading(1, say("report.summary")),
            {
              kind: "list",
              ordered: false,
              items: told.flatMap(({ indicator_id, title }) => {
                const row = totals(figures, indicator_id).find((each) => yearOf(each) === year);
                if (!row || row.judgement === "no_data") return [];
                const sentence = language === "nl" ? row.sentence_nl : row.sentence_en;
                // One that says why there is no figure does not say of what.
                return [
                  [line(row.value === null ? `${inLanguage(title, language)}: ${uncapital(sentence)}` : sentence)],
                ];
              }),
            },
            ...charts(figures, told, words),
            heading(1, say("report.byYear")),
            yearTable(
              figures,
              told.map((definition) => ({
                title: inLanguage(definition.title, language),
                definition,
                rows: totals(figures, definition.indicator_id),
              })),
              words,
            ),
            line(say("report.signs"), "muted", 8),
            ...parts(figures, words),
            ...references(figures, words),
            ...beside(figures, words),
            ...caveats(told, words),
          ],
  };
}

function charts(figures: SubjectFigures, told: readonly ReviewDefinition[], words: Words): Block[] {
  const drawn: Chart[] = [];
  for (const definition of told) {
    if (drawn.length === mostCharts) break;
    const rows = totals(figures, definition.indicator_id);
    const svg = trendChart(rows, definition, figures.breaks, words);
    const title = inLanguage(definition.title, words.language);
    const last = rows.findLast(({ value }) => value !== null);
    if (svg)
      drawn.push({ title, svg, alt: `${title}. ${words.language === "nl" ? last!.sentence_nl : last!.sentence_en}` });
  }
  return drawn.length ? [{ kind: "charts", charts: drawn }] : [];
}

interface Line {
  title: string;
  definition: ReviewDefinition;
  rows: readonly Row[];
}

const tableYears = ({ year }: SubjectFigures): number[] =>
  Array.from({ length: years.table }, (_, index) => year - years.table + 1 + index);

/** Lines with a value for each of the last years, and how the last is judged. */
function yearTable(figures: SubjectFigures, lines: readonly Line[], words: Words): Block {
  const { say } = words;
  const shown = tableYears(figures);
  const isJudged = lines.some(({ rows }) => rows.some(({ target }) => target !== null));
  return {
    kind: "table",
    columns: [
      { title: say("report.column.figure"), width: 3 },
      ...shown.map((year) => ({ title: String(year), width: 0.9, align: "right" as const })),
      ...(isJudged ? [{ title: say("report.column.judgement"), width: 1.4 }] : []),
    ],
    rows: lines.map(({ title, definition, rows }): Cell[] => {
      const at = (year: number) => rows.find((row) => yearOf(row) === year) ?? null;
      const last = at(figures.year);
      return [
        { text: title },
        ...shown.map((year): Cell => ({ text: briefValue(at(year), definition, words) })),
        ...(isJudged
          ? [{ text: last ? judgementOf(last, words) : "", tone: last ? toneOf(last) : "plain" } as Cell]
          : []),
      ];
    }),
  };
}

/** The lines of a breakdown: a part of the figure each. */
function partLines(figures: SubjectFigures, indicator: string, breakdown: string, { language }: Words): Line[] {
  const definition = figures.definitions.find((each) => each.indicator_id === indicator);
  if (!definition) return [];
  const its = figures.rows.filter((row) => row.indicator_id === indicator && row.breakdown === breakdown);
  const names = definition.breakdowns.find(({ name }) => name === breakdown)?.values ?? {};
  return [...new Set(its.filter(isShown).map(({ breakdown_value }) => breakdown_value!))].map((value) => ({
    title: inLanguage(names[value] ?? value, language),
    definition,
    rows: its.filter(({ breakdown_value }) => breakdown_value === value),
  }));
}

/** A heading for each breakdown: "Klachten, naar aspect". */
function partTitle(figures: SubjectFigures, indicator: string, breakdown: string, { say, language }: Words): string {
  const definition = figures.definitions.find((each) => each.indicator_id === indicator)!;
  const by = definition.breakdowns.find(({ name }) => name === breakdown);
  return say("report.by", {
    title: inLanguage(definition.title, language),
    by: inLanguage(by?.title ?? breakdown, language).toLowerCase(),
  });
}

function parts(figures: SubjectFigures, words: Words): Block[] {
  return figures.subject.parts.flatMap(([indicator, breakdown]): Block[] => {
    const lines = partLines(figures, indicator, breakdown, words);
    if (lines.length === 0) return [];
    return [heading(1, partTitle(figures, indicator, breakdown, words)), yearTable(figures, lines, words)];
  });
}

/** What others published of the same, beside our own figure of that period. */
function references(figures: SubjectFigures, words: Words): Block[] {
  const { say, language } = words;
  if (figures.references.length === 0) return [];
  return [
    heading(1, say("report.published")),
    {
      kind: "table",
      columns: [
        { title: say("report.column.figure"), width: 2 },
        { title: say("table.period"), width: 1 },
        { title: say("report.column.theirs"), width: 0.8, align: "right" },
        { title: say("report.column.ours"), width: 0.8, align: "right" },
        { title: say("report.column.source"), width: 3.2 },
      ],
      rows: figures.references.map((each): Cell[] => {
        const definition = figures.definitions.find(({ indicator_id }) => indicator_id === each.indicator_id)!;
        const own = totals(figures, each.indicator_id).find(({ period_end }) => period_end === each.period_end) ?? null;
        return [
          { text: inLanguage(definition.title, language) },
          { text: formatPeriod({ ...each, grain: "year" }, language) },
          { text: each.value === null ? "–" : formatValue(each.value, definition, language) },
          { text: briefValue(own, definition, words) },
          { text: sourceOf(each, words) },
        ];
      }),
    },
  ];
}

/** Who published a figure, where, when, and what is to be known of it. */
const sourceOf = ({ publisher, source_title, source_date, note }: Reference, { language }: Words): string =>
  [
    [publisher, source_title].filter(Boolean).join(": "),
    source_date ? formatPartialDate(source_date, language) : "",
    note ?? "",
  ]
    .filter(Boolean)
    .join("; ");

const besideTitle = ({ title_nl, title_en }: Beside, { language }: Words): string =>
  language === "nl" ? title_nl : title_en;

/** What others count of the same: no number of ours stands beside it. */
function beside(figures: SubjectFigures, words: Words): Block[] {
  const { say, language } = words;
  if (figures.beside.length === 0) return [];
  return [
    heading(1, say("report.beside")),
    line(say("report.besideHelp"), "muted"),
    {
      kind: "table",
      columns: [
        { title: say("report.column.figure"), width: 3 },
        { title: say("table.period"), width: 1 },
        { title: say("report.column.theirs"), width: 0.8, align: "right" },
        { title: say("report.column.source"), width: 3.2 },
      ],
      rows: figures.beside.map((each): Cell[] => [
        { text: besideTitle(each, words) },
        { text: formatPeriod({ ...each, grain: "year" }, language) },
        { text: formatNumber(each.value!, language) },
        { text: sourceOf(each, words) },
      ]),
    },
  ];
}

function caveats(told: readonly ReviewDefinition[], { say, language }: Words): Block[] {
  return [
    heading(1, say("report.howToRead")),
    {
      kind: "facts",
      rows: told.map((definition) => ({
        label: inLanguage(definition.title, language),
        text: [
          [definition.numerator, definition.denominator]
            .filter(Boolean)
            .map((each) => inLanguage(each, language))
            .join(` ${say("report.over")} `),
          definition.caveats ? inLanguage(definition.caveats, language) : "",
          definition.source.join("; "),
        ]
          .filter(Boolean)
          .map(sentenced)
          .join(" "),
      })),
    },
  ];
}

/** The same as sheets: figures by year, parts, what others published, definitions. */
export function subjectSheets(figures: SubjectFigures, words: Words): Sheet[] {
  const { say, language } = words;
  const title = `${say(`report.subject.${figures.subject.name}`)} ${figures.unit_name}, ${figures.year}`;
  const shown = [...new Set(figures.rows.map(yearOf))].sort();
  const sheet = (name: string, lines: readonly Line[]): Sheet => ({
    name,
    head: [title, ...(figures.manifest.demo ? [say("app.demo")] : [])],
    columns: [
      { title: say("report.column.figure"), width: 48 },
      ...shown.map((year) => ({ title: String(year), width: 12 })),
    ],
    rows: lines.map(({ title: name, definition, rows }): SheetCell[] => [
      name,
      ...shown.map((year): SheetCell => {
        const row = rows.find((each) => yearOf(each) === year) ?? null;
        if (row && row.value !== null) return { number: row.value, form: formOf(definition) };
        return row ? briefValue(row, definition, words) : null;
      }),
    ]),
  });
  const named = figures.definitions.map((definition) => ({
    title: inLanguage(definition.title, language),
    definition,
    rows: totals(figures, definition.indicator_id),
  }));
  return [
    sheet(say("report.sheet.figures"), named),
    sheet(
      say("report.sheet.parts"),
      figures.subject.parts.flatMap(([indicator, breakdown]) =>
        partLines(figures, indicator, breakdown, words).map((each) => ({
          ...each,
          title: `${partTitle(figures, indicator, breakdown, words)}: ${each.title}`,
        })),
      ),
    ),
    {
      name: say("report.sheet.published"),
      columns: [
        { title: say("report.column.figure"), width: 44 },
        { title: say("table.period"), width: 14 },
        { title: say("report.column.theirs"), width: 12 },
        { title: say("report.column.source"), width: 80 },
        { title: say("report.column.remarks"), width: 60 },
      ],
      rows: [
        ...figures.references.map((each) => {
          const definition = figures.definitions.find(({ indicator_id }) => indicator_id === each.indicator_id)!;
          return { each, title: inLanguage(definition.title, language), form: formOf(definition) };
        }),
        ...figures.beside.map((each) => ({
          each,
          title: besideTitle(each, words),
          form: formOf({ kind: "count", decimals: 0 }),
        })),
      ].map(({ each, title, form }): SheetCell[] => [
        title,
        formatPeriod({ ...each, grain: "year" }, language),
        { number: each.value, form },
        [each.publisher, each.source_title].filter(Boolean).join(": "),
        each.note,
      ]),
    },
    {
      name: say("report.sheet.definitions"),
      columns: [
        { title: say("report.column.figure"), width: 44 },
        { title: say("table.numerator"), width: 44 },
        { title: say("table.denominator"), width: 44 },
        { title: say("report.column.caveats"), width: 60 },
        { title: say("report.column.source"), width: 40 },
        { title: say("report.column.id"), width: 28 },
      ],
      rows: figures.definitions.map((each): SheetCell[] => [
        inLanguage(each.title, language),
        inLanguage(each.numerator, language),
        each.denominator ? inLanguage(each.denominator, language) : "",
        each.caveats ? inLanguage(each.caveats, language) : "",
        each.source.join("; "),
        each.indicator_id,
      ]),
    },
  ];
}
