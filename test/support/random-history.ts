import { randomOf, type Random } from "../../pipelines/statistics/random.ts";

// A home's history as a random row of files, and what must be in its tables after each: worked out here by looking at every row
// there is, the slow and plain way.

interface Version {
  unit_id: string;
  level: string;
  parent_id: string | null;
  valid_from: string;
  valid_to: string | null;
  predecessor_ids: string[];
}

export interface Row {
  unit_id: string;
  day: string;
  [column: string]: string | number;
}

export interface Covered {
  feed: string;
  unit: string;
  from: string;
  to: string;
  only: Record<string, string[]> | null;
}

/** What is in the tables. */
export interface State {
  units: Version[];
  staffing: Row[];
  movements: Row[];
  complaints: Row[];
  coverage: Covered[];
}

/** A file to be loaded. */
export interface Delivery {
  feed: string;
  text: string;
  mapping: string | null;
}

const begin = "2010-01-01";
const unit = (unit_id: string, level: string, parent_id: string | null, from = begin): Version => ({
  ...{ unit_id, level, parent_id, valid_from: from, valid_to: null, predecessor_ids: [] },
});

const firstUnits = (): Version[] => [
  unit("force", "force", null),
  ...["north", "south"].map((id) => unit(id, "unit", "force")),
  ...["n1", "n2"].map((id) => unit(id, "team", "north")),
  ...["s1", "s2"].map((id) => unit(id, "team", "south")),
];

const month = (at: number) => `2016-${String(at + 1).padStart(2, "0")}`;
const firstOf = (at: number) => `${month(at)}-01`;
const lastOf = (at: number) => new Date(Date.UTC(2016, at + 1, 0)).toISOString().slice(0, 10);
const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

export class RandomHistory {
  readonly state: State = { units: firstUnits(), staffing: [], movements: [], complaints: [], coverage: [] };
  private reorganised = new Set<string>();

  /** The file with the organisation as it begins. */
  first(): Delivery {
    return unitsFile(this.state.units);
  }

  /** The next file, and its effect on the state; null where there would be nothing in it. */
  next(seed: number): Delivery | null {
    const random = randomOf(seed);
    const kind = random.pick([
      "staffing",
      "staffing",
      "movements",
      "movements",
      "complaints",
      "complaints",
      "full",
      "units",
    ]);
    if (kind === "units") return this.reorganise(random);
    const covered = this.coverage(random);
    const days = kind === "staffing" ? lastOf : firstOf;
    const places = range(covered.first, covered.last).flatMap((at) =>
      this.teamsBelow(covered.unit, days(at)).map((unit_id) => ({ unit_id, day: days(at) })),
    );
    if (kind === "staffing") return this.replace("staffing", covered, null, staffRows(places, random));
    if (kind === "movements") {
      const only = random.pick([null, ["exit"], ["intake"]]);
      return this.replace("movements", covered, only, moves(places, only ?? ["exit", "intake"], random));
    }
    return this.upsert(covered, complaintRows(places, random), kind === "full");
  }

  private coverage(random: Random) {
    const first = random.whole(0, 11);
    return {
      unit: random.pick(["force", "force", "north", "south", "n1", "n2", "s2"]),
      first,
      last: random.chance(0.5) ? 11 : random.whole(first, 11),
    };
  }

  private replace(
    feed: "staffing" | "movements",
    covered: ReturnType<RandomHistory["coverage"]>,
    kinds: string[] | null,
    rows: Row[],
  ): Delivery | null {
    if (rows.length === 0) return null;
    const isReplaced = (row: Row) => this.within(row, covered) && (!kinds || kinds.includes(String(row.kind)));
    this.state[feed] = [...this.state[feed].filter((row) => !isReplaced(row)), ...rows];
    return this.deliver(feed, covered, kinds && { kind: kinds }, rows, false);
  }

  private upsert(covered: ReturnType<RandomHistory["coverage"]>, rows: Row[], full: boolean): Delivery | null {
    if (rows.length === 0) return null;
    const ids = new Set(rows.map((row) => row.complaint_id));
    const stays = (row: Row) => !ids.has(row.complaint_id!) && !(full && this.within(row, covered));
    this.state.complaints = [...this.state.complaints.filter(stays), ...rows];
    return this.deliver("complaints", covered, null, rows, full);
  }

