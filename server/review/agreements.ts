import type { Database } from "../../pipelines/database.ts";
import { Problem } from "../problem.ts";
import { momentOf, type Author, type ReviewKey } from "./texts.ts";

export const agreementStates = ["open", "done", "stopped"] as const;

/** What was agreed in a review; it comes back in each later one until it is done or stopped. `owner` is a function, never a person. */
export interface Agreement {
  agreement_id: number;
  made_in: string;
  indicator_id: string | null;
  text: string;
  owner: string;
  due_on: string | null;
  state: (typeof agreementStates)[number];
  /** What came of it. */
  result: string;
  version: number;
  saved_at: string;
  saved_by: string;
}

/** What someone would save; a new one has no id and version 0. */
export type AgreementEdit = Omit<Agreement, "agreement_id" | "made_in" | "saved_at" | "saved_by"> & {
  agreement_id: number | null;
};

const columns = "agreement_id, made_in, indicator_id, text, owner, due_on, state, result, version, saved_at, saved_by";

/** The agreements of a review: its own, and those of before that were open when it began, each as it stood by the end of it. */
export const agreementsOf = (db: Database, key: ReviewKey): Promise<Agreement[]> =>
  db.all<Agreement>(
    `with known as (
       select * from agreements where unit_id = $unit_id and half <= $half
     ),
     before as (
       select agreement_id, arg_max(state, version) as state from known where half < $half group by agreement_id
     )
     select ${columns} from known
     where made_in = $half or agreement_id in (select agreement_id from before where state = 'open')
     qualify row_number() over (partition by agreement_id order by version desc) = 1
     order by made_in, agreement_id`,
    { ...key },
  );

/** Saves one agreement as its next version, or a new one; 409 where someone else saved meanwhile. */
export async function saveAgreement(db: Database, key: ReviewKey, edit: AgreementEdit, author: Author): Promise<void> {
  const current =
    edit.agreement_id === null
      ? undefined
      : (await agreementsOf(db, key)).find((each) => each.agreement_id === edit.agreement_id);
  if (edit.agreement_id !== null && !current)
    throw new Problem(404, `this review has no agreement ${edit.agreement_id}`, { code: "unknown-agreement" });
  const later = await db.one<{ half: string | null }>(
    "select max(half) as half from agreements where agreement_id = $id and half > $half",
    { id: edit.agreement_id, half: key.half },
  );
  if (later?.half)
    throw new Problem(409, `the review of ${later.half} took this agreement up; write there what became of it`, {
      code: "agreement-moved",
    });
  const fields = ["indicator_id", "text", "owner", "due_on", "state", "result"] as const;
  if (current && fields.every((field) => current[field] === edit[field])) return;
  if ((current?.version ?? 0) !== edit.version)
    throw new Problem(409, "someone saved this agreement after you opened it; see what they wrote, then save again", {
      code: "agreement-changed",
    });
  const last = await db.one<{ id: number }>("select coalesce(max(agreement_id), 0) as id from agreements");
  await db.run(
    `insert into agreements by name
     select $id::integer as agreement_id, $unit_id as unit_id, $half as half, $made_in as made_in, $version::integer as version,
       $indicator_id as indicator_id, $text as text, $owner as owner, $due_on::date as due_on, $state as state, $result as result,
       $at::timestamp as saved_at, $by as saved_by`,
    {
      ...key,
      id: current?.agreement_id ?? last!.id + 1,
      made_in: current?.made_in ?? key.half,
      version: edit.version + 1,
      ...Object.fromEntries(fields.map((field) => [field, edit[field]])),
      at: momentOf(author.at),
      by: author.name,
    },
  );
}
