import type { Contract } from "../contracts/contract.ts";
import { identifier, type Database } from "../database.ts";
import type { Fault } from "../yaml-file.ts";
import type { Definition } from "./definition.ts";
import { faultOfQuery } from "./standing.ts";
import { fill, middleMonths, openTrial, type OpenInMemory } from "./trial.ts";

/** Feeds of states at a month's end: over months they are not added up. */
export const stateFeeds = new Set(["staffing", "establishment", "background"]);

/** Definitions whose query adds states up over months, as faults of the files in which they stand. */
export async function stateFaults(
  files: Map<string, string>,
  definitions: Definition[],
  contracts: Map<string, Contract>,
): Promise<Fault[]> {
  const found = await statesAddedUp(definitions, contracts);
  return [...found].map(([id, message]) => faultOfQuery(files.get(id)!, message));
}

/** What is wrong, by id, with definitions whose query adds states up over months. A parse does not tell where a query puts what it adds, so each is run over made-up rows: its cells of a month must be the same whether that month's states are the only ones or those of three years lie there, and states of one month must make no cells of another. */
export async function statesAddedUp(
  definitions: Definition[],
  contracts: Map<string, Contract>,
  open?: OpenInMemory,
): Promise<Map<string, string>> {
  const concerned = definitions.filter(({ feeds }) => feeds.some((feed) => stateFeeds.has(feed)));
  if (concerned.length === 0) return new Map();
  const { db, feeds } = await openTrial(concerned, contracts, open);
  try {
    const states = feeds.filter(({ name }) => stateFeeds.has(name));
    const faults = new Map<string, string>();
    const run = async (where: string, table: string, each: (definition: Definition) => Promise<void>) => {
      for (const contract of states) await db.run(fill(contract, where));
      for (const definition of concerned.filter(({ id }) => !faults.has(id))) {
        await db.run(
          `create or replace table ${identifier(`${table} ${definition.id}`)} as
           select * replace (12 * year(month) + month(month) - 1 as month) from (${definition.sql}\n)`,
        );
        await each(definition);
      }
    };
    const keep = () => Promise.resolve();
    await run("false", "none", keep);
    await run("true", "all", keep);
    for (const month of middleMonths)
      await run(`month_no = ${month}`, "one", async ({ id }) => {
        const other = await firstOther(db, id, month);
        if (other !== undefined) faults.set(id, other);
      });
    return faults;
  } finally {
    db.close();
  }
}

/** What is wrong where cells of the only month with states are not those of that month among others, or cells of other months not those without any. */
async function firstOther(db: Database, id: string, month: number): Promise<string | undefined> {
  const [none, all, one] = ["none", "all", "one"].map((table) => identifier(`${table} ${id}`));
  const differs = (left: string, right: string, where: string) =>
    `(select month from ((from ${left} where ${where}) except all (from ${right} where ${where})))
     union all (select month from ((from ${right} where ${where}) except all (from ${left} where ${where})))`;
  const elsewhere = await db.one<{ month: number | null }>(
    `select month from (${differs(one!, none!, `month is distinct from ${month}`)}) order by month limit 1`,
  );
  if (elsewhere)
    return `states of ${monthName(month)} make cells of ${elsewhere.month === null ? "no month" : monthName(elsewhere.month)}: yield each state in its own month, with period as month`;
  const here = await db.one(`select month from (${differs(one!, all!, `month = ${month}`)}) limit 1`);
  return here
    ? `cells of ${monthName(month)} change with the states of other months: a state is not added up over months, so group by period and look at no other`
    : undefined;
}

const monthName = (month: number) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
