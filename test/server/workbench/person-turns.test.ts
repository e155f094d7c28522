import { describe, expect, it } from "vitest";
import { PersonTurns } from "../../../server/workbench/person-turns.ts";

/** Work that ends when it is told to, and what has begun so far. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, (failed?: Error) => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => ends.set(name, (failed) => (failed ? reject(failed) : resolve(name)))); // prettier-ignore
  };
  return { begun, work, end: (name: string, failed?: Error) => ends.get(name)!(failed) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("PersonTurns.take(person, work, gone)", () => {
  it("does two things of a person at once, the others after them, and those of another person beside them", async () => {
    const [turns, { begun, work, end }] = [new PersonTurns(), works()];
    const anna = ["a1", "a2", "a3", "a4"].map((name) => turns.take("anna", work(name)));
    const bert = turns.take("bert", work("b1"));
    await settled();
    expect(begun).toEqual(["a1", "a2", "b1"]);
    end("a2");
    await settled();
    expect(begun).toEqual(["a1", "a2", "b1", "a3"]);
    for (const name of ["b1", "a1", "a3"]) end(name);
    await settled();
    end("a4");
    expect(await Promise.all([...anna, bert])).toEqual(["a1", "a2", "a3", "a4", "b1"]);
  });

  it("goes on after what failed", async () => {
    const [turns, { work, end }] = [new PersonTurns(), works()];
    const all = ["a1", "a2", "a3"].map((name) => turns.take("anna", work(name)));
    await settled();
    end("a1", new Error("broken"));
    await expect(all[0]).rejects.toThrow("broken");
    await settled();
    end("a3");
    expect(await all[2]).toBe("a3");
    end("a2");
  });

  it("is 429 where four of theirs wait", async () => {
    const [turns, { work }] = [new PersonTurns(), works()];
    for (let i = 0; i < 6; i++) void turns.take("anna", work(`a${i}`));
    await expect(turns.take("anna", work("more"))).rejects.toMatchObject({ status: 429, code: "busy" });
  });

  it("gives up the place of whoever is gone, before their turn", async () => {
    const [turns, { begun, work, end }] = [new PersonTurns(), works()];
    const gone = new AbortController();
    const all = ["a1", "a2"].map((name) => turns.take("anna", work(name)));
    const left = turns.take("anna", work("left"), gone.signal);
    const next = turns.take("anna", work("next"));
    await settled();
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: "draft-cancelled" });
    for (const name of ["a1", "a2"]) end(name);
    await Promise.all(all);
    await settled();
    expect(begun).toEqual(["a1", "a2", "next"]);
    end("next");
    await next;
    const late = turns.take("anna", work("late"), AbortSignal.abort());
    await settled();
    end("late");
    expect(await late).toBe("late");
  });
});
