import type { OpenOptions } from "../../pipelines/reading/open.ts";
import { readSettings } from "../../pipelines/settings.ts";

/** What a file is read with, as the settings have it: every header is known, and none is about persons. */
export const openOptions: Omit<OpenOptions, "staging"> = {
  ...readSettings({}),
  knows: () => true,
  isPersonal: () => false,
  mentionsPerson: () => false,
};
