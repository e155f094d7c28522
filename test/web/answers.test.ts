import { describe, expect, it } from "vitest";
import { Answers } from "../../web/answers.ts";

/** Answers of 10 characters each that come when the test says so. */
function slowAnswers(most = 100) {
  const asked: string[] = [];
  const stopped: string[] = [];
  const settle = new Map<string, { come: () => void; fail: () => void }>();
  const answers = new Answers((address, ahead) => {
    asked.push(address);
    ahead?.addEventListener("abort", () => stopped.push(address));
    return new Promise((resolve, reject) => {
      settle.set(address, {
        come: () => resolve({ value: address.toUpperCase(), size: 10 }),
        fail: () => reject(new Error("gone")),
      });
      ahead?.addEventListener("abort", () => reject(new Error("stopped")));
    });
  }, most);
  const come = async (address: string) => {
    settle.get(address)!.come();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { answers, asked, stopped, come, settle };
}

describe("Answers.ask(address)", () => {
  it("asks the same once, also while it is under way", async () => {
    const { answers, asked, come } = slowAnswers();
    const both = [answers.ask("a"), answers.ask("a")];
    await come("a");
    expect(await Promise.all([...both, answers.ask("a")])).toEqual(["A", "A", "A"]);
    expect(asked).toEqual(["a"]);
  });

  it("asks anew what failed, and what was forgotten", async () => {
    const { answers, asked, come, settle } = slowAnswers();
    const failed = answers.ask("a");
    settle.get("a")!.fail();
    await expect(failed).rejects.toThrow("gone");
    void answers.ask("a");
    await come("a");
    answers.forget();
    void answers.ask("a");
    expect(asked).toEqual(["a", "a", "a"]);
  });

  it("keeps those asked for last, up to an amount of text", async () => {
    const { answers, asked, come } = slowAnswers(25);
    for (const each of ["a", "b"]) {
      void answers.ask(each);
      await come(each);
    }
    void answers.ask("a");
    void answers.ask("c");
    await come("c");
    asked.length = 0;
    for (const each of ["a", "c", "b"]) void answers.ask(each);
    expect(asked).toEqual(["b"]);
  });
});

describe("Answers.askAhead(address, signal)", () => {
  it("has the answer ready for who asks later", async () => {
    const { answers, asked, come } = slowAnswers();
    const ahead = answers.askAhead("a", new AbortController().signal);
    await come("a");
    await ahead;
    expect(await answers.ask("a")).toBe("A");
    expect(asked).toEqual(["a"]);
  });

  it("gives up what nobody wants any more", async () => {
    const { answers, asked, stopped } = slowAnswers();
    const stop = new AbortController();
    const ahead = answers.askAhead("a", stop.signal);
    stop.abort();
    await ahead;
    expect(stopped).toEqual(["a"]);
    void answers.ask("a");
    expect(asked).toEqual(["a", "a"]);
  });

  it("goes on with what someone waits for by now", async () => {
    const { answers, stopped, come } = slowAnswers();
    const stop = new AbortController();
    void answers.askAhead("a", stop.signal);
    const wanted = answers.ask("a");
    stop.abort();
    await come("a");
    expect(await wanted).toBe("A");
    expect(stopped).toEqual([]);
  });
});

describe("Answers.known(address)", () => {
  it("gives what has come without asking, and nothing before it has or after it was forgotten", async () => {
    const { answers, asked, come } = slowAnswers();
    expect(answers.known("a")).toBeNull();
    expect(asked).toEqual([]);
    void answers.ask("a");
    expect(answers.known("a")).toBeNull();
    await come("a");
    expect(answers.known("a")).toEqual({ value: "A" });
    answers.forget();
    expect(answers.known("a")).toBeNull();
  });

  it("counts as used: what is shown is not the first to go", async () => {
    const { answers, come } = slowAnswers(20);
    for (const address of ["a", "b"]) {
      void answers.ask(address);
      await come(address);
    }
    answers.known("a");
    void answers.ask("c");
    await come("c");
    expect([answers.known("a"), answers.known("b")]).toEqual([{ value: "A" }, null]);
  });
});
