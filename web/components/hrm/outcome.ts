import { readPeriod } from "../../charts/period.ts";
import { formatPeriod, formatShare, type Language } from "../../format.ts";
import { text } from "../../locales/text.ts";
import type { Outcome } from "../../state/projection.ts";

export interface OutcomeWords {
  language: Language;
  /** The group's name in a sentence. */
  group: string;
  /** The target as written; null where there is none. */
  target: string | null;
  /** The range in which it is reached; null where it is a lower bound. */
  tolerance: readonly [low: string, high: string] | null;
  unit: string;
}

/** What a projection comes to, in a sentence or two. */
export function outcomeInWords({ points, reached, now }: Outcome, words: OutcomeWords): string {
  const { language, group, target, tolerance, unit } = words;
  const say = (key: string, values: Record<string, string> = {}) => text(language, `hrm.outcome.${key}`, values);
  const share = (value: number) => formatShare(value, language, 0);
  const name = (half: string) => formatPeriod(readPeriod(half)!, language);
  const last = points.at(-1)!;
  const end = say("end", {
    year: last.half.slice(0, 4),
    group,
    share: share(last.share),
    low: share(last.low),
    high: share(last.high),
  });
  if (target === null) return `${end} ${say("noTarget", { unit, group })}`;
  const named = tolerance === null ? target : say("tolerance", { target, low: tolerance[0], high: tolerance[1] });
  if (now) return `${say("now", { target: named })} ${end}`;
  if (reached.middle === null) return `${say("never", { target: named })} ${end}`;
  const sure =
    reached.high === null && reached.low === null
      ? ""
      : reached.low === reached.high
        ? ""
        : reached.low === null
          ? ` ${say("orNever", { early: name(reached.high!) })}`
          : reached.high === null
            ? ""
            : ` ${say("between", { early: name(reached.high), late: name(reached.low) })}`;
  return `${say("reached", { target: named, half: name(reached.middle) })}${sure}`;
}
