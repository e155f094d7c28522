import { isSamePerson, type Person } from "./person.ts";

/** The texts that would stand in the project about an indicator. */
export interface Texts {
  /** The definition file. */
  definition: string;
  /** The worked example; empty where there is none. */
  examples: string;
  /** The header line of `data/targets.csv`, and the lines of this indicator. */
  targets: string;
}

/** That somebody saved a draft; version 1 is the first. */
export interface Saved {
  version: number;
  saved_by: string;
  saved_at: string;
  /** By what the provider knows whoever did it; null where it is not known. No answer has it. */
  subject: string | null;
}

/** What may become of a draft. The last two are the monitor's own. */
export const steps = ["propose", "return", "approve", "withdraw", "comment", "publish", "failed"] as const;
export type Step = (typeof steps)[number];

/** A step, with the version that whoever took it had seen. */
export interface Taken {
  number: number;
  step: Step;
  version: number;
  note: string | null;
  publish_on: string | null;
  taken_by: string;
  taken_at: string;
  subject: string | null;
}

export const states = ["draft", "proposed", "returned", "approved", "published", "withdrawn"] as const;
export type State = (typeof states)[number];

/** A draft with its last texts, its versions and all that became of it, the first first. */
export interface Draft {
  draft_id: number;
  indicator_id: string;
  texts: Texts;
  versions: readonly Saved[];
  steps: readonly Taken[];
}

/** Who did what with a draft. */
export type History = Pick<Draft, "versions" | "steps">;

/** The state that a step leads to; those that are not here leave it as it was. */
const leadsTo: Partial<Record<Step, State>> = {
  propose: "proposed",
  return: "returned",
  approve: "approved",
  withdraw: "withdrawn",
  publish: "published",
};

/** In which states a step may be taken. */
const takenIn: Record<Step, readonly State[]> = {
  propose: ["draft", "returned"],
  return: ["proposed", "approved"],
  approve: ["proposed"],
  withdraw: ["draft", "proposed", "returned", "approved"],
  comment: states,
  publish: ["approved"],
  failed: ["approved"],
};

/** In these its texts may be changed: what somebody is judging stays as it is. */
const changedIn: readonly State[] = ["draft", "returned"];

export const mayTake = (step: Step, state: State): boolean => takenIn[step].includes(state);
export const mayChange = (state: State): boolean => changedIn.includes(state);
export const isOpen = (state: State): boolean => state !== "published" && state !== "withdrawn";

export const stateOf = ({ steps }: Pick<Draft, "steps">): State =>
  steps.reduce<State>((state, { step }) => leadsTo[step] ?? state, "draft");

export const lastVersion = ({ versions }: Pick<Draft, "versions">): Saved => versions.at(-1)!;

/** Everyone who saved one of its versions or proposed it, as often as they did: whoever approves is none of them. */
export const authorsOf = ({ versions, steps }: History): Person[] => [
  ...versions.map(({ saved_by, subject }) => ({ name: saved_by, subject })),
  ...steps.filter(({ step }) => step === "propose").map(({ taken_by, subject }) => ({ name: taken_by, subject })),
];

/** Whether somebody had a hand in it. */
export const isAuthor = (draft: History, person: Person): boolean =>
  authorsOf(draft).some((author) => isSamePerson(author, person));

/** What is to be known of a draft in a list. */
export interface Standing {
  state: State;
  version: number;
  saved_by: string;
  saved_at: string;
  proposed_by: string | null;
  proposed_at: string | null;
  approved_by: string | null;
  approved_at: string | null;
  /** What was said with the step that brought it into its state. */
  note: string | null;
  publish_on: string | null;
  /** Why it could not be published so far. */
  trouble: string | null;
}

export function standingOf(draft: History): Standing {
  const { version, saved_by, saved_at } = lastVersion(draft);
  const state = stateOf(draft);
  const last = (step: Step) => draft.steps.findLast((each) => each.step === step);
  const since = (step: Step, states: readonly State[]) => (states.includes(state) ? last(step) : undefined);
  const proposed = since("propose", ["proposed", "approved", "published"]);
  const approved = since("approve", ["approved", "published"]);
  const led = draft.steps.findLast(({ step }) => leadsTo[step] === state);
  const latest = draft.steps.at(-1);
  return {
    ...{ state, version, saved_by, saved_at },
    proposed_by: proposed?.taken_by ?? null,
    proposed_at: proposed?.taken_at ?? null,
    approved_by: approved?.taken_by ?? null,
    approved_at: approved?.taken_at ?? null,
    note: (state === "approved" || state === "published" ? proposed?.note : led?.note) ?? null,
    publish_on: approved?.publish_on ?? null,
    trouble: state === "approved" && latest?.step === "failed" ? latest.note : null,
  };
}

/** Whether a draft is approved, and its day has come (ISO days). */
export const isDue = (draft: History, today: string): boolean => {
  const { state, publish_on } = standingOf(draft);
  return state === "approved" && (publish_on ?? today) <= today;
};
