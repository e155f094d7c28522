import { tableColumns, type Contract } from "../contracts/contract.ts";
import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import { identifier, isBroken, type Database } from "../database.ts";
import { Refusal } from "../problem.ts";
import { archiveFile, archiveRows, settleFile, type ArchivedLoad } from "./archive.ts";
import { partText, unitColumn, withinCoverage, type Coverage, type Part } from "./coverage.ts";
import { isFolded } from "./fold.ts";
import { fromSource, groupedContract, hasCells, type GroupedLoad } from "./grouped.ts";
import { checkOrganisation } from "./organisation.ts";
import type { FileReading } from "../reading/file.ts";
import type { RowCounts } from "./rows.ts";
import { unfold } from "./unfold.ts";

/** A load that is about to be kept: its rows are in `load_rows`, those set aside in `load_quarantine`. */
export interface NewLoad {
  contract: Contract;
  file: string;
  fileHash: string;
  mappingHash: string;
  full: boolean;
  startedAt: Date;
  counts: RowCounts & { skipped: number };
  coverage: Coverage;
  /** How the file was read. */
  reading: FileReading;
  acceptChange: boolean;
  maxQuarantinedReason: string | null;
  /** Cells that a source grouped; null where rows came. */
  grouped: GroupedLoad | null;
}

/** Keeps a load in one transaction: all of it, or nothing. Returns its number. */
export async function storeLoad(db: Database, context: Context, load: NewLoad): Promise<number> {
  const { contract, coverage } = load;
  const { home } = context.settings;
  let archived: string | null = null;
  try {
    const kept = await db.transaction(async () => {
      const total = await totalOf(db, contract);
      if (contract.mode === "replace" && !load.acceptChange) await refuseChange(db, context, load, total);
      const cells = load.grouped || load.acceptChange ? 0 : await eventsInCells(db, contract);
      const last = await db.one<{ id: number }>("select coalesce(max(load_id), 0) as id from loads");
      const id = last!.id + 1;
      const archivable: ArchivedLoad = {
        load_id: id,
        feed: contract.name,
        file: load.file,
        file_hash: load.fileHash,
        mapping_hash: load.mappingHash,
        full: load.full,
        started_at: load.startedAt.toISOString(),
        finished_at: context.now().toISOString(),
        read: load.counts.read,
        accepted: load.counts.accepted,
        merged: load.counts.merged,
        skipped: load.counts.skipped,
        quarantined: load.counts.quarantined,
        reasons: load.counts.reasons,
        from_month: coverage.from,
        to_month: coverage.to,
        unit_id: coverage.unit,
        only_values: partText(coverage.only),
        total,
        accepted_change: load.acceptChange,
        max_quarantined_reason: load.maxQuarantinedReason,
        ...load.reading,
        ...(load.grouped ? { grouped: { months: load.grouped.months } } : {}),
      };
      await applyLoad(db, contract, archivable, home);
      refuseFewer(contract, total ?? 0, cells);
      if (contract.name === "units") await checkOrganisation(db);
      archived = await archiveRows(db, home, archivable);
      await db.run(
        `insert into quarantine
         select $id, $feed, $file, line, column_name, value, reason, cast(record as json) from load_quarantine order by line`,
        { id, feed: contract.name, file: load.file },
      );
      return id;
    });
    settle(archived!);
    return kept;
  } catch (error) {
    // Of an engine that fell over it is not known whether it kept the load: the next opening tells, and settles the file.
    if (archived && !isBroken(error)) await rm(archived, { force: true });
    throw error;
  }
}

/** The load is kept, whatever becomes of this: the next opening does it again. */
function settle(archived: string): void {
  try {
    settleFile(archived);
  } catch {
    return;
  }
}

/** People or events of the load, by the feed's weight; NULL where it has none. */
async function totalOf(db: Database, contract: Contract): Promise<number | null> {
  if (!contract.weight) return null;
  const found = await db.one<{ total: number | null }>(
    `select sum(${identifier(contract.weight)})::double as total from load_rows`,
  );
  return found?.total ?? null;
}

