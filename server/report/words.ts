import { readFileSync } from "node:fs";
import path from "node:path";
import type { Language } from "../../pipelines/series/period.ts";

const folder = path.join(import.meta.dirname, "..", "..", "web", "locales");
const texts = new Map<Language, Record<string, string>>();

function textsIn(language: Language): Record<string, string> {
  let found = texts.get(language);
  if (!found) {
    found = JSON.parse(readFileSync(path.join(folder, `${language}.json`), "utf8")) as Record<string, string>;
    texts.set(language, found);
  }
  return found;
}

type Values = Record<string, string | number>;

/** The texts of a language, the same as the pages have, with their values filled in; the key itself where there is none. */
export interface Words {
  language: Language;
  say(key: string, values?: Values): string;
  /** Of a number: keys `<key>.one` and `<key>.other`. */
  count(key: string, count: number, values?: Values): string;
}

export function wordsIn(language: Language): Words {
  const say = (key: string, values: Values = {}) =>
    (textsIn(language)[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  return {
    language,
    say,
    count: (key, count, values) => say(`${key}.${count === 1 ? "one" : "other"}`, { count, ...values }),
  };
}
