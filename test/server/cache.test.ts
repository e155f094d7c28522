import { describe, expect, it } from "vitest";
import { AnswerCache } from "../../server/cache.ts";

const kept = (bytes: number) => ({ bytes: Buffer.alloc(bytes), coding: "identity" as const });

describe("AnswerCache", () => {
  it("drops what was asked for longest ago when it is full", () => {
    const cache = new AnswerCache(100);
    cache.set("a", kept(40));
    cache.set("b", kept(40));
    expect(cache.get("a")).toBeDefined();
    cache.set("c", kept(40));
    expect(cache.get("b")).toBeUndefined();
    expect(cache.get("a")).toBeDefined();
    expect(cache.get("c")).toBeDefined();
  });

  it("counts an entry that is set again once, and keeps nothing larger than itself", () => {
    const cache = new AnswerCache(100);
    for (let i = 0; i < 10; i++) cache.set("a", kept(60));
    cache.set("b", kept(40));
    expect(cache.get("a")).toBeDefined();
    cache.set("c", kept(101));
    expect(cache.get("c")).toBeUndefined();
    expect(cache.get("b")).toBeDefined();
  });

  it("has what several ask for at once made once", async () => {
    const cache = new AnswerCache(100);
    let made = 0;
    const make = async () => {
      made += 1;
      await Promise.resolve();
      return kept(10);
    };
    const all = await Promise.all([cache.once("a", make), cache.once("a", make), cache.once("b", make)]);
    expect(all[0]).toBe(all[1]);
    expect(made).toBe(2);
    expect(await cache.once("a", make)).toBe(all[0]);
    expect(made).toBe(2);
  });

  it("has what failed or is not to be kept made anew", async () => {
    const cache = new AnswerCache(100);
    const fails = () => Promise.reject(new Error("no"));
    const both = await Promise.allSettled([cache.once("a", fails), cache.once("a", fails)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await cache.once("a", async () => null)).toBeNull();
    expect(await cache.once("a", async () => kept(10))).toMatchObject({ bytes: Buffer.alloc(10) });
  });
});