async function refuseChange(db: Database, context: Context, load: NewLoad, total: number | null): Promise<void> {
  const before = await lastOfCoverage(db, load.contract.name, load.coverage);
  if (!before?.total || total === null) return;
  const change = total / before.total - 1;
  if (Math.abs(change) <= context.settings.maxChange) return;
  const percent = Math.round(Math.abs(change) * 100);
  throw new Refusal(
    `its total is ${total}, ${percent}% ${change < 0 ? "less" : "more"} than the ${before.total} of the last load of the same coverage (${load.coverage.from} to ${load.coverage.to}); if that is right, load it with --accept-change`,
  );
}

/** How many events the cells stand for that the source had grouped. */
async function eventsInCells(db: Database, contract: Contract): Promise<number> {
  if (!(await hasCells(db, contract))) return 0;
  const found = await db.one<{ n: number }>(
    `select sum(${identifier(contract.weight!)})::double as n from ${identifier(contract.name)} where folded = '${fromSource}'`,
  );
  return found!.n;
}

/** By so much the rows of a feed may be fewer than the events in the cells that they replace. */
const mostFewer = 0.05;

/** Refuses rows in the place of cells of more events: a few corrections may reach over all months and units, and are not all of the feed. */
function refuseFewer({ name }: Contract, total: number, cells: number): void {
  if (total >= cells * (1 - mostFewer)) return;
  throw new Refusal(
    `${name} is grouped where its events are, and this has ${total} in the place of ${cells}: the others would be lost. Correct them there, or load the whole feed as rows; if this is all of it, load it with --accept-change`,
  );
}

interface EarlierLoad {
  load_id: number;
  total: number | null;
  file_hash: string;
  mapping_hash: string;
}

const lastOfCoverage = (db: Database, feed: string, { from, to, unit, only }: Coverage) =>
  db.one<EarlierLoad>(
    `select load_id, total, file_hash, mapping_hash from loads
     where feed = $feed and from_month is not distinct from $from::date and to_month is not distinct from $to::date
       and unit_id is not distinct from $unit and only_values is not distinct from $only
     order by load_id desc limit 1`,
    { feed, from, to, unit, only: partText(only) },
  );

/** What an earlier load of the same bytes gave, where it still stands: no later load has the same coverage, or replaced all of it, and no unit has come since that it had lacked. */
export interface SameLoad extends FileReading {
  read: number;
  accepted: number;
  merged: number;
  skipped: number;
  quarantined: number;
  reasons: string;
  max_quarantined_reason: string | null;
}

export async function findSameLoad(
  db: Database,
  { name, mode }: Contract,
  fileHash: string,
  mappingHash: string,
): Promise<SameLoad | undefined> {
  // Most files are new, and what lies above what need not be worked out for them.
  const seen = await db.one(
    "from loads where feed = $feed and file_hash = $fileHash and mapping_hash = $mappingHash limit 1",
    { feed: name, fileHash, mappingHash },
  );
  if (!seen) return undefined;
  return db.one<SameLoad>(
    `with recursive above(unit_id, ancestor_id) as (
       select distinct unit_id, unit_id from units
       union
       select above.unit_id, units.parent_id from above join units on units.unit_id = above.ancestor_id
       where units.parent_id is not null
     ),
     replaced as (
       select l.load_id
       from loads as l
       join loads as m on m.feed = l.feed and m.load_id > l.load_id and m.from_month <= l.from_month and m.to_month >= l.to_month
       left join above on above.unit_id = l.unit_id and above.ancestor_id = m.unit_id
       where $mode = 'replace' and l.feed = $feed and l.file_hash = $fileHash
         and (m.unit_id is null or above.unit_id is not null) and (m.only_values is null or m.only_values is not distinct from l.only_values)
     )
     select l."read", l.accepted, l.merged, l.skipped, l.quarantined, l.reasons, l.max_quarantined_reason,
       l.format, l.encoding, l.delimiter, l.sheet, l.header_row
     from loads as l
     where l.feed = $feed and l.file_hash = $fileHash and l.mapping_hash = $mappingHash
       and not exists (
         from loads as m where m.feed = l.feed and m.load_id > l.load_id
           and m.from_month is not distinct from l.from_month and m.to_month is not distinct from l.to_month
           and m.unit_id is not distinct from l.unit_id and m.only_values is not distinct from l.only_values)
       and l.load_id not in (select load_id from replaced)
       and not (
         coalesce(cast(l.reasons->>'unknown_unit' as bigint), 0) + coalesce(cast(l.reasons->>'unit_not_valid_then' as bigint), 0) > 0
         and exists (from loads as u where u.feed = 'units' and u.load_id > l.load_id))
     order by l.load_id desc limit 1`,
    { feed: name, mode, fileHash, mappingHash },
  );
}

