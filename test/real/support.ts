import { existsSync } from "node:fs";
import path from "node:path";
import { loadFile, type LoadResult } from "../../pipelines/loading/load.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { makeHome, type Home } from "../support/home.ts";

/** Where the real data lies: beside the checkout. */
export const dataFolder = path.resolve(projectFolder, "..", "shared", "data");

/** Why tests on real data do not run here; null where they do. */
export const absent: string | null = existsSync(dataFolder)
  ? null
  : `skipped: there is no real data in ${path.relative(projectFolder, dataFolder)}`;

/** A home whose clock stands after all of the real data. */
export const realHome = (): Home => makeHome({ KVV_NOW: "2024-01-15T08:00:00Z" });

type Step = [feed: string, file: string, mapping?: string];

const data = (...parts: string[]) => path.join(dataFolder, ...parts);
const here = (...parts: string[]) => path.join(import.meta.dirname, ...parts);
const chicago = (name: string) => data("chicago", `chicago_${name}.csv.gz`);

const force: Step = ["units", here("chicago", "units.csv")];

/** The results of the loads, by the mapping's name, or the feed's where there is none. */
export type Loads = Record<string, LoadResult>;

async function loadAll(home: Home, steps: Step[]): Promise<Loads> {
  const db = await home.warehouse();
  const loads: Loads = {};
  for (const [feed, file, mapping] of steps) {
    const request = { feed, path: file, ...(mapping ? { mappingPath: mapping } : {}) };
    const name = mapping ? path.basename(mapping, ".yaml") : `${feed} of the force`;
    loads[name] = await loadFile(db, home.context, home.contracts, request);
  }
  return loads;
}

/** Chicago: units, complaints at complaint grain, use-of-force reports, and the roster of July 2023. */
export const loadChicago = (home: Home): Promise<Loads> =>
  loadAll(home, [
    force,
    ["units", chicago("roster_2023-07"), here("chicago", "units.yaml")],
    ["complaints", chicago("complaints_2000-2016"), here("chicago", "complaints.yaml")],
    ["use_of_force", chicago("trr_2004-2016"), here("chicago", "use_of_force.yaml")],
    ["staffing", chicago("roster_2023-07"), here("chicago", "staffing.yaml")],
  ]);

const mapping = (name: string) => here("chicago", `${name}.yaml`);

/** Chicago from all its exports that fit a feed, but for the later file of exits. */
export const loadAllOfChicago = (home: Home): Promise<Loads> =>
  loadAll(home, [
    force,
    // What several files name is called as the last of them has it.
    ["units", chicago("unit_history_2020-10"), mapping("units_history")],
    ["units", chicago("exits_2015-2024"), mapping("units_exits")],
    ["units", chicago("roster_2023-07"), mapping("units")],
    ["staffing", chicago("unit_history_2020-10"), mapping("unit_history")],
    ["staffing", chicago("profiles_2018"), mapping("staffing_history")],
    ["staffing", chicago("roster_2023-07"), mapping("staffing_roster")],
    ["staffing", chicago("roster_2023-07"), mapping("staffing")],
    ["movements", chicago("roster_2023-07"), mapping("intake")],
    ["movements", chicago("roster_2023-07"), mapping("exits_roster")],
    ["complaints", chicago("complaints_2000-2016"), mapping("complaints")],
    ["complaints", chicago("accused_2000-2016"), mapping("complaints_accused")],
    ["complaints", chicago("cr_clear_2000-2022"), mapping("complaints_clear")],
    ["use_of_force", chicago("trr_2004-2016"), mapping("use_of_force")],
  ]);

/** The file of those who left, which disagrees with the roster. */
export const loadLaterExits = (home: Home): Promise<Loads> =>
  loadAll(home, [["movements", chicago("exits_2015-2024"), mapping("exits")]]);

/** Chicago's accusations: an officer on a complaint. */
export const loadAccusations = (home: Home): Promise<Loads> =>
  loadAll(home, [force, ["complaints", chicago("accused_2000-2016"), here("chicago", "accusations.yaml")]]);

/** Chicago's complaints with an identified officer. */
export const loadIdentified = (home: Home): Promise<Loads> =>
  loadAll(home, [force, ["complaints", chicago("accused_2000-2016"), here("chicago", "identified.yaml")]]);

const ukFile = data("uk", "use-of-force-incidents-2019-04_2020-03.csv");

/** England and Wales: incidents by force in a year, as counted rows. */
export const loadUk = (home: Home): Promise<Loads> =>
  loadAll(home, [
    ["units", here("uk", "units.csv")],
    ["units", ukFile, here("uk", "units.yaml")],
    ["use_of_force", ukFile, here("uk", "use_of_force.yaml")],
  ]);

const cspsFile = data("csps", "2017_all_organisations.csv");

/** The UK Civil Service People Survey of 2017: shares only. */
export const loadCsps = (home: Home): Promise<Loads> =>
  loadAll(home, [
    ["units", cspsFile, here("csps", "units.yaml")],
    ["survey", cspsFile, here("csps", "survey.yaml")],
  ]);
