import { QueryError } from "../database.ts";
import { countsOtherwise } from "../indicators/change.ts";
import type { Definition } from "../indicators/definition.ts";
import { countedTwice } from "../indicators/people.ts";
import { statesAddedUp } from "../indicators/states.ts";
import type { OpenInMemory } from "../indicators/trial.ts";
import type { Known } from "./known.ts";
import { stoppedBy } from "./limits.ts";

/** What is needed to try queries out. */
export interface Trying {
  open: OpenInMemory;
  known: Known;
  /** What was found in queries that were tried out before: while a header is written its query stays as it is. */
  tried: Map<string, string[]>;
}

const mostTried = 100;

/** What only shows when the query runs over made-up rows. */
export const triedOut = (definition: Definition, trying: Trying): Promise<string[]> => {
  const { kind, of, stock, breakdowns, sql } = definition;
  const key = JSON.stringify([kind, of, stock, breakdowns.map(({ name }) => name), sql]);
  return remembered(trying, key, async ({ open, known }) => {
    const states = await statesAddedUp([definition], known.contracts, open);
    const other = kind === "change" ? known.others.get(String(of)) : undefined;
    const otherwise = other && (await countsOtherwise(definition, other, known.contracts, open));
    return [...states.values(), ...(otherwise ? [otherwise] : [])];
  });
};

/** That the query counts somebody more than once, so that least numbers protect nobody. */
export const triedByPerson = (definition: Definition, trying: Trying): Promise<string[]> =>
  remembered(trying, `by person ${definition.kind} ${definition.sql}`, async ({ open, known }) => [
    ...(await countedTwice([definition], known.contracts, open)).values(),
  ]);

async function remembered(
  trying: Trying,
  key: string,
  tryOut: (trying: Trying) => Promise<string[]>,
): Promise<string[]> {
  const { tried } = trying;
  const messages = tried.get(key) ?? (await tryOut(trying).catch(inWords));
  tried.delete(key);
  tried.set(key, messages);
  for (const oldest of tried.keys()) if (tried.size > mostTried) tried.delete(oldest);
  return messages;
}

function inWords(error: unknown): string[] {
  if (!(error instanceof QueryError) || stoppedBy(error)) throw error;
  return [`the query fails over made-up rows: ${error.message.split("\n")[0]!}`];
}
