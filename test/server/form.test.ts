import { PassThrough } from "node:stream";
import { setTimeout as after } from "node:timers/promises";
import type { Request } from "express";
import { describe, expect, it } from "vitest";
import { Form } from "../../server/form.ts";

const limits = { bytes: 1e6, text: 1000, parts: 10, silenceMs: 300, leastPace: 1024 };
const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n';

/** A body that is written while it is read. */
function body(): PassThrough & Request {
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  return Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & Request;
}

async function readFile(form: Form): Promise<number> {
  const part = await form.next();
  if (!part || !("bytes" in part)) throw new Error("no file");
  let bytes = 0;
  for await (const piece of form.read(part.bytes)) bytes += piece.length;
  await form.next();
  return bytes;
}

describe("Form(request, limits)", () => {
  it("takes a file whose bytes come at once", async () => {
    const request = body();
    const read = readFile(new Form(request, limits));
    request.end(`${head}${"x".repeat(5000)}\r\n--x--\r\n`);
    expect(await read).toBe(5000);
  });

  it("refuses a sender who says nothing for long", async () => {
    const request = body();
    const read = readFile(new Form(request, limits));
    request.write(head);
    await expect(read).rejects.toMatchObject({ status: 408, detail: expect.stringContaining("nothing came") });
  });

  it("refuses a sender who says a byte now and then", async () => {
    const request = body();
    const read = readFile(new Form(request, limits)).catch((error: unknown) => error);
    request.write(head);
    for (let sent = 0; sent < 8 && !request.destroyed; sent++) {
      await after(100);
      request.write("x");
    }
    expect(await read).toMatchObject({ status: 408, detail: expect.stringContaining("slower than 1 kB a second") });
  });
});
