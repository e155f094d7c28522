import { Readable } from "node:stream";
import { normalise, type Column, type Contract } from "../../pipelines/contracts/contract.ts";
import { Database, identifier } from "../../pipelines/database.ts";
import { codeSql, dateSql, decimalSql, fieldSql, integerSql } from "../../pipelines/loading/values.ts";
import { Refusal } from "../../pipelines/problem.ts";
import { openTable } from "../../pipelines/reading/open.ts";
import { linesOf, readTable } from "../../pipelines/reading/table.ts";
import { readSettings } from "../../pipelines/settings.ts";
import { columnWord } from "../column-words.ts";
import { Problem, shown } from "../problem.ts";
import { fieldNames } from "./actions.ts";

/** A row of a file: what it says of each field that the file has, as it was read; `null` is an empty cell. */
export interface FileRow {
  line: number;
  action_id: string | null;
  version: number | null;
  values: Record<string, string | number | null>;
  /** Fields whose text means nothing here, with that text. */
  unread: Record<string, string>;
}

/** What a list of people's plans may be; larger ones come as a delivery of the feed. */
const mostBytes = 8 * 1024 * 1024;
const mostRows = 2000;

/** Columns of an export that say how an action stands: they are not read back. */
const ofAnswer = ["source", "late", "days_late", "delivered_differs", "delivered", "saved_at", "saved_by"];

/** Reads a list of actions (CSV, XLSX or JSON, as a feed's file is read) in memory; nothing of it touches a disk. 422 that says why it cannot be read. */
export async function readActionFile(bytes: Buffer, name: string, contract: Contract): Promise<FileRow[]> {
  const words = wordsOf(contract);
  // An engine of its own for the one file: it ends with it.
  const db = await Database.open(":memory:", { threads: "1", memory_limit: "256MB" });
  try {
    const limits = { ...readSettings(process.env), maxFileBytes: mostBytes, maxMemoryBytes: 4 * mostBytes };
    const all = () => true;
    const file = await openTable(
      { name, size: bytes.length, path: null, open: () => Readable.from([bytes]) },
      { ...limits, staging: "", knows: (header) => words.has(normalise(header)), isPersonal: all, mentionsPerson: all },
    );
    const places = placesOf(file.header, words);
    const count = await readTable(db, "given", file, limits);
    if (count > mostRows) throw new Refusal(`the file has ${count} rows, more than ${mostRows}; send it in parts`);
    const rows = await db.all<Record<string, string | number | null>>(
      selectSql(contract, places, file.delimiter === ";"),
    );
    const lines = await linesOf(
      file,
      rows.map((_, index) => index),
    );
    return rows.map((row, index) => rowOf(row, lines[index]!, places));
  } catch (error) {
    if (error instanceof Refusal) throw new Problem(422, error.message, { code: "bad-file" });
    throw error;
  } finally {
    db.close();
  }
}

/** What a header may be called: as the contract calls it, or as an export of here does. */
function wordsOf(contract: Contract): Map<string, string> {
  const words = new Map<string, string>();
  for (const name of [...ofAnswer, "version", "action_id", ...fieldNames]) {
    const aliases = contract.columns.find((column) => column.name === name)?.aliases ?? [];
    for (const word of [columnWord(name, "nl"), columnWord(name, "en"), ...aliases, name])
      words.set(normalise(word.replace(/ \(UTC\)$/, "")), name);
  }
  // As the page calls them.
  words.set(normalise("Thema"), "focus").set(normalise("Uiterlijk klaar op"), "due_on");
  return words;
}

/** The place of each field in the header. */
function placesOf(header: readonly string[], words: ReadonlyMap<string, string>): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, head] of header.entries()) {
    const spelled = normalise(head).replace(/ \(utc\)$/, "");
    const name = words.get(spelled);
    if (spelled === "") continue;
    if (name === undefined)
      throw new Refusal(
        `no column of an action is called ${shown(head)}; there are: action_id, version, ${fieldNames.join(", ")}, or their Dutch names`,
      );
    if (places.has(name)) throw new Refusal(`two columns mean ${name}; leave one out`);
    places.set(name, place);
  }
  for (const name of ofAnswer) places.delete(name);
  if (places.size === 0) throw new Refusal("the header has no column of an action; is it the right file?");
  return places;
}

/** For each field its text and its value. */
function selectSql(contract: Contract, places: ReadonlyMap<string, number>, isDutch: boolean): string {
  const columns = [...places].flatMap(([name, place]) => {
    const x = fieldSql(`c${place}`);
    const column = contract.columns.find((each) => each.name === name);
    return [`${x} as ${identifier(`${name}_text`)}`, `${valueSql(x, name, column, isDutch)} as ${identifier(name)}`];
  });
  return `select ${columns.join(", ")} from given order by rowid`;
}

function valueSql(x: string, name: string, column: Column | undefined, isDutch: boolean): string {
  if (name === "version") return `${integerSql(x)}::integer`;
  if (!column || name === "action_id") return x;
  if (column.values) return `${codeSql(x, column.values)}::varchar`;
  if (column.type === "date") return dateSql(x);
  if (column.type === "integer") return `${integerSql(x)}::integer`;
  return column.type === "decimal" ? decimalSql(x, isDutch) : x;
}

/** An export puts an apostrophe before a text that a spreadsheet would take for a formula. */
const unguarded = (text: string): string => text.replace(/^'(?=[=+\-@\t\r])/, "");

function rowOf(
  row: Record<string, string | number | null>,
  line: number,
  places: ReadonlyMap<string, number>,
): FileRow {
  const found: FileRow = { line, action_id: null, version: null, values: {}, unread: {} };
  for (const name of places.keys()) {
    const [value, text] = [row[name] ?? null, row[`${name}_text`] ?? null];
    if (value === null && text !== null) found.unread[name] = String(text);
    else if (name === "action_id") found.action_id = value as string | null;
    else if (name === "version") found.version = value as number | null;
    else found.values[name] = typeof value === "string" ? unguarded(value) : value;
  }
  return found;
}
