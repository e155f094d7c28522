import type { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";
import { momentOf, type Author, type ReviewKey } from "./texts.ts";

export const carriedStates = ["open", "done", "stopped"] as const;

/** What every thing has that is written in a review and comes back in each later one until it is done or stopped. */
export interface Carried {
  made_in: string;
  state: (typeof carriedStates)[number];
  /** What came of it. */
  result: string;
  version: number;
  saved_at: string;
  saved_by: string;
}

/** What someone would save of one; a new one has no number and version 0. */
export type CarriedEdit<T extends Carried, Id extends keyof T> = Omit<T, Id | "made_in" | "saved_at" | "saved_by"> &
  Record<Id, number | null>;

/** A table of such things: its rows are versions, and `half` the review in which each was written. */
export interface CarriedKind<T extends Carried> {
  /** In a sentence. */
  noun: string;
  table: string;
  /** The column of its number. */
  id: keyof T & string;
  /** What people write of it, with the engine's types. */
  fields: Record<string, "varchar" | "date" | "integer">;
}

const shared = ["made_in", "state", "result", "version", "saved_at", "saved_by"];

/** Those of a review: its own, and those of before that were open when it began, each as it stood by the end of it. */
export function carriedOf<T extends Carried>(db: Database, kind: CarriedKind<T>, key: ReviewKey): Promise<T[]> {
  const columns = [kind.id, ...Object.keys(kind.fields), ...shared].join(", ");
  return db.all<T>(
    `with known as (
       select * from ${kind.table} where unit_id = $unit_id and half <= $half
     ),
     before as (
       select ${kind.id}, arg_max(state, version) as state from known where half < $half group by ${kind.id}
     )
     select ${columns} from known
     where made_in = $half or ${kind.id} in (select ${kind.id} from before where state = 'open')
     qualify row_number() over (partition by ${kind.id} order by version desc) = 1
     order by made_in, ${kind.id}`,
    { ...key },
  );
}

/** Saves one as its next version, or a new one (its number is null, its version 0); 409 where someone else saved meanwhile. What stands there already is not saved again, nor is a new one that comes a second time: a proxy, or somebody who got no answer, may send it twice. */
export async function saveCarried<T extends Carried>(
  db: Database,
  kind: CarriedKind<T>,
  key: ReviewKey,
  edit: Omit<T, "made_in" | "saved_at" | "saved_by" | typeof kind.id> & Record<string, unknown>,
  author: Author,
): Promise<void> {
  const number = edit[kind.id] as number | null;
  const all = await carriedOf(db, kind, key);
  const current = all.find((each) => each[kind.id] === number);
  if (number !== null && !current)
    throw new Problem(404, `this review has no ${kind.noun} ${number}`, { code: `unknown-${kind.noun}` });
  const later = await db.one<{ half: string | null }>(
    `select max(half) as half from ${kind.table} where ${kind.id} = $number and half > $half`,
    { number, half: key.half },
  );
  if (later?.half)
    throw new Problem(409, `the review of ${later.half} took this ${kind.noun} up; write there what became of it`, {
      code: `${kind.noun}-moved`,
    });
  const names = [...Object.keys(kind.fields), "state", "result"] as (keyof T & string)[];
  const isSaid = (each: T) => names.every((name) => each[name] === edit[name]);
  if (current && isSaid(current)) return;
  const sentBefore = (each: T) => each.made_in === key.half && each.saved_by === author.name && isSaid(each);
  if (number === null && all.some(sentBefore)) return;
  if ((current?.version ?? 0) !== edit.version)
    throw new Problem(
      409,
      `someone saved this ${kind.noun} after you opened it; see what they wrote, then save again`,
      {
        code: `${kind.noun}-changed`,
      },
    );
  const last = await db.one<{ number: number }>(`select coalesce(max(${kind.id}), 0) as number from ${kind.table}`);
  const written = Object.entries(kind.fields).map(([name, type]) => `$${name}::${type} as ${name}`);
  await db.run(
    `insert into ${kind.table} by name
     select $number::integer as ${kind.id}, $unit_id as unit_id, $half as half, $made_in as made_in,
       $version::integer as version, ${written.join(", ")}, $state as state, $result as result,
       $at::timestamp as saved_at, $by as saved_by`,
    {
      ...key,
      number: number ?? last!.number + 1,
      made_in: current?.made_in ?? key.half,
      version: edit.version + 1,
      ...Object.fromEntries(names.map((name) => [name, edit[name] as string | number | null])),
      at: momentOf(author.at),
      by: author.name,
    },
  );
}
