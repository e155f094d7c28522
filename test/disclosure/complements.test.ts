import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import type { Proofs, Unproven } from "../../pipelines/disclosure/proofs.ts";
import { compute, cover, emptyWarehouse, figures, insertMany, insertUnits } from "../support/figures.ts";

let db: Database;
beforeEach(async () => {
  db = await emptyWarehouse();
  await insertUnits(
    db,
    `unit_id    level    parent_id  valid_from
     politie    force    -          2010-01-01
     den-haag   unit     politie    2010-01-01
     rotterdam  unit     politie    2010-01-01
     centrum    district den-haag   2010-01-01
     hoefkade   team     centrum    2010-01-01
     zuiderpark team     centrum    2010-01-01
     laak       team     centrum    2010-01-01`,
  );
  await cover(db, "movements", "politie", "2016-01", "2016-12");
});
afterEach(() => db.close());

/** Intake of a unit on a day: so many of a dual background, so many of a single one. */
const intake = (unit_id: string, date: string, dual: number, single: number) =>
  Object.entries({ dual, single }).map(([background, count]) => ({
    ...{ unit_id, date, kind: "intake", category: "executive", gender: "man", background, count },
  }));

const yearOf = async (unit: string) =>
  (
    await figures(db, `unit_id = '${unit}' and grain = 'year' and breakdown is null and indicator_id = 'intake-dual'`)
  )[0]!;

