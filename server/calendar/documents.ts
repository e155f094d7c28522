import type { DutyKind } from "../../pipelines/cycle-file.ts";
import { atomType, element, languageOf, link, timeOf, uuidOf } from "../atom.ts";
import type { Locale } from "../format.ts";
import type { Snapshot } from "../snapshot.ts";
import { icalendarOf } from "./icalendar.ts";
import type { CalendarQuestion, DatedItem } from "./items.ts";

/** A feed reader wants what is new. */
const entriesAtMost = 200;

const words = {
  nl: {
    ...{ title: "Kalender", of: "Kalender van", author: "KVV-monitor", source: "Bron" },
    until: (from: string, to: string) => `Van ${from} tot en met ${to}.`,
  },
  en: {
    ...{ title: "Calendar", of: "Calendar of", author: "KVV monitor", source: "Source" },
    until: (from: string, to: string) => `From ${from} to ${to}.`,
  },
};

const dayFormat = (language: string) =>
  new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const dayFormats: Record<Locale, Intl.DateTimeFormat> = { nl: dayFormat("nl-NL"), en: dayFormat("en-GB") };

/** What kinds of duties are called. */
const kindWords: Record<DutyKind, Record<Locale, string>> = {
  review: { nl: "Voortgang", en: "Progress" },
  meeting: { nl: "Overleg", en: "Meeting" },
  talk: { nl: "Gesprek", en: "Talk" },
  audit: { nl: "Audit", en: "Audit" },
  survey: { nl: "Onderzoek", en: "Survey" },
  target: { nl: "Doel", en: "Target" },
  plan: { nl: "Plan", en: "Plan" },
};

/** In which language, and where readers reach the monitor. */
interface Reader {
  locale: Locale;
  address: string;
}

/** The items as an iCalendar: each on the last day on which it is in time. */
export function icalendarOfItems(
  snapshot: Snapshot,
  question: CalendarQuestion,
  items: readonly DatedItem[],
  reader: Reader,
): string {
  const { locale } = reader;
  const events = items.map((item) => ({
    uid: uuidOf(`calendar ${item.item_id}`).replace("urn:uuid:", ""),
    on: item.due_on,
    summary: titleOf(snapshot, item, locale),
    description: textOf(item, locale),
    categories: [kindWords[item.kind][locale]],
    url: pageOf(item, reader),
  }));
  return icalendarOf(nameOf(snapshot, question, locale), events, new Date(snapshot.manifest.published_at));
}

/** The items that have begun as an Atom feed (RFC 4287), the newest first: an entry comes when an item begins. */
export function atomOfItems(
  snapshot: Snapshot,
  question: CalendarQuestion,
  items: readonly DatedItem[],
  reader: Reader,
): string {
  const { locale, address } = reader;
  const begun = items
    .filter(({ phase }) => phase !== "ahead")
    .sort((a, b) => b.starts_on.localeCompare(a.starts_on) || a.item_id.localeCompare(b.item_id))
    .slice(0, entriesAtMost);
  const choices = choicesOf(question);
  const self = `${address}/api/v1/calendar.atom?${new URLSearchParams({ ...choices, locale })}`;
  const page = new URLSearchParams({ ...pageChoices(question), ...languageOf(locale) }).toString();
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">`,
    element("id", uuidOf(`calendar ${JSON.stringify(choices)}`)),
    element("title", nameOf(snapshot, question, locale)),
    element("updated", begun[0] ? timeOf(begun[0].starts_on) : timeOf(snapshot.manifest.published_at)),
    `<author>${element("name", words[locale].author)}</author>`,
    link("self", self, atomType),
    link("alternate", `${address}/calendar${page ? `?${page}` : ""}`, "text/html"),
    ...begun.map((item) =>
      [
        "<entry>",
        element("id", uuidOf(`calendar ${item.item_id}`)),
        element("title", titleOf(snapshot, item, locale)),
        element("updated", timeOf(item.starts_on)),
        link("alternate", pageOf(item, reader), "text/html"),
        element("summary", textOf(item, locale)),
        "</entry>",
      ].join("\n"),
    ),
    `</feed>`,
    "",
  ].join("\n");
}

const unitName = ({ catalogue }: Snapshot, unit: string): string => catalogue.units.get(unit)?.at(-1)?.name ?? unit;

function nameOf(snapshot: Snapshot, { unit, kind }: CalendarQuestion, locale: Locale): string {
  const { title, of } = words[locale];
  const named = [
    ...(unit ?? []).map((id) => unitName(snapshot, id)),
    ...(kind ?? []).map((each) => kindWords[each as DutyKind][locale].toLowerCase()),
  ];
  return named.length > 0 ? `${unit ? of : `${title}:`} ${named.join(", ")}` : title;
}

function titleOf(snapshot: Snapshot, item: DatedItem, locale: Locale): string {
  const about = item[`about_${locale}`];
  const what = item[`title_${locale}`] + (about === null ? "" : `: ${about}`);
  return what + (item.unit_id === null ? "" : `, ${unitName(snapshot, item.unit_id)}`);
}

function textOf(item: DatedItem, locale: Locale): string {
  const { until, source } = words[locale];
  const day = (iso: string) => dayFormats[locale].format(new Date(`${iso}T00:00:00Z`));
  return [until(day(item.starts_on), day(item.due_on)), item[`note_${locale}`], `${source}: ${item.source}.`]
    .filter(Boolean)
    .join(" ");
}

/** The page that an item is about; the calendar while that is not there yet. */
function pageOf({ address: path }: DatedItem, { locale, address }: Reader): string {
  const url = new URL(address + (path ?? "/calendar"));
  for (const [name, value] of Object.entries(languageOf(locale))) url.searchParams.set(name, value);
  return url.href;
}

const choicesOf = ({ from, to, unit, kind }: CalendarQuestion): Record<string, string> => ({
  ...(from ? { from } : {}),
  ...(to ? { to } : {}),
  ...(unit ? { unit: unit.join(",") } : {}),
  ...(kind ? { kind: kind.join(",") } : {}),
});

/** What the page can show of a question: one unit, one kind. */
const pageChoices = ({ unit, kind }: CalendarQuestion): Record<string, string> => ({
  ...(unit?.length === 1 ? { unit: unit[0]! } : {}),
  ...(kind?.length === 1 ? { kind: kind[0]! } : {}),
});
