import { describe, expect, it } from "vitest";
import { remembered } from "../../server/remembered.ts";

describe("remembered(most)", () => {
  it("makes something of a text once, also where that is nothing, and of no text apart from an empty one", () => {
    let made = 0;
    const of = remembered<number | null>();
    const ask = (text: string | undefined) => of(text, () => (made++, text === "none" ? null : made));
    expect([ask("a"), ask("a"), ask("none"), ask("none"), ask(""), ask(undefined)]).toEqual([1, 1, null, null, 3, 4]);
    expect(made).toBe(4);
  });

  it("keeps no more texts than it may: whoever sends ever new ones fills nothing", () => {
    let made = 0;
    const of = remembered<number>(2);
    for (const text of ["a", "b", "c", "c", "a"]) of(text, () => ++made);
    expect(made).toBe(4);
  });

  it("makes it each time of a long text, which would take room", () => {
    let made = 0;
    const of = remembered<number>();
    for (const text of ["x".repeat(1000), "x".repeat(1001)]) for (let i = 0; i < 2; i++) of(text, () => (made += 1));
    expect(made).toBe(3);
  });
});
