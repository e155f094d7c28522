import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { MadePage } from "../web/render.ts";

/** The built page without its content, read anew when it was built anew. */
export class Shell {
  private readonly file: string;
  private known: { text: string; stamp: number; version: string } | null = null;

  /** `folder` has the built pages. */
  constructor(folder: string) {
    this.file = path.join(folder, "index.html");
  }

  /** Null while there is none. */
  async read(): Promise<{ text: string; version: string } | null> {
    try {
      // At once: each page begins with it, and it must not wait for threads that are busy.
      const { mtimeMs } = statSync(this.file);
      if (this.known?.stamp !== mtimeMs) {
        const text = await readFile(this.file, "utf8");
        this.known = { text, stamp: mtimeMs, version: hashOf(text) };
      }
      return this.known;
    } catch {
      return null;
    }
  }
}

/** Names the bytes of a file. */
export const hashOf = (bytes: string | Buffer): string =>
  createHash("sha256").update(bytes).digest("base64url").slice(0, 27);

/** The page's content in the place that is kept for it. */
export function fill(empty: string, { body, title, lang, theme }: MadePage): string {
  const root = `<html lang="${lang}"${theme ? ` data-theme="${theme}"` : ""}>`;
  // Functions, since a text may have signs that a replacement gives a meaning.
  return empty
    .replace(/<html [^>]*>/, () => root)
    .replace(/<title>.*?<\/title>/s, () => `<title>${title}</title>`)
    .replace('<div id="app"></div>', () => `<div id="app">${body}</div>`);
}
