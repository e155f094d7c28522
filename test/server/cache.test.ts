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
});
