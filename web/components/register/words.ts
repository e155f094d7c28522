import type { ProcessingRow } from "../../api.ts";
import { say, sayCount, t } from "../../state/language.svelte.ts";

/** "herkomst, gezondheid", or a dash. */
export const listed = (codes: readonly string[], kind: "subject" | "special"): string =>
  codes
    .map((code) => (kind === "subject" ? say(`register.subject.${code}`) : say(`register.special.${code}`)))
    .join(", ") || "–";

/** How long something is kept. */
export const timeOf = ({ amount, unit }: ProcessingRow["kept"][number]): string =>
  amount === null ? t("register.time.ever") : sayCount(`register.time.${unit}`, amount);
