import type { Problem } from "../api.ts";
import { t } from "./language.svelte.ts";

/** Why something did not work, in the reader's language where that is known. */
export const reasonOf = (problem: Problem | null): string =>
  problem?.away ? t("problem.away") : problem?.message || t("problem.offline");
