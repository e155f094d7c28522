import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scope } from "../../server/access.ts";
import type { Catalogue, PublishedUnit } from "../../server/catalogue.ts";
import { leastScope, shownIn, viewOf, type About } from "../../server/scope.ts";

const unit = (
  unit_id: string,
  parent_id: string | null,
  level: string,
  from = "2013-01-01",
  to: string | null = null,
) => ({ unit_id, name: unit_id, level, parent_id, valid_from: from, valid_to: to }) satisfies PublishedUnit;

const catalogue = (units: PublishedUnit[]): Catalogue => ({
  definitions: new Map(),
  targets: new Map(),
  outcomes: new Map(),
  units: grouped(units),
  tables: new Map(),
  outside: { units: new Set(), indicators: new Set() },
  sees: () => true,
});
function grouped(units: PublishedUnit[]): Map<string, PublishedUnit[]> {
  const found = new Map<string, PublishedUnit[]>();
  for (const each of units) found.set(each.unit_id, [...(found.get(each.unit_id) ?? []), each]);
  return found;
}

const own = (...units: string[]): Scope => ({ parts: [{ reach: "own", units }] });
const moved = catalogue([
  unit("politie", null, "force"),
  unit("den-haag", "politie", "unit"),
  unit("rotterdam", "politie", "unit"),
  unit("stad", "den-haag", "district"),
  unit("zuid", "rotterdam", "district"),
  unit("team", "stad", "team", "2013-01-01", "2015-12-31"),
  unit("team", "zuid", "team", "2016-01-01"),
]);

describe("shownIn(scope, catalogue)", () => {
  it("shows a team that moved to the one unit until then and to the other since", () => {
    const spans = (of: string) => shownIn(own(of), moved)[0]!.units!.filter(({ unit_id }) => unit_id === "team");
    expect(spans("den-haag")).toEqual([{ unit_id: "team", from: null, to: "2015-12-31" }]);
    expect(spans("rotterdam")).toEqual([{ unit_id: "team", from: "2016-01-01", to: null }]);
    expect(spans("politie")).toHaveLength(2);
  });

  it("shows nothing of units that there are not", () => {
    expect(shownIn(own("nergens"), moved)).toEqual([{ units: [], indicators: null }]);
  });

  it("shows each day of each unit to exactly those above it on that day", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const forest = fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 6, maxLength: 6 }).map((parents) =>
      catalogue(
        names.flatMap((name, place) => {
          if (place === 0) return [unit(name, null, "force")];
          const [before, after] = parents[place]!.map((each) => names[each % place]!);
          return before === after
            ? [unit(name, before!, "team")]
            : [unit(name, before!, "team", "2013-01-01", "2015-12-31"), unit(name, after!, "team", "2016-01-01")];
        }),
      ),
    );
    const above = (all: Catalogue, name: string, day: string): string[] => {
      const now = all.units.get(name)!.find((each) => each.valid_to === null || each.valid_to >= day)!;
      return [name, ...(now.parent_id ? above(all, now.parent_id, day) : [])];
    };
    fc.assert(
      fc.property(forest, fc.constantFrom(...names), fc.constantFrom("2014-06-30", "2017-06-30"), (all, chief, day) => {
        const spans = shownIn(own(chief), all)[0]!.units!;
        for (const name of names) {
          const shown = spans.some(
            ({ unit_id, from, to }) => unit_id === name && (from === null || from <= day) && (to === null || day <= to),
          );
          expect([name, shown]).toEqual([name, above(all, name, day).includes(chief)]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("leastScope(scope, about, catalogue)", () => {
  const led: Scope = { parts: [{ reach: "units", units: ["stad"] }] };
  const helped: Scope = { parts: [{ reach: "force", units: ["den-haag"] }] };

  it.each<[string, Scope, About]>([
    ["units as a whole", led, { unit: ["den-haag", "politie"], best_for: "rotterdam" }],
    ["the level of units", led, { unit: null, level: "unit" }],
    ["that level and the force", led, { level: ["force", "unit"] }],
    ["the force", helped, { unit: ["politie"], level: "team" }],
    ["the level of the force", helped, { level: "force" }],
  ])("leaves out somebody's own units where they ask of %s", (_what, scope, about) => {
    expect(leastScope(scope, about, moved)).toEqual({ parts: [{ reach: scope.parts[0]!.reach, units: [] }] });
  });

  it.each<[string, Scope, About]>([
    ["their own district", led, { unit: ["den-haag", "stad"] }],
    ["the finest grain of their own district", led, { unit: ["den-haag"], best_for: "stad" }],
    ["districts too", led, { level: "unit,district" }],
    ["all units", led, { unit: null }],
    ["all levels", led, { level: null }],
    ["units that there are not", led, { unit: ["nergens"] }],
    ["a unit where they see only the force as a whole", helped, { unit: ["den-haag"] }],
    ["the level of units there", helped, { level: "unit" }],
  ])("is all of it where they ask of %s", (_what, scope, about) => {
    expect(leastScope(scope, about, moved)).toEqual(scope);
  });

  it("leaves other roles of somebody as they are", () => {
    const both: Scope = { parts: [...led.parts, { reach: "hr", units: [] }] };
    expect(leastScope(both, { level: "unit" }, moved).parts[1]).toEqual(both.parts[1]);
  });
});

describe("viewOf(table, relation, target, shown, force)", () => {
  const shown = [{ units: [{ unit_id: "o'hara", from: null, to: "2015-12-31" }], indicators: ["a"] }];

  it("asks of a row its unit, its day and its indicator, as far as the table has them", () => {
    const series = { name: "series", columns: new Set(["unit_id", "period_end", "indicator_id"]) };
    expect(viewOf(series, `s."series"`, "t", shown, ["politie"])).toBe(
      `create view t."series" as from s."series" where ((unit_id is null or false or (unit_id = 'o''hara' and period_end <= date '2015-12-31')) and indicator_id in ('a'))`,
    );
    expect(viewOf({ name: "feeds", columns: new Set(["feed"]) }, `s."feeds"`, "t", shown, ["politie"])).toBe(
      `create view t."feeds" as from s."feeds" where true`,
    );
    expect(viewOf({ name: "actions", columns: new Set(["unit_id"]) }, `s."actions"`, "t", shown, ["politie"])).toBe(
      `create view t."actions" as from s."actions" where ((unit_id is null or false))`,
    );
  });

  it("shows the targets of the force to everyone", () => {
    const targets = { name: "targets", columns: new Set(["unit_id"]) };
    expect(viewOf(targets, "s", "t", shown, ["politie"])).toContain("unit_id in ('politie')");
  });

  it("shows events about no indicator, or about one that is shown", () => {
    const events = { name: "events", columns: new Set(["indicators"]) };
    expect(viewOf(events, "s", "t", shown, [])).toContain(
      "(len(indicators) = 0 or list_has_any(indicators, ['a']::varchar[]))",
    );
  });

  it("shows nothing where nothing is shown", () => {
    expect(viewOf({ name: "series", columns: new Set(["unit_id"]) }, "s", "t", [], [])).toContain("where false");
  });
});
