import type { Language } from "../format.ts";
import type { TextPart } from "./parts.ts";

/** A file of texts: each part of each language is one, made by `text-parts.ts`. */
export interface TextFile {
  default: Record<string, string>;
}

/** Fetches the texts of a part in a language. `text-parts.ts` puts that here, for it knows the files. */
export const fetchFile = (language: Language, part: TextPart | "common"): Promise<TextFile> =>
  Promise.reject(new Error(`${language}.json?part=${part} is only there where text-parts.ts takes part`));
