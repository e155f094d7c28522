import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LoadResult } from "../../pipelines/loading/load.ts";
import { idKey } from "../../pipelines/loading/id-key.ts";
import { writeOperations } from "../../pipelines/operations.ts";
import { readProject } from "../../pipelines/project.ts";
import { publish } from "../../pipelines/publish.ts";
import type { Home } from "../support/home.ts";
import { serveHome, type Served } from "../support/serve-home.ts";
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
import { long } from "../support/long.ts";

// The published totals of data that no one here made, through the loader, the roll-up, the gate and HTTP. What is in quarantine
// counts in: it stands in the source.

const asked = ["complaints", "complaints-founded", "use-of-force", "staffing-women", "discrimination-experienced"];

interface Figure {
  unit_id: string;
  period_start: string;
  period_end: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  unknown: number | null;
  withheld: boolean;
}

interface Quarantined {
  reason: string;
  column_name: string | null;
  record: Record<string, string>;
}

interface Real {
  home: Home;
  loads: Loads;
  served: Served;
}

/** A home that is loaded, published and served for the tests of one `describe`. */
function real(load: (home: Home) => Promise<Loads>): () => Real {
  let ready: Real | undefined;
  beforeAll(async () => {
    const home = realHome();
    const loads = await load(home);
    const db = await home.warehouse();
    const project = await readProject(home.context.settings);
    // All of them in the long run.
    if (!long) project.definitions = project.definitions.filter(({ id }) => asked.includes(id));
    await publish(db, home.context, project);
    await writeOperations(db, home.context, project);
    ready = { home, loads, served: await serveHome(home.folder) };
  }, 120_000);
  afterAll(async () => {
    await ready?.served.stop();
    await ready?.home.remove();
  });
  return () => ready!;
}

/** The name of a suite; where the data is absent, the word that says so. */
const named = (name: string) => (absent ? `${name} (${absent})` : name);

const sum = (rows: Figure[], of: "value" | "numerator" | "denominator") =>
  rows.reduce((total, row) => total + (row[of] ?? 0), 0);

const whole = (load: LoadResult) => load.accepted + load.merged + load.skipped + load.quarantined;

describe.skipIf(absent)(named("Chicago: complaints, use of force and staff"), () => {
  const at = real(loadChicago);

  it("has every complaint once: 109,339, those with a closing date before the complaint in quarantine", async () => {
    const { served } = at();
    const figures = await served.get<Figure>("/series?indicator=complaints&unit=CPD&grain=year");
    const quarantine = await served.get<Quarantined>("/quarantine?feed=complaints");
    expect(sum(figures, "value") + quarantine.length).toBe(109_339);
    expect(new Set(quarantine.map((row) => row.reason))).toEqual(new Set(["date_order"]));
  });

  it("has 67,019 use-of-force reports on 41,242 incidents, those of units that nobody knows in quarantine", async () => {
    const { served, home, loads } = at();
    const quarantine = await served.get<Quarantined>("/quarantine?feed=use_of_force");
    expect(quarantine).toHaveLength(3828);
    expect(new Set(quarantine.map((row) => row.reason))).toEqual(new Set(["unknown_unit"]));
    expect(loads.use_of_force!.accepted + quarantine.length).toBe(67_019);
    const figures = await served.get<Figure>("/series?indicator=use-of-force&unit=CPD&grain=year");
    // Incidents of which every report is in quarantine.
    const ids = [...new Set(quarantine.map((row) => row.record.incident_id ?? row.record.event_no))];
    const db = await home.warehouse();
    const only = await db.one<{ n: number }>(
      `select count(*) as n from (select md5_number_lower($key || unnest(string_split($ids, '|'))) as id)
       where id not in (select incident_id from use_of_force)`,
      { key: idKey(home.folder), ids: ids.join("|") },
    );
    expect(sum(figures, "value") + only!.n).toBe(41_242);
  });

  it("adds up over units: each incident counts for one", async () => {
    const { served } = at();
    const figures = await served.get<Figure>(
      "/series?indicator=use-of-force&unit=all&grain=year&from=2010-01-01&to=2010-12-31",
    );
    const force = figures.find((row) => row.unit_id === "CPD")!;
    const units = figures.filter((row) => row.unit_id !== "CPD");
    expect(sum(units, "value")).toBe(force.value);
  });

  it("has 25.29% women of 11,915 in July 2023, from a roster by person", async () => {
    const { served, loads } = at();
    const [row] = await served.get<Figure>(
      "/series?indicator=staffing-women&unit=CPD&grain=month&from=2023-07-01&to=2023-07-31",
    );
    // Two of them are of unknown gender: in neither numerator nor denominator.
    expect(row!.denominator! + row!.unknown!).toBe(11_915);
    expect(Math.round(row!.value! * 10_000) / 100).toBe(25.29);
    expect(loads.staffing).toMatchObject({ read: 17_901, accepted: 11_915 });
  });

  it("counts every row of every file: read = accepted + merged + skipped + quarantined", () => {
    for (const [name, load] of Object.entries(at().loads)) expect(whole(load), name).toBe(load.read);
  });
});

