import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { membersOf } from "../../server/members.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";

let fixture: Fixture;
beforeAll(async () => (fixture = await serveFixture()));
afterAll(() => fixture.stop());

describe("membersOf(snapshot, level, day)", () => {
  it("are the units of the level that exist then, in the order of the organisation", async () => {
    await fixture.snapshots.use(undefined, async (snapshot) => {
      const there = [...snapshot.catalogue.units.values()]
        .flat()
        .filter(({ level, valid_from, valid_to }) => {
          const began = valid_from === null || valid_from <= "2016-12-31";
          return level === "unit" && began && (valid_to === null || valid_to >= "2016-12-31");
        })
        .map(({ unit_id }) => unit_id);
      expect(there.length).toBeGreaterThan(1);
      // All of one unit above: by their ids.
      expect(await membersOf(snapshot, "unit", "2016-12-31")).toEqual(there.sort());
    });
  });

  it("are none of a level that has none", async () => {
    await fixture.snapshots.use(undefined, async (snapshot) => {
      expect(await membersOf(snapshot, "planet", "2016-12-31")).toEqual([]);
    });
  });

  it("are asked once, and again where that failed", async () => {
    await fixture.snapshots.use(undefined, async ({ catalogue, query }) => {
      let asked = 0;
      const failing = {
        catalogue: { ...catalogue },
        query: (...given: Parameters<typeof query>) => {
          asked += 1;
          return asked === 1 ? Promise.reject(new Error("too busy")) : query(...given);
        },
      };
      await expect(membersOf(failing, "unit", "2016-12-31")).rejects.toThrow("too busy");
      const [first, second] = await Promise.all([1, 2].map(() => membersOf(failing, "unit", "2016-12-31")));
      expect(first).toEqual(second);
      expect(asked).toBe(2);
    });
  });
});
