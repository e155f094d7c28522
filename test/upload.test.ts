import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { offerUpload, uploadSource } from "../pipelines/upload.ts";

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe("offerUpload", () => {
  it("gives the bytes to one taker", async () => {
    const offer = await offerUpload(pieces("eenheid;", "", "aantal"));
    const taken: Buffer[] = [];
    for await (const chunk of uploadSource({ address: offer.address, name: "a.csv" }).open())
      taken.push(chunk as Buffer);
    await offer.close();
    expect(Buffer.concat(taken).toString()).toBe("eenheid;aantal");
  });

  it("outlives a taker that breaks off when all is written but not all is read", async () => {
    const faults: unknown[] = [];
    const keep = (error: unknown) => void faults.push(error);
    process.on("uncaughtException", keep);
    const offer = await offerUpload(pieces("a".repeat(50_000)));
    const taker = net.connect(offer.address).pause();
    await sleep(100);
    taker.destroy();
    await sleep(100);
    await offer.close();
    process.off("uncaughtException", keep);
    expect(faults).toEqual([]);
  });
});
