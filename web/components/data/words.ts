import type { Feed } from "../../api.ts";
import { formatDate, formatMoment, formatNumber, formatPeriod } from "../../format.ts";
import { hasText } from "../../locales/text.ts";
import { refusalKind } from "../../state/refusal.ts";
import { language, say, t } from "../../state/language.svelte.ts";

/** A text that there may not be, such as a reason's name; the name itself where there is none. */
export const sayOr = (key: string, fallback: string): string => (hasText(key) ? say(key) : fallback);

/** Why a file was refused, in the reader's words, and what to do next. */
export function refusalWords(reason: string): { why: string; next: string } {
  const { kind, values } = refusalKind(reason);
  const shown = Object.entries(values).map(([name, value]) => [name, numberIn(value)]);
  return { why: say(`refusal.${kind}`, Object.fromEntries(shown)), next: say(`refusal.next.${kind}`) };
}

/** What is the matter with a feed that is late or in trouble, and which data stand meanwhile. */
export function faultWords(feed: Feed): string {
  const since = feed.trouble_since ? formatMoment(feed.trouble_since, language.current) : "";
  if (feed.trouble === "failed")
    return [
      t("trouble.failed", { since }),
      standing(feed, ""),
      feed.trouble_reason ? t("trouble.message", { words: feed.trouble_reason.replace(/\.$/, "") }) : "",
    ].join(" ");
  if (feed.trouble === "refused")
    return [
      t("trouble.refused", { file: feed.trouble_file ?? "" }),
      feed.trouble_reason ? refusalWords(feed.trouble_reason).why : "",
      standing(feed, since),
    ].join(" ");
  const due = feed.due_on ? t("trouble.overdue", { due: formatDate(feed.due_on, language.current) }) : "";
  return `${due} ${standing(feed, "")}`;
}

function standing(feed: Feed, since: string): string {
  if (!feed.last_load_at) return t("trouble.nothing");
  const values = {
    loaded: formatMoment(feed.last_load_at, language.current),
    covered: feed.covered_to ? formatDate(feed.covered_to, language.current) : "–",
  };
  return since ? t("trouble.standsSince", { ...values, since }) : t("trouble.stands", values);
}

/** Where a feed's files come from. */
export function sourceWords(feed: Feed): string {
  if (!feed.source) return t("data.source.none");
  return feed.source === "inbox"
    ? t("data.source.inbox", { feed: feed.feed })
    : t("data.source.host", { host: feed.source });
}

/** "jan ’16 t/m okt ’26", or one month. */
export function monthsWords(from: string | null, to: string | null): string {
  if (!from || !to) return "–";
  const month = (day: string) =>
    formatPeriod({ grain: "month", period_start: day, period_end: day }, language.current, "short");
  return from.slice(0, 7) === to.slice(0, 7)
    ? month(from)
    : t("data.fromTo", { from: month(from), to: month(to) });
}

/** "3 min", "40 s": how long something still takes. */
export function secondsWords(seconds: number): string {
  return seconds < 90
    ? t("work.seconds", { count: Math.max(1, Math.round(seconds)) })
    : t("work.minutes", { count: Math.round(seconds / 60) });
}

const numberIn = (value: string): string =>
  /^\d+(\.\d+)?$/.test(value) ? formatNumber(Number(value), language.current) : value;
