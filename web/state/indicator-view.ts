import type { Breakdown, Definition, Question, Unit } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import type { Language } from "../format.ts";
import type { Address } from "./address.ts";
import { chartFields, limitedFields } from "../charts/figure-fields.ts";
import { groupsAround, shownUnits, type Group } from "./multiples.ts";
import type { Organisation } from "./organisation.ts";
import { questionFrom } from "./series.ts";

/** What a reader looks at on the page of an indicator. */
export interface IndicatorView {
  definition: Definition;
  /** Those that it has, and that which the reader asked for. */
  grains: readonly Grain[];
  asked: Grain;
  unit: Unit | null;
  /** The unit that it belongs to. */
  above: Unit | null;
  by: Breakdown | null;
  /** Units of which there can be small charts, and those of which there are. */
  groups: Group[];
  group: Group | null;
}

const allGrains: readonly Grain[] = ["month", "quarter", "half", "year", "r12", "target"];

/** The view of an address; `through` is the last day that the data reach. */
export function indicatorView(
  { query }: Address,
  definition: Definition,
  organisation: Organisation,
  through: string,
): IndicatorView {
  const grains = definition.grains ?? allGrains;
  const asked =
    grains.find((each) => each === query.grain) ?? (grains.includes("half") ? "half" : (grains[0] ?? "half"));
  const unit = organisation.find(query.unit ?? "", through) ?? organisation.force(through);
  const groups = groupsAround(unit, definition, organisation, through);
  return {
    ...{ definition, grains, asked, unit, groups },
    above: unit?.parent_id ? organisation.find(unit.parent_id, through) : null,
    by: definition.breakdowns?.find((each) => each.name === query.by) ?? null,
    group: query.small === "none" ? null : (groups.find(({ around }) => around === query.small) ?? groups[0] ?? null),
  };
}

/** What is asked of series for the large chart: the unit's figures and those of the unit above it. */
export const ownQuery = ({ definition, unit, above }: IndicatorView, language: Language) => ({
  indicator: definition.indicator_id,
  unit: [unit?.unit_id, above?.unit_id].filter(Boolean).join(","),
  fields: limitedFields(language),
});

/** What is asked for the small charts of units around it. */
export const aroundQuery = ({ definition }: IndicatorView, group: Group, language: Language) => ({
  indicator: definition.indicator_id,
  unit: shownUnits(group)
    .map(({ unit_id }) => unit_id)
    .join(","),
  fields: chartFields(language),
});

/** What is asked for the small charts of the values of a breakdown. */
export const partsQuery = (id: string, unitId: string, by: Breakdown, language: Language) => ({
  indicator: id,
  unit: unitId,
  by: by.name,
  fields: chartFields(language),
});

/** All that the page asks for a view. */
export function indicatorQuestions(view: IndicatorView, language: Language): Question[] {
  const { definition, unit, group, by, asked, grains } = view;
  if (!unit) return [];
  const from = (query: Record<string, string>) => questionFrom(asked, grains, query);
  return [
    ...from(ownQuery(view, language)),
    ...(group?.units.length ? from(aroundQuery(view, group, language)) : []),
    ...(by ? from(partsQuery(definition.indicator_id, unit.unit_id, by, language)) : []),
  ];
}
