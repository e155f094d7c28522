import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../pipelines/database.ts";
import type { Home } from "../support/home.ts";
import {
  absent,
  loadAccusations,
  loadChicago,
  loadCsps,
  loadIdentified,
  loadUk,
  realHome,
  type Loads,
} from "./support.ts";

if (absent) it.skip(absent, () => undefined);

/** A home that was loaded once, for the tests of one source. */
function loaded(load: (home: Home) => Promise<Loads>) {
  const state = {} as { home: Home; db: Database; loads: Loads };
  beforeAll(async () => {
    state.home = realHome();
    state.loads = await load(state.home);
    state.db = await state.home.warehouse();
  }, 120_000);
  afterAll(() => state.home.remove());
  it("every row is accepted, merged, skipped or quarantined, and no file is refused", () => {
    for (const { refused, read, accepted, merged, skipped, quarantined } of Object.values(state.loads)) {
      expect(refused).toBeNull();
      expect(accepted + merged + skipped + quarantined).toBe(read);
    }
  });
  return state;
}

/** Complaints from 2008 through 2015, what is in quarantine counted in. */
const from2008to2015 = `(
  select received_on, outcome from complaints
  union all
  select (record->>'received_on')::date, record->>'outcome' from quarantine where feed = 'complaints'
) where received_on between date '2008-01-01' and date '2015-12-31'`;

describe.skipIf(absent)("Chicago", () => {
  const state = loaded(loadChicago);

  it("109,339 complaints; those closed before they came are in quarantine", () => {
    const { read, accepted, quarantined, reasons } = state.loads.complaints!;
    expect(read).toBe(131_142);
    expect(accepted + quarantined).toBe(109_339);
    expect(reasons).toEqual({ date_order: 23 });
  });

  it("67,019 reports on 41,242 incidents; 3,828 are of units that nobody knows", async () => {
    const { accepted, quarantined, reasons, max_quarantined_reason } = state.loads.use_of_force!;
    expect(accepted + quarantined).toBe(67_019);
    expect(reasons).toEqual({ unknown_unit: 3_828 });
    expect(max_quarantined_reason).toMatch(/not in the roster/);
    const key = readFileSync(`${state.home.folder}/id.key`, "utf8").trim();
    expect(
      await state.db.one(
        `select count(distinct incident_id) as incidents from (
           select incident_id from use_of_force
           union all select md5_number_lower($key || (record->>'incident_id')) from quarantine where feed = 'use_of_force')`,
        { key },
      ),
    ).toEqual({ incidents: 41_242 });
  });

  it("11,915 people of the roster, 25.29% women, as cells", async () => {
    expect(state.loads.staffing).toMatchObject({ read: 17_901, accepted: 11_915, skipped: 5_986 });
    const found = await state.db.one<{ people: number; share: number; cells: number }>(
      "select sum(headcount)::bigint as people, sum(headcount) filter (gender = 'woman') / sum(headcount) as share, count(*) as cells from staffing",
    );
    expect(found!.people).toBe(11_915);
    expect(found!.share).toBeCloseTo(0.2529, 4);
    expect(found!.cells).toBeLessThan(2_000);
  });
});

describe.skipIf(absent)("Chicago, accusations", () => {
  const state = loaded(loadAccusations);

  it("49,690 in 2008-2015, of which 2,587 founded of 44,895 with a finding", async () => {
    expect(
      await state.db.one(
        `select count(*) as accusations, count(*) filter (outcome = 'founded') as founded,
           count(*) filter (outcome in ('founded', 'unfounded')) as judged from ${from2008to2015}`,
      ),
    ).toEqual({ accusations: 49_690, founded: 2_587, judged: 44_895 });
  });

  it("those closed before they came are in quarantine", () => {
    expect(state.loads.accusations!.reasons).toEqual({ date_order: 15 });
  });
});

describe.skipIf(absent)("Chicago, complaints with an identified officer", () => {
  const state = loaded(loadIdentified);

  it("25,951 in 2008-2015", async () => {
    expect(await state.db.one(`select count(*) as complaints from ${from2008to2015}`)).toEqual({ complaints: 25_951 });
    expect(state.loads.identified!.accepted + state.loads.identified!.quarantined).toBe(67_446);
  });
});

describe.skipIf(absent)("England and Wales", () => {
  const state = loaded(loadUk);

  it("491,984 incidents by 43 forces, without the subtotals", async () => {
    expect(await state.db.one("select sum(count)::bigint as incidents, count(*) as forces from use_of_force")).toEqual({
      incidents: 491_984,
      forces: 43,
    });
    expect(
      await state.db.one("select unit_id, from_month, to_month from coverage where feed = 'use_of_force'"),
    ).toEqual({
      unit_id: "EW",
      from_month: "2019-04-01",
      to_month: "2020-03-31",
    });
  });
});

describe.skipIf(absent)("the Civil Service People Survey of 2017", () => {
  const state = loaded(loadCsps);

  it("the benchmark of E01 is 12%, as it came", async () => {
    expect(
      await state.db.one(
        "select share, share_step from survey where unit_id = 'CIVILSERVICE' and question = 'discrimination_experienced'",
      ),
    ).toEqual({ share: 0.12, share_step: 0.01 });
  });

  it("cells that the source withheld are withheld", async () => {
    const found = await state.db.one<{ n: number }>(
      "select count(*) as n from survey where share is null and withheld = ['share']",
    );
    expect(found!.n).toBeGreaterThan(0);
    expect(await state.db.one("select count(*) as n from survey where share is null and withheld is null")).toEqual({
      n: 0,
    });
  });
});
