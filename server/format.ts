import type { Request } from "express";
import { aboutLines, type Source } from "./about.ts";
import { knownIn, metadataOf, writeArrow } from "./arrow.ts";
import { writeCsv } from "./csv.ts";
import { writeJson } from "./json.ts";
import { Problem, shown } from "./problem.ts";
import { remembered } from "./remembered.ts";
import type { Table } from "./table.ts";
import { writeXlsx } from "./xlsx.ts";

export type Locale = "nl" | "en";

/** A shape of an answer: by its name in the address, or by its media type. */
export interface FileFormat {
  name: string;
  mediaType: string;
  contentType: string;
}

/** A shape in which rows are answered. */
export interface Format extends FileFormat {
  write(table: Table, shape: Shape, source: Source): AsyncIterable<string | Uint8Array>;
}

/** How the reader wants the answer written. */
export interface Shape {
  locale: Locale;
  /** CSV says in lines above its header where it comes from; the others do without being asked. */
  about: boolean;
}

export const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export const formats: readonly Format[] = [
  {
    name: "json",
    mediaType: "application/json",
    contentType: "application/json; charset=utf-8",
    write: (table) => writeJson(table),
  },
  {
    name: "csv",
    mediaType: "text/csv",
    contentType: "text/csv; charset=utf-8",
    write: (table, { locale, about }, source) => writeCsv(table, locale, about ? aboutLines(source, locale) : []),
  },
  {
    name: "arrow",
    mediaType: "application/vnd.apache.arrow.stream",
    contentType: "application/vnd.apache.arrow.stream",
    write: (table, { locale }, source) => writeArrow(table, metadataOf(source, locale), knownIn(source)),
  },
  {
    name: "xlsx",
    mediaType: xlsxType,
    contentType: xlsxType,
    write: (table, { locale }, source) => writeXlsx(table, locale, source),
  },
];

export const json = formats[0]!;

const acceptedBefore = new WeakMap<readonly FileFormat[], ReturnType<typeof remembered<FileFormat | null>>>();

/** The format asked for, by `?format=` or else by `Accept`; 406 that names what there is. */
export function negotiate<F extends FileFormat>(request: Request, offered: readonly F[]): F {
  const { format } = request.query;
  if (format !== undefined) {
    const found = offered.find((each) => each.name === format);
    if (found) return found;
    const names = offered.map((each) => each.name).join(", ");
    throw new Problem(406, `format: ${shown(String(format))} is not to be had here; there is: ${names}`);
  }
  const before = acceptedBefore.get(offered) ?? remembered<FileFormat | null>();
  acceptedBefore.set(offered, before);
  const found = before(request.headers.accept, () => {
    const accepted = request.accepts(offered.map((each) => each.mediaType));
    return offered.find((each) => each.mediaType === accepted) ?? null;
  });
  if (found) return found as F;
  throw new Problem(
    406,
    `nothing here is ${shown(request.get("accept") ?? "")}; there is: ${offered.map((each) => each.mediaType).join(", ")}`,
  );
}

/** How the answer is to be written. */
export function shapeOf(request: Request): Shape {
  const { about } = request.query;
  if (about !== undefined && about !== "true" && about !== "false")
    throw new Problem(400, `about: ${shown(String(about))} is neither true nor false`, { code: "bad-query" });
  return { locale: localeOf(request), about: about === "true" };
}

/** The language of numbers in CSV, and of words in a spreadsheet; of a report that of its readers where none is asked. */
export function localeOf(request: Request, otherwise: Locale = "en"): Locale {
  const { locale = otherwise } = request.query;
  if (locale === "en" || locale === "nl") return locale;
  throw new Problem(400, `locale: ${shown(String(locale))} is no language here; choose of nl, en`, {
    code: "bad-query",
  });
}
