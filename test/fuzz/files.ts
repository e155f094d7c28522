import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { Column, Contract } from "../../pipelines/contracts/contract.ts";
import type { Database } from "../../pipelines/database.ts";
import { literal } from "../../pipelines/database.ts";
import type { Random } from "../../pipelines/statistics/random.ts";
import { escapeXml, makeWorkbook, type Cell } from "../support/workbook.ts";

/** Marks of values that must never be seen again: of persons, and of what is about them. */
export const canaries = { person: "CANARYPERSON", personal: "CANARYABOUT" };

export const formats = ["csv", "xlsx", "json", "ndjson", "parquet"] as const;
export type Format = (typeof formats)[number];

/** A table before it becomes a file: a header and rows of texts. */
export interface Table {
  header: string[];
  rows: string[][];
}

const units = ["n1", "n2", "s1", "Team Een", "north"];

/** A table of sound rows of a feed, made from its contract alone; a person's number and now and then something about a person is a canary. */
export function makeTable(contract: Contract, random: Random): Table {
  const byPerson = random.chance(0.6);
  const columns = contract.columns.filter((column) => {
    if (column.person) return byPerson;
    return column.required || contract.one_of.flat().includes(column.name) || random.chance(0.6);
  });
  const names = columns.map((column) => random.pick([column.name, ...column.aliases]));
  const rows = Array.from({ length: random.whole(1, 25) }, (_, row) =>
    columns.map((column) => makeValue(column, row, random)),
  );
  return { header: names, rows };
}

function makeValue(column: Column, row: number, random: Random): string {
  if (column.person) return `${canaries.person}${row}`;
  if (column.personal && random.chance(0.05)) return `${canaries.personal}${row}`;
  if (!column.required && random.chance(0.2)) return "";
  const day = `2016-${String(random.whole(1, 12)).padStart(2, "0")}-${String(random.whole(1, 28)).padStart(2, "0")}`;
  const codes = Object.entries(column.values ?? {}).flat(2);
  switch (column.type) {
    case "id":
      return `K-${row}`;
    case "unit":
      return random.pick(units);
    case "code":
      return random.pick(codes);
    case "codes":
      return codes.length > 0 ? `${random.pick(codes)}|${random.pick(codes)}` : "";
    case "date":
      return random.pick([day, day.split("-").reverse().join("-"), day.split("-").reverse().join("/")]);
    case "month_end":
      return random.pick([day, day.slice(0, 7)]);
    case "year":
      return random.pick([day, "2016"]);
    case "integer":
      return random.pick([String(random.whole(column.min ?? 0, column.max ?? 2000)), "1", "*", "<5"]);
    case "decimal":
      return random.pick(["1.234,5", "12,5", "3", "0.25"]);
    case "share":
      return random.pick(["25%", "12,5%", "0.3", "0"]);
    case "text":
      return column.name === "parent_id"
        ? "force"
        : column.name.endsWith("_id")
          ? `x-${row}`
          : random.pick(["tekst", "een; twee", 'de "derde"', "Fryslân"]);
  }
}

const nasty = [
  "",
  " ",
  "\0",
  "\u202egnitset\u2066",
  "=cmd|' /C calc'!A0",
  "-9".padEnd(400, "9"),
  "1e999",
  "9999999999999999999999",
  "0000-00-00",
  "31-02-2016",
  "2016-13-45",
  '"',
  '""',
  "a\nb",
  "a\r\nb;c",
  "'; drop table loads; --",
  "💥".repeat(50),
  "\ud800",
  "*",
  "n<10",
  "NaN",
  "infinity",
  "true",
  "|||",
  "x".repeat(5000),
  "\u00a0",
  "\ufeff",
];

/** Spoils a table: cells, rows and headers. */
export function spoilTable(table: Table, random: Random): Table {
  const header = [...table.header];
  let rows = table.rows.map((row) => [...row]);
  const kinds: (() => void)[] = [
    () => (random.pick(rows)[random.whole(0, header.length - 1)] = random.pick(nasty)),
    () => (header[random.whole(0, header.length - 1)] = random.pick([...nasty, ...header])),
    () => void rows.sort(() => random.next() - 0.5),
    () => void rows.push([...random.pick(rows)]),
    () => void rows.splice(random.whole(0, rows.length - 1), 1),
    () => void rows.push([...header]),
    () => void random.pick(rows).pop(),
    () => void random.pick(rows).push("te veel"),
    () => void rows.unshift(["Titel"], []),
    () => (rows = []),
  ];
  for (let times = random.whole(0, 3); times > 0 && rows.length > 0; times--) random.pick(kinds)();
  return { header, rows };
}

/** Makes a file of a table, in one of the ways in which each kind of file is written. */
export async function makeFile(
  table: Table,
  format: Format,
  random: Random,
  engine: Database,
  spoiled: boolean,
): Promise<Buffer> {
  if (format === "csv") return makeCsv(table, random, spoiled);
  if (format === "xlsx") return makeXlsx(table, random, spoiled);
  if (format === "parquet") return makeParquet(table, engine);
  const objects = table.rows.map((row) =>
    Object.fromEntries(table.header.map((name, i) => [name, jsonValue(row[i] ?? null, random)])),
  );
  const text =
    format === "ndjson"
      ? objects.map((each) => JSON.stringify(each)).join("\n")
      : random.chance(0.5)
        ? JSON.stringify(objects, null, random.whole(0, 2))
        : JSON.stringify({ total: objects.length, value: objects });
  return packed(text, random, jsonEncodings);
}

function jsonValue(text: string | null, random: Random): unknown {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text) && random.chance(0.7)) return Number(text);
  if (text.includes("|") && random.chance(0.5)) return text.split("|");
  return text === "" && random.chance(0.5) ? null : text;
}

