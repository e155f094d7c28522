import type {
  Adopted,
  AdoptAsk,
  Draft,
  DraftCheck,
  DraftPreview,
  PreviewAsk,
} from "../../pipelines/workbench/draft.ts";
import type { Pipelines } from "../pipelines.ts";
import type { User } from "../user.ts";

/** Who asks of a draft; whoever is gone takes the question back. */
export interface Asker {
  pipelines: Pipelines;
  user: Pick<User, "name" | "subject">;
  gone?: AbortSignal | undefined;
}

const turnOf = ({ name, subject }: Asker["user"]): string => subject ?? name;

/** What is wrong with a draft, and what its worked example gives. */
export const checkDraft = ({ pipelines, user, gone }: Asker, draft: Draft): Promise<DraftCheck> =>
  pipelines.turns.take(turnOf(user), () => pipelines.askOfDraft<DraftCheck>("draft-check", draft, gone), gone);

/** A draft's figures: some megabytes of JSON, which are passed on as they are, and whether they were rounded. */
export async function previewDraft(
  { pipelines, user, gone }: Asker,
  ask: PreviewAsk,
): Promise<{ text: string } & Pick<DraftPreview, "rounded">> {
  const made = () => pipelines.textOfDraft("draft-preview", ask, gone);
  const text = await pipelines.turns.take(turnOf(user), made, gone);
  // Within a text of its own the quotes would have backslashes before them.
  return { text, rounded: !text.includes('"rounded":false') };
}

/** Makes a draft what stands; the same texts twice are adopted once. */
export const adoptDraft = (pipelines: Pipelines, ask: AdoptAsk): Promise<Adopted> =>
  pipelines.askOfDraft<Adopted>("draft-adopt", ask);