/** Removes what the load replaces: rows with its keys, and whatever else lies in its coverage where it is the whole of that. */
async function removeOld(db: Database, contract: Contract, load: ArchivedLoad, coverage: Coverage): Promise<void> {
  const { full } = load;
  const table = identifier(contract.name);
  const key = contract.columns.find((column) => column.name === contract.key[0]);
  if (contract.mode === "replace" || !key) {
    await db.run(`delete from ${table} as t where ${await withinCoverage(db, contract, coverage)}`);
    return;
  }
  const id = identifier(key.name);
  const same = contract.key.map((name) => `r.${identifier(name)} is not distinct from t.${identifier(name)}`);
  const hashable =
    contract.key.length === 1
      ? `t.${id} in (select ${id} from load_rows where ${id} is not null)`
      : `exists (from load_rows as r where ${same.join(" and ")})`;
  const replaced = `t.${id} is not null and ${hashable}`;
  if (contract.name !== "units") await recordReached(db, contract, load, coverage, replaced);
  await db.run(`delete from ${table} as t where ${replaced}`);
  if (full)
    await db.run(
      `delete from ${table} as t where t.${id} is not null and ${await withinCoverage(db, contract, coverage)}`,
    );
  if (!key.unless) return;
  const counted = await db.one<{ any: boolean }>(`select count(*) > 0 as any from load_rows where ${id} is null`);
  const plain = isFolded(contract) ? `t.${id} is null and t.folded is null` : `t.${id} is null`;
  if (counted?.any)
    await db.run(`delete from ${table} as t where ${plain} and ${await withinCoverage(db, contract, coverage)}`);
}

/** Removes cells that the source had grouped: those in the coverage of others, or all of them where the feed comes as rows again. Refuses rows beside such cells: they would count twice, and nobody could tell which. */
async function removeCells(db: Database, contract: Contract, load: ArchivedLoad, coverage: Coverage): Promise<void> {
  if (!(await hasCells(db, contract))) return;
  const table = identifier(contract.name);
  const cells = `t.folded = '${fromSource}'`;
  const within = await withinCoverage(db, contract, coverage);
  if (!load.grouped) {
    const other = await db.one<{ day: string }>(
      `select ${identifier(contract.date)}::varchar as day from ${table} as t where ${cells} and not coalesce(${within}, false) limit 1`,
    );
    if (other)
      throw new Refusal(
        `${contract.name} is grouped where its events are, and this has rows but not all months and units of it (${other.day.slice(0, 7)}, for one): they would count twice. Correct them there, or load the whole feed as rows`,
      );
  }
  await db.run(`delete from ${table} as t where ${cells} and ${within}`);
}

/** The coverage of a load that the archive keeps. */
function coverageOf(load: ArchivedLoad): Coverage {
  return {
    from: load.from_month,
    to: load.to_month,
    unit: load.unit_id,
    only: load.only_values ? (JSON.parse(load.only_values) as Part) : null,
    months: load.grouped?.months ?? null,
  };
}

