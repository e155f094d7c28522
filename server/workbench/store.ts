import type { Database } from "../../pipelines/database.ts";
import { momentOf } from "../review/texts.ts";
import { isOpen, stateOf, type Draft, type Saved, type Taken, type Texts } from "./life.ts";

type Of<T> = T & { draft_id: number };

/** All drafts, the first first. */
export const readDrafts = (db: Database): Promise<Draft[]> => read(db, "true");

/** One draft; undefined where there is none of that number. */
export const readDraft = async (db: Database, draft_id: number): Promise<Draft | undefined> =>
  (await read(db, "draft_id = $draft_id", { draft_id }))[0];

/** The draft of an indicator that is neither published nor withdrawn; there is one at most. */
export const openDraftOf = async (db: Database, indicator_id: string): Promise<Draft | undefined> =>
  (
    await read(db, "draft_id in (select draft_id from drafts where indicator_id = $indicator_id)", { indicator_id })
  ).find((draft) => isOpen(stateOf(draft)));

async function read(db: Database, which: string, parameters: Record<string, number | string> = {}): Promise<Draft[]> {
  const last = await db.all<Of<Texts & { indicator_id: string }>>(
    `select draft_id, indicator_id, definition, examples, targets from drafts where ${which}
     qualify row_number() over (partition by draft_id order by version desc) = 1 order by draft_id`,
    parameters,
  );
  const versions = await db.all<Of<Saved>>(
    `select draft_id, version, saved_by, saved_at from drafts where ${which} order by draft_id, version`,
    parameters,
  );
  const steps = await db.all<Of<Taken>>(`from draft_steps where ${which} order by draft_id, number`, parameters);
  const [saved, taken] = [byDraft(versions), byDraft(steps)];
  return last.map(({ draft_id, indicator_id, ...texts }) => ({
    ...{ draft_id, indicator_id, texts },
    versions: saved.get(draft_id)!,
    steps: taken.get(draft_id) ?? [],
  }));
}

function byDraft<T extends object>(rows: readonly Of<T>[]): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const { draft_id, ...row } of rows) {
    const own = found.get(draft_id);
    if (own) own.push(row as unknown as T);
    else found.set(draft_id, [row as unknown as T]);
  }
  return found;
}

/** The texts of one version; undefined where there is none. */
export const textsOf = (db: Database, draft_id: number, version: number): Promise<(Texts & Saved) | undefined> =>
  db.one<Texts & Saved>(
    `select version, saved_by, saved_at, definition, examples, targets from drafts
     where draft_id = $draft_id and version = $version`,
    { draft_id, version },
  );

export async function nextDraftId(db: Database): Promise<number> {
  const found = await db.one<{ last: number | null }>("select max(draft_id) as last from drafts");
  return (found?.last ?? 0) + 1;
}

/** Adds a version, which is the first or follows on the last. */
export async function addVersion(
  db: Database,
  version: Of<Texts & { indicator_id: string; version: number; saved_by: string; at: Date }>,
): Promise<void> {
  const { at, ...row } = version;
  await db.run(
    `insert into drafts by name select $draft_id as draft_id, $version as version, $indicator_id as indicator_id,
       $definition as definition, $examples as examples, $targets as targets, $saved_by as saved_by,
       $saved_at::timestamp as saved_at`,
    { ...row, saved_at: momentOf(at) },
  );
}

/** Adds a step after those before. */
export async function addStep(
  db: Database,
  step: Of<Omit<Taken, "taken_at" | "number"> & { at: Date }>,
): Promise<void> {
  const { at, ...row } = step;
  await db.run(
    `insert into draft_steps by name select $draft_id as draft_id,
       (select coalesce(max(number), 0) + 1 from draft_steps where draft_id = $draft_id) as number, $step as step,
       $version as version, $note as note, $publish_on::date as publish_on, $taken_by as taken_by,
       $taken_at::timestamp as taken_at`,
    { ...row, taken_at: momentOf(at) },
  );
}
