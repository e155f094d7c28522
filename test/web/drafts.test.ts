import { describe, expect, it } from "vitest";
import { mayTake, states } from "../../server/workbench/life.ts";
import { isId, stepsFor, type AskedStep } from "../../web/state/drafts.ts";

describe("stepsFor(draft)", () => {
  const all: AskedStep[] = ["propose", "approve", "return", "comment", "withdraw"];

  it("offers what the server lets be done, in every state", () => {
    for (const state of states)
      expect([state, stepsFor({ state, own: false })]).toEqual([state, all.filter((step) => mayTake(step, state))]);
  });

  it("lets nobody approve of what they wrote or proposed", () => {
    expect(stepsFor({ state: "proposed", own: true })).not.toContain("approve");
    expect(stepsFor({ state: "proposed", own: false })).toContain("approve");
  });
});

describe("isId(text)", () => {
  it.each(["complaints", "complaints-in-70-days", "a1"])("is true of %s", (id) => expect(isId(id)).toBe(true));
  it.each(["", "Complaints", "1st", "a--b", "a-", "a_b", "a b", "../etc", "x".repeat(61)])("is false of %j", (id) =>
    expect(isId(id)).toBe(false),
  );
});
