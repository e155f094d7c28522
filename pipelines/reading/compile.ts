import { normalise } from "../contracts/contract.ts";
import { literal } from "../database.ts";
import { dateSql, normaliseSql } from "../loading/values.ts";
import type { Conditions, Source, Test } from "./mapping.ts";

/** The expression of a field, by its header as a mapping names it; throws for one that is not there. */
export type Field = (header: string) => string;

/** The text that a source gives for each row. */
export function sourceSql(source: Source, field: Field): string {
  const found = originSql(source, field);
  const whole = source.whole ? wholeSql(found) : found;
  const meant = source.values ? valuesSql(whole, source) : whole;
  const prefixed = source.prefix === undefined ? meant : `${literal(source.prefix)} || ${meant}`;
  return source.empty === undefined ? prefixed : `coalesce(${prefixed}, ${literal(source.empty)})`;
}

function originSql(source: Source, field: Field): string {
  if (source.from !== undefined)
    return source.or === undefined ? field(source.from) : `coalesce(${field(source.from)}, ${field(source.or)})`;
  if (source.constant !== undefined) return literal(source.constant);
  // An id of several fields is none where one of them is empty.
  if (source.key) return `(${source.key.map(field).join(" || '|' || ")})`;
  if (source.several) {
    const parts = source.several.map((part) =>
      typeof part === "string"
        ? field(part)
        : `case when ${conditionsSql(part.if, field)} then ${literal(part.then)} end`,
    );
    const joined = `nullif(concat_ws('|', ${parts.join(", ")}), '')`;
    return source.otherwise === undefined ? joined : `coalesce(${joined}, ${literal(source.otherwise)})`;
  }
  const choices = source.when!.map((each) => `when ${conditionsSql(each.if, field)} then ${literal(each.then)}`);
  return `case ${choices.join(" ")} else ${source.otherwise === undefined ? "null" : literal(source.otherwise)} end`;
}

const wholeSql = (x: string): string =>
  `coalesce(cast(case when regexp_full_match(${x}, '-?\\d{1,18}([.,]0+)?') then try_cast(regexp_extract(${x}, '-?\\d+') as bigint) end as varchar), ${x})`;

function valuesSql(x: string, { values, otherwise }: Source): string {
  const cases = Object.entries(values!).map(
    ([word, meaning]) => `when ${literal(normalise(word))} then ${literal(meaning)}`,
  );
  const rest = otherwise === undefined ? x : `if(${x} is null, null, ${literal(otherwise)})`;
  return `case ${normaliseSql(x)} ${cases.join(" ")} else ${rest} end`;
}

/** The condition that all tests hold. */
export function conditionsSql(conditions: Conditions, field: Field): string {
  const all = Object.entries(conditions).map(([header, test]) => `coalesce(${testSql(field(header), test)}, false)`);
  return all.length === 0 ? "true" : all.join(" and ");
}

function testSql(x: string, test: Test): string {
  if (typeof test === "string" || Array.isArray(test)) return patternSql(x, test);
  if ("not" in test) return `not coalesce(${patternSql(x, test.not)}, false)`;
  const bounds = [
    test.from === undefined ? [] : `${rangeValue(x, test.from)} >= ${rangeBound(test.from)}`,
    test.to === undefined ? [] : `${rangeValue(x, test.to)} <= ${rangeBound(test.to)}`,
  ].flat();
  return bounds.length === 0 ? "true" : bounds.join(" and ");
}

const rangeValue = (x: string, bound: string | number) =>
  typeof bound === "number" ? `try_cast(replace(${x}, ',', '.') as double)` : dateSql(x);

const rangeBound = (bound: string | number) => (typeof bound === "number" ? String(bound) : `date ${literal(bound)}`);

function patternSql(x: string, patterns: string | string[]): string {
  if (Array.isArray(patterns))
    return `(${patterns.map((each) => `coalesce(${patternSql(x, each)}, false)`).join(" or ")})`;
  if (patterns === "") return `${x} is null`;
  if (patterns === "*") return `${x} is not null`;
  const text = patterns.toLowerCase();
  if (!text.includes("*")) return `lower(${x}) = ${literal(text)}`;
  const like = text.replaceAll(/[\\%_]/g, "\\$&").replaceAll("*", "%");
  return `lower(${x}) like ${literal(like)} escape '\\'`;
}
