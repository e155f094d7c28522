import type { Language } from "../format.ts";
import type nl from "./nl.json";
import type { TextPart } from "./parts.ts";
import { fetchFile } from "./text-files.ts";

/** The name of a text of the interface. */
export type TextKey = keyof typeof nl;
export type Values = Record<string, string | number>;

const texts: Record<Language, Record<string, string>> = { nl: {}, en: {} };

/** Gives texts of a language: a reader fetches only what they see. */
export const giveTexts = (language: Language, given: Record<string, string>): void =>
  void Object.assign(texts[language], given);

/** Parts that are there, and those that a reader needed so far: in another language they are needed again. */
const had = new Set<string>();
const needed = new Set<TextPart | "common">(["common"]);

/** Fetches texts of a language: those of every page, some parts, and all that were needed before; null where all are there. */
export function fetchTexts(language: Language, parts: readonly TextPart[] = []): Promise<unknown> | null {
  for (const part of parts) needed.add(part);
  const missing = [...needed].filter((part) => !had.has(`${language} ${part}`));
  if (missing.length === 0) return null;
  return Promise.all(
    missing.map(async (part) => {
      giveTexts(language, (await fetchFile(language, part)).default);
      had.add(`${language} ${part}`);
    }),
  );
}

/** A text with its values filled in; the key itself where there is none, so that a gap is seen. */
export function text(language: Language, key: string, values: Values = {}): string {
  const found = texts[language][key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A text that depends on a number: keys `<key>.one` and `<key>.other`. */
export function counted(language: Language, key: string, count: number, values: Values = {}): string {
  return text(language, `${key}.${count === 1 ? "one" : "other"}`, { count, ...values });
}

/** Whether there is a text of this name, in one language or in any. */
export const hasText = (key: string, language?: Language): key is TextKey =>
  language ? key in texts[language] : key in texts.nl || key in texts.en;
