import type { Database } from "../database.ts";
import type { Node } from "./parts.ts";

/** Why a query cannot be read, and where: bytes into it, null where that is not known. */
export interface QueryFault {
  fault: string;
  at: number | null;
}

/** The engine's own parse of a query: exactly one SELECT, or why it is none. */
export async function parseQuery(db: Database, sql: string): Promise<{ statements: Node[] } | QueryFault> {
  const row = await db.one<{ tree: string }>("select json_serialize_sql($sql::varchar)::varchar as tree", { sql });
  const tree = readTree(row!.tree);
  if (tree.error)
    return {
      fault: `no SELECT that the engine can read: ${inWords(tree.error_message ?? "unknown")}`,
      at: tree.position === undefined ? null : Number(tree.position),
    };
  if (tree.statements?.length !== 1) return { fault: "write exactly one SELECT", at: null };
  return { statements: tree.statements };
}

/** What the engine advises of its own settings is for nobody who writes a query. */
const inWords = (message: string): string =>
  /expression depth/i.test(message) ? "it nests too deep; write it with fewer brackets and signs" : message;

interface Tree {
  error: boolean;
  error_message?: string;
  position?: string;
  statements?: Node[];
}

function readTree(text: string): Tree {
  try {
    return JSON.parse(text) as Tree;
  } catch {
    // Numbers beyond what a DOUBLE holds are written as words that are no JSON.
    return { error: true, error_message: "a number in it is larger than any that can be computed with" };
  }
}

/** Lines of a query before a place in it, which the engine counts in bytes. */
export function linesBefore(sql: string, at: number | null): number {
  return at === null ? 0 : Buffer.from(sql).subarray(0, at).toString().split("\n").length - 1;
}
