import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import { normalise, type Contract } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import { refuseChanged } from "../reading/decode.ts";
import { readingOf, type TableFile } from "../reading/file.ts";
import { hasHeader, knowsHeader, mentionsColumn } from "../reading/header.ts";
import { openTable } from "../reading/open.ts";
import { decodeLookups, mappedRows, type Lookup } from "../reading/mapped.ts";
import { headersOf, readMapping, readSentMapping, refuseLookupsElsewhere, type Mapping } from "../reading/mapping.ts";
import { plainRows, type Reading } from "../reading/rows.ts";
import { fileSource, type ByteSource } from "../reading/source.ts";
import { readTable, refusing, tableInPlace, type TableOptions } from "../reading/table.ts";
import { stagingFolder } from "../warehouse.ts";
import { checkRows, faultKinds } from "./check.ts";
import { resolveCodes } from "./codes.ts";
import { readCoverage } from "./coverage.ts";
import { idKey } from "./id-key.ts";
import { forCells, groupedContract, hasCells, type GroupedLoad } from "./grouped.ts";
import { describeFaults } from "./quarantine.ts";
import { handOver, openReader } from "./reader.ts";
import { sortRows, type Faulty } from "./rows.ts";
import { findSameLoad, recordRefusal, storeLoad } from "./store.ts";
import { today } from "./today.ts";
import { resolveUnits } from "./units.ts";
import { forgetWords, readWords } from "./words.ts";

/** What is to be loaded: a file on disk, or one whose bytes come from elsewhere. */
export type LoadRequest = ({ path: string } | { source: ByteSource }) & {
  feed: string;
  mappingPath?: string;
  /** The mapping was dropped in the inbox, by whoever may write there. */
  dropped?: boolean;
  /** The mapping itself, where it came with the file. */
  mappingText?: string;
  /** Only rows that changed: also where the mapping says that a file is the whole of its coverage, what it lacks stays. */
  partial?: boolean;
  /** Its rows are cells, of events that their source grouped: the whole of what it has. */
  grouped?: GroupedLoad;
  /** Load also where the total differs much from the last load of the same coverage. */
  acceptChange?: boolean;
};

/** What became of a file: `read = accepted + merged + skipped + quarantined`. */
export interface LoadResult {
  feed: string;
  /** Base name. */
  file: string;
  /** Null where nothing was loaded. */
  load_id: number | null;
  read: number;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  /** The same file was loaded before, and nothing has changed. */
  unchanged: boolean;
  /** The file was about persons: it was read in memory, and only its cells are kept. */
  by_person: boolean;
  /** Why nothing was loaded, for a person; null where it was. */
  refused: string | null;
  /** Quarantined rows by reason, in the order in which reasons count. */
  reasons: Record<string, number>;
  /** How the file was read; null where it was not, or where it means nothing for its kind. */
  format: string | null;
  encoding: string | null;
  delimiter: string | null;
  sheet: string | null;
  header_row: number | null;
  /** Why more rows than usual may be quarantined. */
  max_quarantined_reason: string | null;
}

/** Loads a file of a feed in one transaction. A file that is refused changes nothing; the refusal is recorded, and told in the result. */
export async function loadFile(
  db: Database,
  context: Context,
  contracts: Map<string, Contract>,
  request: LoadRequest,
): Promise<LoadResult> {
  const known = contracts.get(request.feed);
  if (!known)
    throw new Refusal(`there is no feed "${request.feed}"; there are: ${[...contracts.keys()].sort().join(", ")}`);
  const contract = request.grouped ? groupedContract(known) : known;
  const source = "source" in request ? request.source : fileSource(request.path);
  const result: LoadResult = {
    feed: request.feed,
    file: source.name,
    load_id: null,
    read: 0,
    accepted: 0,
    merged: 0,
    skipped: 0,
    quarantined: 0,
    unchanged: false,
    by_person: false,
    refused: null,
    reasons: {},
    format: null,
    encoding: null,
    delimiter: null,
    sheet: null,
    header_row: null,
    max_quarantined_reason: null,
  };
  const loading: Loading = {
    db,
    context,
    known,
    contract,
    request,
    source,
    result,
    staged: [],
    startedAt: context.now(),
  };
  context.step({ feed: request.feed, file: result.file, step: "reading", share: 0 });
  try {
    await load(loading);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    result.refused = error.message;
    await recordRefusal(db, context, request.feed, result.file, error.message);
  } finally {
    for (const file of loading.staged) await rm(file, { force: true });
    await dropTemporary(db);
  }
  return result;
}