function makeCsv({ header, rows }: Table, random: Random, spoiled: boolean): Buffer {
  const delimiter = random.pick([";", ",", "\t"]);
  const end = random.pick(["\n", "\r\n", "\r"]);
  const line = (row: string[]) =>
    row.map((field) => (/[";,\t\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(delimiter);
  const lines = [header, ...rows].map(line);
  const kinds: (() => void)[] = [
    () => void lines.shift(),
    () => void lines.sort(() => random.next() - 0.5),
    () => void lines.splice(random.whole(0, lines.length), 0, "", ";;;;"),
    () => void lines.push(lines[random.whole(0, lines.length - 1)] ?? ""),
    () => {
      const at = random.whole(0, lines.length - 1);
      lines[at] = (lines[at] ?? "").replaceAll(delimiter, random.pick([";", ",", "\t"]));
    },
  ];
  if (spoiled && random.chance(0.3)) random.pick(kinds)();
  return packed(lines.join(end) + (random.chance(0.8) ? end : ""), random);
}

const jsonEncodings: ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text),
  (text) => Buffer.from("\ufeff" + text),
  (text) => iconv.encode(text, "utf-16le", { addBOM: true }),
  (text) => iconv.encode(text, "utf-16be"),
];
const textEncodings = [...jsonEncodings, (text: string) => iconv.encode(text, "windows-1252")];

function packed(text: string, random: Random, encodings = textEncodings): Buffer {
  const bytes = random.pick(encodings)(text);
  return random.chance(0.15) ? gzipSync(bytes) : bytes;
}

function makeXlsx({ header, rows }: Table, random: Random, spoiled: boolean): Buffer {
  const cell = (text: string): Cell => {
    if (text === "") return null;
    if (/^\d{1,9}$/.test(text) && random.chance(0.7)) return Number(text);
    return text.replaceAll(/[\0\ud800]/g, "");
  };
  const merged = spoiled && random.chance(0.05) ? [random.pick(["A1:B1", "A2:A3", "B1:XFD1048576", "??"])] : [];
  const cells = [header, ...rows].map((row) => row.map(cell));
  if (random.chance(0.1)) cells.unshift(["Titel"], []);
  if (spoiled && random.chance(0.05))
    random.pick(cells)[0] = {
      xml: random.pick([
        't="s"><v>9999</v>',
        "><f>A1</f>",
        't="e"><v>#N/A</v>',
        's="999"><v>1e400</v>',
        "><v>tekst</v>",
      ]),
    };
  const broken = `<worksheet><sheetData><row r="${random.whole(-1, 3)}"><c r="${random.pick(["A1", "ZZZZ9", "A0", ""])}"><v>${escapeXml("1 < 2")}`;
  const others = spoiled && random.chance(0.03) ? [{ name: "xl/worksheets/sheet1.xml", content: broken }] : [];
  return makeWorkbook({ sheets: [{ rows: cells, merged }], texts: random.pick(["inline", "shared"]), others });
}

async function makeParquet({ header, rows }: Table, engine: Database): Promise<Buffer> {
  const names = header.map((name, i) => name.replaceAll(/[\0"]/g, "") || `kolom ${i}`);
  const unique = names.map((name, i) =>
    names.findIndex((each) => each.toLowerCase() === name.toLowerCase()) < i ? `${name} ${i}` : name,
  );
  const columns = unique.map((name, i) => `fields[${i + 1}] as "${name}"`);
  const values = JSON.stringify(rows.map((row) => row.map((field) => field.replaceAll(/[\0\ud800]/g, ""))));
  const file = await parquetFile(engine);
  await engine.run(
    `copy (select ${columns.join(", ")} from (select unnest(from_json(${literal(values)}, '[["VARCHAR"]]')) as fields)) to ${literal(file)} (format parquet, compression ${rows.length % 2 ? "snappy" : "uncompressed"})`,
  );
  return readParquetFile(file);
}

let parquetFile: (engine: Database) => Promise<string>;
let readParquetFile: (file: string) => Buffer;

/** Where Parquet files are made; they are read and removed at once. */
export function useFolder(write: () => string, read: (file: string) => Buffer): void {
  parquetFile = async () => write();
  readParquetFile = read;
}

/** Spoils bytes: some are changed, cut out, doubled or put in between, or the end is lost. */
export function spoilBytes(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes;
  const place = () => random.whole(0, bytes.length - 1);
  const insert = (at: number, part: Buffer) => Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  const kinds: (() => Buffer)[] = [
    () => bytes.subarray(0, place()),
    () => bytes.subarray(place()),
    () => {
      const copy = Buffer.from(bytes);
      for (let n = random.whole(1, 8); n > 0; n--) copy[random.whole(0, copy.length - 1)] = random.whole(0, 255);
      return copy;
    },
    () => {
      const from = place();
      return Buffer.concat([
        bytes.subarray(0, from),
        bytes.subarray(Math.min(bytes.length, from + random.whole(1, 50))),
      ]);
    },
    () => {
      const from = place();
      return insert(place(), bytes.subarray(from, from + random.whole(1, 200)));
    },
    () => insert(place(), Buffer.from(random.pick([...nasty, ";", ",", '"', "\n", "\t", "{", "]", "<"]))),
    () => insert(place(), Buffer.alloc(random.whole(1, 2000), random.whole(0, 255))),
    () => Buffer.concat([bytes, bytes]),
    () => insert(place(), Buffer.alloc(random.whole(1, 5000), random.pick(["[", '{"a":', '[{"a":']))),
  ];
  return random.pick(kinds)();
}
