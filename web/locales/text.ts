import type { Language } from "../format.ts";
import type nl from "./nl.json";

/** The name of a text of the interface. */
export type TextKey = keyof typeof nl;
export type Values = Record<string, string | number>;

const texts: Record<Language, Record<string, string>> = { nl: {}, en: {} };

/** Gives the texts of a language: a reader fetches only those of their own. */
export const giveTexts = (language: Language, given: Record<string, string>): void => void (texts[language] = given);

const files = { nl: () => import("./nl.json"), en: () => import("./en.json") };

/** Fetches the texts of a language; null where they are there. */
export function fetchTexts(language: Language): Promise<void> | null {
  if (Object.keys(texts[language]).length > 0) return null;
  return files[language]().then((module) => giveTexts(language, module.default));
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

/** Whether there is a text of this name. */
export const hasText = (key: string): key is TextKey => key in texts.nl || key in texts.en;
