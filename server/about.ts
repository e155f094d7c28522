import type { Definition } from "../pipelines/indicators/definition.ts";
import { columnWord } from "./column-words.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Locale } from "./format.ts";
import type { Manifest } from "./manifest.ts";

/** Where rows come from, and what was asked. */
export interface Source {
  /** The route, as `/series`. */
  path: string;
  /** The checked question; a list that is null means all. */
  question: Readonly<Record<string, unknown>>;
  /** Of the pipelines' work instead of a snapshot: when that was last written down. */
  from: { manifest: Manifest; catalogue: Catalogue } | { writtenAt: string };
}

export interface AboutLine {
  label: string;
  text: string;
}

const text = {
  nl: {
    ...{ table: "Tabel", snapshot: "Momentopname", published: "Gepubliceerd op", through: "Gegevens tot en met" },
    ...{ demo: "Voorbeelddata", demoYes: "ja: deze cijfers zijn verzonnen", written: "Bijgewerkt op", all: "alle" },
    ...{ title: "Titel", version: "Versie", numerator: "Teller", denominator: "Noemer", excluded: "Telt niet mee" },
    ...{ caveats: "Let op", owner: "Eigenaar", source: "Bron", from: "Geldt vanaf", indicator: "Cijfer" },
  },
  en: {
    ...{ table: "Table", snapshot: "Snapshot", published: "Published at", through: "Data through" },
    ...{ demo: "Demo data", demoYes: "yes: these figures are made up", written: "Brought up to date", all: "all" },
    ...{ title: "Title", version: "Version", numerator: "Numerator", denominator: "Denominator", excluded: "Excluded" },
    ...{ caveats: "Caveats", owner: "Owner", source: "Source", from: "Valid from", indicator: "Indicator" },
  },
};

/** The table, and the snapshot with its dates. */
export function originLines({ path, from }: Source, locale: Locale): AboutLine[] {
  const words = text[locale];
  const lines = [{ label: words.table, text: `/api/v1${path}` }];
  if ("manifest" in from) {
    const { snapshot, published_at, data_through, demo } = from.manifest;
    lines.push({ label: words.snapshot, text: snapshot }, { label: words.published, text: published_at });
    if (data_through) lines.push({ label: words.through, text: data_through });
    if (demo) lines.push({ label: words.demo, text: words.demoYes });
  } else lines.push({ label: words.written, text: from.writtenAt });
  return lines;
}

/** The filters of the question, in the words of the columns. */
export function questionLines({ question }: Source, locale: Locale): AboutLine[] {
  return Object.entries(question)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      label: columnWord(name, locale),
      text: value === null ? text[locale].all : Array.isArray(value) ? value.join(", ") : String(value),
    }));
}

/** The definitions of indicators that the question names; none where it asks for all. */
export function namedDefinitions({ question, from }: Source): Definition[] {
  if (!("catalogue" in from)) return [];
  const named = Array.isArray(question.indicator) ? question.indicator : [question.indicator];
  return named.flatMap((id) => from.catalogue.definitions.get(String(id)) ?? []);
}

/** What a figure means, line by line. */
export function definitionLines(definition: Definition, locale: Locale): AboutLine[] {
  const words = text[locale];
  const { numerator, denominator, excluded, caveats, version } = definition;
  return [
    { label: words.indicator, text: definition.id },
    { label: words.title, text: definition.title[locale] },
    { label: words.numerator, text: numerator[locale] },
    { label: words.denominator, text: denominator?.[locale] ?? "" },
    { label: words.excluded, text: excluded?.[locale] ?? "" },
    { label: words.caveats, text: caveats?.[locale] ?? "" },
    { label: words.owner, text: definition.owner },
    { label: words.source, text: definition.source.join("; ") },
    { label: words.version, text: String(version.number) },
    { label: words.from, text: version.valid_from },
  ];
}

/** All of it, for a file without a place for tables. */
export function aboutLines(source: Source, locale: Locale): AboutLine[] {
  return [
    ...originLines(source, locale),
    ...questionLines(source, locale),
    ...namedDefinitions(source).flatMap((definition) => definitionLines(definition, locale)),
  ].filter((line) => line.text !== "");
}

/** Why a figure is not there, by the code that its row has. */
export const withheldWords: Record<string, Record<Locale, string>> = {
  floor: { nl: "voor deze eenheid alleen over een langere periode", en: "for this unit only over a longer period" },
  threshold: { nl: "te kleine aantallen", en: "numbers too small" },
  complement: {
    nl: "er zouden anders kleine aantallen mee te berekenen zijn",
    en: "small numbers could be worked out with it",
  },
  unproven: {
    nl: "eerst wordt berekend of het niemand verraadt",
    en: "first it is worked out whether it gives anyone away",
  },
  band: { nl: "alleen als ‘minder dan 5’ getoond", en: "shown only as ‘fewer than 5’" },
  sensitive: { nl: "te kleine aantallen", en: "numbers too small" },
  incomplete: { nl: "de periode is nog niet compleet", en: "the period is not complete yet" },
  source: { nl: "de bron geeft dit cijfer niet", en: "the source does not give this figure" },
};
