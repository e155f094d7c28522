import type { Problem } from "../api.ts";
import { t } from "./language.svelte.ts";

type Told = Pick<Problem, "type" | "message">;

/** Whether what people write cannot be reached just now: it lives with a server that does not answer. */
export const isAway = ({ type }: Pick<Problem, "type">): boolean => /:writes-(away|unsure)$/.test(String(type));

/** Why something did not work, in the reader's language where that is known. */
export function reasonOf(problem: Told | null): string {
  if (problem && isAway(problem)) return t(/unsure$/.test(String(problem.type)) ? "problem.unsure" : "problem.away");
  return problem?.message || t("problem.offline");
}
