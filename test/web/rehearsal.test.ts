import { afterEach, describe, expect, it } from "vitest";
import { ask, forget, Problem, reach } from "../../web/api.ts";
import { Rehearsal } from "../../web/state/rehearsal.ts";

const before = reach.fetch;
afterEach(() => {
  reach.fetch = before;
  forget();
});

describe("Rehearsal.recall(question)", () => {
  it("has each answer in the pass after the one that asked, also of what was asked only then", async () => {
    reach.fetch = async (address) => new Response(JSON.stringify(address.slice(-1)));
    const rehearsal = new Rehearsal();
    const passes: unknown[][] = [];
    do {
      rehearsal.begin();
      const first = rehearsal.recall(() => ask<string>("/a"));
      const both = rehearsal.recall(() => Promise.all([ask("/b"), ask("/c")]));
      const then = first.value ? rehearsal.recall(() => ask<string>("/d")) : null;
      passes.push([first.value, both.value, then?.value]);
    } while (await rehearsal.wait());
    expect(passes).toEqual([
      [undefined, undefined, undefined],
      ["a", ["b", "c"], undefined],
      ["a", ["b", "c"], "d"],
    ]);
  });

  it("tells questions apart that ask nothing, by their place", async () => {
    const rehearsal = new Rehearsal();
    rehearsal.begin();
    for (const each of ["x", "y"]) rehearsal.recall(async () => each);
    await rehearsal.wait();
    rehearsal.begin();
    expect(["x", "y"].map((each) => rehearsal.recall(async () => each).value)).toEqual(["x", "y"]);
  });

  it("has the problem of a question that failed", async () => {
    reach.fetch = async () => new Response(JSON.stringify({ detail: "gone" }), { status: 404 });
    const rehearsal = new Rehearsal();
    rehearsal.begin();
    rehearsal.recall(() => ask("/a"));
    await rehearsal.wait();
    rehearsal.begin();
    const { problem, pending } = rehearsal.recall(() => ask("/a"));
    expect(problem).toBeInstanceOf(Problem);
    expect([problem?.status, problem?.message, pending]).toEqual([404, "gone", false]);
    expect(rehearsal.failed).toBeNull();
  });

  it("tells of a failure that may pass", async () => {
    reach.fetch = async () => new Response("{}", { status: 503 });
    const rehearsal = new Rehearsal();
    rehearsal.begin();
    rehearsal.recall(() => ask("/a"));
    await rehearsal.wait();
    expect(rehearsal.failed?.status).toBe(503);
  });
});
