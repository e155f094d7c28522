import { normalise, type Column } from "../contracts/contract.ts";
import { literal } from "../database.ts";

/** Expressions over a text column `x` (trimmed, NULL where empty) that give its value, or NULL where it is not one. */

/** As `normalise` of the contracts: any case, spacing, hyphens and underscores. */
export const normaliseSql = (x: string): string =>
  `trim(regexp_replace(lower(nfc_normalize(${x})), '[\\s\\x{00a0}_-]+', ' ', 'g'))`;

/** Text of a field: without space around it, NULL where nothing is left. Most fields have no space at all, and most files none but the common one. */
export function fieldSql(x: string, oddSpaces = true): string {
  return oddSpaces
    ? `nullif(trim(${x}, ' ' || chr(9) || chr(160)), '')`
    : `nullif(case when contains(${x}, ' ') then trim(${x}) else ${x} end, '')`;
}

const dateFormats = ["%d-%m-%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y"];
const timeFormats = ["%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"];

/** A date: ISO with or without time (of a moment the day that is written), or Dutch with dashes, slashes or points; in one format where the mapping fixes it. */
export function dateSql(x: string, format?: string): string {
  if (format !== undefined) return `cast(try_strptime(${x}, ${literal(format)}) as date)`;
  const formats = [...dateFormats, ...timeFormats].map(literal).join(", ");
  return `case
    when length(${x}) = 10 and ${x}[5] = '-' then try_cast(${x} as date)
    when ${x}[5] = '-' and ${x}[2] <> '-' and ${x}[3] <> '-' then if(try_cast(${x} as timestamptz) is null, null, try_cast(regexp_extract(${x}, '^\\d{4}-\\d{1,2}-\\d{1,2}') as date))
    when regexp_matches(${x}, '\\d{4}') then cast(try_strptime(${x}, [${formats}]) as date) end`;
}

/** The last day of the month of a date or of `2016-12`, `12-2016`, `201612`. */
export function monthEndSql(x: string, format?: string): string {
  if (format !== undefined) return `last_day(${dateSql(x, format)})`;
  return `last_day(case
    when regexp_full_match(${x}, '\\d{4}-\\d{1,2}') then cast(try_strptime(${x}, '%Y-%m') as date)
    when regexp_full_match(${x}, '\\d{1,2}[-/]\\d{4}') then cast(try_strptime(replace(${x}, '/', '-'), '%m-%Y') as date)
    when regexp_full_match(${x}, '\\d{6}') then cast(try_strptime(${x}, '%Y%m') as date)
    else ${dateSql(x)} end)`;
}

/** The last day of a year: of `2016`, or of a date in it. */
export function yearSql(x: string, format?: string): string {
  const date = `case when regexp_full_match(${x}, '\\d{4}([.,]0+)?') then make_date(cast(${x}[:4] as integer), 12, 31) else ${dateSql(x, format)} end`;
  return `cast(date_trunc('year', ${date}) + interval 1 year - interval 1 day as date)`;
}

/** Whether the source withheld the value: `*`, `n<10`, `<5`, `x`. */
export const withheldSql = (x: string): string => `regexp_full_match(lower(${x}), '\\*+|x|n?\\s*<\\s*=?\\s*\\d+')`;

/** A whole number, its thousands perhaps grouped (`1.234`) and its fraction nothing (`16.0`). */
export function integerSql(x: string): string {
  return `case
    when regexp_full_match(${x}, '-?\\d{1,18}') then try_cast(${x} as bigint)
    when regexp_full_match(${x}, '-?\\d{1,3}(\\.\\d{3})+(,0+)?') then try_cast(replace(split_part(${x}, ',', 1), '.', '') as bigint)
    when regexp_full_match(${x}, '-?\\d{1,18}[.,]0+') then try_cast(regexp_extract(${x}, '-?\\d+') as bigint) end`;
}

