import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { offerUpload, removeOldOffers, uploadSource } from "../pipelines/upload.ts";
import { temporaryHome } from "./support/snapshot.ts";

const { home, remove } = temporaryHome();
afterAll(remove);

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe("offerUpload(bytes, home)", () => {
  it("lies in the home, where other processes of it can reach it, unless its name is too long for that, and is gone in the end", async () => {
    const offer = await offerUpload(pieces("a"), home);
    expect(path.dirname(path.dirname(offer.address))).toBe(home);
    await offer.close();
    expect(readdirSync(home)).toEqual([]);
    const long = path.join(home, "a".repeat(80));
    mkdirSync(long);
    const elsewhere = await offerUpload(pieces("a"), long);
    expect(elsewhere.address.startsWith(home)).toBe(false);
    expect(existsSync(elsewhere.address)).toBe(true);
    await elsewhere.close();
  });

  it("gives the bytes to one taker", async () => {
    const offer = await offerUpload(pieces("eenheid;", "", "aantal"), home);
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
    const offer = await offerUpload(pieces("a".repeat(50_000)), home);
    const taker = net.connect(offer.address).pause();
    await sleep(100);
    taker.destroy();
    await sleep(100);
    await offer.close();
    process.off("uncaughtException", keep);
    expect(faults).toEqual([]);
  });
});

describe("removeOldOffers(home, now)", () => {
  it("removes what servers left that were killed, and no other", () => {
    for (const name of ["kvv-upload-old", "kvv-upload-new", "inbox"]) mkdirSync(path.join(home, name));
    const now = new Date();
    const before = new Date(now.getTime() - 25 * 3_600_000);
    for (const name of ["kvv-upload-old", "inbox"]) utimesSync(path.join(home, name), before, before);
    removeOldOffers(home, now);
    expect(
      readdirSync(home)
        .filter((name) => !name.startsWith("a"))
        .sort(),
    ).toEqual(["inbox", "kvv-upload-new"]);
  });
});
