import type {
  Adopted,
  AdoptAsk,
  Draft,
  DraftCheck,
  DraftPreview,
  PreviewAsk,
} from "../../pipelines/workbench/draft.ts";
import type { Pipelines } from "../pipelines.ts";

/** What is wrong with a draft, and what its worked example gives. Whoever is gone takes the question back. */
export const checkDraft = (pipelines: Pipelines, draft: Draft, gone?: AbortSignal): Promise<DraftCheck> =>
  pipelines.askOfDraft<DraftCheck>("draft-check", draft, gone);

/** A draft's figures: some megabytes of JSON, which are passed on as they are, and whether they were rounded. */
export async function previewDraft(
  pipelines: Pipelines,
  ask: PreviewAsk,
  gone?: AbortSignal,
): Promise<{ text: string } & Pick<DraftPreview, "rounded">> {
  const text = await pipelines.textOfDraft("draft-preview", ask, gone);
  // Within a text of its own the quotes would have backslashes before them.
  return { text, rounded: !text.includes('"rounded":false') };
}

/** Makes a draft what stands; the same texts twice are adopted once. */
export const adoptDraft = (pipelines: Pipelines, ask: AdoptAsk): Promise<Adopted> =>
  pipelines.askOfDraft<Adopted>("draft-adopt", ask);
