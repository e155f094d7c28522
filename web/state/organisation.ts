import type { Unit } from "../api.ts";

/** The organisation as the pages need it: who is above, beside and below a unit on a day. */
export class Organisation {
  /** Each unit in each period of its life. */
  readonly rows: readonly Unit[];
  readonly #byId = new Map<string, Unit[]>();
  readonly #rank = new Map<string, number>();
  /** Units below one, and of a level, by day: pages ask the same many times over, and to put names in order takes long. */
  readonly #lists = new Map<string, readonly Unit[]>();

  constructor(rows: Unit[]) {
    this.rows = rows;
    for (const row of rows)
      if (row.parent_id) {
        const rank = row.level === "service" || row.level === "bureau" ? 1 : 0;
        this.#rank.set(row.parent_id, Math.min(rank, this.#rank.get(row.parent_id) ?? 2));
      }
    for (const row of rows) {
      const known = this.#byId.get(row.unit_id);
      if (known) known.push(row);
      else this.#byId.set(row.unit_id, [row]);
    }
  }

  /** The unit as it was on a day; where it did not exist then, as it was last (or first). */
  find(unitId: string, on?: string): Unit | null {
    const rows = this.#byId.get(unitId) ?? [];
    return rows.find((row) => on !== undefined && existsOn(row, on)) ?? rows.at(-1) ?? null;
  }

  /** Each unit once, as it was last. */
  units(): Unit[] {
    return [...this.#byId.values()].map((rows) => rows.at(-1)!);
  }

  /** Names that a unit had before. */
  formerNames(unitId: string): string[] {
    const names = (this.#byId.get(unitId) ?? []).map((row) => row.name);
    return [...new Set(names)].filter((name) => name !== names.at(-1));
  }

  /** The unit above all others on a day. */
  force(on: string): Unit | null {
    return (
      this.rows.find((row) => row.level === "force" && existsOn(row, on)) ??
      this.rows.find((row) => !row.parent_id) ??
      null
    );
  }

  /** Units directly below: first those with districts or teams, then those with other parts, then the rest; by name. */
  below(unitId: string, on: string): readonly Unit[] {
    return this.#list(`${on} ${unitId}`, () =>
      this.rows
        .filter((row) => row.parent_id === unitId && existsOn(row, on))
        .map((unit) => ({ unit, rank: this.#rank.get(unit.unit_id) ?? 2 }))
        .sort((a, b) => a.rank - b.rank || inDutch.compare(a.unit.name, b.unit.name))
        .map(({ unit }) => unit),
    );
  }

  /** The first day of the oldest unit under the force that still exists: where the pages' periods begin. */
  start(on: string): string {
    const oldest = this.#list(`${on} `, () => {
      const force = this.force(on)?.unit_id;
      return this.rows
        .filter((row) => row.parent_id === force && existsOn(row, on))
        .sort((a, b) => a.valid_from.localeCompare(b.valid_from));
    });
    return oldest[0]?.valid_from ?? `${on.slice(0, 4)}-01-01`;
  }

  /** All units of a level on a day, in the order of the units that they belong to. */
  ofLevel(level: string, on: string): readonly Unit[] {
    return this.#list(`${on}/${level}`, () => {
      const force = this.force(on);
      const walk = (unit: Unit): Unit[] => [unit, ...this.below(unit.unit_id, on).flatMap(walk)];
      return force ? walk(force).filter((unit) => unit.level === level) : [];
    });
  }

  #list(name: string, make: () => readonly Unit[]): readonly Unit[] {
    const list = this.#lists.get(name) ?? make();
    this.#lists.set(name, list);
    return list;
  }

  /** Units with the same parent, the unit itself included, also where it no longer exists. */
  beside(unit: Unit, on: string): readonly Unit[] {
    const others = unit.parent_id ? this.below(unit.parent_id, on) : [];
    return others.some((each) => each.unit_id === unit.unit_id) ? others : [unit, ...others];
  }

  /** From the force down to the unit. */
  path(unitId: string, on: string): Unit[] {
    const path: Unit[] = [];
    for (
      let unit = this.find(unitId, on);
      unit && path.length < 8;
      unit = unit.parent_id ? this.find(unit.parent_id, on) : null
    )
      path.unshift(unit);
    return path;
  }

  name(unitId: string, on?: string): string {
    return this.find(unitId, on)?.name ?? unitId;
  }

  /** Ids of the units that this one came from. */
  predecessorIds(unitId: string): string[] {
    return this.#byId.get(unitId)?.[0]?.predecessor_ids ?? [];
  }

  /** The units that took over from this one. */
  successors(unitId: string): Unit[] {
    return this.rows.filter((row) => row.predecessor_ids.includes(unitId));
  }

  /** Names of the units that this one came from, for history before it. */
  predecessors(unitId: string): { since: string; names: string[] } | null {
    const first = this.#byId.get(unitId)?.[0];
    if (!first?.predecessor_ids?.length) return null;
    return { since: first.valid_from, names: first.predecessor_ids.map((id) => this.name(id)) };
  }
}

const inDutch = new Intl.Collator("nl");

/** Whether a unit, as it was in a period of its life, existed on a day. */
export const existsOn = (unit: Unit, on: string): boolean =>
  unit.valid_from <= on && (unit.valid_to === null || unit.valid_to >= on);
