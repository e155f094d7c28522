import type { Problem } from "../api.ts";
import { say, t } from "./language.svelte.ts";

/** Why something did not work, in the reader's language, where a server that does not answer is why; else null. */
export function reasonOfServers(problem: Problem | null): string | null {
  const [, code] = /:(writes-away|writes-unsure|cut-off)$/.exec(String(problem?.type)) ?? [];
  return code ? say(`problem.${code}`) : null;
}

/** Why something did not work, in the reader's language where that is known. */
export const reasonOf = (problem: Problem | null): string =>
  reasonOfServers(problem) ?? (problem?.message || t("problem.offline"));