interface Loading {
  db: Database;
  context: Context;
  /** The feed's contract, and that of the rows that come: cells have more columns. */
  known: Contract;
  contract: Contract;
  request: LoadRequest;
  source: ByteSource;
  result: LoadResult;
  /** Files to be removed in the end. */
  staged: string[];
  startedAt: Date;
}

async function load(loading: Loading): Promise<void> {
  const { db, context, contract, request, result } = loading;
  const mapping = mappingOf(request, contract);
  const file = await decode(loading, mapping);
  const reading = readingOf(file);
  Object.assign(result, reading);
  result.by_person = file.personal;
  const lookups = mapping ? await decodeOthers(loading, mapping, file) : [];
  const mappingHash = hashOf([contract.hash, mapping?.hash ?? "", ...lookups.map((lookup) => lookup.file.hash)]);
  // Cells are asked for where something has changed; and what was loaded before them no longer stands.
  const isNew = request.grouped !== undefined || (await hasCells(db, contract));
  const same = isNew ? undefined : await findSameLoad(db, contract, file.hash, mappingHash);
  if (same) {
    const { reasons, ...counts } = same;
    Object.assign(result, counts, {
      unchanged: true,
      ...reading,
      reasons: JSON.parse(reasons) as Record<string, number>,
    });
    return;
  }
  const reader = file.personal ? await openReader(db, context.settings, filesOf(file, lookups)) : db;
  try {
    const { counts, faulty } = await check(loading, reader, file, mapping, lookups);
    for (const each of [file, ...lookups.map((lookup) => lookup.file)]) await refuseChanged(each);
    Object.assign(result, counts);
    result.max_quarantined_reason = mapping?.max_quarantined?.reason ?? null;
    refuseTooManyFaults(result, faulty, mapping?.max_quarantined?.share ?? context.settings.maxQuarantined);
    if (reader !== db) await handOver(reader, db, contract);
    const { grouped = null } = request;
    const coverage = await readCoverage(db, contract, mapping?.covers ?? {}, grouped);
    // Else it would be the whole of everything.
    if (grouped && (!coverage.from || !coverage.to))
      throw new Refusal("none of its rows has a date that can be read; what was loaded before stays");
    context.step({ step: "storing", share: stepShares.storing, rows: counts.read });
    result.load_id = await storeLoad(db, context, {
      contract: loading.known,
      file: result.file,
      fileHash: file.hash,
      mappingHash,
      full: grouped !== null || ((mapping?.full ?? false) && !request.partial),
      startedAt: loading.startedAt,
      counts,
      coverage,
      reading,
      acceptChange: request.acceptChange ?? false,
      maxQuarantinedReason: result.max_quarantined_reason,
      grouped,
    });
  } finally {
    if (reader !== db) reader.close();
  }
}

function mappingOf({ mappingText, mappingPath, dropped, grouped }: LoadRequest, contract: Contract): Mapping | null {
  if (mappingPath && grouped) return forCells(readMapping(mappingPath, contract), contract);
  if (mappingText !== undefined) return readSentMapping(mappingText, contract);
  if (!mappingPath) return null;
  const mapping = readMapping(mappingPath, contract);
  if (dropped) refuseLookupsElsewhere(mapping);
  return mapping;
}

/** Where a load is when a step of it begins; measured on 600,000 rows of CSV. */
const stepShares = { checking: 0.1, storing: 0.65 };

const filesOf = (file: TableFile, lookups: Lookup[]) =>
  [file, ...lookups.map((lookup) => lookup.file)].flatMap(({ path }) => path ?? []);

/** Long files tell how far they are. */
const longFile = 16 * 1024 * 1024;

async function decode(loading: Loading, mapping: Mapping | null): Promise<TableFile> {
  const { context, contract, source, result, staged } = loading;
  const persons = contract.columns.filter((column) => column.person);
  const byMapping = persons.some((column) => mapping?.columns[column.name]);
  const mapped = new Set(mapping ? headersOf(mapping).map(normalise) : []);
  const known = knowsHeader(contract);
  let told = 0;
  const file = await openTable(source, {
    ...limits(loading),
    encoding: mapping?.encoding,
    delimiter: mapping?.delimiter,
    sheet: mapping?.sheet,
    headerRow: mapping?.header_row,
    knows: (header) => known(header) || mapped.has(normalise(header)),
    isPersonal: (header) => byMapping || persons.some((column) => hasHeader(contract, column.name, header)),
    mentionsPerson: (text) => byMapping || persons.some((column) => mentionsColumn(column, text)),
    progress: (done, total) => {
      context.step({ done, total, share: (done / total) * stepShares.checking });
      if (total < longFile || done - told < total / 20) return;
      told = done;
      context.log(`reading ${result.file}`, { done, total });
    },
  });
  if (file.staged) staged.push(file.path!);
  return file;
}

