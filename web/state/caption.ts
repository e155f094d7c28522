import type { Definition, Served } from "../api.ts";
import { formatDate, formatMoment, inLanguage, type Language } from "../format.ts";
import { text } from "../locales/text.ts";

/** What a picture says of itself: a title, and lines in small print. */
export interface Caption {
  title: string;
  lines: string[];
}

/** The figure with its definition, and the snapshot with its dates; `subject` says of whom and when. */
export function captionOf(definition: Definition, subject: string, meta: Served, language: Language): Caption {
  const words = (field: Parameters<typeof inLanguage>[0]) => inLanguage(field, language);
  const line = (key: string, values: Record<string, string>) => text(language, key, values);
  const { numerator, denominator, caveats, owner, version, valid_from } = definition;
  return {
    title: [words(definition.title), subject].filter(Boolean).join(" – "),
    lines: [
      numerator ? line("picture.numerator", { words: words(numerator) }) : "",
      denominator ? line("picture.denominator", { words: words(denominator) }) : "",
      caveats ? line("picture.caveats", { words: words(caveats) }) : "",
      line("picture.version", {
        indicator: definition.indicator_id,
        version: String(version),
        from: valid_from ? formatDate(valid_from, language) : "–",
        owner: words(owner) || "–",
      }),
      [
        line("picture.snapshot", { snapshot: meta.snapshot, published: formatMoment(meta.published_at, language) }),
        meta.data_through ? line("picture.through", { through: formatDate(meta.data_through, language) }) : "",
        meta.demo ? line("picture.demo", {}) : "",
      ]
        .filter(Boolean)
        .join("; "),
    ].filter(Boolean),
  };
}

/** Of a table of several figures: the snapshot, then each figure with its definition. */
export function aboutFigures(definitions: Definition[], meta: Served, language: Language): [string, string][] {
  const captions = definitions.map((definition) => captionOf(definition, "", meta, language));
  const snapshot = captions[0]?.lines.at(-1) ?? "";
  return [
    [text(language, "picture.snapshotWord"), snapshot],
    ...captions.map(({ title, lines }): [string, string] => [title, lines.slice(0, -1).join(". ")]),
  ];
}

/** A text in lines no wider than `width`, as `measure` says; a word that is wider by itself stays whole. */
export function wrapped(line: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/\s+/).filter(Boolean)) {
    const longer = current ? `${current} ${word}` : word;
    if (current && measure(longer) > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return current ? [...lines, current] : lines;
}
