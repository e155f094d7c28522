import { randomOf } from "../../pipelines/statistics/random.ts";

/** Months are counted from year 0: 12 x year + month - 1. */
export const monthOf = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
export const firstDay = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`;
export const lastDay = (month: number): string => dayBefore(firstDay(month + 1));
export const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

export interface UnitVersion {
  unit_id: string;
  name: string;
  level: string;
  parent_id: string | null;
  valid_from: string;
  valid_to: string | null;
  predecessor_ids: string[] | null;
}

export interface Coverage {
  feed: string;
  unit_id: string;
  first: number;
  last: number;
}

export interface RandomForce {
  units: UnitVersion[];
  coverage: Coverage[];
  movements: Record<string, unknown>[];
  complaints: Record<string, unknown>[];
  today: string;
}

const begin = "2011-01-01";
const reform = "2013-01-01";

/** A force with everything that reorganisations do: a merger of two units, a split, a unit that ends, a district that moves; and rows for the months that are covered. */
export function randomForce(seed: number): RandomForce {
  const random = randomOf(seed);
  const units: UnitVersion[] = [];
  const add = (unit_id: string, level: string, parent_id: string | null, from: string, to: string | null = null) => {
    const version = { unit_id, name: unit_id, level, parent_id, valid_from: from, valid_to: to, predecessor_ids: null };
    units.push(version);
    return version as UnitVersion;
  };
  const teams = (district: string, from: string, to: string | null) => {
    for (let i = random.whole(1, 3); i > 0; i--) {
      // Some teams begin or end within a month of their district's life.
      const starts = random.chance(0.15) ? `2012-0${random.whole(2, 9)}-1${random.whole(0, 9)}` : from;
      const ends = random.chance(0.15) ? `2013-0${random.whole(3, 9)}-1${random.whole(0, 9)}` : to;
      if ((ends ?? "9999") > starts && starts >= from && (to === null || (ends ?? "9999") <= to))
        add(`${district}-t${i}`, "team", district, starts, ends);
    }
  };
  const districts = (unit: string, from: string, to: string | null) => {
    for (let i = random.whole(1, 2); i > 0; i--) {
      const level = random.chance(0.8) ? "district" : "service";
      add(`${unit}-d${i}`, level, unit, from, to);
      teams(`${unit}-d${i}`, from, to);
    }
  };
  add("politie", "force", null, begin);
  // Two corps become one unit; the districts of one move along, those of the other are made anew.
  for (const corps of ["alfa", "bravo"]) add(corps, "unit", "politie", begin, dayBefore(reform));
  districts("bravo", begin, dayBefore(reform));
  add("alfa-d1", "district", "alfa", begin, dayBefore(reform));
  add("alfa-d1", "district", "alfabravo", reform);
  teams("alfa-d1", begin, null);
  add("alfabravo", "unit", "politie", reform).predecessor_ids = ["alfa", "bravo"];
  districts("alfabravo", reform, null);
  // One that stays, and gives a district away.
  add("charlie", "unit", "politie", begin);
  districts("charlie", begin, null);
  const moved = `2013-${random.pick(["02", "04", "07", "11"])}-${random.pick(["01", "15"])}`;
  add("charlie-d9", "district", "charlie", begin, dayBefore(moved));
  add("charlie-d9", "district", "alfabravo", moved);
  teams("charlie-d9", begin, null);
  // One that ends, at times within a month.
  const ended = `2013-0${random.whole(2, 8)}-${random.pick(["01", "11"])}`;
  add("delta", "unit", "politie", begin, dayBefore(ended));
  districts("delta", begin, dayBefore(ended));
  // One that is split.
  const split = `2012-0${random.whole(3, 9)}-01`;
  add("echo", "unit", "politie", begin, dayBefore(split));
  districts("echo", begin, dayBefore(split));
  for (const part of ["echo-a", "echo-b"]) {
    add(part, "unit", "politie", split).predecessor_ids = ["echo"];
    districts(part, split, null);
  }
  const last = monthOf("2014-06-01");
  const coverage = ["movements", "complaints"].flatMap((feed) => coverageOf(feed, random, last));
  const today = random.pick(["2014-07-10", "2014-06-20", "2014-09-01"]);
  const force = { units, coverage, today };
  return { ...force, ...rowsOf(force, random) };
}

function coverageOf(feed: string, random: ReturnType<typeof randomOf>, last: number): Coverage[] {
  const first = monthOf(begin) + random.pick([0, 0, 3, 6]);
  if (random.chance(0.4)) return [{ feed, unit_id: "politie", first, last }];
  // Each unit delivers for itself, in two files, and one of them misses some months.
  const units = ["alfa", "bravo", "alfabravo", "charlie", "delta", "echo", "echo-a", "echo-b"];
  const late = random.pick(units);
  const gap = random.whole(first, last);
  return units.flatMap((unit_id) => {
    const end = unit_id === late ? gap : last;
    const middle = random.whole(first, end);
    return [
      { feed, unit_id, first, last: middle },
      ...(middle < end ? [{ feed, unit_id, first: middle + 1, last: end }] : []),
    ];
  });
}

function rowsOf(
  { units, coverage, today }: Pick<RandomForce, "units" | "coverage" | "today">,
  random: ReturnType<typeof randomOf>,
): Pick<RandomForce, "movements" | "complaints"> {
  const movements: Record<string, unknown>[] = [];
  const complaints: Record<string, unknown>[] = [];
  const backgrounds = ["dual", "dual", "single", "single", "single", "single", "unknown", null];
  const isCovered = (feed: string, unit: string, month: number): boolean => {
    const at = lastDay(month);
    if (
      coverage.some((each) => each.feed === feed && each.unit_id === unit && each.first <= month && month <= each.last)
    )
      return true;
    const versions = units.filter((each) => each.unit_id === unit && each.valid_from <= at);
    const parent = versions.at(-1)?.parent_id;
    return parent ? isCovered(feed, parent, month) : false;
  };
  for (const version of units) {
    const from = monthOf(version.valid_from);
    const to = monthOf(version.valid_to ?? today);
    for (let month = from; month <= to; month++) {
      const date = [lastDay(month), version.valid_to ?? "9999"].sort()[0]!;
      const row = { unit_id: version.unit_id, date };
      if (isCovered("movements", version.unit_id, month)) {
        if (random.chance(0.5))
          movements.push({
            ...row,
            kind: random.chance(0.9) ? "intake" : "exit",
            category: random.chance(0.9) ? "executive" : "support",
            background: random.pick(backgrounds),
            gender: random.pick(["woman", "man", "man"]),
            intake_level: random.pick(["mbo4", "hbo", null]),
            count: random.whole(1, 9),
          });
        if (random.chance(0.06))
          movements.push({
            ...row,
            kind: "appointment",
            position: random.pick(["top61", "top61", "team_chief"]),
            background: random.pick(backgrounds),
            gender: random.pick(["woman", "man", "man", "unknown"]),
            lateral: random.pick(["yes", "no", "no", null]),
            count: random.whole(1, 3),
          });
      }
      if (random.chance(0.5) && isCovered("complaints", version.unit_id, month))
        complaints.push({
          unit_id: version.unit_id,
          received_on: date,
          aspects: random.pick([["treatment"], ["treatment", "force"], ["discrimination"], ["service"]]),
          outcome: random.pick(["founded", "partly_founded", "unfounded", "unfounded", "settled", "pending"]),
          count: random.whole(1, 6),
        });
    }
  }
  return { movements, complaints };
}
