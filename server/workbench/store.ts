import type { Database } from "../../pipelines/database.ts";
import { momentOf } from "../review/texts.ts";
import type { Author } from "./edits.ts";
import type { Heading } from "./header.ts";
import { isOpen, stateOf, type Draft, type Saved, type Taken, type Texts } from "./life.ts";
import type { Person } from "./person.ts";

type Of<T> = T & { draft_id: number };

/** A draft without its texts. */
export type Known = Omit<Draft, "texts">;

/** A draft as lists have it. */
export type Listed = Known & Pick<Heading, "title">;

/** All drafts, the first first. */
export const readKnown = (db: Database): Promise<Known[]> => histories(db, "true");

/** The texts of so many drafts are read at once: they may be large, and there may be many. */
const readAtOnce = 50;

/** All drafts with the titles that their definitions give them. */
export async function readListed(db: Database, titleOf: (definition: string) => Heading["title"]): Promise<Listed[]> {
  const all = await readKnown(db);
  const listed: Listed[] = [];
  for (let first = 0; first < all.length; first += readAtOnce) {
    const some = all.slice(first, first + readAtOnce);
    const texts = await db.all<{ draft_id: number; definition: string }>(
      `select draft_id, definition from drafts ${latest("draft_id between $first and $last")}`,
      { first: some[0]!.draft_id, last: some.at(-1)!.draft_id },
    );
    const titles = new Map(texts.map(({ draft_id, definition }) => [draft_id, titleOf(definition)]));
    listed.push(...some.map((draft) => ({ ...draft, title: titles.get(draft.draft_id) ?? null })));
  }
  return listed;
}

/** One draft; undefined where there is none of that number. */
export async function readDraft(db: Database, draft_id: number): Promise<Draft | undefined> {
  const of = { draft_id };
  const [draft] = await histories(db, "draft_id = $draft_id", of);
  const texts = await db.one<Texts>(
    `select definition, examples, targets from drafts ${latest("draft_id = $draft_id")}`,
    of,
  );
  return draft && texts && { ...draft, texts };
}

/** The draft of an indicator that is neither published nor withdrawn; there is one at most. */
export const openDraftOf = async (db: Database, indicator_id: string): Promise<Known | undefined> =>
  (
    await histories(db, "draft_id in (select draft_id from drafts where indicator_id = $indicator_id)", {
      indicator_id,
    })
  ).find((draft) => isOpen(stateOf(draft)));

/** Joins the last version of each. */
const latest = (which: string) =>
  `join (select draft_id, max(version) as version from drafts where ${which} group by draft_id) using (draft_id, version)`;

async function histories(
  db: Database,
  which: string,
  parameters: Record<string, number | string> = {},
): Promise<Known[]> {
  const versions = await db.all<Of<Saved & { indicator_id: string }>>(
    `select draft_id, indicator_id, version, saved_by, saved_at, subject from drafts where ${which} order by draft_id, version`,
    parameters,
  );
  const steps = await db.all<Of<Taken>>(`from draft_steps where ${which} order by draft_id, number`, parameters);
  const [saved, taken] = [byDraft(versions), byDraft(steps)];
  return [...saved].map(([draft_id, own]) => ({
    ...{ draft_id, indicator_id: own[0]!.indicator_id },
    versions: own.map(({ version, saved_by, saved_at, subject }) => ({ version, saved_by, saved_at, subject })),
    steps: taken.get(draft_id) ?? [],
  }));
}

/** Characters of texts that somebody saved since then; by name where no more is known. */
export async function savedSince(db: Database, { name, subject = null }: Person, since: Date): Promise<number> {
  const found = await db.one<{ n: number }>(
    `select coalesce(sum(strlen(definition) + strlen(examples) + strlen(targets)), 0)::double as n from drafts
     where coalesce(subject = $subject, saved_by = $name) and saved_at > $since::timestamp`,
    { name, subject, since: momentOf(since) },
  );
  return found!.n;
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
export const textsOf = (
  db: Database,
  draft_id: number,
  version: number,
): Promise<(Texts & Omit<Saved, "subject">) | undefined> =>
  db.one<Texts & Omit<Saved, "subject">>(
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
  version: Of<Texts & { indicator_id: string; version: number }>,
  { name, subject = null, at }: Author,
): Promise<void> {
  await db.run(
    `insert into drafts by name select $draft_id as draft_id, $version as version, $indicator_id as indicator_id,
       $definition as definition, $examples as examples, $targets as targets, $saved_by as saved_by,
       $saved_at::timestamp as saved_at, $subject as subject`,
    { ...version, saved_by: name, saved_at: momentOf(at), subject },
  );
}

/** Adds a step after those before. */
export async function addStep(
  db: Database,
  step: Of<Pick<Taken, "step" | "version" | "note" | "publish_on">>,
  { name, subject = null, at }: Author,
): Promise<void> {
  await db.run(
    `insert into draft_steps by name select $draft_id as draft_id,
       (select coalesce(max(number), 0) + 1 from draft_steps where draft_id = $draft_id) as number, $step as step,
       $version as version, $note as note, $publish_on::date as publish_on, $taken_by as taken_by,
       $taken_at::timestamp as taken_at, $subject as subject`,
    { ...step, taken_by: name, taken_at: momentOf(at), subject },
  );
}
