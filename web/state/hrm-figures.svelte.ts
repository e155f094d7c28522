import { ask, type Definition, type SeriesRow, type Unit } from "../api.ts";
import type { Grain } from "../charts/period.ts";
import { Answer } from "./answer.svelte.ts";
import { sortedRows } from "./figure.ts";
import { language } from "./language.svelte.ts";
import { monitor } from "./monitor.svelte.ts";

/** What the figures are of. */
export interface HrmScope {
  /** The chosen unit; null where the address names one that is none. */
  unit: Unit | null;
  /** The force and its units. */
  units: Unit[];
  /** Indicators with target figures, and all that the page shows. */
  aimed: Definition[];
  shown: Definition[];
  /** The last day of the period, and the last day that is wholly known. */
  end: string;
  day: string;
}

/** Indicators of which there are figures. */
export const there = (ids: readonly string[]): string[] => ids.filter((id) => monitor.definition(id) !== null);

/** Parts of the unit's figures: intake by level, strength and formation by category, exits by gender. */
type Parts = Record<"levelHalf" | "levelYear" | "strength" | "formation" | "exits" | "exitsYear", SeriesRow[]>;

/** The figures of the HRM page: target figures of all units, all of the chosen one, and its parts. Make it while a component starts. */
export class HrmFigures {
  readonly #scope: () => HrmScope;
  readonly everywhere: Answer<Map<string, SeriesRow[]>>;
  readonly own: Answer<{ unitId: string; rows: Map<string, SeriesRow[]> } | null>;
  readonly parts: Answer<Parts | null>;

  constructor(scope: () => HrmScope) {
    this.#scope = scope;
    this.everywhere = new Answer(() => askEverywhere(scope()));
    this.own = new Answer(() => askOwn(scope()));
    this.parts = new Answer(() => askParts(scope()));
  }

  get problem() {
    return this.everywhere.problem ?? this.own.problem ?? this.parts.problem;
  }

  get ready(): boolean {
    return Boolean(this.everywhere.value && this.own.value && this.parts.value);
  }

  get pending(): boolean {
    return this.everywhere.pending || this.own.pending || this.parts.pending;
  }

  retry(): void {
    for (const answer of [this.everywhere, this.own, this.parts]) answer.retry();
  }

  /** Rows of any unit: of the chosen one all there are. */
  readonly ownRows = (id: string, grain: Grain, unitId: string): SeriesRow[] => {
    const own = this.own.value;
    return (unitId === own?.unitId ? own.rows : this.everywhere.value)?.get(`${id} ${grain} ${unitId}`) ?? [];
  };

  /** Rows of any unit, over the same time for all. */
  readonly allRows = (id: string, grain: Grain, unitId: string): SeriesRow[] =>
    this.everywhere.value?.get(`${id} ${grain} ${unitId}`) ?? [];

  /** The unit's figures, or those of a value of gender. */
  readonly ofUnit = (id: string, grain: Grain, gender?: string): SeriesRow[] => {
    const { unit } = this.#scope();
    if (!unit) return [];
    if (!gender) return this.ownRows(id, grain, unit.unit_id);
    const rows = grain === "r12" ? this.parts.value?.exits : this.parts.value?.exitsYear;
    return (rows ?? []).filter((row) => row.indicator_id === id && row.breakdown_value === gender);
  };
}

/** Target figures of all units: the judged figures, and the ones of the last two years. */
async function askEverywhere({ aimed, units, day, end }: HrmScope) {
  const ids = aimed.map((definition) => definition.indicator_id);
  const query = { unit: units.map((each) => each.unit_id).join(","), to: day };
  if (!query.unit) return new Map<string, SeriesRow[]>();
  return sortedRows(
    await Promise.all([
      rowsAt("half", ids, { ...query, from: yearsBack(end, 1) }),
      rowsAt("year", ids, query),
      rowsAt("target", ids, query),
    ]),
  );
}

/** All figures of the unit, with their sentences. */
async function askOwn({ unit, shown, day, end }: HrmScope) {
  if (!unit) return null;
  const ids = shown.map((definition) => definition.indicator_id);
  const query = { unit: unit.unit_id, fields: `sentence_${language.current}` };
  const answers = await Promise.all([
    rowsAt("half", ids, { ...query, to: end }),
    rowsAt("year", ids, { ...query, to: day }),
    rowsAt("target", ids, { ...query, to: day }),
    rowsAt("r12", ids, { ...query, from: yearsBack(day, 1), to: day }),
  ]);
  return { unitId: unit.unit_id, rows: sortedRows(answers) };
}

async function askParts({ unit, day, end }: HrmScope): Promise<Parts | null> {
  if (!unit) return null;
  const recent = { unit: unit.unit_id, to: day, from: yearsBack(end, 2) };
  const of = async (grain: Grain, id: string, by: string) =>
    monitor.definition(id)?.breakdowns?.some(({ name }) => name === by)
      ? (
          await rowsAt(grain, [id], {
            ...recent,
            by,
            ...(by === "intake_level" ? { fields: `sentence_${language.current}` } : {}),
          })
        ).rows
      : [];
  const [levelHalf, levelYear, strength, formation, exits, exitsYear] = await Promise.all([
    of("half", "intake-dual", "intake_level"),
    of("year", "intake-dual", "intake_level"),
    of("half", "staffing-fte", "category"),
    of("half", "vacancies", "category"),
    of("r12", "outflow", "gender"),
    of("year", "outflow", "gender"),
  ]);
  return { levelHalf, levelYear, strength, formation, exits, exitsYear };
}

async function rowsAt(grain: Grain, ids: readonly string[], query: Record<string, string>) {
  const indicator = there(ids).join(",");
  return { grain, rows: indicator ? await ask<SeriesRow[]>("/series", { ...query, indicator, grain }) : [] };
}

const yearsBack = (day: string, years: number): string => `${Number(day.slice(0, 4)) - years}-01-01`;
