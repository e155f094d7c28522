import { identifier, literal } from "../pipelines/database.ts";
import { hrFeeds, type Reach, type Scope } from "./access.ts";
import type { Catalogue, PublishedUnit } from "./catalogue.ts";

/** From when to when something of a unit may be seen; null: without end. */
interface Span {
  unit_id: string;
  from: string | null;
  to: string | null;
}

/** What one part of a scope shows: of these units, of these indicators; null: of all. */
interface Shown {
  units: Span[] | null;
  indicators: string[] | null;
}

/** Levels whose units a reach shows as a whole, besides somebody's own units. */
const wholeLevels: Partial<Record<Reach, readonly string[]>> = { units: ["force", "unit"], force: ["force"] };

/** What a question is about, as its checked fields say: these units, or else these levels (a list, or with commas between them). */
export interface About {
  unit?: readonly string[] | null;
  best_for?: string | undefined;
  level?: string | readonly string[] | null | undefined;
}

/** The least of a scope that shows all rows of what a question is about, so that its answer is that of many readers. */
export function leastScope(scope: Scope, about: About, { units }: Pick<Catalogue, "units">): Scope {
  const named = about.unit && [...about.unit, ...(about.best_for ? [about.best_for] : [])];
  const asked = typeof about.level === "string" ? about.level.split(",") : about.level;
  const parts = scope.parts.map((part) => {
    const levels = wholeLevels[part.reach] ?? [];
    const isWhole = named
      ? named.every((id) => units.get(id)?.some(({ level }) => levels.includes(level)))
      : asked?.every((level) => levels.includes(level));
    return isWhole ? { ...part, units: [] } : part;
  });
  return { parts };
}

/** What a scope shows of a snapshot. */
export function shownIn(scope: Scope, catalogue: Catalogue): Shown[] {
  return scope.parts.map(({ reach, units }) => {
    if (reach === "all") return { units: null, indicators: null };
    if (reach === "hr") return { units: null, indicators: hrIndicators(catalogue) };
    const levels = wholeLevels[reach] ?? [];
    const wide = [...catalogue.units.entries()]
      .filter(([, periods]) => periods.some(({ level }) => levels.includes(level)))
      .map(([unit_id]): Span => ({ unit_id, from: null, to: null }));
    return { units: [...wide, ...withBelow(units, catalogue.units)], indicators: null };
  });
}

const hrIndicators = ({ definitions }: Catalogue): string[] =>
  [...definitions.values()].filter(({ feeds }) => feeds.every((each) => hrFeeds.includes(each))).map(({ id }) => id);

/** Units with all that is below them, while it is; what never belonged elsewhere also from before its first day. */
function withBelow(units: readonly string[], periods: ReadonlyMap<string, PublishedUnit[]>): Span[] {
  const all = [...periods.values()].flat();
  const firstOf = new Map([...periods].map(([unit_id, [first]]) => [unit_id, first?.valid_from ?? null]));
  const found: Span[] = [];
  const walk = (span: Span) => {
    if (found.some((each) => each.unit_id === span.unit_id && each.from === span.from && each.to === span.to)) return;
    found.push(span);
    for (const each of all) {
      if (each.parent_id !== span.unit_id) continue;
      const start = each.valid_from === firstOf.get(each.unit_id) ? null : each.valid_from;
      const [from, to] = [later(span.from, start), earlier(span.to, each.valid_to)];
      if (from === null || to === null || from <= to) walk({ unit_id: each.unit_id, from, to });
    }
  };
  for (const unit_id of units) if (periods.has(unit_id)) walk({ unit_id, from: null, to: null });
  return found;
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
const earlier = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a);