describe.skipIf(absent)(named("Chicago: accusations"), () => {
  const at = real(loadAccusations);

  it("has 49,690 accusations in 2008-2015, and 2,587 founded of 44,895 judged: 5.76%", async () => {
    const { served } = at();
    const span = "unit=CPD&grain=year&from=2008-01-01&to=2015-12-31";
    expect(sum(await served.get<Figure>(`/series?indicator=complaints&${span}`), "value")).toBe(49_690);
    const founded = await served.get<Figure>(`/series?indicator=complaints-founded&${span}`);
    expect(sum(founded, "numerator")).toBe(2587);
    expect(sum(founded, "denominator")).toBe(44_895);
    expect(((100 * sum(founded, "numerator")) / sum(founded, "denominator")).toFixed(2)).toBe("5.76");
  });
});

describe.skipIf(absent)(named("Chicago: complaints with an identified officer"), () => {
  const at = real(loadIdentified);

  it("has 25,951 in 2008-2015", async () => {
    const { served } = at();
    const figures = await served.get<Figure>(
      "/series?indicator=complaints&unit=CPD&grain=year&from=2008-01-01&to=2015-12-31",
    );
    expect(sum(figures, "value")).toBe(25_951);
  });
});

describe.skipIf(absent)(named("England and Wales: use of force"), () => {
  const at = real(loadUk);

  it("has 491,984 incidents, the subtotals of regions left out", async () => {
    const { served } = at();
    const [row] = await served.get<Figure>(
      "/series?indicator=use-of-force&unit=EW&grain=r12&from=2019-04-01&to=2020-03-31",
    );
    expect(row!.value).toBe(491_984);
  });
});

describe.skipIf(absent)(named("UK civil service: survey of 2017"), () => {
  const at = real(loadCsps);

  it("has 12% discriminated against, as it was published", async () => {
    const { served } = at();
    const figures = await served.get<Figure>("/series?indicator=discrimination-experienced&unit=all&grain=year");
    expect(figures.find((row) => row.unit_id === "CIVILSERVICE")).toMatchObject({
      value: 0.12,
      numerator: null,
      withheld: false,
    });
  });

  it("withholds what its source withheld", async () => {
    const { served } = at();
    const figures = await served.get<Figure & { withheld_reason: string }>(
      "/series?indicator=discrimination-experienced&unit=all&grain=year",
    );
    const withheld = figures.filter((row) => row.withheld);
    expect(new Set(withheld.map((row) => row.withheld_reason))).toEqual(
      withheld.length > 0 ? new Set(["source"]) : new Set(),
    );
    expect(figures.length).toBeGreaterThan(90);
  });
});
