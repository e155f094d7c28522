import type { Database } from "../../pipelines/database.ts";
import { momentOf, type Author } from "./texts.ts";

/** Control's word that the figures of a half-year can be answered for: reviews of it are made of this snapshot. */
export interface Release {
  half: string;
  snapshot: string;
  note: string;
  at: string;
  by: string;
}

/** The last release of each half-year, the last half-year first. */
export const releasesOf = (db: Database): Promise<Release[]> =>
  db.all<Release>(
    `select half, snapshot, note, acted_at as "at", acted_by as "by" from releases
     qualify row_number() over (partition by half order by release desc) = 1 order by half desc`,
  );

export const releaseOf = (db: Database, half: string): Promise<Release | undefined> =>
  db.one<Release>(
    `select half, snapshot, note, acted_at as "at", acted_by as "by" from releases where half = $half order by release desc limit 1`,
    { half },
  );

export async function addRelease(
  db: Database,
  release: Pick<Release, "half" | "snapshot" | "note">,
  author: Author,
): Promise<void> {
  await db.run(
    `insert into releases
     select $half, coalesce(max(release), 0) + 1, $snapshot, $note, $at::timestamp, $by from releases where half = $half`,
    { ...release, at: momentOf(author.at), by: author.name },
  );
}
