import { storedColumns, type Contract } from "../contracts/contract.ts";
import { identifier, literal, type Database } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import type { Definition } from "./definition.ts";
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
 * divided, so each is run over made-up rows, of which each stands for one person in a unit of its own.
 */
export async function countedTwice(
  definitions: Definition[],
  contracts: Map<string, Contract>,
  open?: OpenInMemory,
): Promise<Map<string, string>> {
  const concerned = definitions.filter((each) => each.protected || each.sensitive);
  if (concerned.length === 0) return new Map();
  const { db, feeds } = await openTrial(concerned, contracts, open);
  const alone = async (read: (feed: Contract) => boolean) => {
    for (const contract of feeds) await db.run(`${fill(contract, String(read(contract)))}; ${aloneSql(contract)}`);
  };
  const faults = new Map<string, string>();
  const look = async (definition: Definition, numbers: readonly string[]) => {
    const wrong = faults.has(definition.id) ? undefined : await mostOf(db, definition, numbers);
    if (wrong) faults.set(definition.id, wrong);
  };
  try {
    await alone(() => true);
    for (const definition of concerned) await look(definition, firstPair);
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

const firstPair = ["numerator", "denominator", "unknown", "waiting"];
const secondPair = ["numerator2", "denominator2"];

/** Numbers of people, events and days: what the contract adds up, and what is a part of it. */
const counted = (contract: Contract): string[] => {
  const whole = storedColumns(contract).filter(({ adds, name }) => adds || name === contract.weight);
  const names = new Set(whole.map(({ name }) => name));
  return [...names, ...contract.parts.map(([part]) => part).filter((part) => !names.has(part))];
};

/** Leaves each row in a unit of its own, and for one. */
function aloneSql(contract: Contract): string {
  const unit = storedColumns(contract).find(({ type }) => type === "unit");
  const sets = [
    ...(unit ? [`${identifier(unit.name)} = ${literal(`${contract.name}-`)} || rowid`] : []),
    ...counted(contract).map((name) => `${identifier(name)} = 1`),
  ];
  return sets.length > 0 ? `update ${identifier(contract.name)} set ${sets.join(", ")}` : "";
}

/** What is wrong with the numbers that are named, and with a share. */
async function mostOf(db: Database, { sql }: Definition, numbers: readonly string[]): Promise<string | undefined> {
  const columns = new Set((await db.all<{ column_name: string }>(`describe ${sql}`)).map((each) => each.column_name));
  const has = numbers.filter((name) => columns.has(name));
  const sums = has.map((name) => `max(${name}) as ${name}`);
  const found = await db.one<Record<string, number | null>>(
    `select ${sums.join(", ")}, ${columns.has("share") ? `max(abs(share - ${madeShare})) filter (share is not null)` : "null"} as share
     from (select unit_id, month, ${has.map((name) => `sum(abs(${name}))::double as ${name}`).join(", ")}, ${columns.has("share") ? "max(share)" : "null"} as share
       from (${sql}\n) group by unit_id, month)`,
  );
  const many = has.find((name) => (found![name] ?? 0) > 1);
  if (many)
    return `somebody counts ${found![many]} times in ${many}, so that the least numbers that are shown protect nobody: count each once`;
  if ((found!.share ?? 0) > 1e-9)
    return "share is not one that came as it is: a share is taken from a column of the feed that is one, and else made of numerator and denominator, which are judged by their size";
  return undefined;
}
