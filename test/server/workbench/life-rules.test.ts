import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isAuthor,
  isDue,
  isOpen,
  mayChange,
  mayTake,
  standingOf,
  stateOf,
  steps,
  type Draft,
  type Step,
} from "../../../server/workbench/life.ts";

const people = ["anna", "bert", "carla"];
const texts = { definition: "", examples: "", targets: "" };
const at = "2017-07-03T08:00:00.000Z";

/** What somebody tries: to save, or to take a step. */
const trial = fc.record({
  by: fc.constantFrom(...people),
  what: fc.constantFrom<Step | "save">("save", ...steps),
});

/** A draft after these trials, of which only what is allowed was done. */
function after(trials: readonly { by: string; what: Step | "save" }[]): Draft {
  let draft: Draft = {
    ...{ draft_id: 1, indicator_id: "x", texts, steps: [] },
    versions: [{ version: 1, saved_by: "anna", saved_at: at, subject: null }],
  };
  for (const { by, what } of trials) {
    const version = draft.versions.length;
    const state = stateOf(draft);
    if (what === "save") {
      if (!mayChange(state)) continue;
      draft = {
        ...draft,
        versions: [...draft.versions, { version: version + 1, saved_by: by, saved_at: at, subject: null }],
      };
    } else if (mayTake(what, state) && !(what === "approve" && isAuthor(draft, { name: by }))) {
      const publish_on = what === "approve" ? "2017-07-10" : null;
      const taken = { number: draft.steps.length + 1, step: what, version, note: what, publish_on };
      draft = { ...draft, steps: [...draft.steps, { ...taken, taken_by: by, taken_at: at, subject: null }] };
    }
  }
  return draft;
}

describe("the life of a draft, whatever three people try", () => {
  it("is approved by nobody who had a hand in it, and published only as it was approved", () => {
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 30 }), (trials) => {
        const draft = after(trials);
        const standing = standingOf(draft);
        if (!["approved", "published"].includes(standing.state)) return;
        expect(isAuthor(draft, { name: standing.approved_by! })).toBe(false);
        const approval = draft.steps.findLast(({ step }) => step === "approve")!;
        expect(approval.version).toBe(draft.versions.length);
        expect(standing.proposed_by).not.toBeNull();
        expect(standing.publish_on).toBe("2017-07-10");
      }),
    );
  });

  it("is due only while it is approved, from its day on", () => {
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 30 }), (trials) => {
        const draft = after(trials);
        expect(isDue(draft, "2017-07-09")).toBe(false);
        expect(isDue(draft, "2017-07-10")).toBe(stateOf(draft) === "approved");
      }),
    );
  });

  it("changes no more once it is over, but for what is said of it", () => {
    fc.assert(
      fc.property(fc.array(trial, { maxLength: 20 }), fc.array(trial, { maxLength: 10 }), (trials, later) => {
        const draft = after(trials);
        if (isOpen(stateOf(draft)) || stateOf(draft) === "withdrawn") return;
        const now = after([...trials, ...later]);
        expect(stateOf(now)).toBe(stateOf(draft));
        expect(now.versions).toEqual(draft.versions);
      }),
    );
  });

  it("says its trouble until something else becomes of it", () => {
    const trials = ["propose", "approve", "failed"].map((what, i) => ({
      by: people[i === 1 ? 1 : 0]!,
      what: what as Step,
    }));
    expect(standingOf(after(trials))).toMatchObject({ state: "approved", trouble: "failed", note: "propose" });
    const returned = after([...trials, { by: "bert", what: "return" }]);
    expect(standingOf(returned)).toMatchObject({ state: "returned", trouble: null, note: "return", publish_on: null });
  });
});
