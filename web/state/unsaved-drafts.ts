import type { DraftTexts } from "../../pipelines/workbench/draft.ts";

/** Texts that were changed and not saved yet, with the version that their writer saw. */
export interface UnsavedDraft {
  version: number;
  texts: DraftTexts;
}

/** By draft: they stay while the reader looks elsewhere on the pages. */
export const unsavedDrafts = new Map<number, UnsavedDraft>();

/** Whether anything was changed and not saved. */
export const hasUnsaved = (): boolean => unsavedDrafts.size > 0;