/** A number with a fraction as text with a point. In a Dutch file a point before three digits groups thousands; elsewhere it is one only where several points or a comma follow. */
function pointSql(x: string, isDutch: boolean): string {
  const grouped = isDutch ? "(\\.\\d{3})+(,\\d+)?" : "(\\.\\d{3})+,\\d+|-?\\d{1,3}(\\.\\d{3}){2,}";
  return `case
    when regexp_full_match(${x}, '-?\\d{1,3}${grouped}') then replace(replace(${x}, '.', ''), ',', '.')
    when regexp_full_match(${x}, '-?\\d*[.,]?\\d+([eE][-+]?\\d+)?') then replace(${x}, ',', '.') end`;
}

const withoutPercent = (x: string) => `rtrim(rtrim(${x}, '%'))`;

/** A number; `25%` is 0.25. */
export function decimalSql(x: string, isDutch: boolean): string {
  const number = `try_cast(${pointSql(withoutPercent(x), isDutch)} as double)`;
  return `case when ${x} like '%\\%' escape '\\' then ${number} / 100 else ${number} end`;
}

/** A share between 0 and 1, from `13%`, `12,5%` or `0.129`; its last digit decides the rounding. */
export function shareSql(x: string, isDutch: boolean): string {
  const decimals = `least(12, ${decimalsSql(x)} + if(${x} like '%\\%' escape '\\', 2, 0))`;
  return `round(${decimalSql(x, isDutch)}, cast(${decimals} as integer))`;
}

/** The unit of a share's last printed digit: "13%" is 0.01. */
export function shareStepSql(x: string): string {
  return `round(power(10.0::double, -(${decimalsSql(x)} + if(${x} like '%\\%' escape '\\', 2, 0))), 15)`;
}

const decimalsSql = (x: string) => `length(regexp_extract(${withoutPercent(x)}, '[.,](\\d+)$', 1))`;

/** The codes of a column as the engine's own type: a byte a row, not a text. */
const codesType = (values: NonNullable<Column["values"]>): string =>
  `enum(${Object.keys(values).map(literal).join(", ")})`;

/** The code of a text: as it is, or by an alias in any case and spacing. The spelling is worked out once and only where it must be: an expression that stands twice would be computed for every row. */
export function codeSql(x: string, values: NonNullable<Column["values"]>): string {
  const words = new Map<string, string>();
  for (const [code, aliases] of Object.entries(values))
    for (const word of [code, ...aliases]) words.set(normalise(word), code);
  const loose = [...words].map(([word, code]) => `${literal(word)}: ${literal(code)}`);
  const type = codesType(values);
  return `coalesce(try_cast(${x} as ${type}), cast(map {${loose.join(", ")}}[${normaliseSql(x)}] as ${type}))`;
}

/** The codes of a text with several, each once and sorted; NULL where one of them is not allowed, or there is none. For the distinct texts of a column: it is slow. */
export function codesSql(x: string, values: Column["values"]): string {
  const parts = `list_filter(list_transform(regexp_split_to_array(${x}, '[|,;]'), lambda part: trim(part)), lambda part: part <> '')`;
  const codes = `list_transform(${parts}, lambda part: ${values ? `cast(${codeSql("part", values)} as varchar)` : "part"})`;
  // A list of distinct values leaves NULL out.
  return `case when len(${codes}) > 0 and len(list_filter(${codes}, lambda code: code is null)) = 0
    then list_sort(list_distinct(${codes})) end`;
}

/** A key that sorts ids as people do: runs of digits by their number. */
export function orderSql(x: string): string {
  return `array_to_string(list_transform(regexp_extract_all(${x}, '\\d+|\\D+'),
    lambda part: case when part[1] between '0' and '9' then lpad(part, greatest(20, length(part))::integer, '0') else part end), '')`;
}

/** A keyed hash of an id: the same for the same id in the same home, and of no use elsewhere. */
export const idSql = (x: string): string => `md5_number_lower($id_key || ${x})`;

/** What tells one person from another while a file is read; it is never kept, and so need not be keyed. */
export const personSql = (x: string): string => `hash(${x})`;
