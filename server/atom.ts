import { createHash } from "node:crypto";
import type { Locale } from "./format.ts";
import type { SignalQuestion, SignalRow } from "./signals.ts";
import type { Snapshot } from "./snapshot.ts";

export const atomType = "application/atom+xml";

const words = {
  nl: { title: "Signalen", of: "Signalen van", author: "KVV-monitor" },
  en: { title: "Signals", of: "Signals of", author: "KVV monitor" },
};

/** The signals as an Atom feed (RFC 4287). An entry keeps its id as long as the signal goes on, and is updated when it changed. */
export function atomOf(
  snapshot: Snapshot,
  question: SignalQuestion,
  signals: readonly SignalRow[],
  { locale, address }: { locale: Locale; address: string },
): string {
  const { title, of, author } = words[locale];
  const named = namesOf(snapshot, question, locale);
  const updated =
    signals
      .map(({ changed_at }) => changed_at)
      .sort()
      .at(-1) ?? snapshot.manifest.published_at;
  const choices = choicesOf(question);
  const self = `${address}/api/v1/signals.atom?${new URLSearchParams({ ...choices, locale })}`;
  const page = `${address}/signals?${new URLSearchParams({ ...pageChoices(question), ...languageOf(locale) })}`;
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">`,
    element("id", uuidOf(`signals ${JSON.stringify(choices)}`)),
    element("title", named ? `${of} ${named}` : title),
    element("updated", timeOf(updated)),
    `<author>${element("name", author)}</author>`,
    link("self", self, atomType),
    link("alternate", page, "text/html"),
    ...signals.map((signal) => entryOf(snapshot, signal, locale, address)),
    `</feed>`,
    "",
  ].join("\n");
}

function entryOf({ catalogue }: Snapshot, signal: SignalRow, locale: Locale, address: string): string {
  const definition = catalogue.definitions.get(signal.indicator_id)!;
  const title = `${definition.title[locale]}, ${nameOf(catalogue, signal.unit_id)}: ${signal[`what_${locale}`]}`;
  const query = new URLSearchParams({
    unit: signal.unit_id,
    ...(signal.grain === "target" ? {} : { grain: signal.grain, period: codeOf(signal) }),
    ...languageOf(locale),
  });
  return [
    "<entry>",
    element("id", uuidOf(`signal ${signal.signal_id}`)),
    element("title", title),
    element("updated", timeOf(signal.changed_at)),
    element("published", timeOf(signal.published_at)),
    link("alternate", `${address}/indicator/${encodeURIComponent(signal.indicator_id)}?${query}`, "text/html"),
    element("summary", signal[`sentence_${locale}`]),
    "</entry>",
  ].join("\n");
}

type Catalogue = Snapshot["catalogue"];

const nameOf = ({ units }: Catalogue, unitId: string): string => units.get(unitId)?.at(-1)?.name ?? unitId;

/** The units and indicators that were chosen, in words; nothing where all were. */
function namesOf({ catalogue }: Snapshot, { unit, indicator }: SignalQuestion, locale: Locale): string {
  const units = (unit ?? []).map((id) => nameOf(catalogue, id));
  const indicators = (indicator ?? []).map((id) => catalogue.definitions.get(id)!.title[locale]);
  return [...units, ...(indicators.length <= 3 ? indicators : [])].join(", ");
}

const choicesOf = ({ unit, indicator, level, since }: SignalQuestion): Record<string, string> => ({
  ...(unit ? { unit: unit.join(",") } : {}),
  ...(indicator ? { indicator: indicator.join(",") } : {}),
  ...(level ? { level: level.join(",") } : {}),
  ...(since ? { since } : {}),
});

/** What the page can show of a question: one unit, one indicator. */
const pageChoices = ({ unit, indicator, level }: SignalQuestion): Record<string, string> => ({
  ...(unit?.length === 1 ? { unit: unit[0]! } : {}),
  ...(indicator?.length === 1 ? { indicator: indicator[0]! } : {}),
  ...(level?.length === 1 ? { level: level[0]! } : {}),
});

export const languageOf = (locale: Locale): Record<string, string> => (locale === "en" ? { lang: "en" } : {});

/** The period in the page's address: `2016-H2`, `2016-Q3`, `2016-07`, `2016`. */
function codeOf({ grain, period_start: start }: Pick<SignalRow, "grain" | "period_start">): string {
  const month = Number(start.slice(5, 7)) - 1;
  const year = start.slice(0, 4);
  if (grain === "month") return start.slice(0, 7);
  if (grain === "quarter") return `${year}-Q${Math.floor(month / 3) + 1}`;
  return grain === "half" ? `${year}-H${Math.floor(month / 6) + 1}` : year;
}

/** A name that is the same for ever and everywhere: a UUID of version 8, made of a hash. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(`kvv-monitor ${text}`).digest("hex");
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const timeOf = (moment: string): string => new Date(moment).toISOString();

export const element = (name: string, text: string): string => `<${name}>${escape(text)}</${name}>`;

export const link = (rel: string, href: string, type: string): string =>
  `<link rel="${rel}" type="${type}" href="${escape(href)}"/>`;

/** Text as XML has it; characters that XML cannot hold are left out. */
export function escape(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"']/g, (sign) => signs[sign]!);
}
