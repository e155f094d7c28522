import type { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";

/** Of whom and when a review is: `half` as 2016-H2. */
export interface ReviewKey {
  unit_id: string;
  half: string;
}

/** Who writes, and when. */
export interface Author {
  name: string;
  at: Date;
}

/** A comment as it was saved: on an indicator's figure, or on the whole review (null). Version 1 is the first. */
export interface ReviewText {
  indicator_id: string | null;
  text: string;
  version: number;
  saved_at: string;
  saved_by: string;
}

/** What someone would save: `version` is that of the text which they saw, 0 where there was none. */
export type TextEdit = Pick<ReviewText, "indicator_id" | "text" | "version">;

const columns = "indicator_id, text, version, saved_at, saved_by";
const ofReview = "unit_id = $unit_id and half = $half";

/** The last version of each text of a review. */
export const textsOf = (db: Database, key: ReviewKey): Promise<ReviewText[]> =>
  db.all<ReviewText>(
    `select ${columns} from review_texts where ${ofReview}
     qualify row_number() over (partition by indicator_id order by version desc) = 1
     order by indicator_id nulls first`,
    { ...key },
  );

/** Every version of one text, the last first. */
export const textHistory = (db: Database, key: ReviewKey, indicator: string | null): Promise<ReviewText[]> =>
  db.all<ReviewText>(
    `select ${columns} from review_texts
     where ${ofReview} and indicator_id is not distinct from $indicator order by version desc`,
    { ...key, indicator },
  );

/** Saves one text as the next version; 409 where someone else saved meanwhile. Saving what stands there already changes nothing. */
export async function saveText(db: Database, key: ReviewKey, edit: TextEdit, author: Author): Promise<void> {
  const [current] = await textHistory(db, key, edit.indicator_id);
  if ((current?.text ?? "") === edit.text) return;
  if ((current?.version ?? 0) !== edit.version)
    throw new Problem(409, "someone saved this text after you opened it; see what they wrote, then save again", {
      code: "text-changed",
    });
  await db.run(
    "insert into review_texts values ($unit_id, $half, $indicator_id, $version, $text, $at::timestamp, $by)",
    {
      ...key,
      indicator_id: edit.indicator_id,
      version: edit.version + 1,
      text: edit.text,
      at: momentOf(author.at),
      by: author.name,
    },
  );
}

/** A moment as the engine keeps it: UTC without its mark. */
export const momentOf = (at: Date): string => at.toISOString().slice(0, -1);