/** Records where rows are replaced beyond the load's coverage: a correction moved them to another month or unit. */
async function recordReached(
  db: Database,
  contract: Contract,
  { load_id }: ArchivedLoad,
  coverage: Coverage,
  replaced: string,
): Promise<void> {
  const table = identifier(contract.name);
  const day = `t.${identifier(contract.date)}`;
  const beyond = `${day} is not null and not coalesce(${await withinCoverage(db, contract, coverage)}, false)`;
  const found = await db.one<{ any: boolean }>(`select exists (from ${table} as t where ${beyond}) as any`);
  if (!found!.any) return;
  const unit = unitColumn(contract);
  await db.run(
    `insert into reached
     select $load_id, ${unit ? `t.${identifier(unit)}` : "null"}, date_trunc('month', min(${day})), last_day(max(${day}))
     from ${table} as t where ${beyond} and ${replaced} group by ${unit ? `t.${identifier(unit)}, ` : ""}year(${day})`,
    { load_id },
  );
}

/** Puts the rows of `load_rows` in the place of what they replace, and records the load with its coverage. Within a transaction of the caller. */
export async function applyLoad(db: Database, contract: Contract, load: ArchivedLoad, home: string): Promise<void> {
  const coverage = coverageOf(load);
  await unfold(db, contract, { home, full: load.full, coverage });
  await removeCells(db, contract, load, coverage);
  await removeOld(db, contract, load, coverage);
  const columns = tableColumns(load.grouped ? groupedContract(contract) : contract)
    .map(({ name }) => identifier(name))
    .join(", ");
  // Looked for first: leaving out what is not there would cost half a second for two million rows.
  const left =
    isFolded(contract) && (await db.one<{ some: boolean }>("select exists (from load_unchanged) as some"))!.some;
  const changed = left
    ? `where not exists (from load_unchanged as u where u.id = r.${identifier(contract.key[0]!)})`
    : "";
  await db.run(
    `insert into ${identifier(contract.name)} (${columns}, load_id${load.grouped ? ", folded" : ""})
     select ${columns}, ${load.load_id}${load.grouped ? `, '${fromSource}'` : ""} from load_rows as r ${changed}`,
  );
  await recordLoad(db, load);
}

/** Records the load with its coverage. */
export async function recordLoad(db: Database, archived: ArchivedLoad): Promise<void> {
  const load: Omit<ArchivedLoad, "grouped"> = { ...archived };
  delete (load as ArchivedLoad).grouped;
  await db.run(
    `insert into loads by name select $load_id as load_id, $feed as feed, $file as file, $file_hash as file_hash,
       $mapping_hash as mapping_hash, $full::boolean as "full", $started_at::timestamp as started_at,
       $finished_at::timestamp as finished_at, $read as "read", $accepted as accepted, $merged as merged,
       $skipped as skipped, $quarantined as quarantined, $reasons::json as reasons, $from_month::date as from_month,
       $to_month::date as to_month, $unit_id as unit_id, $only_values as only_values, $total::double as total, $encoding as encoding,
       $delimiter as delimiter, $archive_file as archive_file, $accepted_change::boolean as accepted_change,
       $max_quarantined_reason as max_quarantined_reason, $format as format, $sheet as sheet, $header_row::integer as header_row`,
    {
      format: null,
      sheet: null,
      header_row: null,
      ...load,
      only_values: load.only_values ?? null,
      started_at: load.started_at.slice(0, -1),
      finished_at: load.finished_at.slice(0, -1),
      reasons: JSON.stringify(load.reasons),
      archive_file: archiveFile(load),
    },
  );
  if (load.from_month && load.to_month)
    await db.run("insert into coverage values ($feed, $unit, $from::date, $to::date, $id, $only)", {
      feed: load.feed,
      unit: load.unit_id,
      from: load.from_month,
      to: load.to_month,
      id: load.load_id,
      only: load.only_values ?? null,
    });
}

/** Keeps a refusal; nothing else changes. */
export async function recordRefusal(
  db: Database,
  context: Pick<Context, "now">,
  feed: string,
  file: string,
  reason: string,
): Promise<void> {
  await db.run("insert into refusals values ($feed, $file, $reason, $at::timestamp)", {
    feed,
    file,
    reason,
    at: context.now().toISOString().slice(0, -1),
  });
}
