import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Contract } from "./contracts/contract.ts";
import { isCron } from "./due.ts";
import { engineNames } from "./sources/engine.ts";
import { groupingFaults } from "./sources/grouping/plan.ts";
import { parseMapping, type Mapping } from "./reading/mapping.ts";
import { parseYaml, type Fault } from "./yaml-file.ts";

/** Headers that the fetch itself writes. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|accept-encoding|if-none-match|if-modified-since|range)$/i;

const httpSource = z.strictObject({
  url: z.string().superRefine((text, context) => {
    const fault = faultOfUrl(text);
    if (fault) context.addIssue({ code: "custom", message: fault });
  }),
  /** Path of a mapping from the configuration's folder, such as data/mappings/klachten.yaml. */
  mapping: z.string().optional(),
  /** A header's value is that of an environment variable, `$NAME`, perhaps after a word: `Bearer $NAME`. */
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "write the name of a header, such as Authorization")
        .refine((name) => !ownHeaders.test(name), "leave this header out: it is set by itself"),
      z
        .string()
        .regex(
          /^([A-Za-z]+ )?\$[A-Z_][A-Z0-9_]*$/,
          "name an environment variable that holds the value, such as $KLACHTEN_TOKEN or Bearer $KLACHTEN_TOKEN; secrets do not stand in this file",
        ),
    )
    .default({}),
});

/** An address that a feed's file is fetched from. */
export type HttpSource = z.output<typeof httpSource>;

/** A database whose rows are a feed's: those of a table, or of a query. Its address, with the password, is in an environment variable. */
const databaseSource = z
  .strictObject({
    engine: z.string(),
    connection: z
      .string()
      .regex(
        /^\$[A-Z_][A-Z0-9_]*$/,
        "name an environment variable that holds the address, such as $KLACHTEN_DB; secrets do not stand in this file",
      )
      .transform((name) => name.slice(1)),
    table: z
      .string()
      .regex(
        /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*){0,2}$/,
        "write the name of a table, such as klachten.meldingen",
      )
      .optional(),
    /** Path of a query from the configuration's folder, such as data/sources/klachten.sql. */
    query: z.string().optional(),
    mapping: z.string().optional(),
    /** Column that grows with every change of a row, such as a moment or a number: rows are asked for from the highest of before on. */
    watermark: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "write the name of a column")
      .optional(),
    /** Events are grouped where they are, and only cells come. */
    grouped: z.boolean().optional(),
    /** Days after which all rows are asked for all the same: what changed without a higher watermark is found then. */
    full_every: z.int().positive("write a number of days of at least 1").optional(),
    /** File with the certificate of the authority that signed the server's, from the configuration's folder. */
    ca: z.string().optional(),
  })
  .refine(({ table, query }) => (table === undefined) !== (query === undefined), "write table or query, one of them")
  .refine(
    ({ watermark, full_every, grouped }) => watermark !== undefined || grouped || full_every === undefined,
    "full_every goes with a watermark, or with grouped",
  );

export type DatabaseSource = z.output<typeof databaseSource>;

/** What is asked of a database, for people. */
export const nameOf = ({ table, query }: DatabaseSource): string => table ?? path.basename(query!, ".sql");

export const isDatabase = (source: HttpSource | DatabaseSource): source is DatabaseSource => "engine" in source;

/** Told by hand: of a union the reader would only hear that it is wrong. */
const source = z.unknown().transform((value, context): "inbox" | HttpSource | DatabaseSource => {
  if (value === "inbox") return value;
  if (typeof value !== "object" || value === null) {
    const message = `write inbox: files come from the folder inbox/<feed>; or an address: { url: "https://…" }; or a database: { ${engineNames().at(-1)}: $NAME, table: … }`;
    context.issues.push({ code: "custom", message, input: value });
    return z.NEVER;
  }
  const engines = engineNames().filter((name) => name in value);
  if (engines.length > 1) {
    context.issues.push({ code: "custom", message: `name one of ${engines.join(", ")}`, input: value });
    return z.NEVER;
  }
  const [engine] = engines;
  const { [engine ?? ""]: connection, ...rest } = value as Record<string, unknown>;
  const parsed = engine ? databaseSource.safeParse({ engine, connection, ...rest }) : httpSource.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
  return z.NEVER;
});

