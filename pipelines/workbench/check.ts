import { countsOtherwise } from "../indicators/change.ts";
import { makeWarehouse, parseExample, workExample } from "../indicators/example.ts";
import type { Definition } from "../indicators/definition.ts";
import type { Feeds } from "../indicators/read.ts";
import { statesAddedUp } from "../indicators/states.ts";
import type { OpenInMemory } from "../indicators/trial.ts";
import { QueryError } from "../database.ts";
import type { Draft, DraftCheck, DraftFault } from "./draft.ts";
import { isForm } from "./form.ts";
import type { Known } from "./known.ts";
import { stoppedBy } from "./limits.ts";
import { faultsOfSize, ofPart, readDraft, readDraftTargets } from "./read-draft.ts";

/** What is needed to check drafts: the feeds' tables, empty, and databases in memory. */
export interface Checking {
  feeds: Feeds;
  open: OpenInMemory;
  known: Known;
  /** What was found in queries that were tried out before: while a header is written its query stays as it is. */
  tried: Map<string, string[]>;
}

const mostTried = 50;

/** Says all that is wrong with a draft, and works its example. */
export async function checkDraft(checking: Checking, draft: Draft): Promise<DraftCheck> {
  const { feeds, open, known } = checking;
  const nothing = { header: null, feeds: [], protected: false, examples: [], sql: "", form: false };
  const size = faultsOfSize(draft);
  if (size.length > 0) return { ...nothing, faults: size };
  const { header, sql, queryLine, tree, definition, faults } = await readDraft(feeds, draft, known);
  const { faults: ofTargets } = readDraftTargets(draft, header, known);
  const { example, faults: ofExample } =
    draft.examples.trim() === "" ? { faults: [] } : parseExample(draft.examples, "examples", known.contracts);
  const found = [...faults, ...ofPart("examples", ofExample), ...ofTargets];
  const said = { header, sql, form: tree !== null && isForm(tree) };
  if (!definition) return { ...nothing, ...said, faults: found };
  found.push(...(await triedOut(definition, queryLine, checking)));
  const reads = { feeds: definition.feeds, protected: definition.protected };
  if (!example) return { ...nothing, ...said, ...reads, faults: found };
  const db = await open();
  try {
    await makeWarehouse(db, known.contracts);
    const examples = await workExample(db, definition, example, known.contracts);
    return { ...said, ...reads, examples, faults: found };
  } catch (error) {
    if (!(error instanceof QueryError) || stoppedBy(error)) throw error;
    const message = `the example cannot be worked: ${firstLine(error)}`;
    return { ...nothing, ...said, ...reads, faults: [...found, { part: "examples", line: 1, message }] };
  } finally {
    db.close();
  }
}

/** What only shows when the query runs over made-up rows. */
async function triedOut(definition: Definition, line: number, checking: Checking): Promise<DraftFault[]> {
  const { tried } = checking;
  const { kind, of, stock, breakdowns, sql } = definition;
  const key = JSON.stringify([kind, of, stock, breakdowns.map(({ name }) => name), sql]);
  const messages = tried.get(key) ?? (await tryOut(definition, checking));
  tried.delete(key);
  tried.set(key, messages);
  for (const oldest of tried.keys()) if (tried.size > mostTried) tried.delete(oldest);
  return ofPart(
    "definition",
    messages.map((message) => ({ line, message })),
  );
}

async function tryOut(definition: Definition, { open, known }: Checking): Promise<string[]> {
  try {
    const found = [...(await statesAddedUp([definition], known.contracts, open)).values()];
    const other = definition.kind === "change" ? known.others.get(String(definition.of)) : undefined;
    const otherwise = other && (await countsOtherwise(definition, other, known.contracts, open));
    return otherwise ? [...found, otherwise] : found;
  } catch (error) {
    if (!(error instanceof QueryError) || stoppedBy(error)) throw error;
    return [`the query fails over made-up rows: ${firstLine(error)}`];
  }
}

const firstLine = (error: Error): string => error.message.split("\n")[0]!;
