import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";

/** Something in a definition file that must be mended: `file:line: message`. */
export interface Fault {
  file: string;
  line: number;
  message: string;
}

/** A parsed YAML text that knows on which line each of its parts stands. */
export interface YamlFile<T> {
  /** The checked value; undefined where there are faults. */
  value: T | undefined;
  faults: Fault[];
  lineOf(path: readonly PropertyKey[]): number;
}

/** Parses YAML and checks it against a schema; every fault names the line it stands on, `offset` lines into the file. */
export function parseYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  offset = 0,
): YamlFile<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (path: readonly PropertyKey[]) => offset + lineOfNode(document, lines, path);
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      line: offset + lines.linePos(error.pos[0]).line,
      message: `not YAML: ${error.message}`,
    }));
    return { value: undefined, faults, lineOf };
  }
  let plain: unknown;
  try {
    plain = document.toJS();
  } catch {
    // References to references can stand for more than any memory holds; the parser gives up on them.
    const message = "its references (&, *) stand for too much; write it out";
    return { value: undefined, faults: [{ file, line: offset + 1, message }], lineOf };
  }
  const parsed = schema.safeParse(plain ?? {});
  if (parsed.success) return { value: parsed.data, faults: [], lineOf };
  const faults = parsed.error.issues.flatMap((issue) => {
    const keys = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return keys.map((path) => ({
      file,
      line: lineOf(path),
      message: `${path.length > 0 ? `${path.join(".")}: ` : ""}${issue.code === "unrecognized_keys" ? "unknown key" : issue.message}`,
    }));
  });
  return { value: undefined, faults, lineOf };
}

/** The line of the deepest part of the path that exists. */
function lineOfNode(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
