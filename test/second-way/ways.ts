import { lastDay, monthOf } from "../series/random-force.ts";

/** An accepted row of a feed, as it lies in the warehouse. */
export type Row = Record<string, unknown>;

/** How many a row stands for, and the values that it has of a breakdown. */
type Amount = (row: Row) => number;
type Values = (row: Row) => string[];

/** A figure worked out from rows by loops: which rows, what of them counts, and on which day. */
export interface Way {
  feed: string;
  /** Column of the day. */
  on: string;
  columns: string[];
  /** Makes of all rows of the feed those that are counted, where these are not the rows themselves. */
  gather?(rows: Row[]): Row[];
  numerator: Amount;
  denominator?: Amount;
  unknown?: Amount;
  by?: Record<string, Values>;
  /** What waits at the period's end, in the place of those unknown: its rows lie in the months at whose end it does. */
  waiting?: Pick<Way, "feed" | "on" | "columns" | "gather">;
  /** The stock that a rate is held against, its values of the same breakdowns where it has them. */
  exposure?: Pick<Way, "feed" | "on" | "columns" | "gather" | "by"> & { amount: Amount };
}

const text = (value: unknown): string[] => (value === null || value === undefined ? [] : [String(value)]);
const one =
  (column: string): Values =>
  (row) =>
    text(row[column]);
const many =
  (column: string): Values =>
  (row) => [...new Set((row[column] as string[] | null) ?? [])];
const times =
  (weight: string, holds: (row: Row) => boolean): Amount =>
  (row) =>
    holds(row) ? Number(row[weight]) : 0;
const isOneOf =
  (column: string, ...values: string[]) =>
  (row: Row) =>
    values.includes(String(row[column]));
const knownGender = isOneOf("gender", "woman", "man", "other");
const knownBackground = isOneOf("background", "dual", "single");

type Moves = Pick<Way, "feed" | "on" | "columns" | "numerator" | "denominator" | "unknown">;

const rowsOfMovements = {
  ...{ feed: "movements", on: "date" },
  columns: [
    ...["unit_id", "date", "kind", "category", "position", "intake_level", "scale_to", "gender", "background"],
    ...["lateral", "exit_reason", "exit_interview", "count"],
  ],
};

/** Of those who move, the part that a condition picks among those of whom it is known. */
function moves(holds: (row: Row) => boolean, counts: (row: Row) => boolean, known: (row: Row) => boolean): Moves {
  return {
    ...rowsOfMovements,
    numerator: times("count", (row) => holds(row) && counts(row) && known(row)),
    denominator: times("count", (row) => holds(row) && known(row)),
    unknown: times("count", (row) => holds(row) && !known(row)),
  };
}

const dual = (holds: (row: Row) => boolean) => moves(holds, isOneOf("background", "dual"), knownBackground);
const women = (holds: (row: Row) => boolean) => moves(holds, isOneOf("gender", "woman"), knownGender);
const intake = (category: string) => (row: Row) => row.kind === "intake" && row.category === category;
const leaders = (row: Row) =>
  row.kind === "appointment" && ["team_chief", "sector_head"].includes(`${String(row.position)}`);
const promotion = (row: Row) => row.kind === "promotion" && Number(row.scale_to) >= 9;
const exit = isOneOf("kind", "exit");
const highBand =
  (column: string): Values =>
  (row) => [Number(row[column]) <= 11 ? "s09-11" : "s12-18"];

const staff = { feed: "staffing", on: "period" };
const staffColumns = ["unit_id", "period", "category", "role", "scale", "gender", "age_band", "headcount", "fte"];
const heads: NonNullable<Way["exposure"]> = { ...staff, columns: staffColumns, amount: (row) => Number(row.headcount) };
const executiveHeads = { ...heads, amount: times("headcount", isOneOf("category", "executive")) };

