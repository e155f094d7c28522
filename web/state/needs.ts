import { askAhead, soon } from "../api.ts";
import type { Address } from "./address.ts";
import { chartCode } from "./chart-code.svelte.ts";
import { monitor } from "./monitor.svelte.ts";
import { fetchPage, fetchTextsOf, findPage, questionsOf } from "./pages.ts";

/** A page turns after so many milliseconds without its answers: it then says itself what it waits for. */
const longest = 4000;

/** What an address needs before it can be shown: texts, code, answers; null where all of it is here. */
export function needsOf(address: Address): Promise<unknown> | null {
  // The server says why not.
  if (findPage(address.path) && !monitor.mayOpen(address.path)) return Promise.reject(new Error(address.path));
  const code = codeOf(address);
  if (code.length === 0) return answersOf(address);
  return Promise.all(code).then(() => answersOf(address));
}

/** Fetches the same ahead of a reader, until the signal says otherwise; where they are near, also what draws its charts. */
export async function prepare(address: Address, signal: AbortSignal, near: boolean): Promise<void> {
  await Promise.all(codeOf(address)).catch(() => undefined);
  const questions = questionsOf(address);
  if (questions.length === 0) return;
  if (near) void chartCode.load();
  await Promise.all(questions.map((question) => askAhead(question, signal)));
}

const codeOf = (address: Address): Promise<unknown>[] =>
  [fetchTextsOf(address), fetchPage(address.path)].filter((each) => each !== null);

function answersOf(address: Address): Promise<unknown> | null {
  const answers = soon(questionsOf(address), () => null);
  if (answers === null) return null;
  // A page says itself what it could not get.
  return Promise.race([answers.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, longest))]);
}