  private deliver(
    feed: string,
    { unit, first, last }: ReturnType<RandomHistory["coverage"]>,
    only: Covered["only"],
    rows: Row[],
    full: boolean,
  ): Delivery {
    const covers = { from: firstOf(first), to: lastOf(last), unit };
    this.state.coverage.push({ feed, ...covers, only });
    const stated = JSON.stringify({ ...covers, ...(only ? { only } : {}) });
    const day = feed === "staffing" ? "period" : feed === "movements" ? "date" : "received_on";
    const names = Object.keys(rows[0]!);
    const lines = rows.map((row) => names.map((name) => row[name]).join(","));
    return {
      feed,
      text: [names.map((name) => (name === "day" ? day : name)).join(","), ...lines, ""].join("\n"),
      mapping: `feed: ${feed}\ncovers: ${stated}\n${full ? "full: true\n" : ""}`,
    };
  }

  /** A merger, a split or a move, each once, on some month's first day: after the data of its months came, or before. */
  private reorganise(random: Random): Delivery | null {
    const what = random.pick(["merger", "split", "move"].filter((each) => !this.reorganised.has(each)));
    if (!what) return null;
    this.reorganised.add(what);
    const on = firstOf(random.whole(1, 10));
    const end = (id: string) => {
      const version = this.state.units.find((each) => each.unit_id === id)!;
      version.valid_to = dayBefore(on);
      return version;
    };
    const make = (id: string, parent: string, predecessor_ids: string[] = []): Version => ({
      ...unit(id, "team", parent, on),
      predecessor_ids,
    });
    const [ended, begun] =
      what === "merger"
        ? [["s1", "s2"], [make("s12", "south", ["s1", "s2"])]]
        : what === "split"
          ? [["n1"], [make("n1a", "north", ["n1"]), make("n1b", "north", ["n1"])]]
          : [["n2"], [make("n2", "south")]];
    const changed = [...ended.map(end), ...begun];
    this.state.units.push(...begun);
    return unitsFile(changed);
  }

  private parentAt(id: string, day: string): string | null | undefined {
    return this.state.units.find(
      (each) => each.unit_id === id && each.valid_from <= day && day <= (each.valid_to ?? "9999"),
    )?.parent_id;
  }

  private isBelow(id: string, top: string, day: string): boolean {
    for (let at: string | null | undefined = id; at; at = this.parentAt(at, day)) {
      if (this.parentAt(at, day) === undefined) return false;
      if (at === top) return true;
    }
    return false;
  }

  private within(row: Row, { unit, first, last }: ReturnType<RandomHistory["coverage"]>): boolean {
    return firstOf(first) <= row.day && row.day <= lastOf(last) && this.isBelow(row.unit_id, unit, row.day);
  }

  private teamsBelow(top: string, day: string): string[] {
    const teams = new Set(this.state.units.filter((each) => each.level === "team").map((each) => each.unit_id));
    return [...teams].filter((id) => this.isBelow(id, top, day));
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

type Place = Pick<Row, "unit_id" | "day">;

const staffRows = (places: Place[], random: Random): Row[] =>
  places.flatMap((place) =>
    ["woman", "man"].map((gender) => ({
      ...{ ...place, category: "executive", role: "employee", gender, headcount: random.whole(5, 60) },
    })),
  );

const moves = (places: Place[], kinds: string[], random: Random): Row[] =>
  places.flatMap((place) =>
    kinds
      .filter(() => random.chance(0.6))
      .flatMap((kind) =>
        ["dual", "single"].map((background) => ({
          ...{ ...place, kind, category: "executive", gender: "man", background, count: random.whole(1, 20) },
        })),
      ),
  );

/** Complaints by a small stock of ids, so that later files correct, move and delete what earlier ones had. */
function complaintRows(places: Place[], random: Random): Row[] {
  const ids = range(1, 40).filter(() => random.chance(0.3));
  return places.length === 0
    ? []
    : ids.map((id) => ({
        ...{
          ...random.pick(places),
          complaint_id: `K${id}`,
          aspects: random.pick(["service", "force"]),
          outcome: "pending",
        },
      }));
}

function unitsFile(units: Version[]): Delivery {
  const lines = units.map((each) =>
    [
      each.unit_id,
      each.unit_id,
      each.level,
      each.parent_id ?? "",
      each.valid_from,
      each.valid_to ?? "",
      each.predecessor_ids.join("|"),
    ].join(","),
  );
  const header = "unit_id,name,level,parent_id,valid_from,valid_to,predecessor_ids";
  return { feed: "units", text: [header, ...lines, ""].join("\n"), mapping: null };
}
