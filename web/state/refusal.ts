/** Why a file was refused, as far as the loader's words tell; `other` where they are of another kind. */
export interface RefusalKind {
  kind: "change" | "quarantine" | "columns" | "empty" | "size" | "mapping" | "units" | "other";
  /** What the explanation names, such as the columns that lack. */
  values: Record<string, string>;
}

/** Patterns of the loader's words; the page explains them in the reader's language, and shows the words themselves too. */
const kinds: { kind: RefusalKind["kind"]; pattern: RegExp; values: string[] }[] = [
  { kind: "change", pattern: /its total is (\S+?),.* than the (\S+) of the last load/, values: ["now", "before"] },
  { kind: "quarantine", pattern: /(\d+) of (\d+) rows would be quarantined/, values: ["count", "read"] },
  { kind: "columns", pattern: /the header lacks [^:]*: (.+?)\. It has/, values: ["columns"] },
  { kind: "empty", pattern: /is empty\b|but no rows/, values: [] },
  { kind: "size", pattern: /more than (\d+) MB/, values: ["megabytes"] },
  { kind: "mapping", pattern: /\bmapping (says|names|has)|no mapping|lookup "/, values: [] },
  { kind: "units", pattern: /units would not be a tree/, values: [] },
];

/** The kind of a refusal and what it names. */
export function refusalKind(reason: string): RefusalKind {
  for (const { kind, pattern, values } of kinds) {
    const found = pattern.exec(reason);
    if (found) return { kind, values: Object.fromEntries(values.map((name, index) => [name, found[index + 1] ?? ""])) };
  }
  return { kind: "other", values: {} };
}

/** Whether the same file can be loaded after all, once someone says that the change is right. */
export const canAccept = (reason: string | null): boolean => reason !== null && refusalKind(reason).kind === "change";
