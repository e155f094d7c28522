// A small programme of results, added to the fixture: each case of how a result can stand, small enough to reckon by hand.

interface Aim {
  id: number;
  indicator: string;
  unit: string;
  kind: "number" | "at_least" | "within";
  value: number;
  from: string;
  to: string;
  grain?: "year" | "target";
}

interface Figure {
  indicator: string;
  unit?: string;
  year: number;
  target: number;
  value: number | null;
  numerator?: number | null;
  denominator?: number | null;
  judgement: string;
  complete?: boolean;
  withheld?: boolean;
}

/** Made of the fixture's definitions: what they count, in other words. */
const made = {
  visitors: { of: "complaints", kind: "count", nl: "Bezoekers", en: "Visitors" },
  ambassadors: { of: "staffing-women", kind: "coverage", nl: "Districten met een ambassadeur", en: "Districts with an ambassador" }, // prettier-ignore
  networks: { of: "complaints", kind: "count", nl: "Netwerken", en: "Networks" },
  interviews: { of: "top61", kind: "share", nl: "Exitgesprekken", en: "Exit interviews" },
  candidates: { of: "complaints", kind: "count", nl: "Kandidaten", en: "Candidates" },
  plans: { of: "staffing-women", kind: "share", nl: "Teamplannen", en: "Team plans" },
  registrations: { of: "staffing-women", kind: "change", nl: "Meer registraties", en: "More registrations" },
} as const;

const aims: Aim[] = [
  {
    id: 101,
    indicator: "visitors",
    unit: "den-haag",
    kind: "number",
    value: 350,
    from: "2014-01-01",
    to: "2018-12-31",
  },
  { id: 102, indicator: "ambassadors", unit: "den-haag", kind: "number", value: 4, from: "2016-01-01", to: "2016-12-31" }, // prettier-ignore
  { id: 103, indicator: "ambassadors", unit: "den-haag", kind: "number", value: 8, from: "2017-01-01", to: "2017-12-31" }, // prettier-ignore
  { id: 104, indicator: "networks", unit: "den-haag", kind: "number", value: 6, from: "2018-12-31", to: "2018-12-31", grain: "target" }, // prettier-ignore
  { id: 105, indicator: "interviews", unit: "politie", kind: "at_least", value: 1, from: "2016-01-01", to: "2017-12-31" }, // prettier-ignore
  {
    id: 106,
    indicator: "candidates",
    unit: "den-haag",
    kind: "number",
    value: 3,
    from: "2015-01-01",
    to: "2017-12-31",
  },
  { id: 107, indicator: "plans", unit: "rotterdam", kind: "within", value: 0.5, from: "2016-01-01", to: "2018-12-31" },
  { id: 108, indicator: "registrations", unit: "den-haag", kind: "at_least", value: 0.25, from: "2016-01-01", to: "2016-12-31" }, // prettier-ignore
];

const figures: Figure[] = [
  { indicator: "visitors", year: 2014, target: 101, value: 310, numerator: 310, judgement: "missed" },
  { indicator: "visitors", year: 2015, target: 101, value: 365, numerator: 365, judgement: "reached" },
  { indicator: "visitors", year: 2016, target: 101, value: 402, numerator: 402, judgement: "reached" },
  { indicator: "visitors", year: 2017, target: 101, value: 0, numerator: 0, judgement: "no_target", complete: false },
  { indicator: "ambassadors", year: 2016, target: 102, value: 4 / 12, numerator: 4, denominator: 12, judgement: "reached" }, // prettier-ignore
  { indicator: "ambassadors", year: 2017, target: 103, value: 5 / 12, numerator: 5, denominator: 12, judgement: "missed", complete: false }, // prettier-ignore
  { indicator: "networks", year: 2016, target: 104, value: 3, numerator: 3, judgement: "no_target" },
  { indicator: "interviews", unit: "politie", year: 2016, target: 105, value: 0.75, numerator: 300, denominator: 400, judgement: "missed" }, // prettier-ignore
  { indicator: "interviews", year: 2016, target: 105, value: 81 / 244, numerator: 81, denominator: 244, judgement: "missed" }, // prettier-ignore
  { indicator: "candidates", year: 2015, target: 106, value: null, judgement: "reached", withheld: true },
  { indicator: "candidates", year: 2016, target: 106, value: null, judgement: "withheld", withheld: true },
  { indicator: "registrations", year: 2016, target: 108, value: 0.05, numerator: 346, denominator: 330, judgement: "missed_uncertain" }, // prettier-ignore
];

const text = (value: string) => `'${value}'`;
const or = (value: number | null | undefined) => value ?? "null";

/** Statements for a fixture's `besides`. */
export const programmeResults: string[] = [
  ...Object.entries(made).map(
    ([id, { of, kind, nl, en }], index) =>
      `insert into indicators select '${id}', ${100 + index}, json_merge_patch(definition,
         '${JSON.stringify({ id, kind, title: { nl, en }, polarity: "up", decimals: kind === "count" ? 0 : 1 })}')
       from indicators where indicator_id = '${of}'`,
  ),
  ...aims.map(
    ({ id, indicator, unit, kind, value, from, to, grain = "year" }) =>
      `insert into targets values (${id}, '${indicator}', '${unit}', null, null, 'resultaat', 'proposed', '${from}', '${to}', '${kind}',
         ${value}, null, '${grain}', null, null, 'DH-2016', 'paper', '2016-04-15', null, false)`,
  ),
  ...figures.map(
    ({
      indicator,
      unit = "den-haag",
      year,
      target,
      value,
      numerator,
      denominator,
      judgement,
      complete = true,
      withheld = false,
    }) =>
      `insert into series by name select ${text(indicator)} as indicator_id, ${text(unit)} as unit_id, 'year' as grain,
         date '${year}-01-01' as period_start, date '${year}-12-31' as period_end, ${or(value)}::double as "value",
         ${or(numerator)}::double as numerator, ${or(denominator)}::double as denominator, ${text(judgement)} as judgement,
         ${complete} as complete, ${withheld} as withheld, ${withheld ? text("threshold") : "null"} as withheld_reason,
         false as restated, 'fresh' as freshness, 1 as definition_version, ${target} as target_id`,
  ),
];
