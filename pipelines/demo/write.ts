import { createReadStream, createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import iconv from "iconv-lite";
import { identifier, literal, type Database } from "../database.ts";
import type { Delivery, Style } from "./deliveries.ts";
import { dutchHeader, dutchValues } from "./dutch.ts";

const dateColumns = new Set([
  "period",
  "date",
  "wave",
  "received_on",
  "closed_on",
  "registered_on",
  "occurred_on",
  "case_opened_on",
  "rdo_on",
  "to_prosecutor_on",
  "starts_on",
  "due_on",
]);

/** Writes the rows of one delivery between two days as a CSV file in its style; returns its path, or null where there are none. */
export async function writeDelivery(
  db: Database,
  folder: string,
  delivery: Delivery,
  from: string,
  to: string,
): Promise<string | null> {
  const rows = `from ${identifier(delivery.table)} where month between date ${literal(from)} and date ${literal(to)}`;
  const found = await db.one<{ any: boolean }>(`select count(*) > 0 as any ${rows}`);
  if (!found?.any) return null;
  const year = Number(from.slice(0, 4));
  const style = delivery.style(year);
  const file = path.join(folder, `${delivery.name}-${from.slice(0, 4)}-${to.slice(0, 4)}.csv`);
  const select = delivery.columns.flatMap((column) => columnAs(delivery.feed, column, style)).join(", ");
  const order = ["month", "fault", ...(delivery.order ?? delivery.columns.slice(0, 1))].map(identifier).join(", ");
  const delimiter = style === "plain" ? "," : ";";
  await db.run(
    `copy (select ${select} from (select * ${rows}) as rows left join unit_names using (unit_id) order by ${order}) to ${literal(file)} (format csv, header true, delimiter '${delimiter}')`,
  );
  if (style === "windows-1252") await rewrite(file, iconv.decodeStream("utf8"), iconv.encodeStream("windows-1252"));
  if (style === "excel") await rewrite(file, iconv.decodeStream("utf8"), iconv.encodeStream("utf8", { addBOM: true }));
  return file;
}

/** Writes a file anew in another encoding. */
async function rewrite(file: string, ...steps: NodeJS.ReadWriteStream[]): Promise<void> {
  const fresh = `${file}.tmp`;
  await pipeline([createReadStream(file), ...steps, createWriteStream(fresh)]);
  await rename(fresh, file);
}

/** A column as the style writes it: Dutch headers, dates and the unit's name beside its code everywhere but in plain exports; Dutch decimals and values in the old ones. */
function columnAs(feed: string, column: string, style: Style): string | string[] {
  const name = identifier(column);
  if (style === "plain") return name;
  const header = identifier(dutchHeader(feed, column));
  if (column === "unit_id") return [`${name} as ${header}`, `unit_names.name as "naam eenheid"`];
  if (dateColumns.has(column)) return `coalesce(strftime(try_cast(${name} as date), '%d-%m-%Y'), ${name}) as ${header}`;
  if (style === "excel") return `${name} as ${header}`;
  if (column === "fte" || column === "vacancies") return `replace(${name}, '.', ',') as ${header}`;
  const values = dutchValues(column);
  if (!values) return `${name} as ${header}`;
  const words = Object.entries(values).map(([code, dutch]) => [literal(code), literal(dutch)]);
  // Several codes in one field: no Dutch word here contains a code, so each can be replaced where it stands.
  if (column === "aspects")
    return `${words.reduce((text, [code, dutch]) => `replace(${text}, ${code}, ${dutch})`, name)} as ${header}`;
  return `case ${name} ${words.map(([code, dutch]) => `when ${code} then ${dutch}`).join(" ")} else ${name} end as ${header}`;
}
