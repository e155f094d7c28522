import { randomUUID } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { pipeline, Readable, Transform, type TransformCallback } from "node:stream";
import { fitsSocket } from "./handover.ts";
import type { ByteSource } from "./reading/source.ts";

/** A file that comes from another process of this machine, without lying on a disk on the way. */
export interface Upload {
  /** Where its bytes are to be had, once. */
  address: string;
  /** Base name, for people. */
  name: string;
  /** Text of the mapping that came with it. */
  mapping: string | null;
}

/** Bytes on offer at an address. */
export interface Offer {
  address: string;
  /** Takes the offer back; what is under way is cut off. */
  close(): Promise<void>;
}

const lengthBytes = 4;
const dayMs = 24 * 3600 * 1000;

const prefix = "kvv-upload-";

/** Offers bytes to one taker: only the user who runs the monitor can reach the address. It lies in the home, since processes of one home need not share a folder for temporary files. */
export async function offerUpload(bytes: AsyncIterable<Buffer>, home: string): Promise<Offer> {
  const fits = fitsSocket(path.join(home, `${prefix}XXXXXX`, "bytes"));
  const folder = process.platform === "win32" ? null : await mkdtemp(path.join(fits ? home : os.tmpdir(), prefix));
  const address = folder ? path.join(folder, "bytes") : `\\\\.\\pipe\\kvv-upload-${randomUUID()}`;
  let taker: net.Socket | undefined;
  const server = net.createServer((socket) => {
    if (taker) return void socket.destroy();
    taker = socket;
    // A taker that has seen enough breaks off what still lies in between, also after the last piece was written.
    socket.on("error", () => socket.destroy());
    pipeline(Readable.from(framed(bytes), { objectMode: false }), socket, () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });
  return {
    address,
    async close() {
      taker?.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Offers of servers that were killed; an upload takes no day. */
export function removeOldOffers(home: string, now: Date): void {
  for (const name of readdirSync(home).filter((each) => each.startsWith(prefix))) {
    const folder = path.join(home, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found && now.getTime() - found.mtimeMs > dayMs) rmSync(folder, { recursive: true, force: true });
  }
}

/** An upload as a source of bytes; one that is cut off before its end is an error of the stream. */
export function uploadSource({ address, name }: Pick<Upload, "address" | "name">): ByteSource {
  return {
    name,
    size: null,
    path: null,
    open() {
      const whole = new Unframed();
      const socket = net.connect(address);
      socket.on("error", () => socket.destroy());
      pipeline(socket, whole, () => undefined);
      return whole;
    },
  };
}

/** Each piece after its length, and a length of 0 at the end: a connection that breaks ends like one that is done. */
async function* framed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    yield lengthOf(piece.length);
    yield piece;
  }
  yield lengthOf(0);
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** The pieces without their lengths. */
class Unframed extends Transform {
  private head = Buffer.alloc(0);
  private left = 0;
  private whole = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = 0; at < chunk.length;) {
      if (this.left > 0) {
        const piece = chunk.subarray(at, at + this.left);
        this.push(piece);
        this.left -= piece.length;
        at += piece.length;
        continue;
      }
      const wanted = lengthBytes - this.head.length;
      this.head = Buffer.concat([this.head, chunk.subarray(at, at + wanted)]);
      at += wanted;
      if (this.head.length < lengthBytes) break;
      this.left = this.head.readUInt32BE();
      this.whole = this.left === 0;
      this.head = Buffer.alloc(0);
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    done(this.whole ? null : new Error("the upload was cut off"));
  }
}
