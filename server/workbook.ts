import writeXlsx from "write-excel-file/node";
import type { Locale } from "./format.ts";
import { sheetText } from "./sheet-text.ts";
import { isoDay, isoTime, isValid, type Batch, type Column, type Field } from "./table.ts";

/** How the values of an indicator are written. */
export interface Measure {
  share: boolean;
  decimals: number;
}

/** A line of the second sheet; a heading stands alone. */
export interface AboutRow {
  cells: string[];
  heading: boolean;
}

/** All that a workbook is made of; it can go to another thread. */
export interface WorkbookJob {
  fields: Field[];
  batches: Batch[];
  /** What the columns are called. */
  heads: string[];
  /** By indicator_id: how its values are written. */
  measures: Record<string, Measure>;
  names: { rows: string; about: string };
  about: AboutRow[];
  locale: Locale;
}

/** A cell of text as the library takes it. */
interface TextCell {
  value: string;
  type: StringConstructor;
  format?: "@";
  fontWeight?: "bold";
  wrap?: true;
  alignVertical?: "top";
}

type Cell =
  | TextCell
  | { value: number; type: NumberConstructor; format?: string }
  | { value: boolean; type: BooleanConstructor }
  | { value: Date; type: DateConstructor; format: string }
  | null;

/** Fields that are in the measure of their row's indicator: of a share, parts of 1. */
const inMeasure = new Set(
  "value lower upper target pace overall lower_95 upper_95 lower_998 upper_998 wide_lower_95 wide_upper_95 wide_lower_998 wide_upper_998 centre old_value new_value published loaded difference".split(
    " ",
  ),
);
/** Fields that are parts of 1 whatever their row is about. */
const alwaysShares = new Set(["share_withheld"]);

/** Rows as a workbook, with a second sheet that says what they are. A text stays a text, whatever it begins with. */
export function makeWorkbook(job: WorkbookJob): Promise<Buffer> {
  const { fields, batches, heads, names, about } = job;
  const head = heads.map((value): Cell => ({ ...textCell(value)!, fontWeight: "bold", wrap: true }));
  const rows: Cell[][] = [head];
  const memory = fields.map(() => new Map<string, Cell>());
  for (const batch of batches) {
    const measureAt = measureOf(job, batch);
    const cells = batch.columns.map((column, index) =>
      cellMaker(fields[index]!, column, job, memory[index]!, measureAt),
    );
    for (let row = 0; row < batch.length; row++) rows.push(cells.map((cell) => cell(row)));
  }
  const explained = about.map(({ cells, heading }): Cell[] =>
    cells.map((value) => {
      const cell = textCell(value);
      if (!cell) return null;
      const shown = { ...cell, wrap: true as const, alignVertical: "top" as const };
      return heading ? { ...shown, fontWeight: "bold" as const } : shown;
    }),
  );
  return writeXlsx([
    {
      sheet: names.rows,
      data: rows as never,
      columns: fields.map((field) => ({ width: widthOf(field) })),
      stickyRowsCount: 1,
    },
    {
      sheet: names.about,
      data: explained as never,
      columns: [28, 60, 40, 40, 40, 60, 18, 24, 8, 14].map((width) => ({ width })),
    },
  ]).toBuffer();
}

function widthOf({ name, kind }: Field): number {
  if (/^(sentence|what|label|title|note)_?/.test(name)) return 48;
  if (kind === "date" || kind === "boolean") return 12;
  if (kind === "timestamp") return 18;
  return kind === "number" ? 13 : 24;
}

/** How the values of a row are written, by its indicator. */
function measureOf({ fields, measures }: WorkbookJob, batch: Batch): (row: number) => Measure | undefined {
  const index = fields.findIndex((field) => field.name === "indicator_id");
  const column = batch.columns[index];
  if (column?.kind === "coded") {
    const byCode = fields[index]!.words!.map((word) => measures[word]);
    return (row) => byCode[column.values[row]!];
  }
  if (column?.kind === "text") return (row) => measures[column.values[row] ?? ""];
  return () => undefined;
}

const percents = ["0%", "0.0%", "0.00%", "0.000%"];
const plain = ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000"];

function cellMaker(
  field: Field,
  column: Column,
  { locale }: WorkbookJob,
  memory: Map<string, Cell>,
  measureAt: (row: number) => Measure | undefined,
): (row: number) => Cell {
  const day = locale === "nl" ? "dd-mm-yyyy" : "yyyy-mm-dd";
  const text = (value: string) => remembered(memory, value);
  switch (column.kind) {
    case "text":
      return (row) => text(column.values[row] ?? "");
    case "json":
      return (row) => text(wordsOf(column.values[row] ?? "", locale));
    case "texts":
      return (row) => text(column.values[row]?.join("|") ?? "");
    case "numbers":
      return (row) => text(column.values[row]?.map((each) => numberText(each, locale)).join("|") ?? "");
    case "coded":
      return (row) => (isValid(column.valid, row) ? text(field.words![column.values[row]!]!) : null);
    case "boolean":
      return (row) => (isValid(column.valid, row) ? { value: column.values[row] === 1, type: Boolean } : null);
    case "date":
      return (row) =>
        isValid(column.valid, row) ? dateCell(column.values[row]! * msInDay, day, isoDay(column.values[row]!)) : null;
    case "timestamp":
      return (row) =>
        isValid(column.valid, row) ? dateCell(column.values[row]!, `${day} hh:mm`, isoTime(column.values[row]!)) : null;
    case "number":
      return (row) => {
        const value = column.values[row]!;
        if (!isValid(column.valid, row) || !Number.isFinite(value)) return null;
        const measure = inMeasure.has(field.name) ? measureAt(row) : undefined;
        if (alwaysShares.has(field.name)) return { value, type: Number, format: "0.0%" };
        return measure
          ? { value, type: Number, format: (measure.share ? percents : plain)[measure.decimals]! }
          : { value, type: Number };
      };
  }
}

const msInDay = 86_400_000;
/** Spreadsheets count days from 1900 on, up to four digits of years. */
const firstDay = Date.UTC(1900, 2, 1);
const lastDay = Date.UTC(9999, 11, 31);

const dateCell = (ms: number, format: string, iso: string): Cell =>
  ms >= firstDay && ms <= lastDay ? { value: new Date(ms), type: Date, format } : textCell(iso);

const numberText = (value: number | null, locale: Locale): string =>
  value === null ? "" : locale === "nl" ? String(value).replace(".", ",") : String(value);

/** Words in two languages as those of one; anything else as it is. */
function wordsOf(json: string, locale: Locale): string {
  if (!json.startsWith('{"nl":') && !json.startsWith('{"en":')) return json === "null" ? "" : json;
  const value = JSON.parse(json) as Partial<Record<Locale, unknown>>;
  return typeof value[locale] === "string" ? value[locale] : json;
}

/** Texts that came up before are one cell; forgotten before they take much room. */
function remembered(memory: Map<string, Cell>, value: string): Cell {
  let cell = memory.get(value);
  if (cell === undefined) {
    if (memory.size >= 20_000) memory.clear();
    memory.set(value, (cell = textCell(value)));
  }
  return cell;
}

/** A text as a cell, never a formula: one that begins like a formula is also shown as text, so that it stays one when a reader edits the cell. */
function textCell(value: string): TextCell | null {
  if (value === "") return null;
  const safe = sheetText(value);
  return /^\s*[=+\-@]/.test(value) ? { value: safe, type: String, format: "@" } : { value: safe, type: String };
}
