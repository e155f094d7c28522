import { storedColumns, type Column, type Contract, type Law } from "../../pipelines/contracts/contract.ts";
import type { Definition } from "../../pipelines/indicators/definition.ts";
import { hrFeeds, rolesOfUnits, type Reach, type Right, type Role } from "../access.ts";
import type { ColumnsRead } from "./columns-read.ts";
import { ownProcessings } from "./own.ts";
import {
  limit,
  measureFiles,
  months,
  type About,
  type Keep,
  type Kept,
  type Measure,
  type Processing,
  type Register,
  type RegisterColumn,
  type Seen,
  type Use,
} from "./processing.ts";

export interface RegisterSources {
  contracts: ReadonlyMap<string, Contract>;
  /** In the order in which they are shown. */
  definitions: readonly Definition[];
  reads: ColumnsRead;
  keep: Keep;
  /** The table of rights. */
  reachesOf: (right: Right) => readonly [Role, Reach][];
}

/** The register of processing: each feed, and what the monitor keeps of its users. First what is about persons. */
export function makeRegister(sources: RegisterSources): Register {
  const feeds = [...sources.contracts.values()].map((contract) => processingOf(contract, sources));
  const order: readonly Law[] = ["gdpr", "police_data", "none"];
  const persons = feeds.filter(({ law }) => law !== "none");
  persons.sort((a, b) => order.indexOf(a.law) - order.indexOf(b.law) || a.id.localeCompare(b.id));
  const others = feeds.filter(({ law }) => law === "none").sort((a, b) => a.id.localeCompare(b.id));
  const own = ownProcessings(sources.keep).map(({ rights, ...each }): Processing => {
    const seen = rights.flatMap((right) => seenBy(right, sources.reachesOf(right)));
    return { ...each, of: "monitor", special: [], ground_decided: null, indicators: [], unused: [], seen };
  });
  return [...persons, ...own, ...others];
}

/** Feeds of which more is shown than figures. */
const shownBesides: Record<string, readonly Right[]> = {
  actions: ["actions"],
  incidents: ["recent"],
  published: ["figures"],
  units: ["know"],
};

function processingOf(contract: Contract, sources: RegisterSources): Processing {
  const { name, title, description, purpose, law, subjects, legal_ground, supplier, owner, retention } = contract;
  const { definitions, reads, reachesOf } = sources;
  const its = definitions.filter(({ id }) => reads.get(id)?.has(name));
  const columns = contract.columns.map((column): RegisterColumn => ({
    ...{
      name: column.name,
      header: column.aliases[0] ?? null,
      type: column.type,
      special: column.special,
      stored: !column.person,
    },
    about: aboutOf(column, contract),
    indicators: its.flatMap(({ id }) => (reads.get(id)!.get(name)!.has(column.name) ? [id] : [])),
    uses: usesOf(column, contract),
  }));
  const besides = shownBesides[name] ?? [];
  const ofHr = besides.includes("figures") || its.some(({ feeds }) => feeds.every((feed) => hrFeeds.includes(feed)));
  const rights = [...new Set([...(its.length > 0 ? (["figures"] as const) : []), ...besides])];
  return {
    ...{ id: name, of: "feed", title, description, purpose, law, subjects, supplier, owner, retention },
    special: [...new Set(columns.flatMap(({ special }) => special))],
    ground: legal_ground,
    ground_decided: contract.ground_decided ?? null,
    questions: contract.questions,
    kept: keptOf(contract, sources.keep),
    measures: measuresOf(contract, its),
    seen: [...rights, "data" as const]
      .flatMap((right) => seenBy(right, reachesOf(right)))
      .filter(({ reach, right }) => reach !== "hr" || right !== "figures" || ofHr),
    indicators: its.map(({ id, title }) => ({ id, title })),
    columns,
    unused: columns.filter(isUnused).map((column) => column.name),
  };
}

const seenBy = (right: Right, reaches: readonly [Role, Reach][]): Seen[] =>
  reaches.map(([role, reach]) => ({
    right,
    role,
    reach: reach === "units" && !rolesOfUnits.includes(role) ? "whole" : reach,
  }));

/** Whether rows of the feed have the number of a case that is about persons. */
const hasCases = ({ law, columns }: Contract): boolean =>
  law !== "none" && columns.some(({ type, person }) => type === "id" && !person);

function aboutOf(column: Column, contract: Contract): About {
  if (column.person) return "counted";
  if (column.special.length > 0) return "special";
  if (contract.law !== "none" && column.type === "id") return "pseudonym";
  if (column.personal) return "personal";
  if (column.free) return "free";
  return hasCases(contract) && column.name !== contract.weight ? "case" : "none";
}

function usesOf({ name, person }: Column, { name: feed, key, date, weight, fold, law }: Contract): Use[] {
  const folds = [fold?.closed, fold?.group, fold?.first, ...Object.keys(fold?.later ?? {})];
  return [
    ...(person ? (["count"] as const) : []),
    ...(key.includes(name) ? (["key"] as const) : []),
    ...(date === name ? (["date"] as const) : []),
    ...(weight === name ? (["weight"] as const) : []),
    ...(folds.includes(name) ? (["fold"] as const) : []),
    ...(law === "none" && shownBesides[feed] ? (["shown"] as const) : []),
  ];
}

const isUnused = ({ about, indicators, uses }: RegisterColumn): boolean =>
  about !== "none" && about !== "free" && indicators.length === 0 && uses.length === 0;

function keptOf({ law, fold, columns }: Contract, keep: Keep): Kept[] {
  const all: Kept[] = [{ what: "counted", amount: null, unit: "months", setting: null }];
  if (fold) all.push({ what: "rows", amount: fold.months, unit: "months", setting: null });
  if (columns.some(({ name, personal }) => name === "background" && personal))
    all.push(months("background", keep.keepBackgroundMonths, "KVV_KEEP_BACKGROUND_MONTHS"));
  all.push(months("archive", keep.keepArchiveMonths, "KVV_KEEP_ARCHIVE_MONTHS"));
  all.push(months("quarantine", keep.keepQuarantineMonths, "KVV_KEEP_QUARANTINE_MONTHS"));
  all.push({ what: "files", amount: limit(keep.keepFilesDays), unit: "days", setting: "KVV_KEEP_FILES_DAYS" });
  if (law !== "none")
    all.push({ what: "snapshots", amount: keep.keepSnapshots, unit: "snapshots", setting: "KVV_KEEP_SNAPSHOTS" });
  return all;
}

function measuresOf(contract: Contract, its: readonly Definition[]): Measure[] {
  if (contract.law === "none") return ["rights", "logged"];
  const stored = storedColumns(contract);
  const has: Partial<Record<Measure, boolean>> = {
    counted: stored.length < contract.columns.length,
    keyed: hasCases(contract),
    unnamed: contract.columns.some(({ personal, person }) => personal || person),
    folded: contract.fold !== undefined,
    gate: its.some((each) => each.protected),
    complements: its.some((each) => each.protected),
    small_cases: its.some((each) => each.sensitive),
    published: true,
    scoped: true,
    rights: true,
    logged: true,
  };
  return (Object.keys(measureFiles) as Measure[]).filter((each) => has[each]);
}