describe("the gate: what would tell others", () => {
  const asked = { ids: ["intake-dual"], today: "2017-02-01" };
  const rows = [
    ...intake("hoefkade", "2016-03-01", 10, 20),
    ...intake("zuiderpark", "2016-03-01", 15, 25),
    ...intake("laak", "2016-03-01", 4, 5),
    ...intake("rotterdam", "2016-09-01", 30, 60),
  ];

  it("a district minus its teams tells no team", async () => {
    await insertMany(db, "movements", rows);
    await compute(db, { ...asked, complements: true });
    expect(await yearOf("laak")).toMatchObject({ withheld_reason: "threshold" });
    const reasons = [
      (await yearOf("hoefkade")).withheld_reason,
      (await yearOf("zuiderpark")).withheld_reason,
      (await yearOf("centrum")).withheld_reason,
    ];
    expect(reasons).toContain("complement");
    // No more than that is lost, and of what is larger nothing.
    expect(reasons.filter((reason) => reason === null)).toHaveLength(2);
    expect(await yearOf("politie")).toMatchObject({ numerator: 59, denominator: 169 });
  });

  it("without that step it would: the figures judged each by itself give the team away", async () => {
    await insertMany(db, "movements", rows);
    await compute(db, asked);
    const [hoefkade, zuiderpark, centrum] = [
      await yearOf("hoefkade"),
      await yearOf("zuiderpark"),
      await yearOf("centrum"),
    ];
    expect(centrum.numerator! - hoefkade.numerator! - zuiderpark.numerator!).toBe(4);
  });

  it("a year minus its shown parts tells no half-year of a district, and a district no team of which it consists", async () => {
    await insertMany(db, "movements", [
      ...intake("hoefkade", "2016-03-01", 20, 30),
      ...intake("hoefkade", "2016-09-01", 3, 4),
      ...intake("rotterdam", "2016-09-01", 30, 60),
    ]);
    await compute(db, { ...asked, complements: true });
    const halves = await figures(
      db,
      `unit_id in ('hoefkade', 'centrum', 'den-haag') and grain in ('half', 'year') and breakdown is null and complete`,
    );
    for (const unit of ["hoefkade", "centrum", "den-haag"]) {
      const known = halves.filter((row) => row.unit_id === unit && row.numerator !== null);
      expect(new Set(known.map(({ grain, period_start }) => `${grain} ${period_start}`)).size, unit).toBeLessThan(2);
    }
    // Whoever knows the year from any of the three and the first half from any other knows the second.
    const grains = new Set(
      halves.filter((row) => row.numerator !== null).map((row) => `${row.grain} ${row.period_start}`),
    );
    expect(grains.has("year 2016-01-01") && grains.has("half 2016-01-01")).toBe(false);
  });

  it("a proof that was made before is used as it is", async () => {
    await insertMany(db, "movements", rows);
    const kept = new Map<string, number[]>();
    const proofs = {
      find: (hash: string) => kept.get(hash) ?? null,
      keep: (hash: string, w: number[]) => void kept.set(hash, w),
    };
    await compute(db, { ...asked, complements: true, proofs });
    const before = await figures(db);
    const made = kept.size;
    expect(made).toBeGreaterThan(0);
    await compute(db, { ...asked, complements: true, proofs });
    expect(kept.size).toBe(made);
    expect(await figures(db)).toEqual(before);
  });

  it("what was proved of all of an indicator is used as it is, without a look at its parts", async () => {
    await insertMany(db, "movements", rows);
    const all = new Map<string, number[]>();
    let parts = 0;
    const proofs: Proofs = {
      find: () => (parts++, null),
      keep: () => undefined,
      findAll: (hash) => all.get(hash) ?? null,
      keepAll: (hash, withheld) => void all.set(hash, withheld),
    };
    await compute(db, { ...asked, complements: true, proofs });
    const before = await figures(db);
    expect(parts).toBeGreaterThan(0);
    // As it was, with something withheld; and once that is, with nothing more.
    expect([...all.values()].map((each) => each.length > 0)).toEqual([true, false]);
    parts = 0;
    await compute(db, { ...asked, complements: true, proofs });
    expect(parts).toBe(0);
    expect(await figures(db)).toEqual(before);
    // Of one person more it says nothing.
    await insertMany(db, "movements", intake("rotterdam", "2016-10-01", 1, 0));
    await compute(db, { ...asked, complements: true, proofs });
    expect(parts).toBeGreaterThan(0);
  });

  it("what was proved of an indicator holds, whatever changes in those before it", async () => {
    await insertMany(db, "movements", rows);
    const all = new Map<string, number[]>();
    let found = 0;
    const proofs: Proofs = {
      find: () => null,
      keep: () => undefined,
      findAll(hash) {
        if (all.has(hash)) found++;
        return all.get(hash) ?? null;
      },
      keepAll: (hash, withheld) => void all.set(hash, withheld),
    };
    const both = { ...asked, ids: ["intake-dual", "intake-dual-other"], complements: true, proofs };
    await insertMany(db, "movements", intake("rotterdam", "2016-04-01", 20, 20).map((row) => ({ ...row, category: "support" }))); // prettier-ignore
    await compute(db, both);
    await compute(db, both);
    expect(found).toBe(2);
    // Of executive staff only the first speaks.
    await insertMany(db, "movements", intake("rotterdam", "2016-10-01", 7, 8));
    await compute(db, both);
    expect(found).toBe(3);
  });

  describe("while a proof waits", () => {
    const waiting: Unproven[] = [];
    const proofs: Proofs = {
      find: () => null,
      keep: () => undefined,
      later: (parts) => waiting.push(...parts),
      isNow: () => false,
    };
    beforeEach(() => waiting.splice(0));

    it("shows the force alone", async () => {
      await insertMany(db, "movements", rows);
      await compute(db, { ...asked, complements: true, proofs });
      expect(waiting.length).toBeGreaterThan(0);
      expect(await yearOf("politie")).toMatchObject({ numerator: 59, denominator: 169 });
      for (const unit of ["hoefkade", "zuiderpark"])
        expect(await yearOf(unit), unit).toMatchObject({ withheld_reason: "unproven", numerator: null });
      expect(await yearOf("laak")).toMatchObject({ withheld_reason: "threshold" });
    });

    it("shows of the force only what tells nothing", async () => {
      await insertMany(db, "movements", [
        ...intake("hoefkade", "2016-03-01", 10, 20),
        ...intake("laak", "2016-09-01", 1, 2),
      ]);
      await compute(db, { ...asked, complements: true, proofs });
      const shown = await figures(
        db,
        "unit_id = 'politie' and grain in ('half', 'year') and breakdown is null and numerator is not null and denominator > 0",
      );
      // The year minus its first half is what three people are.
      expect(shown).toHaveLength(1);
    });
  });
});
