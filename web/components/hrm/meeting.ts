import { leastComing, reachInWords } from "../../../pipelines/statistics/plan.ts";
import { absence, bandSign, type Translate } from "../../charts/words.ts";
import type { Served } from "../../api.ts";
import { isShare, type Language } from "../../format.ts";
import { inLanguage } from "../../format.ts";
import { formatTarget } from "../../format.ts";
import { aboutFigures } from "../../state/caption.ts";
import { shownJudgement } from "../../state/figure.ts";
import type { TargetLine } from "../../state/hrm.ts";
import type { Need } from "../../state/need.ts";
import type { Cell, Sheet } from "../../state/sheet.ts";

/** The table of target figures as it goes into a meeting: as on the page, with what is needed beside it. */
export function meetingSheet(
  lines: { line: TargetLine; need: Need }[],
  unitName: (id: string) => string,
  language: Language,
  t: Translate,
  meta: Served,
): Sheet {
  const columns = "what unit target whom status source from to period value numerator denominator lower upper pace judgement note need"; // prettier-ignore
  return {
    columns: columns.split(" ").map((name) => t(`hrm.sheet.${name}`)),
    about: aboutFigures([...new Set(lines.map(({ line }) => line.definition))], meta, language),
    rows: lines.map(({ line, need }) => rowOf(line, need, unitName, language, t)),
  };
}

function rowOf(
  { definition, unitId, target, row, newer, inherited, ended }: TargetLine,
  need: Need,
  unitName: (id: string) => string,
  language: Language,
  t: Translate,
): Cell[] {
  const value = (number: number | null | undefined): Cell =>
    number === null || number === undefined ? null : isShare(definition) ? { share: number } : number;
  const day = (date: string | null | undefined): Cell => (date ? { day: date } : null);
  const reason = (figure: { withheld: boolean; withheld_reason: string | null } | null) =>
    figure?.withheld ? t(`withheld.${figure.withheld_reason ?? "threshold"}`) : "";
  const shown: Cell = row && absence(row) === "band" ? bandSign(row, t) : value(row?.value);
  return [
    inLanguage(definition.title, language),
    unitName(unitId),
    t(`target.${target.kind}`, {
      value: formatTarget(target.value, definition, language),
      tolerance: target.tolerance === null ? "" : formatTarget(target.tolerance, definition, language),
    }),
    unitName(target.unit_id) + (inherited ? `, ${t("target.national")}` : ""),
    t(`target.${target.status}`),
    target.demo ? t("target.demo") : target.by === "ours" ? t("target.ours") : target.source,
    day(target.from),
    day(target.to),
    row ? `${row.period_start} – ${row.period_end}` : null,
    shown,
    row?.numerator ?? null,
    row?.denominator ?? null,
    value(row?.lower),
    value(row?.upper),
    value(row?.pace),
    row ? t(`judgement.${shownJudgement(row)}`) : t("judgement.no_data"),
    [
      reason(row),
      newer ? `${newer.period_start} – ${newer.period_end}: ${reason(newer)}` : "",
      ended ? t("hrm.targets.ended") : "",
    ]
      .filter(Boolean)
      .join("; "),
    needInWords(need, language, t),
  ];
}

/** What is needed, or why that is not said, in one sentence. */
export function needInWords(need: Need, language: Language, t: Translate): string {
  if (need.state === "answer") return reachInWords(language, need.answer, need.coming);
  if (need.state === "few") return t("hrm.need.few", { coming: need.coming, least: leastComing });
  return t(`hrm.need.${need.state}`);
}