/** The catalogue as a scope shows it; what it leaves out is named in `outside`. */
export function catalogueIn(shown: readonly Shown[], all: Catalogue): Catalogue {
  const seen = (indicator_id: string, unit_id: string | null) =>
    shown.some(
      ({ units, indicators }) =>
        (indicators === null || indicators.includes(indicator_id)) &&
        (units === null || unit_id === null || units.some((each) => each.unit_id === unit_id)),
    );
  const units = new Map([...all.units].filter(([id]) => shown.some((each) => hasUnit(each, id))));
  // What the force set itself holds for everyone.
  const force = new Set(forceOf(all));
  const definitions = new Map([...all.definitions].filter(([id]) => seen(id, null)));
  return {
    definitions,
    targets: new Map(
      [...all.targets].filter(([, each]) => seen(each.indicator_id, force.has(each.unit_id) ? null : each.unit_id)),
    ),
    outcomes: new Map(
      [...all.outcomes].filter(([, [first]]) => first !== undefined && seen(first.indicator_id, first.unit_id)),
    ),
    units,
    tables: all.tables,
    outside: {
      units: new Set([...all.units.keys()].filter((id) => !units.has(id))),
      indicators: new Set([...all.definitions.keys()].filter((id) => !definitions.has(id))),
    },
    sees: (unit_id, day) =>
      shown.some(
        (each) =>
          each.units === null ||
          each.units.some(
            (span) =>
              span.unit_id === unit_id &&
              (span.from === null || span.from <= day) &&
              (span.to === null || day <= span.to),
          ),
      ),
  };
}

/** The ids of the force. */
export const forceOf = ({ units }: Pick<Catalogue, "units">): string[] =>
  [...units].flatMap(([unit_id, periods]) => (periods.some(({ level }) => level === "force") ? [unit_id] : []));

const hasUnit = ({ units }: Shown, id: string): boolean => units === null || units.some((each) => each.unit_id === id);

/** A table of a snapshot, with its columns. */
export interface TableShape {
  name: string;
  columns: ReadonlySet<string>;
}

/** The statement that makes a view of a relation like a table, with the rows that a scope shows. What is of no unit or no indicator is everyone's. */
export function viewOf(
  table: TableShape,
  relation: string,
  target: string,
  shown: readonly Shown[],
  force: readonly string[],
): string {
  // What the force set itself holds for everyone.
  const everyones = table.name === "targets" ? force.map((unit_id): Span => ({ unit_id, from: null, to: null })) : [];
  const parts = shown.map(({ units, indicators }) => {
    const asked = [
      ...(units && table.columns.has("unit_id") ? [ofUnits([...units, ...everyones], table.columns)] : []),
      ...(indicators && table.columns.has("indicator_id") ? [oneOf("indicator_id", indicators)] : []),
      ...(indicators && table.columns.has("indicators")
        ? [`(len(indicators) = 0 or list_has_any(indicators, [${indicators.map(literal).join(", ")}]::varchar[]))`]
        : []),
    ];
    return asked.length === 0 ? "true" : `(${asked.join(" and ")})`;
  });
  const name = identifier(table.name);
  return `create view ${target}.${name} as from ${relation} where ${parts.join(" or ") || "false"}`;
}

function ofUnits(spans: readonly Span[], columns: ReadonlySet<string>): string {
  const day = columns.has("period_end") ? "period_end" : null;
  // Without a day of its own a row is as of now; a unit itself is shown with all its past.
  const isWhole = ({ from, to }: Span) =>
    day ? from === null && to === null : to === null || columns.has("parent_id");
  const whole = spans.filter(isWhole);
  const partly = day ? spans.filter(({ from, to }) => from !== null || to !== null) : [];
  const parts = partly.map(({ unit_id, from, to }) =>
    [
      `unit_id = ${literal(unit_id)}`,
      ...(from === null ? [] : [`${day} >= date ${literal(from)}`]),
      ...(to === null ? [] : [`${day} <= date ${literal(to)}`]),
    ].join(" and "),
  );
  const ids = [...new Set(whole.map(({ unit_id }) => unit_id))];
  return `(unit_id is null or ${oneOf("unit_id", ids)}${parts.map((each) => ` or (${each})`).join("")})`;
}

const oneOf = (column: string, values: readonly string[]): string =>
  values.length === 0 ? "false" : `${column} in (${values.map(literal).join(", ")})`;
