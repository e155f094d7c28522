import type { DraftTexts } from "../../pipelines/workbench/draft.ts";

/** Texts that were changed and not saved yet, with the version that their writer saw. */
export interface UnsavedDraft {
  version: number;
  texts: DraftTexts;
}

/** By draft: they stay while the reader looks elsewhere on the pages. */
export const unsavedDrafts = new Map<number, UnsavedDraft>();

/** Whoever closes the window, wherever they are on the pages, is asked first. */
function warn(event: BeforeUnloadEvent): void {
  if (unsavedDrafts.size > 0) event.preventDefault();
}

export function keepUnsaved(id: number, unsaved: UnsavedDraft): void {
  unsavedDrafts.set(id, unsaved);
  // The same listener counts once.
  globalThis.addEventListener?.("beforeunload", warn);
}
