import type { Problem } from "../api.ts";
import type { z } from "zod";
import type { DraftTexts } from "../../pipelines/workbench/draft.ts";
import type { draftRow, draftVersion, draftWhole } from "../../server/workbench/rows.ts";

/** A draft in the list, with where it stands. */
export type DraftRow = z.output<typeof draftRow>;
/** A draft, whole. */
export type DraftWhole = z.output<typeof draftWhole>;
/** A draft's texts as they were saved once. */
export type DraftVersion = z.output<typeof draftVersion>;
export type DraftState = DraftRow["state"];
export type DraftStep = DraftWhole["steps"][number];
/** A step that somebody can take. */
export type AskedStep = "propose" | "return" | "approve" | "withdraw" | "comment";

/** A beginning of a new indicator. */
export interface Template {
  template: string;
  title_nl: string;
  title_en: string;
}

/** An indicator that stands, with the number of its version. */
export interface StandingIndicator {
  indicator_id: string;
  title_nl: string | null;
  title_en: string | null;
  version: number;
}

export const parts = ["definition", "examples", "targets"] as const;
export type Part = (typeof parts)[number];

export const textsOf = ({ definition, examples, targets }: DraftTexts): DraftTexts => ({
  definition,
  examples,
  targets,
});

export const isSameTexts = (one: DraftTexts, other: DraftTexts): boolean =>
  parts.every((part) => one[part] === other[part]);

/** The kind of a refusal, without what all kinds begin with. */
export const codeOf = ({ type }: Pick<Problem, "type">): string => String(type).split(":").at(-1)!;

/** Whether its texts can be changed: what somebody is judging stays as it is. */
export const isEditable = (state: DraftState): boolean => state === "draft" || state === "returned";

/** Whether anything more can become of it. */
export const isOpen = (state: DraftState): boolean => state !== "published" && state !== "withdrawn";

/** The steps that can be taken of a draft, in the order in which they are offered. */
export function stepsFor({ state, own }: Pick<DraftWhole, "state" | "own">): AskedStep[] {
  const all: [AskedStep, boolean][] = [
    ["propose", isEditable(state)],
    ["approve", state === "proposed" && !own],
    ["return", state === "proposed" || state === "approved"],
    ["comment", true],
    ["withdraw", isOpen(state)],
  ];
  return all.flatMap(([step, can]) => (can ? [step] : []));
}

/** An id for an indicator, made of words: "Klachten binnen 70 dagen" is klachten-binnen-70-dagen. */
export const idOf = (words: string): string =>
  words
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");

/** Whether a text can be the id of an indicator. */
export const isId = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 60;
