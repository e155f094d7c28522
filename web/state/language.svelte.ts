import { inLanguage, type Language } from "../format.ts";
import { counted, text, type TextKey, type Values } from "../locales/text.ts";
import { router } from "./router.svelte.ts";

/** The language that choices say; Dutch where they say none. */
export const languageOf = (query: Readonly<Record<string, string>>): Language => (query.lang === "en" ? "en" : "nl");

/** The language of the page, from the address; Dutch unless the reader chose otherwise. */
export const language = {
  get current(): Language {
    return router.lang === "en" ? "en" : "nl";
  },
};

/** A text of the interface in the reader's language. */
export const t = (key: TextKey, values?: Values): string => text(language.current, key, values);

/** The same for keys that are put together, such as a judgement's name. */
export const say = (key: string, values?: Values): string => text(language.current, key, values);

/** A text that depends on a number. */
export const sayCount = (key: string, count: number, values?: Values): string =>
  counted(language.current, key, count, values);

/** The reader's language of a bilingual field. */
export const words = (field: { nl?: string; en?: string } | string | null | undefined): string =>
  inLanguage(field, language.current);
