import { Refusal } from "../problem.ts";

/** What the first record of a file says. */
export interface Head {
  header: string[];
  delimiter: string;
}

export interface HeadOptions {
  delimiter?: string | undefined;
  /** Whether a header, as written, is one that the reader knows. */
  knows(header: string): boolean;
}

const delimiters = [";", ",", "\t"];

/** Splits the first record of a text into headers, by the delimiter under which most of them are known. */
export function parseHead(text: string, options: HeadOptions): Head {
  const candidates = (options.delimiter ? [options.delimiter] : delimiters).map((delimiter) => {
    const header = firstRecord(text, delimiter);
    return { header, delimiter, known: header.filter(options.knows).length };
  });
  const best = candidates.sort((a, b) => b.known - a.known || b.header.length - a.header.length)[0]!;
  if (best.header.every((name) => name === ""))
    throw new Refusal("the first line of the file is empty: it must be the header");
  return { header: best.header, delimiter: best.delimiter };
}

/** The fields of the text's first record, trimmed; quotes may hold delimiters and line ends. */
export function firstRecord(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') field += text[++i]!;
      else quoted = false;
    } else if (char === '"' && field.trim() === "") {
      field = "";
      quoted = true;
    } else if (char === delimiter) {
      fields.push(field.trim());
      field = "";
    } else if (char === "\n" || char === "\r") break;
    else field += char;
  }
  return [...fields, field.trim()];
}