function staffWomen(holds: (row: Row) => boolean): Moves {
  return {
    ...staff,
    columns: staffColumns,
    numerator: times("headcount", (row) => holds(row) && row.gender === "woman"),
    denominator: times("headcount", (row) => holds(row) && knownGender(row)),
    unknown: times("headcount", (row) => holds(row) && !knownGender(row)),
  };
}

const complaints = {
  ...{ feed: "complaints", on: "received_on" },
  columns: ["unit_id", "received_on", "aspects", "route", "outcome", "count"],
};
const founded = ["founded", "partly_founded"];

const contacts = (channel: string): Way => ({
  ...{ feed: "integrity", on: "period", columns: ["unit_id", "period", "channel", "theme", "contacts"] },
  numerator: times("contacts", isOneOf("channel", channel)),
  by: { theme: one("theme") },
  exposure: heads,
});

/** Reports of one incident are one thing: where the earliest was made, with the means of all. */
function incidentsOf(reports: Row[]): Row[] {
  const found = new Map<string, Row>();
  const order = (row: Row) => `${String(row.occurred_on)} ${String(row.report_id_order).padStart(20, "0")}`;
  for (const report of reports) {
    const key = String(report.incident_id);
    const before = found.get(key);
    const means = [...((before?.means as string[] | undefined) ?? []), ...((report.means as string[] | null) ?? [])];
    found.set(key, { ...(before && order(before) <= order(report) ? before : report), means });
  }
  return [...found.values()];
}

const incidents = {
  ...{ feed: "incidents", on: "registered_on" },
  columns: [
    ...["unit_id", "registered_on", "incident_id", "kind", "grounds", "case_id", "case_opened_on", "rdo_on", "count"],
  ],
};

/** Incidents of one case are one thing: as the first of them was registered, on the day that its case was opened, so many days later. */
const casesOf =
  (later: number) =>
  (rows: Row[]): Row[] => {
    const found = new Map<string, Row>();
    const order = (row: Row) => `${String(row.registered_on)} ${String(row.incident_id).padStart(20, "0")}`;
    for (const row of rows) {
      if (row.case_id === null && row.case_opened_on === null) continue;
      const key = row.case_id === null ? `of ${String(row.incident_id)}` : String(row.case_id);
      const before = found.get(key);
      if (!before || order(row) < order(before)) found.set(key, row);
    }
    return [...found.values()]
      .filter((row) => row.case_opened_on !== null)
      .map((row) => ({ ...row, registered_on: daysLater(String(row.case_opened_on), later) }));
  };

const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const outputs = (output: string): Way => ({
  ...{ feed: "outputs", on: "date", columns: ["unit_id", "date", "output", "quantity"] },
  numerator: times("quantity", isOneOf("output", output)),
});

/** What lasts is there at the end of each month from its first to the last before it ends. */
const lasting = (output: string): Way => ({
  ...{ feed: "outputs", on: "at", columns: ["unit_id", "date", "until", "output", "quantity"] },
  gather: (rows) =>
    rows
      .filter(isOneOf("output", output))
      .flatMap((row) =>
        Array.from({ length: 12 * 20 }, (_, later) => ({ ...row, at: lastDay(monthOf(String(row.date)) + later) })),
      )
      .filter((row: Row) => row.until === null || String(row.at) <= String(row.until)),
  numerator: (row) => Number(row.quantity),
});

/** Money of a year lies in its first month. */
const money = (what: string): Way => {
  const counts = (row: Row) =>
    Number(row.budget) > 0 && row.year !== null && row[what] !== null && row.status !== "proposed";
  return {
    ...{ feed: "actions", on: "on", columns: ["unit_id", "year", "number", "title", "status", "budget", what] },
    gather: (rows) => rows.filter(counts).map((row) => ({ ...row, on: `${String(row.year)}-01-01` })),
    numerator: (row) => Number(row[what]),
    denominator: (row) => Number(row.budget),
    by: { action: (row) => [[row.number, row.title].filter((each) => each !== null).join(" ")] },
  };
};

