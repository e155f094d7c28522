import { Worker } from "node:worker_threads";
import type { Definition } from "../pipelines/indicators/definition.ts";
import { definitionLines, namedDefinitions, originLines, questionLines, withheldWords, type Source } from "./about.ts";
import { columnWord } from "./column-words.ts";
import type { Locale } from "./format.ts";
import { Problem } from "./problem.ts";
import { isValid, type Batch, type Field, type Table } from "./table.ts";
import { makeWorkbook, type AboutRow, type Measure, type WorkbookJob } from "./workbook.ts";

/** Rows below the header that a sheet can have. */
const sheetRows = 1_048_575;
/** The library holds every cell and the whole text of the sheet: a million cells take 400 MB for some seconds. */
const mostCells = 1_000_000;
/** What a thread may hold; the least that a million cells get by with is half of it. */
const mostMegabytes = 1024;
/** A workbook of so many cells is made within a tenth of a second, here; a larger one in a thread of its own, one at a time, so that nobody waits for it but who asked. */
const fewCells = 10_000;

/** Kinds of indicators whose values are parts of 1. */
const shares = new Set<Definition["kind"]>(["share", "score", "coverage", "change"]);

/** Rows as an XLSX file with a second sheet that says what they are. 413 for more than a workbook may have, with what to do. */
export async function* writeXlsx(table: Table, locale: Locale, source: Source): AsyncGenerator<Uint8Array> {
  const batches = await collect(table);
  const heads = table.fields.map((field) => headOf(field, locale));
  const there = presentIn(table.fields, batches, ["indicator_id", "unit_id", "withheld_reason"]);
  const definitions = definitionsOf(source, there.indicator_id!);
  const job: WorkbookJob = {
    ...{ fields: table.fields, batches, heads, locale },
    measures: Object.fromEntries(definitions.map((each) => [each.id, measureOf(each)])),
    names: text[locale].names,
    about: aboutRows(source, locale, definitions, there, table.fields, heads),
  };
  yield cellsOf(job) <= fewCells ? await makeWorkbook(job) : await makeInThread(job);
}

const cellsOf = ({ fields, batches }: WorkbookJob): number =>
  fields.length * batches.reduce((sum, batch) => sum + batch.length, 0);

/** All batches; where there are too many rows they are counted only. */
async function collect({ fields, batches }: Table): Promise<Batch[]> {
  const most = Math.min(sheetRows, Math.floor(mostCells / fields.length));
  const kept: Batch[] = [];
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
    if (rows <= most) kept.push(batch);
    else kept.length = 0;
  }
  if (rows <= most) return kept;
  throw new Problem(
    413,
    `the answer has ${rows} rows of ${fields.length} columns, and a spreadsheet from here at most ${most} of them; ask for fewer indicators, units or periods, or for format=csv, which has no limit`,
    { code: "too-many-rows" },
  );
}

let turn: Promise<unknown> = Promise.resolve();

function makeInThread(job: WorkbookJob): Promise<Uint8Array> {
  const made = turn.then(() => makeNow(job));
  turn = made.catch(() => undefined);
  return made;
}

function makeNow(job: WorkbookJob): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./workbook-worker.mjs", import.meta.url), {
      workerData: job,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the thread ended without a workbook")));
  });
}

/** A moment is in UTC, which its cell cannot say. */
const headOf = ({ name, kind }: Field, locale: Locale): string =>
  columnWord(name, locale) + (kind === "timestamp" ? " (UTC)" : "");

const measureOf = ({ kind, decimals }: Definition): Measure => ({ share: shares.has(kind), decimals });

/** The values that come up in some columns, in alphabetical order. */
function presentIn(fields: readonly Field[], batches: readonly Batch[], names: string[]): Record<string, string[]> {
  const there = names.map((name) => {
    const index = fields.findIndex((field) => field.name === name);
    const found = new Set<string>();
    for (const { columns, length } of batches) {
      const column = columns[index];
      for (let row = 0; row < length; row++) {
        if (column?.kind === "text" && column.values[row] !== null) found.add(column.values[row]!);
        if (column?.kind === "coded" && isValid(column.valid, row))
          found.add(fields[index]!.words![column.values[row]!]!);
      }
    }
    return [name, [...found].sort()] as const;
  });
  return Object.fromEntries(there);
}

/** Of the figures in the rows, and of those that were asked for without any. */
function definitionsOf(source: Source, present: string[]): Definition[] {
  if (!("catalogue" in source.from)) return [];
  const ids = new Set([...namedDefinitions(source).map(({ id }) => id), ...present]);
  return [...source.from.catalogue.definitions.values()].filter(({ id }) => ids.has(id));
}

const text = {
  nl: {
    names: { rows: "Gegevens", about: "Toelichting" },
    ...{ asked: "Gevraagd", definitions: "Wat de cijfers betekenen", withheld: "Waarom een cijfer ontbreekt" },
    ...{ units: "Eenheden", columns: "Kolommen", column: "Kolom", field: "Naam in de API" },
  },
  en: {
    names: { rows: "Data", about: "About" },
    ...{ asked: "Asked", definitions: "What the figures mean", withheld: "Why a figure is missing" },
    ...{ units: "Units", columns: "Columns", column: "Column", field: "Name in the API" },
  },
};

/** The second sheet: where the rows come from, what was asked, what the figures mean, what codes and columns stand for. */
function aboutRows(
  source: Source,
  locale: Locale,
  definitions: Definition[],
  there: Record<string, string[]>,
  fields: readonly Field[],
  heads: string[],
): AboutRow[] {
  const words = text[locale];
  const line = (...cells: string[]): AboutRow => ({ cells, heading: false });
  const heading = (...cells: string[]): AboutRow => ({ cells, heading: true });
  const section = (title: string, rows: AboutRow[]) => (rows.length ? [line(), heading(title), ...rows] : []);
  const pairs = (lines: { label: string; text: string }[]) => lines.map((each) => line(each.label, each.text));
  const explained = definitions.map((each) => definitionLines(each, locale));
  return [
    ...pairs(originLines(source, locale)),
    ...section(words.asked, pairs(questionLines(source, locale))),
    ...section(words.definitions, [
      ...(explained[0] ? [heading(...explained[0].map(({ label }) => label))] : []),
      ...explained.map((lines) => line(...lines.map((each) => each.text))),
    ]),
    ...section(
      words.withheld,
      there.withheld_reason!.map((code) => line(code, withheldWords[code]?.[locale] ?? "")),
    ),
    ...section(
      words.units,
      unitLines(source, there.unit_id!).map(([id, name]) => line(id, name)),
    ),
    ...section(words.columns, [
      heading(words.column, words.field),
      ...fields.map((field, index) => line(heads[index]!, field.name)),
    ]),
  ];
}

/** Ids with their names, of the last period that a unit has. */
function unitLines({ from }: Source, ids: string[]): [string, string][] {
  if (!("catalogue" in from)) return [];
  return ids.flatMap((id): [string, string][] => {
    const name = from.catalogue.units.get(id)?.at(-1)?.name;
    return name === undefined ? [] : [[id, name]];
  });
}
