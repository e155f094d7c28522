import type { Definition, OverviewRow, Unit } from "../api.ts";
import { absence, bandSign, type Translate } from "../charts/words.ts";
import { formatTarget, formatValue, inLanguage, type Language } from "../format.ts";
import { shownJudgement } from "./figure.ts";
import type { Row } from "./following.svelte.ts";
import type { MarkName } from "./terms.ts";

/** What all lines of the overview have in common. */
export interface OverviewFrame {
  /** The columns, the lead first. */
  units: Unit[];
  /** The choices that go along to the chart of each column, as the query of its address. */
  choices: string[];
  /** The unit whose column a narrow screen shows. */
  narrow: string;
  /** The grain that the reader asked for. */
  asked: string;
  lang: Language;
}

/** A line of the overview: an indicator with its figures, one for each column. */
export interface OverviewLine extends Row {
  definition: Definition;
  figures: (OverviewRow | null)[];
  frame: OverviewFrame;
}

/** A figure as it stands in the table; without an address there is none. */
export interface OverviewCell {
  unit_id: string;
  style: string;
  href: string | null;
  label: string;
  text: string;
  mark: MarkName | null;
}

/** The lines of the indicators that have a figure in a column. */
export function overviewLines(
  definitions: readonly Definition[],
  rows: readonly OverviewRow[],
  frame: OverviewFrame,
): OverviewLine[] {
  const places = new Map(frame.units.map(({ unit_id }, index) => [unit_id, index]));
  const found = new Map<string, (OverviewRow | null)[]>();
  for (const row of rows) {
    const place = places.get(row.unit_id);
    if (place === undefined) continue;
    let figures = found.get(row.indicator_id);
    if (!figures) found.set(row.indicator_id, (figures = frame.units.map(() => null)));
    figures[place] = row;
  }
  const layout = [frame.lang, ...places.keys()].join(" ");
  return definitions.flatMap((definition) => {
    const figures = found.get(definition.indicator_id);
    return figures ? [{ key: definition.indicator_id, layout, definition, figures, frame }] : [];
  });
}

/** The cells of a line, in the order of the columns. */
export function cellsOf({ definition, figures, frame }: OverviewLine, say: Translate): OverviewCell[] {
  const title = inLanguage(definition.title, frame.lang);
  const path = `/indicator/${definition.indicator_id}`;
  return frame.units.map(({ unit_id, name }, index) => {
    const row = figures[index];
    const style = `cell ${row?.judgement ?? "no_data"}${index === 0 ? " lead" : ""}${unit_id === frame.narrow ? " narrow" : ""}`;
    if (!row || (row.judgement === "no_data" && !row.withheld))
      return { unit_id, style, href: null, label: "", text: "", mark: "no_data" };
    const text = cellText(row, definition, frame.lang, say);
    const judgement = shownJudgement(row);
    const judged = judgement === "no_target" ? "" : say(`judgement.${judgement}`);
    return {
      ...{ unit_id, style, text, mark: markOf(row) },
      href: path + frame.choices[index]!,
      label: `${title}, ${name}: ${text} ${judged}`,
    };
  });
}

function cellText(row: OverviewRow, definition: Definition, lang: Language, say: Translate): string {
  if (row.value !== null) return formatValue(row.value, definition, lang);
  return absence(row) === "band" ? bandSign(row, say) : "";
}

function markOf(row: OverviewRow): MarkName | null {
  const judgement = shownJudgement(row);
  if (judgement !== "no_target") return judgement;
  if (!row.complete) return "provisional";
  return row.freshness === "overdue" ? "overdue" : null;
}

/** The targets of a line, each with the units for which it holds where that is not the first column's. */
export function targetsOf(
  { definition, figures, frame }: OverviewLine,
  say: Translate,
): { text: string; names: string }[] {
  const targets = frame.units.map(({ name }, index) => ({ name, value: figures[index]?.target ?? null }));
  const values = [...new Set(targets.flatMap(({ value }) => value ?? []))];
  return values.map((value) => {
    const text = formatTarget(value, definition, frame.lang);
    const names = targets.filter((each) => each.value === value).map(({ name }) => name);
    if (names[0] === frame.units[0]?.name) return { text, names: "" };
    return {
      text,
      names: names.length > 2 ? say("overview.targetUnits", { count: names.length }) : names.join(", "),
    };
  });
}
