import { createHmac, timingSafeEqual } from "node:crypto";
import { Transform } from "node:stream";
import { Problem } from "../problem.ts";

/**
 * A body on its way from one server to another: pieces, each with a code over its bytes, its place and whether it is the
 * last, by a key of this request alone. So each piece is known to be right before anything is done with it, none can be
 * left out, put elsewhere or taken from another request, and a body that breaks off is not taken for a whole one; yet
 * nothing waits for its end, nor lies on a disk.
 */
const mostBytes = 64 * 1024;
const headBytes = 5;
const codeBytes = 32;

/** The key of a request's body. */
export const bodyKey = (key: Uint8Array, jti: string): Buffer => createHmac("sha256", key).update(jti).digest();

function codeOf(key: Buffer, place: number, head: Buffer, bytes: Buffer): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(place));
  return createHmac("sha256", key).update(number).update(head).update(bytes).digest();
}

function frame(key: Buffer, place: number, bytes: Buffer, last: boolean): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(last ? 1 : 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes, codeOf(key, place, head, bytes)]);
}

/** Puts the bytes that go through it into pieces. */
export function framing(key: Buffer): Transform {
  let place = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += mostBytes)
        this.push(frame(key, place++, chunk.subarray(at, at + mostBytes), false));
      done();
    },
    flush(done) {
      this.push(frame(key, place++, Buffer.alloc(0), true));
      done();
    },
  });
}

/** The bytes of the pieces, each when it is known to be right; throws at the first that is not, and where the last is missing. */
export async function* unframed(source: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  let place = 0;
  let ended = false;
  for await (const chunk of source) {
    if (ended) throw damaged();
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    for (let size = sizeOf(waiting); waiting.length >= size; size = sizeOf(waiting)) {
      const head = waiting.subarray(0, headBytes);
      const bytes = waiting.subarray(headBytes, size - codeBytes);
      if (!timingSafeEqual(codeOf(key, place++, head, bytes), waiting.subarray(size - codeBytes, size)))
        throw damaged();
      ended = head.readUInt8() === 1;
      waiting = waiting.subarray(size);
      if (ended && waiting.length > 0) throw damaged();
      if (bytes.length > 0) yield bytes;
    }
  }
  if (!ended) throw new Problem(400, "the body was cut off; send it again", { code: "cut-off" });
}

/** Of the piece that begins here; so much is needed to know it. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < headBytes) return Infinity;
  const length = bytes.readUInt32BE(1);
  if (length > mostBytes) throw damaged();
  return headBytes + length + codeBytes;
}

const damaged = () => new Problem(400, "the body is not what was passed on; send it again", { code: "damaged-body" });
