import type { Random } from "../../pipelines/statistics/random.ts";
import type { EventFeed } from "../loading/fold-support.ts";

type Kind = "text" | "date" | "moment" | "list";
type Value = string | string[] | null;

/** A register of events as its engine has it: not as the monitor wants it. */
export interface Register {
  table: string;
  columns: Record<string, Kind>;
  mapping: string;
  row(random: Random, n: number): Value[];
}

export const units = `unit_id,name,level,parent_id,valid_from,valid_to,predecessor_ids
politie,Politie,force,,2010-01-01,,
noord,Eenheid Noord,unit,politie,2010-01-01,,
zuid,Eenheid Zuid,unit,politie,2010-01-01,,
n1,Team Eén,team,noord,2010-01-01,,
n2,Team Twee,team,noord,2010-01-01,2013-08-20,
z1,Team Drie,team,zuid,2010-01-01,,
verhuisd,Team Verhuisd,team,noord,2010-02-11,2012-05-16,
verhuisd,Team Verhuisd,team,zuid,2012-05-17,,
`;

const first = Date.UTC(2010, 2, 1);
const dayOf = (n: number) => new Date(first + n * 86_400_000).toISOString().slice(0, 10);
const dutch = (iso: string) => iso.split("-").reverse().join("-");
/** Such as the monitor does not know, as a name in other letters, and one that was not there yet or any more. */
const place = (random: Random, faulty: boolean) =>
  faulty && random.chance(0.02)
    ? random.pick(["nergens", "", "N9"])
    : random.pick(["n1", "n1", "Team Eén", "team_eén ", "n2", "z1", "verhuisd", "Team Verhuisd", "zuid"]);
const several = (random: Random, of: string[]) => [...new Set([random.pick(of), random.pick(of), random.pick(of)])];

/** Registers of three feeds; some of their rows are at fault in every way that a loader knows. */
export const registers = (faulty = true): Record<EventFeed, Register> => ({
  complaints: {
    table: "klachten",
    columns: { klachtnummer: "text", "datum ontvangst": "date", eenheid: "text", aspecten: "list", herkomst: "text", uitkomst_code: "text", afgedaan: "text", status: "text" },
    mapping: `feed: complaints
columns:
  outcome: { from: uitkomst_code, values: { "1": founded, "2": unfounded, "9": pending } }
  closed_on: { from: Afgedaan, date_format: "%d-%m-%Y" }
filters: { status: { not: vervallen } }
max_quarantined: { share: 0.5, reason: a register for tests }
`,
    row(random, n) {
      const at = random.whole(0, 2700);
      const bad = (chance: number) => faulty && random.chance(chance);
      const closed = random.chance(0.8) ? dayOf(at + random.whole(bad(0.02) ? -9 : 0, 90)) : null;
      return [
        bad(0.005) ? null : `K-${n}`,
        bad(0.005) ? null : bad(0.01) ? "2017-07-20" : dayOf(at),
        place(random, faulty),
        bad(0.01) ? ["bejegening", "onzin"] : several(random, ["bejegening", "Geweld", "profilering"]),
        random.pick(["burger", "Burger", "intern", null]),
        bad(0.01) ? "7" : random.pick(["1", "2", "9", ""]),
        bad(0.01) ? random.pick(["onbekend", "31-02-2016", "2016", "x".repeat(random.whole(1, 9))]) : closed && dutch(closed),
        random.pick(["open", "open", "vervallen", null]),
      ];
    },
  },
  use_of_force: {
    table: "geweld",
    columns: { meldingsnummer: "text", incidentnummer: "text", pleegdatum: "moment", eenheid: "text", middel: "text", hond: "text", letsel: "text", beoordeling: "text" },
    mapping: `feed: use_of_force
columns:
  means: { several: [middel, { if: { hond: ja }, then: dog }] }
max_quarantined: { share: 0.5, reason: a register for tests }
`,
    row(random, n) {
      const bad = (chance: number) => faulty && random.chance(chance);
      // Reports of one incident lie close together, also in another month or unit.
      const incident = Math.floor(n / 2.5) + (random.chance(0.1) ? 1 : 0);
      const at = ((incident * 67) % 2600) + random.pick([0, 0, 0, 0, 0, 1, 3, 20]);
      return [
        bad(0.005) ? "" : `M${n}`,
        bad(0.005) ? null : `I-${incident}`,
        bad(0.005) ? null : bad(0.01) ? "2017-07-09 10:00:00" : `${dayOf(at)} ${random.pick(["00:00:00", "23:59:59", "12:30:00"])}`,
        place(random, faulty),
        bad(0.02) ? random.pick(["zwaard", null]) : random.pick(["wapenstok", "Pepperspray", "pepperspray", "fysiek"]),
        random.pick(["ja", "nee", null]),
        bad(0.01) ? "blauw" : random.pick(["geen", "licht", null]),
        random.pick(["professioneel", "lopend", null]),
      ];
    },
  },
  incidents: {
    table: "discriminatie",
    columns: { incidentnummer: "text", registratiedatum: "date", pleegdatum: "date", eenheid: "text", soort: "text", gronden: "list", zaaknummer: "text", "zaak geopend op": "date", rdo: "date", "naar om op": "date", "gesloten op": "date" },
    mapping: `feed: incidents
max_quarantined: { share: 0.5, reason: a register for tests }
`,
    row(random, n) {
      const bad = (chance: number) => faulty && random.chance(chance);
      const kase = random.chance(0.7) ? Math.floor(n / 3) : null;
      // All of a case on days of their own: of two on one day the first is the one with the lower hash.
      const at = kase === null ? random.whole(0, 2500) : ((kase * 41) % 2400) + (n % 3) * 17;
      const opened = kase !== null && random.chance(0.8) ? at + random.whole(0, 9) : null;
      const after = (most: number) => (opened !== null && random.chance(0.7) ? dayOf(opened + random.whole(bad(0.02) ? -5 : 0, most)) : null);
      return [
        `D-${n}`,
        bad(0.01) ? null : dayOf(at),
        random.chance(0.5) ? dayOf(at - random.whole(bad(0.03) ? -3 : 0, 40)) : null,
        place(random, faulty),
        bad(0.01) ? "roddel" : random.pick(["melding", "aangifte", "ambtshalve"]),
        bad(0.01) ? [] : several(random, ["ras", "religie", "leeftijd"]),
        kase === null ? null : `Z${kase}`,
        opened === null ? null : dayOf(opened),
        after(120),
        after(60),
        after(200),
      ];
    },
  },
}); // prettier-ignore

