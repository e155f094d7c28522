import { makeWarehouse, parseExample, RowFault, workExample } from "../indicators/example.ts";
import type { Feeds } from "../indicators/read.ts";
import { QueryError } from "../database.ts";
import type { Draft, DraftCheck, DraftFault } from "./draft.ts";
import { isForm } from "./form.ts";
import { lessProtected } from "./less-protected.ts";
import { stoppedBy } from "./limits.ts";
import { faultsOfSize, ofPart, readDraft, readDraftTargets } from "./read-draft.ts";
import { triedByPerson, triedOut, type Trying } from "./tried-out.ts";

/** What is needed to check drafts. */
export interface Checking extends Trying {
  /** The feeds' tables, empty. */
  feeds: Feeds;
}

/** Says all that is wrong with a draft, and works its example. */
export async function checkDraft(checking: Checking, draft: Draft): Promise<DraftCheck> {
  const { feeds, open, known } = checking;
  const nothing = { header: null, feeds: [], protected: false, less_protected: [], examples: [], sql: "", form: false };
  const size = faultsOfSize(draft);
  if (size.length > 0) return { ...nothing, faults: size };
  const { header, sql, queryLine, tree, definition, faults } = await readDraft(feeds, draft, known);
  const { faults: ofTargets } = readDraftTargets(draft, header, known);
  const {
    example,
    faults: ofExample,
    lineOf,
  } = draft.examples.trim() === ""
    ? { faults: [], lineOf: () => 1 }
    : parseExample(draft.examples, "examples", known.contracts);
  const found = [...faults, ...ofPart("examples", ofExample), ...ofTargets];
  const said = { header, sql, form: tree !== null && isForm(tree) };
  if (!definition) return { ...nothing, ...said, faults: found };
  const messages = new Set([...(await triedOut(definition, checking)), ...(await triedByPerson(definition, checking))]);
  found.push(...[...messages].map((message): DraftFault => ({ part: "definition", line: queryLine, message })));
  const reads = {
    ...{ feeds: definition.feeds, protected: definition.protected },
    less_protected: lessProtected(definition, known.others.get(draft.indicator_id)),
  };
  if (!example) return { ...nothing, ...said, ...reads, faults: found };
  const db = await open();
  try {
    await makeWarehouse(db, known.contracts);
    const examples = await workExample(db, definition, example, known.contracts);
    return { ...said, ...reads, examples, faults: found };
  } catch (error) {
    if (error instanceof RowFault && !stoppedBy(error.cause)) {
      // Its key, the line with the columns, then the rows.
      const line = lineOf(["feeds", error.feed]) + 1 + error.row;
      const fault: DraftFault = { part: "examples", line, message: error.message };
      return { ...nothing, ...said, ...reads, faults: [...found, fault] };
    }
    if (!(error instanceof QueryError) || stoppedBy(error)) throw error;
    const message = `the example cannot be worked: ${firstLine(error)}`;
    return { ...nothing, ...said, ...reads, faults: [...found, { part: "examples", line: 1, message }] };
  } finally {
    db.close();
  }
}

const firstLine = (error: Error): string => error.message.split("\n")[0]!;
