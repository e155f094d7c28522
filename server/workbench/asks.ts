import type { Pipelines } from "../pipelines.ts";
import type { Texts } from "./life.ts";

/** A draft as the pipelines are asked about it. */
export interface Asked extends Texts {
  indicator_id: string;
}

/** What is wrong with a draft, as `kvv check` words it. */
export interface DraftFault {
  part: "definition" | "examples" | "targets";
  line: number;
  message: string;
}

/** What the pipelines say of a draft. */
export interface Checked {
  faults: DraftFault[];
  header: object | null;
  feeds: string[];
  protected: boolean;
  examples: ({ ok: boolean } & Record<string, unknown>)[];
  sql: string;
  form: boolean;
}

/** Of what a draft's figures are asked. */
export interface AskedPreview {
  indicator_id: string;
  definition: string;
  targets: string;
  against?: { definition: string; targets: string } | "current";
}

/** A draft's figures. */
export interface Previewed {
  rows: Record<string, unknown>[];
  withheld: Record<string, unknown>[];
  rounded: boolean;
  through_load: number | null;
  compared: Record<string, unknown>[];
  took_ms: number;
}

/** Names of the questions, and how each is put; whoever goes away takes it back. */
export const checkDraft = (pipelines: Pipelines, draft: Asked, gone?: AbortSignal): Promise<Checked> =>
  pipelines.askOfDraft<Checked>("draft-check", draft, gone);

export const previewDraft = (pipelines: Pipelines, draft: AskedPreview, gone?: AbortSignal): Promise<Previewed> =>
  pipelines.askOfDraft<Previewed>("draft-preview", draft, gone);

export const adoptDraft = (
  pipelines: Pipelines,
  draft: Asked & { by: string; approved_by: string },
): Promise<{ indicator_id: string; version: number }> => pipelines.askOfDraft("draft-adopt", draft);