/** What is looked up for a file about persons stays in memory as well. */
function decodeOthers(loading: Loading, mapping: Mapping, file: TableFile): Promise<Lookup[]> {
  const isPersonal = () => file.personal;
  return decodeLookups(mapping, { ...limits(loading), isPersonal, mentionsPerson: isPersonal }, loading.staged);
}

function limits({ context }: Loading) {
  return { ...context.settings, staging: stagingFolder(context.settings.home) };
}

const hashOf = (parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex");

/** Reads, casts and judges the rows; afterwards `reader` has `load_rows` and `load_quarantine`. */
async function check(
  { context, contract, request }: Loading,
  reader: Database,
  file: TableFile,
  mapping: Mapping | null,
  lookups: Lookup[],
) {
  const { home } = context.settings;
  context.step({ step: "checking", share: stepShares.checking });
  const weighed = request.grouped !== undefined;
  const rows = await readRows(reader, contract, file, mapping, lookups, context.settings, weighed);
  const present = contract.columns.filter((column) => rows.columns.has(column.name));
  const faults = faultKinds(contract);
  return refusing(file, async () => {
    const { isDutch } = await readWords(reader, contract, rows);
    await resolveUnits(
      reader,
      present.filter(({ type }) => type === "unit").map(({ name }) => name),
    );
    await resolveCodes(
      reader,
      present.filter(({ type }) => type === "codes"),
    );
    await checkRows(reader, contract, rows, {
      today: today(context),
      idKey: idKey(home),
      isDutch,
      dateFormats: dateFormats(mapping),
    });
    const { counts, faulty } = await sortRows(reader, contract, faults, rows.columns, weighed);
    const read = counts.read + rows.skipped;
    if (read === 0) throw new Refusal("the file has a header but no rows");
    context.step({ rows: read });
    await describeFaults(reader, contract, rows, faults, file);
    return { counts: { ...counts, read, skipped: rows.skipped }, faulty };
  });
}

/** The rows of the file as texts. A file on disk without a mapping is read where it lies, once for each question. */
async function readRows(
  reader: Database,
  contract: Contract,
  file: TableFile,
  mapping: Mapping | null,
  lookups: Lookup[],
  options: TableOptions,
  weighed: boolean,
): Promise<Reading> {
  const inPlace = mapping ? null : tableInPlace(file, options);
  if (inPlace) return plainRows(contract, file, inPlace);
  const read = await readTable(reader, "load_raw", file, options);
  if (read === 0) throw new Refusal("the file has a header but no rows");
  if (!mapping) return plainRows(contract, file, "load_raw", weighed);
  const rows = await mappedRows(reader, contract, file, mapping, lookups, options, weighed);
  await reader.run("drop table load_raw");
  return rows;
}

function dateFormats(mapping: Mapping | null): Map<string, string> {
  const formats = Object.entries(mapping?.columns ?? {}).map(([name, source]) => [name, source?.date_format] as const);
  return new Map(formats.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function refuseTooManyFaults(result: LoadResult, faulty: Faulty[], most: number): void {
  const judged = result.read - result.skipped;
  if (result.quarantined <= judged * most) return;
  const why = faulty
    .sort((a, b) => b.rows - a.rows)
    .map(({ reason, column, rows }) => `${rows} ${reason} in ${column}`);
  throw new Refusal(
    `${result.quarantined} of ${judged} rows would be quarantined (${why.join(", ")}), more than ${Math.round(most * 1000) / 10}%; mend the file, or raise max_quarantined in a mapping and say why`,
  );
}

/** Temporary tables of a load, whatever became of it. */
async function dropTemporary(db: Database): Promise<void> {
  const found = await db.all<{ name: string; kind: string }>(
    `select view_name as name, 'view' as kind from duckdb_views() where temporary and view_name like 'load\_%' escape '\'
     union all
     select table_name, 'table' from duckdb_tables() where temporary and table_name like 'load\_%' escape '\'`,
  );
  for (const { name, kind } of found) await db.run(`drop ${kind} if exists temp.${identifier(name)}`);
  await forgetWords(db);
}
