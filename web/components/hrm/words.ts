import type { Target } from "../../api.ts";
import { formatDate, type Language } from "../../format.ts";
import { text } from "../../locales/text.ts";

/** A target's period in words: "1 jan 2015 – 31 dec 2017", or the one day. */
export function targetPeriod(target: Pick<Target, "from" | "to">, language: Language): string {
  const from = target.from ? formatDate(target.from, language, "short") : "";
  if (target.from === target.to) return from;
  return `${from} – ${target.to ? formatDate(target.to, language, "short") : text(language, "target.noEnd")}`;
}

/** Where a target comes from and how far it is decided: "voorgesteld (1 jan 2015), DH-2015 actie 4.1". */
export function decidedHow(
  target: Pick<Target, "status" | "by" | "source" | "demo" | "proposed_on" | "decided_on">,
  language: Language,
): string {
  const say = (key: string) => text(language, key);
  const on = target.status === "decided" ? target.decided_on : target.proposed_on;
  const status = say(`target.${target.status}`) + (on ? ` (${formatDate(on, language, "short")})` : "");
  const source = target.demo ? say("chart.demoTarget") : target.by === "ours" ? say("target.ours") : target.source;
  return [status, source].filter(Boolean).join(", ");
}
