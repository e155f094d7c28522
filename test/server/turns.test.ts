import { describe, expect, it } from "vitest";
import { Turns } from "../../server/queries.ts";

/** Takes a turn for somebody, who is told of in `had` when they have it. */
function ask(turns: Turns, had: string[], who: string, isAhead = false): void {
  turns.take(1000, isAhead).then(
    () => had.push(who),
    // Some wait longer than their test.
    () => undefined,
  );
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("Turns.take(timeoutMs, isAhead)", () => {
  it("gives turns in the order in which they were asked for", async () => {
    const [turns, had] = [new Turns(1), [] as string[]];
    for (const who of ["a", "b", "c"]) ask(turns, had, who);
    await settled();
    expect(had).toEqual(["a"]);
    turns.give();
    turns.give();
    await settled();
    expect(had).toEqual(["a", "b", "c"]);
  });

  it("keeps one free of what nobody waits for, which comes after all who wait", async () => {
    const [turns, had] = [new Turns(2), [] as string[]];
    for (const who of ["ahead 1", "ahead 2"]) ask(turns, had, who, true);
    for (const who of ["reader 1", "reader 2"]) ask(turns, had, who);
    await settled();
    expect(had).toEqual(["ahead 1", "reader 1"]);
    turns.give();
    await settled();
    expect(had.at(-1)).toBe("reader 2");
    turns.give();
    await settled();
    // One has it still, and the other is kept.
    expect(had.at(-1)).toBe("reader 2");
    turns.give();
    await settled();
    expect(had.at(-1)).toBe("ahead 2");
    turns.give();
    for (const who of ["ahead 3", "ahead 4"]) ask(turns, had, who, true);
    await settled();
    expect(had.slice(4)).toEqual(["ahead 3"]);
  });

  it("goes on with what nobody waits for where there is one turn only", async () => {
    const [turns, had] = [new Turns(1), [] as string[]];
    ask(turns, had, "ahead 1", true);
    ask(turns, had, "ahead 2", true);
    await settled();
    turns.give();
    await settled();
    expect(had).toEqual(["ahead 1", "ahead 2"]);
  });

  it("is told that it takes too long", async () => {
    const turns = new Turns(1);
    await turns.take(1000);
    await expect(turns.take(5, true)).rejects.toMatchObject({ status: 503 });
    await expect(turns.take(5)).rejects.toMatchObject({ status: 503 });
  });
});
