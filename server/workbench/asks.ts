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

/** A draft's figures. */
export const previewDraft = (pipelines: Pipelines, ask: PreviewAsk, gone?: AbortSignal): Promise<DraftPreview> =>
  pipelines.askOfDraft<DraftPreview>("draft-preview", ask, gone);

/** Makes a draft what stands; the same texts twice are adopted once. */
export const adoptDraft = (pipelines: Pipelines, ask: AdoptAsk): Promise<Adopted> =>
  pipelines.askOfDraft<Adopted>("draft-adopt", ask);
