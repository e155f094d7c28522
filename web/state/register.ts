import type { AssessmentItem, ProcessingRow, RegisterColumnRow } from "../api.ts";

/** What is processed, as the page puts it together. */
export const registerGroups = ["gdpr", "police_data", "monitor", "none"] as const;
export type RegisterGroup = (typeof registerGroups)[number];

export const groupOf = ({ of, law }: Pick<ProcessingRow, "of" | "law">): RegisterGroup =>
  of === "monitor" ? "monitor" : law;

/** The groups that there are, in their order, each with its processing. */
export const groupedRegister = (
  register: readonly ProcessingRow[],
): { group: RegisterGroup; processings: ProcessingRow[] }[] =>
  registerGroups
    .map((group) => ({ group, processings: register.filter((each) => groupOf(each) === group) }))
    .filter(({ processings }) => processings.length > 0);

export const isOfPersons = ({ law }: Pick<ProcessingRow, "law">): boolean => law !== "none";

/** On whose ground the force has yet to decide. */
export const isUndecided = (each: Pick<ProcessingRow, "law" | "ground_decided">): boolean =>
  isOfPersons(each) && each.ground_decided === null;

/** How many questions stand with a processing: those of its contract, and one where nothing needs some of its columns. */
export const questionCount = ({ questions, unused }: Pick<ProcessingRow, "questions" | "unused">): number =>
  questions.length + (unused.length > 0 ? 1 : 0);

/** In Dutch as files have it: "achtergrond"; in English its own name. */
export const nameOfColumn = ({ column_name, header }: RegisterColumnRow, language: "nl" | "en"): string =>
  language === "nl" ? (header ?? column_name) : column_name;

/** A figure that needs something. */
export type NeedingFigure = ProcessingRow["indicators"][number];

/** The figures that need a column, and whether those are all that are made of the processing. */
export function neededBy(
  { indicators }: RegisterColumnRow,
  { indicators: all }: ProcessingRow,
): { figures: NeedingFigure[]; all: boolean } {
  const figures = all.filter(({ id }) => indicators.includes(id));
  return { figures, all: all.length > 1 && figures.length === all.length };
}

/** What protects all data about persons that come from a feed: said once. */
export function sharedMeasures(register: readonly ProcessingRow[]): ProcessingRow["measures"] {
  const [first, ...others] = register.filter((each) => each.of === "feed" && isOfPersons(each));
  return (first?.measures ?? []).filter((measure) => others.every(({ measures }) => measures.includes(measure)));
}

type Kept = ProcessingRow["kept"][number];

/** What is kept equally long of all data about persons that come from a feed: said once. */
export function sharedKept(register: readonly ProcessingRow[]): Kept[] {
  const [first, ...others] = register.filter((each) => each.of === "feed" && isOfPersons(each));
  return (first?.kept ?? []).filter((kept) => others.every((each) => each.kept.some((other) => isSame(kept, other))));
}

export const isSame = (a: Kept, b: Kept): boolean => a.what === b.what && a.amount === b.amount && a.unit === b.unit;

/** Who sees something of a processing, by the right that shows it. */
export function seenByRight({ seen }: ProcessingRow): { right: string; by: ProcessingRow["seen"] }[] {
  const rights = [...new Set(seen.map(({ right }) => right))];
  return rights.map((right) => ({ right, by: seen.filter((each) => each.right === right) }));
}

/** The parts of the assessment that are told before its risks. */
export const assessmentParts = ["description", "necessity", "proportionality"] as const;

export const itemsOf = (items: readonly AssessmentItem[], part: AssessmentItem["part"]): AssessmentItem[] =>
  items.filter((each) => each.part === part);
