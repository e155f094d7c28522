import { createHash } from "node:crypto";
import { parse } from "yaml";

/** What a list says of a definition. */
export interface Heading {
  title: { nl: string; en: string } | null;
  /** The number of its version; 0 where it says none. */
  number: number;
}

/** So many are known without being read anew. */
const mostKnown = 1000;

/** What heads of definitions say; each text is read once. */
export class Headings {
  private readonly known = new Map<string, Heading>();

  of(definition: string): Heading {
    const hash = createHash("sha256").update(definition).digest("base64");
    const found = this.known.get(hash) ?? headingOf(definition);
    this.known.delete(hash);
    this.known.set(hash, found);
    for (const oldest of this.known.keys()) if (this.known.size > mostKnown) this.known.delete(oldest);
    return found;
  }
}

/**
 * What can be read of the head of a definition, also of one that is not done. Whatever somebody wrote passes here, so the
 * YAML of it is never read whole (a hostile one takes all memory): only the few lines of two keys, where these are plain.
 */
export function headingOf(definition: string): Heading {
  const head = /^\/\*---\r?\n([\s\S]*?)\r?\n---\*\//.exec(definition)?.[1] ?? "";
  const title = plainly(head, "title");
  const [nl, en] = [textIn(title, "nl"), textIn(title, "en")];
  const number = plainly(head, "version")?.number;
  return {
    title: nl || en ? { nl: nl || en, en: en || nl } : null,
    number: typeof number === "number" && Number.isInteger(number) && number > 0 ? number : 0,
  };
}

/** So much one key has at most: lines, and characters. */
const [mostLines, mostCharacters] = [12, 1000];

/** The value of a key of the head, where it is a map of texts and numbers; else null. */
function plainly(head: string, key: string): Record<string, unknown> | null {
  const lines = head.split(/\r?\n/);
  const first = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (first < 0) return null;
  const more = lines.slice(first + 1).findIndex((line) => !/^\s/.test(line));
  const own = lines.slice(first, more < 0 ? lines.length : first + 1 + more);
  const text = own.join("\n");
  const nested = text.match(/[[{&*?!]|^\s*-/gm)?.length ?? 0;
  if (own.length > mostLines || text.length > mostCharacters || nested > mostLines) return null;
  try {
    const value = (parse(text, { logLevel: "silent", maxAliasCount: 0 }) as Record<string, unknown> | null)?.[key];
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function textIn(map: Record<string, unknown> | null, key: string): string {
  const text = map?.[key];
  return typeof text === "string" ? text.trim() : "";
}