export type Rows = Value[][];

export const rowsOf = (register: Register, random: Random, n: number): Rows =>
  Array.from({ length: n }, (_, i) => register.row(random, i));

/** The rows as a file. */
export function csvOf({ columns }: Register, rows: Value[][]): string {
  const field = (value: Value) => `"${(Array.isArray(value) ? value.join("|") : (value ?? "")).replaceAll('"', '""')}"`;
  return [Object.keys(columns), ...rows].map((row) => row.map(field).join(",")).join("\n") + "\n";
}

const types: Record<"postgresql" | "clickhouse", Record<Kind, string>> = {
  postgresql: { text: "text", date: "date", moment: "timestamp", list: "text[]" },
  clickhouse: { text: "Nullable(String)", date: "Nullable(Date)", moment: "Nullable(DateTime)", list: "Array(String)" },
};
const quote = { postgresql: '"', clickhouse: "`" };

/** The statement that makes the table of a register. */
export function tableSql(engine: "postgresql" | "clickhouse", { table, columns }: Register, name = table): string {
  const list = Object.entries(columns).map(([each, kind]) => `${quote[engine]}${each}${quote[engine]} ${types[engine][kind]}`); // prettier-ignore
  return `create table ${name} (${list.join(", ")})${engine === "clickhouse" ? " engine = Log" : ""}`;
}

/** Statements that add the rows. */
export function* insertSql(
  engine: "postgresql" | "clickhouse",
  { table, columns }: Register,
  rows: Value[][],
  name = table,
): Generator<string> {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const kinds = Object.values(columns);
  const literal = (value: Value, i: number) => {
    if (value === null) return "null";
    if (!Array.isArray(value)) return text(value);
    const list = `[${value.map(text).join(", ")}]`;
    return kinds[i] === "list" && engine === "postgresql" ? `array${list}::text[]` : list;
  };
  for (let at = 0; at < rows.length; at += 5000)
    yield `insert into ${name} values ${rows
      .slice(at, at + 5000)
      .map((row) => `(${row.map(literal).join(", ")})`)
      .join(", ")}`;
}
