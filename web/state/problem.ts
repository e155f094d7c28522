import type { Problem } from "../api.ts";
import { t } from "./language.svelte.ts";

/** Why something did not work, in the reader's language, where a server elsewhere is why; else null. */
export function reasonOfServers(problem: Problem | null): string | null {
  switch (problem?.code) {
    case "writes-away":
      return t("problem.away");
    case "writes-unsure":
      return t("problem.unsure");
    case "cut-off":
    case "damaged-body":
      return t("problem.cutOff");
    case "figures-fetched":
      return t("problem.madeElsewhere");
    case "not-fetched":
      return t("problem.notFetched");
    default:
      return null;
  }
}

/** Why something did not work, in the reader's language where that is known. */
export const reasonOf = (problem: Problem | null): string =>
  reasonOfServers(problem) ?? (problem?.message || t("problem.offline"));