const jobShape = z.strictObject({
  feed: z.string().regex(/^[a-z][a-z0-9_]*$/, "write the name of a feed, such as complaints"),
  /** Where the files come from: the feed's folder in the inbox, or an address. */
  source,
  cron: z.string().refine(isCron, 'write a cron expression of five fields, such as "*/15 * * * *"'),
  time_zone: z.string().refine(isTimeZone, 'write a time zone by its IANA name, such as "Europe/Amsterdam"').optional(),
  /** Days after the end of a period after which its delivery is overdue, where the contract's are not meant. */
  overdue_after: z.int().positive("write a number of days of at least 1").optional(),
});

const scheduleShape = z.strictObject({ jobs: z.array(jobShape) });

/** When a feed's source is looked at. */
export type Job = z.output<typeof jobShape>;

/** What a schedule refers to. */
export interface Known {
  contracts: Map<string, Contract>;
  /** Folder that paths of mappings start at. */
  config: string;
}

/** Reads the schedule; collects all its faults, each with its line, those of the mappings that it names among them, and throws none. */
export function readSchedule(file: string, known: Known): { jobs: Job[]; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(readFileSync(file, "utf8"), file, scheduleShape);
  if (!value) return { jobs: [], faults };
  const { jobs } = value;
  const found = jobs.flatMap((job, index): Fault[] => {
    const fault = (key: string, message: string) => ({
      file,
      line: lineOf(["jobs", index, ...key.split(".")]),
      message: `jobs.${index}.${key}: ${message}`,
    });
    if (jobs.findIndex(({ feed }) => feed === job.feed) !== index)
      return [fault("feed", `${job.feed} has a job already; keep one`)];
    const contract = known.contracts.get(job.feed);
    if (!contract)
      return [fault("feed", `there is no feed "${job.feed}"; there are: ${[...known.contracts.keys()].join(", ")}`)];
    if (job.source === "inbox") return [];
    if (isDatabase(job.source) && job.source.watermark !== undefined && contract.mode !== "upsert")
      return [
        fault(
          "source.watermark",
          `a delivery of ${job.feed} replaces all of its months, so all rows must come; leave watermark out`,
        ),
      ];
    const isGrouped = isDatabase(job.source) && job.source.grouped;
    if (isGrouped && !contract.fold)
      return [
        fault("source.grouped", `${job.feed} is not kept as cells of events, so nothing can be grouped; leave it out`),
      ];
    if (isGrouped && isDatabase(job.source) && job.source.watermark !== undefined)
      return [
        fault(
          "source.watermark",
          "cells are not of the rows that changed but of whole months; with grouped these are compared by themselves, so leave watermark out",
        ),
      ];
    if (isDatabase(job.source))
      for (const key of ["query", "ca"] as const) {
        const name = job.source[key];
        if (name === undefined) continue;
        const named = mappingPath(known.config, name);
        if (named === null) return [fault(`source.${key}`, `${name} lies outside the configuration's folder`)];
        if (!existsSync(named)) return [fault(`source.${key}`, `there is no file ${name}`)];
      }
    if (job.source.mapping === undefined) return [];
    const mapping = mappingPath(known.config, job.source.mapping);
    if (mapping === null)
      return [fault("source.mapping", `${job.source.mapping} lies outside the configuration's folder`)];
    if (!existsSync(mapping)) return [fault("source.mapping", `there is no file ${job.source.mapping}`)];
    const more = isGrouped ? (read: Mapping) => groupingFaults(contract, read) : undefined;
    return parseMapping(readFileSync(mapping, "utf8"), mapping, contract, more).faults;
  });
  return { jobs: found.length > 0 ? [] : jobs, faults: found };
}

/** Where a mapping of the schedule lies; null for a path that leads out of the configuration. */
export function mappingPath(config: string, name: string): string | null {
  const file = path.resolve(config, name);
  return file.startsWith(path.resolve(config) + path.sep) ? file : null;
}

function faultOfUrl(text: string): string | null {
  if (!URL.canParse(text)) return 'write an address, such as "https://example.org/klachten.csv"';
  const { protocol, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:")
    return `an address begins with https:// or http://, not with ${protocol}`;
  if (username || password)
    return "leave user and password out of the address; name them in headers, from an environment variable";
  return null;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
