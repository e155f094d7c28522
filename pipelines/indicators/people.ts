import { randomBytes } from "node:crypto";
import { storedColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import type { Definition } from "./definition.ts";
import { picksOut } from "./picked.ts";
import { parseQuery } from "./query-tree.ts";
import { faultOfQuery } from "./standing.ts";
import { fill, madeShare, openTrial, type OpenInMemory } from "./trial.ts";

/** Definitions whose query counts somebody more than once, as faults of the files in which they stand. */
export async function peopleFaults(
  files: Map<string, string>,
  definitions: Definition[],
  contracts: Map<string, Contract>,
): Promise<Fault[]> {
  const found = await countedTwice(definitions, contracts);
  return [...found].map(([id, message]) => faultOfQuery(files.get(id)!, message));
}

/**
 * What is wrong, by id, with definitions of what is protected or sensitive whose query makes more of a person than one, or
 * a share of its own of them: least numbers then protect nobody. A parse does not tell what is added, multiplied or
 * divided, so each is run over made-up rows, of which each stands for one person, then for some, in a unit of its own.
 * So that no query can know these rows, they lie in all months that feeds can have, their units are called anew each
 * time, texts are those that the query names, and what units are called must change nothing.
 */
export async function countedTwice(
  definitions: Definition[],
  contracts: Map<string, Contract>,
  open?: OpenInMemory,
): Promise<Map<string, string>> {
  const concerned = definitions.filter((each) => each.protected || each.sensitive);
  if (concerned.length === 0) return new Map();
  const named = [...new Set(concerned.flatMap(({ sql }) => textsIn(sql)))].slice(0, mostNamed);
  const { db, feeds } = await openTrial(concerned, contracts, open, {
    ...{ firstMonth: 2005 * 12, months: 12 * 30, rowsPerMonth: 10, anyDay: true },
    texts: ["one", "other", ...named],
  });
  const alone = async (read: (feed: Contract) => boolean, people = 1) => {
    for (const contract of feeds)
      await db.run(`${fill(contract, String(read(contract)))}; ${aloneSql(contract, people)}`);
  };
  const faults = new Map<string, string>();
  const look = async (definition: Definition, numbers: readonly string[], people = 1) => {
    const wrong = faults.has(definition.id) ? undefined : await mostOf(db, definition, numbers, people);
    if (wrong) faults.set(definition.id, wrong);
  };
  try {
    for (const people of [1, 2 + (randomBytes(1)[0]! % 8)]) {
      await alone(() => true, people);
      for (const definition of concerned) await look(definition, firstPair, people);
    }
    for (const definition of concerned) {
      if (faults.has(definition.id)) continue;
      const how = await howPicked(db, definition, contracts);
      if (how)
        faults.set(
          definition.id,
          `figures could change with what a unit is called, or with whose number it is (${how}): select it, group by it or join it with another, as it is`,
        );
      else if (await knowsUnits(db, definition, feeds))
        faults.set(definition.id, "figures change with what a unit is called: count all units alike");
    }
    // What is compared with may be that of the country, and so of other feeds in all units: each feed by itself.
    for (const { name } of feeds) {
      await alone((feed) => feed.name === name);
      for (const definition of concerned.filter((each) => each.kind === "ratio" && each.feeds.includes(name)))
        await look(definition, secondPair);
    }
    return faults;
  } finally {
    db.close();
  }
}

/** What made-up names cannot find: those that a query names by a part of them, or by a hash. */
async function howPicked(
  db: Database,
  { sql, feeds }: Definition,
  contracts: Map<string, Contract>,
): Promise<string | undefined> {
  const parsed = await parseQuery(db, sql);
  if ("fault" in parsed) return undefined;
  return picksOut(
    parsed.statements,
    [...contracts.values()].filter(({ name }) => feeds.includes(name)),
  );
}

const firstPair = ["numerator", "denominator", "unknown", "waiting"];
const secondPair = ["numerator2", "denominator2"];

/** Numbers of people, events and days: what the contract adds up, and what is a part of it. */
const counted = (contract: Contract): string[] => {
  const whole = storedColumns(contract).filter(({ adds, name }) => adds || name === contract.weight);
  const names = new Set(whole.map(({ name }) => name));
  return [...names, ...contract.parts.map(([part]) => part).filter((part) => !names.has(part))];
};

/** So many texts of a query are tried at most, of which only what is no indicator has more. */
const mostNamed = 60;

/** The texts that a query names. */
const textsIn = (sql: string): string[] =>
  [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'")).filter((text) => text !== "");

const unitOf = (contract: Contract) => storedColumns(contract).find(({ type }) => type === "unit");

/** Leaves each row in a unit of its own, and for so many people. */
function aloneSql(contract: Contract, people: number): string {
  const unit = unitOf(contract);
  const sets = [
    ...(unit ? [`${identifier(unit.name)} = ${literal(randomBytes(4).toString("hex"))} || rowid`] : []),
    ...counted(contract).map((name) => `${identifier(name)} = ${people}`),
  ];
  return sets.length > 0 ? `update ${identifier(contract.name)} set ${sets.join(", ")}` : "";
}

/** What is wrong with the numbers that are named, and with a share. */
async function mostOf(
  db: Database,
  { sql }: Definition,
  numbers: readonly string[],
  people: number,
): Promise<string | undefined> {
  const columns = new Set((await db.all<{ column_name: string }>(`describe ${sql}`)).map((each) => each.column_name));
  const has = numbers.filter((name) => columns.has(name));
  const sums = has.map((name) => `max(${name}) as ${name}`);
  const found = await db.one<Record<string, number | null>>(
    `select ${sums.join(", ")}, ${columns.has("share") ? `max(abs(share - ${madeShare})) filter (share is not null)` : "null"} as share
     from (select unit_id, month, ${has.map((name) => `sum(abs(${name}))::double as ${name}`).join(", ")}, ${columns.has("share") ? "max(share)" : "null"} as share
       from (${sql}\n) group by unit_id, month)`,
  );
  const many = has.find((name) => (found![name] ?? 0) > people * (1 + 1e-9));
  if (many)
    return `somebody counts ${Number((found![many]! / people).toPrecision(3))} times in ${many}, so that the least numbers that are shown protect nobody: count each once`;
  if ((found!.share ?? 0) > 1e-9)
    return "share is not one that came as it is: a share is taken from a column of the feed that is one, and else made of numerator and denominator, which are judged by their size";
  return undefined;
}

/**
 * Whether what comes out is another where units are called otherwise: as the query's own texts, and by short and long
 * names. What comes out is compared by which unit it is of, not by its name.
 */
async function knowsUnits(db: Database, { sql }: Definition, feeds: Contract[]): Promise<boolean> {
  const columns = (await db.all<{ column_name: string }>(`describe ${sql}`)).map((each) => each.column_name);
  const numbers = [...firstPair, ...secondPair].filter((name) => columns.includes(name));
  const sums = numbers.map((name) => `, sum(${name})::double as ${name}`).join("");
  const telling = [...new Set(["x", randomBytes(20).toString("hex"), ...textsIn(sql)])].slice(0, mostNamed);
  const anew = telling.map(() => randomBytes(4).toString("hex"));
  for (const contract of feeds) await db.run(fill(contract, "true"));
  // Which unit a row is of, by what it was called before: an update may number rows anew.
  let which = `1 + rowid % ${telling.length}`;
  for (const [table, names] of Object.entries({ anew, telling })) {
    const list = `[${names.map(literal).join(", ")}]`;
    for (const contract of feeds) {
      const unit = unitOf(contract);
      const name = unit && identifier(unit.name);
      if (name)
        await db.run(`update ${identifier(contract.name)} set ${name} = ${list}[${which.replace("unit_name", name)}]`);
    }
    which = `list_position(${list}, unit_name)`;
    await db.run(
      `create or replace temp table ${table} as
       select list_position(${list}, unit_id) as unit, month${sums} from (${sql}\n) where unit_id is not null group by all`,
    );
  }
  const differs = "(from anew except all from telling) union all (from telling except all from anew)";
  return (await db.one(`from (${differs}) limit 1`)) !== undefined;
}
