import type { User } from "./user.ts";

/** What somebody may be to the monitor. */
export const roles = ["leadership", "programme", "hrm", "control", "portfolio", "admin"] as const;
export type Role = (typeof roles)[number];

/** Of these roles one is it for units, which somebody names. */
export const rolesOfUnits: readonly Role[] = ["leadership", "programme"];

/**
 * How far a right reaches.
 * `own`: the reader's units and all below them; `force`: those, and the force; `units`: those, and every unit and the
 * force, not what is below them; `hr`: everywhere, but of HR indicators only; `all`: everything.
 */
export const reaches = ["own", "force", "units", "hr", "all"] as const;
export type Reach = (typeof reaches)[number];

/** Who may do what, and how far: all there is to know about rights. What is not here nobody may. */
const table = {
  /** What is asked for the pages to stand at all: who asks, names of units and indicators, what happened, how fresh the feeds are. */
  know: { leadership: "units", programme: "force", hrm: "hr", control: "all", portfolio: "units", admin: "units" },
  /** Figures, and what is found in them. */
  figures: { leadership: "units", programme: "force", hrm: "hr", control: "all", portfolio: "units" },
  /** Incidents of the last days, which are no indicator. */
  recent: { leadership: "units", programme: "force", control: "all", portfolio: "units" },
  /** Reckoning what a target would take. */
  plan: { leadership: "units", hrm: "hr", control: "all", portfolio: "units" },
  reviews: { leadership: "own", programme: "own", control: "all", portfolio: "units" },
  write_reviews: { leadership: "own", programme: "own" },
  sign_reviews: { leadership: "own" },
  reopen_reviews: { leadership: "own", portfolio: "units" },
  /** The reviews of all units in one document. */
  national: { control: "all", portfolio: "units" },
  releases: { leadership: "own", programme: "own", hrm: "hr", control: "all", portfolio: "units" },
  release: { control: "all" },
  evaluations: { leadership: "own", programme: "own", hrm: "hr", control: "all", portfolio: "units" },
  write_evaluations: { leadership: "own", programme: "own", hrm: "hr" },
  actions: { leadership: "own", programme: "own", control: "all", portfolio: "units" },
  write_actions: { leadership: "own", programme: "own", control: "all" },
  /** What came in, what was refused and why, what is withheld. */
  data: { control: "all" },
  /** Sending files, and having the pipelines run. */
  load: { control: "all" },
  /** Definitions of indicators as they are written, and what they would say. */
  drafts: { control: "all" },
  write_drafts: { control: "all" },
  audit: { admin: "all" },
} as const satisfies Record<string, Partial<Record<Role, Reach>>>;

export type Right = keyof typeof table;
export const rights = Object.keys(table) as Right[];

/** The right that each route below the API asks. A route that is not here is not served. */
export const rightOfRoute: Record<string, Right | "anyone"> = {
  "GET /meta": "know",
  "GET /register": "know",
  "GET /register/columns": "know",
  "GET /register/assessment": "know",
  "GET /register/report.pdf": "know",
  "GET /units": "know",
  "GET /indicators": "know",
  "GET /indicators/:id": "know",
  "GET /breaks": "know",
  "GET /events": "know",
  "GET /calendar": "know",
  "GET /calendar.ics": "know",
  "GET /calendar.atom": "know",
  "GET /feeds": "know",
  "GET /series": "figures",
  "GET /overview": "figures",
  "GET /compare": "figures",
  "GET /limits": "figures",
  "GET /signals": "figures",
  "GET /signals/chance": "figures",
  "GET /signals.atom": "figures",
  "GET /recent": "recent",
  "GET /restatements": "figures",
  "GET /references": "figures",
  "GET /results": "figures",
  "GET /disclosure/finest": "figures",
  "GET /subjects/:subject/:unit/:year/report.pdf": "figures",
  "GET /subjects/:subject/:unit/:year/report.xlsx": "figures",
  "POST /plan/reach": "plan",
  "POST /plan/staffing": "plan",
  "GET /reviews": "reviews",
  "GET /reviews/:unit/:half": "reviews",
  "GET /reviews/:unit/:half/history": "reviews",
  "GET /reviews/:unit/:half/report.pdf": "reviews",
  "GET /reviews/:unit/:half/report.xlsx": "reviews",
  "GET /reviews/:unit/:half/talk.pdf": "reviews",
  "GET /issued/:file": "reviews",
  "PUT /reviews/:unit/:half": "write_reviews",
  "POST /reviews/:unit/:half/submit": "write_reviews",
  "POST /reviews/:unit/:half/sign": "sign_reviews",
  "POST /reviews/:unit/:half/reopen": "reopen_reviews",
  "GET /progress/:half/report.pdf": "national",
  "GET /progress/:half/reports.zip": "national",
  "GET /releases": "releases",
  "POST /releases/:half": "release",
  "GET /evaluations": "evaluations",
  "GET /evaluations/:unit/:indicator/:to/history": "evaluations",
  "PUT /evaluations/:unit/:indicator/:to": "write_evaluations",
  "GET /actions": "actions",
  "GET /actions/:action/history": "actions",
  "POST /actions": "write_actions",
  "PATCH /actions": "write_actions",
  "POST /actions/file": "write_actions",
  "GET /feeds/:feed": "know",
  "GET /feeds/:feed/template": "know",
  "GET /disclosure": "data",
  "GET /reconciliation": "data",
  "GET /reconciliation/unmatched": "data",
  "GET /lineage": "data",
  "GET /loads": "data",
  "GET /runs": "data",
  "GET /refusals": "data",
  "GET /quarantine": "data",
  "GET /work": "data",
  "POST /feeds/:feed/files": "load",
  "POST /runs": "load",
  "GET /drafts": "drafts",
  "POST /drafts/check": "drafts",
  "POST /preview": "drafts",
  "GET /drafts/:draft": "drafts",
  "GET /drafts/:draft/versions/:version": "drafts",
  "GET /drafts/:draft/definition.sql": "drafts",
  "GET /drafts/:draft/examples.yaml": "drafts",
  "GET /drafts/:draft/targets.csv": "drafts",
  "GET /templates": "drafts",
  "GET /workbench/indicators": "drafts",
  "POST /drafts": "write_drafts",
  "PUT /drafts/:draft": "write_drafts",
  "POST /drafts/:draft/steps": "write_drafts",
  "GET /audit": "audit",
  "GET /session": "anyone",
  "POST /session": "anyone",
  "DELETE /session": "anyone",
  "GET /openapi.json": "know",
};