/** For each indicator of counts, shares and rates how its rows are counted, by other code than its query. */
export const ways: Record<string, Way> = {
  "intake-dual": { ...dual(intake("executive")), by: { intake_level: one("intake_level"), gender: one("gender") } },
  "intake-dual-other": { ...dual(intake("support")), by: { intake_level: one("intake_level"), gender: one("gender") } },
  "intake-women": {
    ...women(isOneOf("kind", "intake")),
    by: { category: one("category"), intake_level: one("intake_level") },
  },
  "leaders-dual": { ...dual(leaders), by: { position: one("position") } },
  "leaders-women": { ...women(leaders), by: { position: one("position") } },
  "promotion-dual": { ...dual(promotion), by: { scale_band: highBand("scale_to") } },
  "promotion-women": { ...women(promotion), by: { scale_band: highBand("scale_to") } },
  top61: moves(
    (row) => row.kind === "appointment" && row.position === "top61",
    (row) => row.background === "dual" || row.gender === "woman" || row.lateral === "yes",
    (row) =>
      row.background === "dual" ||
      row.gender === "woman" ||
      row.lateral === "yes" ||
      (row.background === "single" && row.gender !== "unknown"),
  ),
  "candidates-programme": dual(isOneOf("kind", "nomination")),
  "outflow-women": { ...women(exit), by: { category: one("category") } },
  outflow: {
    ...rowsOfMovements,
    numerator: times("count", exit),
    by: { gender: one("gender") },
    exposure: { ...heads, by: { gender: one("gender") } },
  },
  "exit-interviews": {
    ...moves(exit, isOneOf("exit_interview", "held"), (row) => row.exit_interview !== null),
    by: { category: one("category") },
  },
  "exits-not-safe": moves(
    (row) => exit(row) && row.exit_interview === "held",
    isOneOf("exit_reason", "safety", "not_accepted"),
    (row) => row.exit_reason !== null && row.exit_reason !== "unknown",
  ),
  "staffing-women": {
    ...staffWomen(() => true),
    by: {
      ...{ category: one("category"), role: one("role"), age_band: one("age_band") },
      scale_band: ({ scale }) => {
        if (scale === null) return [];
        const bands: [number, string][] = [
          [5, "s01-05"],
          [8, "s06-08"],
          [11, "s09-11"],
          [18, "s12-18"],
        ];
        return [bands.find(([most]) => Number(scale) <= most)![1]];
      },
    },
  },
  "high-scales-women": {
    ...staffWomen((row) => Number(row.scale) >= 9),
    by: { category: one("category"), scale_band: (row) => (Number(row.scale) >= 9 ? highBand("scale")(row) : []) },
  },
  "staffing-fte": {
    ...staff,
    columns: staffColumns,
    numerator: (row) => Number(row.fte ?? 0),
    by: { category: one("category") },
  },
  vacancies: {
    ...{ feed: "establishment", on: "period", columns: ["unit_id", "period", "category", "fte", "vacancies"] },
    numerator: (row) => (row.vacancies === null ? 0 : Number(row.fte) - Number(row.vacancies)),
    denominator: (row) => (row.vacancies === null ? 0 : Number(row.fte)),
    unknown: (row) => (row.vacancies === null ? Number(row.fte) : 0),
    by: { category: one("category") },
  },
  "committees-diverse": {
    ...{ feed: "committees", on: "date", columns: ["unit_id", "date", "position", "diverse"] },
    numerator: (row) => (row.diverse === "yes" ? 1 : 0),
    denominator: () => 1,
    by: { position: one("position") },
  },
  "sick-leave": {
    ...{ feed: "absence", on: "period", columns: ["unit_id", "period", "sick_days", "available_days"] },
    numerator: (row) => Number(row.sick_days),
    denominator: (row) => Number(row.available_days),
  },
  "adviser-contacts": contacts("adviser"),
  "vik-reports": contacts("vik"),
  complaints: { ...complaints, numerator: (row) => Number(row.count), by: { aspect: many("aspects") } },
  "complaints-rate": {
    ...complaints,
    numerator: (row) => Number(row.count),
    by: { aspect: many("aspects") },
    exposure: heads,
  },
  "complaints-founded": {
    ...complaints,
    numerator: times("count", isOneOf("outcome", ...founded)),
    denominator: times("count", isOneOf("outcome", ...founded, "unfounded")),
    by: { aspect: many("aspects") },
  },
  "discrimination-complaints": {
    ...complaints,
    numerator: times("count", (row) =>
      many("aspects")(row).some((each) => ["discrimination", "profiling"].includes(each)),
    ),
    by: { route: one("route"), outcome: one("outcome") },
  },
  "discrimination-incidents": {
    ...{ feed: "incidents", on: "registered_on", columns: ["unit_id", "registered_on", "kind", "grounds", "count"] },
    numerator: (row) => Number(row.count),
    by: { ground: many("grounds") },
  },
  "use-of-force": {
    ...{ feed: "use_of_force", on: "occurred_on" },
    columns: ["unit_id", "occurred_on", "incident_id", "report_id_order", "means"],
    gather: incidentsOf,
    numerator: () => 1,
    by: { means: many("means") },
  },
  "use-of-force-rate": {
    ...{ feed: "use_of_force", on: "occurred_on", columns: ["unit_id", "occurred_on", "means", "count"] },
    numerator: (row) => Number(row.count),
    by: { means: many("means") },
    exposure: executiveHeads,
  },
  "force-professional": {
    ...{ feed: "use_of_force", on: "occurred_on", columns: ["unit_id", "occurred_on", "assessment", "count"] },
    numerator: times("count", isOneOf("assessment", "professional")),
    denominator: times("count", isOneOf("assessment", "professional", "not_professional")),
  },
  "discrimination-rate": {
    ...incidents,
    numerator: (row) => Number(row.count),
    by: { ground: many("grounds") },
    exposure: {
      ...{ feed: "population", on: "on", columns: ["unit_id", "year", "persons"] },
      // Inhabitants of a year are those of each of its months.
      gather: (rows) =>
        rows.flatMap((row) =>
          Array.from({ length: 12 }, (_, month) => ({
            ...row,
            on: `${String(row.year).slice(0, 4)}-${String(month + 1).padStart(2, "0")}-01`,
          })),
        ),
      amount: (row) => Number(row.persons),
    },
  },
  "ex-officio": {
    ...incidents,
    gather: casesOf(0),
    numerator: (row) => (row.kind === "ex_officio" ? 1 : 0),
    denominator: () => 1,
  },
  "rdo-discussed": {
    ...incidents,
    gather: casesOf(90),
    numerator: (row) => (row.rdo_on === null ? 0 : 1),
    denominator: () => 1,
    waiting: {
      ...incidents,
      gather: (rows) =>
        casesOf(0)(rows).flatMap((row) => {
          const ends = Array.from({ length: 5 }, (_, later) => lastDay(monthOf(String(row.registered_on)) + later));
          const old = daysLater(String(row.registered_on), 90);
          return ends.filter((end) => end < old).map((end) => ({ ...row, registered_on: end }));
        }),
    },
  },
  "actions-on-time": {
    ...{ feed: "actions", on: "due_on", columns: ["unit_id", "due_on", "status"] },
    gather: (rows) => rows.filter((row) => row.due_on !== null),
    numerator: (row) => (row.status === "done" ? 1 : 0),
    denominator: (row) => (["decided", "running", "done", "postponed"].includes(String(row.status)) ? 1 : 0),
  },
  budget: money("spent"),
  "budget-forecast": money("forecast"),
  "inclusief-visitors": outputs("inclusief_visitors"),
  networks: lasting("employee_network"),
  "rib-requests": outputs("rib_request"),
  soundboard: outputs("soundboard"),
  "soundboard-themes": outputs("soundboard_theme"),
  "womens-sessions": outputs("womens_session"),
};
