import { createHash } from "node:crypto";
import { parseDocument } from "yaml";
import { parseDefinition } from "../../pipelines/indicators/definition.ts";

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

/** What can be read of the head of a definition, also of one that is not done. */
export function headingOf(definition: string): Heading {
  const { header } = parseDefinition(definition, "");
  if (header) return { title: header.title, number: header.version.number };
  const yaml = /^\/\*---\r?\n([\s\S]*?)\r?\n---\*\//.exec(definition)?.[1] ?? "";
  const found = plain(yaml) as { title?: { nl?: unknown; en?: unknown }; version?: { number?: unknown } } | null;
  const words = (text: unknown) => (typeof text === "string" ? text.trim() : "");
  const [nl, en] = [words(found?.title?.nl), words(found?.title?.en)];
  const number = found?.version?.number;
  return {
    title: nl || en ? { nl: nl || en, en: en || nl } : null,
    number: typeof number === "number" && Number.isInteger(number) && number > 0 ? number : 0,
  };
}

function plain(yaml: string): unknown {
  try {
    const value: unknown = parseDocument(yaml, { logLevel: "silent" }).toJS({ maxAliasCount: 0 });
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