/**
 * What another server shows of itself: the secret of the published folder, a ticket in somebody's name, or news of its
 * own. Nobody who is signed in has any of these, and none of these is of use where a right is asked.
 */
export const proofs = ["published_secret", "ticket", "news"] as const;
export type Proof = (typeof proofs)[number];

/** The proof that each route for other servers asks. A route for them that is not here is not served. */
export const proofOfRoute: Record<string, Proof> = {
  "GET /published/current": "published_secret",
  "GET /published/snapshots.json": "published_secret",
  "GET /published/:snapshot/manifest.json": "published_secret",
  "GET /published/:snapshot/series.duckdb": "published_secret",
  "POST /servers/passed-on": "ticket",
  "POST /servers/state": "news",
};

/** The right that each page asks, by the first part of its address. */
export const rightOfPage: Record<string, Right> = {
  "": "figures",
  signals: "figures",
  unit: "figures",
  indicator: "figures",
  compare: "figures",
  hrm: "plan",
  actions: "actions",
  results: "figures",
  review: "reviews",
  evaluations: "evaluations",
  calendar: "know",
  data: "data",
  workbench: "drafts",
  audit: "audit",
  register: "know",
  terms: "know",
  accessibility: "know",
};

/** Feeds about those who work here: indicators that are made of these alone are HR indicators. */
export const hrFeeds: readonly string[] = [
  ...["movements", "staffing", "background", "population", "committees", "survey", "absence", "establishment"],
];

/** What a right lets somebody see: for each of their roles that has it, how far. */
export interface Scope {
  parts: { reach: Reach; units: readonly string[] }[];
}

/** The roles that have a right, and how far it reaches for each. */
export const reachesOf = (right: Right): [Role, Reach][] => Object.entries(table[right]) as [Role, Reach][];

/** Without bounds. */
export const everything: Scope = { parts: [{ reach: "all", units: [] }] };

/** How far a right reaches for somebody; null where they do not have it. */
export function scopeOf(user: User, right: Right): Scope | null {
  const reaches: Partial<Record<Role, Reach>> = table[right];
  const parts = roles.flatMap((role): Scope["parts"] => {
    const reach = user.roles.includes(role) ? reaches[role] : undefined;
    if (!reach) return [];
    const units = rolesOfUnits.includes(role) ? [...user.units].sort() : [];
    return reach === "own" && units.length === 0 ? [] : [{ reach, units }];
  });
  if (parts.length === 0) return null;
  return parts.some(({ reach }) => reach === "all") ? everything : { parts };
}

const names = new WeakMap<Scope, string>();

/** Alike for those who see the same. Nobody may change a scope. */
export function nameOfScope(scope: Scope): string {
  const known = names.get(scope);
  if (known !== undefined) return known;
  const name = JSON.stringify([...new Set(scope.parts.map(({ reach, units }) => [reach, ...units].join(" ")))].sort());
  names.set(scope, name);
  return name;
}

export const rightsOf = (user: User): Right[] => rights.filter((right) => scopeOf(user, right) !== null);

/** The first parts of the addresses of the pages that somebody may open. */
export const pagesOf = (user: User): string[] =>
  Object.entries(rightOfPage).flatMap(([page, right]) => (scopeOf(user, right) ? [page] : []));
