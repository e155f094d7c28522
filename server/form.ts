import { Transform, type Readable } from "node:stream";
import { Busboy, type BusboyHeaders } from "@fastify/busboy";
import type { Request } from "express";
import { Problem, shown } from "./problem.ts";

/** A part of a form: a text, or a file whose bytes must be read before the next part comes. */
export type Part = { name: string; text: string } | { name: string; file: string; bytes: Readable };

export interface FormLimits {
  /** Of the whole body. */
  bytes: number;
  /** Of one text. */
  text: number;
  parts: number;
  /** How long a sender may be silent; and in all, besides the time that its bytes take at the least pace. */
  silenceMs: number;
  /** Bytes a second. */
  leastPace: number;
}

/** The parts of a multipart body, one after another as they arrive; the sender waits while nobody asks for more. */
export class Form {
  private readonly ready: (Part | null)[] = [];
  private waiting: { resolve(part: Part | null): void; reject(error: unknown): void } | null = null;
  private failure: unknown = null;
  private current: Readable | null = null;

  constructor(request: Request, limits: FormLimits) {
    const parser = new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: { fieldSize: limits.text, fields: limits.parts, files: limits.parts, parts: limits.parts },
    });
    const counted = new Counted(limits);
    const fail = (error: unknown) => this.fail(error);
    request.once("aborted", () => fail(cutOff()));
    request.once("error", () => fail(cutOff()));
    counted.once("error", fail);
    parser.once("error", () => fail(malformed()));
    parser.on("partsLimit", () => fail(new Problem(400, `more than ${limits.parts} parts; send fewer files at once`)));
    parser.on("field", (name, text, _nameCut, cut) => {
      if (cut) fail(new Problem(413, `${shown(name)} is longer than ${limits.text} bytes`));
      else this.give({ name, text });
    });
    parser.on("file", (name, bytes, file) => {
      bytes.on("error", () => fail(malformed()));
      this.current = bytes;
      this.give({ name, file, bytes });
    });
    parser.once("finish", () => this.give(null));
    request.pipe(counted).pipe(parser);
  }

  /** The next part; null where the form ends. */
  next(): Promise<Part | null> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.ready.length > 0) return Promise.resolve(this.ready.shift()!);
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  /** The bytes of a file; where they break off, the error says why. */
  async *read(bytes: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const piece of bytes as AsyncIterable<Buffer>) yield piece;
    } catch {
      throw this.failure ?? malformed();
    }
  }

  private give(part: Part | null): void {
    if (!this.waiting) return void this.ready.push(part);
    this.waiting.resolve(part);
    this.waiting = null;
  }

  private fail(error: unknown): void {
    if (this.failure) return;
    this.failure = error;
    this.current?.destroy(error as Error);
    this.waiting?.reject(error);
    this.waiting = null;
  }
}

/** Lets bytes pass up to a number of them, and no sender who says nothing, or next to nothing, for long though we listen: others wait meanwhile. */
class Counted extends Transform {
  private bytes = 0;
  /** How long we listened in all, and since when we do. */
  private listened = 0;
  private since = performance.now();
  private silence: NodeJS.Timeout | undefined;
  private readonly limits: FormLimits;

  constructor(limits: FormLimits) {
    super();
    this.limits = limits;
    this.listen();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null, data?: Buffer) => void) {
    clearTimeout(this.silence);
    this.listened += performance.now() - this.since;
    this.bytes += chunk.length;
    if (this.bytes > this.limits.bytes) done(tooLarge(this.limits.bytes));
    else done(null, chunk);
  }

  /** Called when whoever takes the bytes wants more. */
  override _read(size: number): void {
    this.listen();
    super._read(size);
  }

  override _flush(done: () => void): void {
    clearTimeout(this.silence);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.silence);
    done(error);
  }

  private listen(): void {
    clearTimeout(this.silence);
    const { silenceMs, leastPace } = this.limits;
    this.since = performance.now();
    const left = silenceMs + (this.bytes / leastPace) * 1000 - this.listened;
    const fault = left < silenceMs ? tooSlow(leastPace) : silent(silenceMs);
    this.silence = setTimeout(() => this.destroy(fault), Math.max(0, Math.min(left, silenceMs)));
    this.silence.unref();
  }
}

export const tooLarge = (bytes: number) =>
  new Problem(413, `the body has more than ${Math.round(bytes / 1024 / 1024)} MB; split it, or raise KVV_MAX_FILE_MB`, {
    code: "too-large",
  });

const tooSlow = (pace: number) =>
  new Problem(408, `the file came slower than ${Math.round(pace / 1024)} kB a second; send it again from nearer by`);
const silent = (ms: number) => new Problem(408, `nothing came for ${ms / 1000} seconds; send it again`);
const cutOff = () => new Problem(400, "the body was cut off; send it again", { code: "cut-off" });
const malformed = () =>
  new Problem(400, "the body is no whole multipart form; send the file as curl -F file=@name does", {
    code: "bad-form",
  });
