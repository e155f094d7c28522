import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { describe, expect, it } from "vitest";
import { Readers } from "../../server/readers.ts";

/** A question that is asked until `end` is called. */
function asked(readers: Readers, method = "GET", isOwn = false): { end(): void } {
  const response = new EventEmitter();
  readers.count(() => isOwn)({ method } as Request, response as unknown as Response, () => undefined);
  return { end: () => void response.emit("close") };
}

/** Whether it resolves before anything else happens. */
const isAtOnce = (wait: Promise<void>) =>
  Promise.race([wait.then(() => true), new Promise((resolve) => setTimeout(resolve, 20, false))]);

describe("Readers.pause()", () => {
  it("is over at once where no reader waits: the server's own questions and what is written do not count", async () => {
    const readers = new Readers();
    asked(readers, "GET", true);
    asked(readers, "POST");
    asked(readers).end();
    expect(await isAtOnce(readers.pause())).toBe(true);
  });

  it("lasts until the last who waits is answered", async () => {
    const readers = new Readers();
    const [first, second] = [asked(readers), asked(readers)];
    const wait = readers.pause();
    first.end();
    expect(await isAtOnce(wait)).toBe(false);
    second.end();
    expect(await isAtOnce(wait)).toBe(true);
  });

  it("does not last for ever", async () => {
    const readers = new Readers();
    asked(readers);
    await readers.pause();
  });
});
