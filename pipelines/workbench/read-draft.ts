import { parseDefinition, type Definition, type Earlier, type Header } from "../indicators/definition.ts";
import type { Node } from "../indicators/parts.ts";
import { linesBefore, parseQuery } from "../indicators/query-tree.ts";
import { faultsOfVersions, readDefinition, readEarlier, type Feeds } from "../indicators/read.ts";
import { faultsOfOther } from "../indicators/change.ts";
import { parseTargets, type Target } from "../targets.ts";
import type { Fault } from "../yaml-file.ts";
import type { Draft, DraftFault, DraftTexts } from "./draft.ts";
import type { Known } from "./known.ts";
import { objectionsTo, readableIn } from "./permitted.ts";
import { objectionsToText, type Objection } from "./query-text.ts";

/** A draft's definition, as far as it can be read. */
export interface ReadDraft {
  header: Header | null;
  sql: string;
  /** The line of the text on which the query begins. */
  queryLine: number;
  /** The parse of the query; null where it is none, or says what it may not. */
  tree: Node[] | null;
  /** With the versions before it; null where it has faults of its own. */
  definition: Definition | null;
  faults: DraftFault[];
}

/** Most characters of a text. */
const mostOf: Record<keyof DraftTexts, number> = { definition: 64_000, examples: 64_000, targets: 120_000 };

/** Texts that are too long are not even parsed. */
export function faultsOfSize(draft: Partial<DraftTexts>): DraftFault[] {
  return (Object.keys(mostOf) as (keyof DraftTexts)[]).flatMap((part) => {
    const length = draft[part]?.length ?? 0;
    return length > mostOf[part]
      ? [{ part, line: 1, message: `the text has ${length} characters; write at most ${mostOf[part]}` }]
      : [];
  });
}

/** Reads a draft's definition: nothing of it is bound, let alone run, before it is known that it says only what it may. */
export async function readDraft(
  feeds: Feeds,
  { indicator_id: id, definition: text }: Pick<Draft, "indicator_id" | "definition">,
  known: Known,
): Promise<ReadDraft> {
  const { header, sql, queryLine, faults, lineOf } = parseDefinition(text, "definition");
  const read = { header: header ?? null, sql, queryLine };
  const judged = await judge(feeds, sql, known);
  if ("objections" in judged) {
    const found = judged.objections.map(({ at, message }) => ({ line: queryLine + linesBefore(sql, at), message }));
    return { ...read, tree: null, definition: null, faults: ofPart("definition", [...faults, ...found]) };
  }
  const { tree } = judged;
  const { definition, faults: all } = await readDefinition(feeds, id, text, "definition", known.papers);
  const own = known.versions.get(id) ?? [];
  if (!definition) return { ...read, tree, definition: null, faults: ofPart("definition", all) };
  const others = new Map(known.others);
  const found = [
    ...faultsOfOther(definition, others).map((message) => ({ line: lineOf("of"), message })),
    ...faultsOfVersions(definition, own).map(({ key, message }) => ({
      line: key === "sql" ? queryLine : lineOf(key),
      message,
    })),
  ];
  const earlier: Earlier[] = [];
  for (const version of own.filter(({ number }) => number < definition.version.number)) {
    const past = await readEarlier(feeds, definition, version);
    if ("fault" in past) found.push({ line: lineOf("version"), message: past.fault.message });
    else earlier.push(past);
  }
  const whole = earlier.length > 0 ? { ...definition, earlier } : definition;
  return { ...read, tree, definition: whole, faults: ofPart("definition", found) };
}

/** Whether a query says only what a draft may say. */
async function judge(
  { db }: Feeds,
  sql: string,
  { contracts }: Known,
): Promise<{ tree: Node[] } | { objections: Objection[] }> {
  const unclear = objectionsToText(sql);
  if (unclear.length > 0) return { objections: unclear };
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed) return { objections: [{ at: parsed.at, message: parsed.fault }] };
  const objections = objectionsTo(parsed.statements, readableIn(contracts.values()));
  return objections.length > 0 ? { objections } : { tree: parsed.statements };
}

/** A draft's targets: its own lines only. */
export function readDraftTargets(
  { indicator_id: id, targets: text }: Pick<Draft, "indicator_id" | "targets">,
  header: Header | null,
  known: Pick<Known, "papers">,
): { targets: Target[]; faults: DraftFault[] } {
  if (text.trim() === "") return { targets: [], faults: [] };
  const { targets, faults } = parseTargets(text, "targets", header ? [{ ...header, id }] : [], known.papers);
  const other = targets.find(({ indicator_id }) => indicator_id !== id);
  if (other)
    return {
      targets: [],
      faults: [{ part: "targets", line: 1, message: `"${other.indicator_id}" is another indicator; write ${id}` }],
    };
  // Without a header nothing can be said of what targets are held against.
  const said = header ? faults : faults.filter(({ message }) => !message.startsWith("there is no indicator"));
  return { targets, faults: ofPart("targets", said) };
}

export const ofPart = (part: keyof DraftTexts, faults: Pick<Fault, "line" | "message">[]): DraftFault[] =>
  faults.map(({ line, message }) => ({ part, line, message }));
