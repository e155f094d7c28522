import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyKey, framing, unframed } from "../../../server/servers/frames.ts";

const key = bodyKey(new Uint8Array(32), "one");

const collect = async (pieces: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = [];
  for await (const each of pieces) all.push(each);
  return Buffer.concat(all);
};
const framed = (bytes: Buffer[], by = key): Promise<Buffer> => collect(Readable.from(bytes).pipe(framing(by)));
/** The bytes as a network may cut them. */
async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const read = (bytes: Buffer, size = 1000, by = key) => collect(unframed(cut(bytes, size), by));

describe("unframed(source, key)", () => {
  it("gives back what was framed, wherever the network cuts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 90 }),
        async (pieces, size) => {
          const bytes = pieces.map((each) => Buffer.from(each));
          expect((await read(await framed(bytes), size)).equals(Buffer.concat(bytes))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
    const large = Buffer.alloc(300_000, "kvv");
    expect((await read(await framed([large]), 9999)).equals(large)).toBe(true);
  });

  it("gives nothing of a piece that was changed, wherever", async () => {
    const bytes = await framed([Buffer.from("geheim")]);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      const given: Buffer[] = [];
      const reading = (async () => {
        for await (const each of unframed(cut(changed, 7), key)) given.push(each);
      })();
      await expect(reading, String(at)).rejects.toMatchObject({ status: 400 });
      expect(["", "geheim"]).toContain(Buffer.concat(given).toString());
      if (at < 43) expect(given).toEqual([]);
    }
  });

  it("takes no body for whole that breaks off, goes on, is put in another order, or is of another request", async () => {
    const one = Buffer.alloc(64 * 1024, "a");
    const bytes = await framed([one, Buffer.from("b")]);
    const first = 5 + one.length + 32;
    const second = first + 5 + 1 + 32;
    await expect(read(bytes.subarray(0, second))).rejects.toMatchObject({ code: "cut-off" });
    await expect(read(bytes.subarray(0, first + 3))).rejects.toMatchObject({ code: "cut-off" });
    await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ code: "cut-off" });
    const damaged = { code: "damaged-body" };
    await expect(read(Buffer.concat([bytes, Buffer.from("x")]))).rejects.toMatchObject(damaged);
    await expect(read(Buffer.concat([bytes, bytes]))).rejects.toMatchObject(damaged);
    await expect(read(Buffer.concat([bytes.subarray(first, second), bytes.subarray(0, first), bytes.subarray(second)]))).rejects.toMatchObject(damaged); // prettier-ignore
    await expect(read(bytes.subarray(first))).rejects.toMatchObject(damaged);
    await expect(read(bytes, 1000, bodyKey(new Uint8Array(32), "two"))).rejects.toMatchObject(damaged);
  });

  it("holds no more than a piece", async () => {
    const claims = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
    await expect(read(claims)).rejects.toMatchObject({ code: "damaged-body" });
  });
});
