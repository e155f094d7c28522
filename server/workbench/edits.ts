import type { Database } from "../../pipelines/database.ts";
import { Problem, shown } from "../problem.ts";
import { isOfAnotherProvider, type Person } from "./person.ts";
import {
  authorsOf,
  isAuthor,
  lastVersion,
  mayChange,
  mayTake,
  stateOf,
  type Draft,
  type Step,
  type Texts,
} from "./life.ts";
import { addStep, addVersion, nextDraftId, openDraftOf, readDraft, savedSince } from "./store.ts";

/** Who writes, and when. */
export interface Author extends Person {
  at: Date;
}

/** Begins a draft, in the work of one transaction; 409 where the indicator has one already. Gives its number. */
export async function beginDraft(
  db: Database,
  { indicator_id, ...texts }: Texts & { indicator_id: string },
  author: Author,
): Promise<number> {
  const open = await openDraftOf(db, indicator_id);
  if (open)
    throw new Problem(
      409,
      `draft ${open.draft_id} of ${shown(indicator_id)} is open, by ${lastVersion(open).saved_by}; go on with that one, or withdraw it first`,
      { code: "draft-open" },
    );
  await checkRoom(db, author);
  const draft_id = await nextDraftId(db);
  await addVersion(db, { draft_id, version: 1, indicator_id, ...texts }, author);
  return draft_id;
}

/** Saves the texts as the next version; where they are those that stand, nothing. 409 where somebody else saved meanwhile. */
export async function saveDraft(
  db: Database,
  draft_id: number,
  { version, ...texts }: Texts & { version: number },
  author: Author,
): Promise<void> {
  const draft = await draftOf(db, draft_id);
  checkSeen(draft, version);
  const state = stateOf(draft);
  if (!mayChange(state))
    throw new Problem(409, `draft ${draft_id} is ${state}, so its texts stay as they are; ${remedyOf(draft)}`, {
      code: "draft-state",
    });
  const { definition, examples, targets } = draft.texts;
  if (texts.definition === definition && texts.examples === examples && texts.targets === targets) return;
  await checkRoom(db, author);
  const { indicator_id } = draft;
  await addVersion(db, { draft_id, version: version + 1, indicator_id, ...texts }, author);
}

/** Every version is kept. So many bytes of them in a day are a hundred of the longest, or some thousands of the usual ones. */
const mostADay = 20_000_000;
const aDay = 24 * 3600 * 1000;

/** 429 where somebody saved so much that others would have no room. */
async function checkRoom(db: Database, author: Author): Promise<void> {
  if ((await savedSince(db, author, new Date(author.at.getTime() - aDay))) < mostADay) return;
  throw new Problem(429, "you saved more than 20 MB of drafts in 24 hours; what is saved stays, go on tomorrow", {
    code: "draft-room",
    headers: { "Retry-After": "3600" },
  });
}

/** A step that somebody takes. */
export interface AskedStep {
  version: number;
  step: Step;
  note: string | null;
  publish_on: string | null;
}

/** Takes a step; 409 where it is not one for the draft as it is now, 403 where somebody else must take it. */
export async function takeStep(db: Database, draft_id: number, asked: AskedStep, author: Author): Promise<void> {
  const draft = await draftOf(db, draft_id);
  checkStep(draft, asked, author);
  await addStep(db, { draft_id, ...asked }, author);
}

export function checkStep(draft: Draft, { version, step }: AskedStep, person: Person): void {
  checkSeen(draft, version);
  const state = stateOf(draft);
  if (!mayTake(step, state))
    throw new Problem(409, `draft ${draft.draft_id} is ${state}: ${step} is no step from there; ${remedyOf(draft)}`, {
      code: "draft-state",
    });
  if (step !== "approve") return;
  // Whoever comes by another provider may be any of its authors.
  const strange = authorsOf(draft).find((author) => isOfAnotherProvider(author, person));
  if (strange)
    throw new Problem(
      403,
      `${shown(strange.name)} wrote or proposed draft ${draft.draft_id} when people signed in by another provider, so that nobody can be told apart from its authors; export it, withdraw it, and begin another draft from its files`,
      { code: "other-provider" },
    );
  if (isAuthor(draft, person))
    throw new Problem(
      403,
      `you wrote or proposed draft ${draft.draft_id} yourself; another controller must approve it`,
      { code: "own-draft" },
    );
}

/** What else can be done with it. */
function remedyOf(draft: Draft): string {
  const state = stateOf(draft);
  if (state === "proposed") return "approve it, or return it with a note";
  if (state === "approved") return "return it with a note, or withdraw it";
  if (state === "draft" || state === "returned") return "propose it first";
  return `begin another draft of ${shown(draft.indicator_id)}`;
}

/** The draft; 404 where there is none. */
export async function draftOf(db: Database, draft_id: number): Promise<Draft> {
  const draft = await readDraft(db, draft_id);
  if (!draft) throw new Problem(404, `no draft ${draft_id}; GET /api/v1/drafts names them`, { code: "unknown-draft" });
  return draft;
}

function checkSeen(draft: Draft, version: number): void {
  const last = lastVersion(draft);
  if (last.version === version) return;
  throw new Problem(
    409,
    last.version > version
      ? `${last.saved_by} saved draft ${draft.draft_id} as version ${last.version} after the version ${version} that you saw; see what stands there now, then go on`
      : `draft ${draft.draft_id} has no version ${version} yet; its last is ${last.version}`,
    { code: "draft-changed" },
  );
}
