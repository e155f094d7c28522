import zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillAnswer, type Answer } from "../../server/answer.ts";
import { piecesOf } from "../../server/answers.ts";
import { AnswerCache } from "../../server/cache.ts";
import { serveFixture, type Fixture } from "../support/serve-fixture.ts";
import { makeSnapshot } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await serveFixture({ rows: 60 });
});
afterAll(() => fixture.stop());

const question = "/api/v1/series?indicator=complaints&unit=den-haag";
const tagOf = async (path: string, headers: Record<string, string> = {}) =>
  (await ask(fixture, path, { headers })).headers.etag!;

describe("ETag", () => {
  it("is strong and the same for the same question", async () => {
    const tag = await tagOf(question);
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(await tagOf(question)).toBe(tag);
    expect(await tagOf("/api/v1/series?unit=den-haag&indicator=complaints&grain=half")).toBe(tag);
  });

  it("differs by question, format, language and coding", async () => {
    const tags = await Promise.all([
      tagOf(question),
      tagOf(`${question}&grain=year`),
      tagOf(`${question}&format=csv`),
      tagOf(`${question}&format=csv&locale=nl`),
      tagOf(`${question}&format=arrow`),
      tagOf(question, { "accept-encoding": "gzip" }),
      tagOf(question, { "accept-encoding": "br" }),
      tagOf("/api/v1/units"),
    ]);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it.each(["exact", "weak", "list", "star"])("brings 304 without a body to a reader who has it (%s)", async (how) => {
    const tag = await tagOf(question);
    const header = { exact: tag, weak: `W/${tag}`, list: `"x", ${tag}`, star: "*" }[how]!;
    const answered = await ask(fixture, question, { headers: { "if-none-match": header } });
    expect(answered).toMatchObject({ status: 304, text: "" });
    expect(answered.headers.etag).toBe(tag);
    expect(answered.headers["cache-control"]).toBe("private, no-cache");
  });

  it("brings the answer to a reader who has another", async () => {
    const answered = await ask(fixture, question, { headers: { "if-none-match": '"another"' } });
    expect(answered.status).toBe(200);
  });

  it("stands on every data answer, and on no problem", async () => {
    for (const path of ["meta", "units", "indicators", "indicators/top61", "overview", "feeds", "openapi.json"])
      expect(await tagOf(`/api/v1/${path}`), path).toBeDefined();
    expect(await tagOf("/api/v1/series?indicator=x")).toBeUndefined();
  });

  it("changes with the snapshot", async () => {
    const tag = await tagOf(question);
    await makeSnapshot(fixture.home, { name: "20170204T060000Z-0000ab", scale: 3 });
    await fixture.snapshots.refresh();
    const answered = await ask(fixture, question, { headers: { "if-none-match": tag } });
    expect(answered.status).toBe(200);
    expect(answered.headers.etag).not.toBe(tag);
  });
});

describe("Accept-Encoding", () => {
  it.each(["gzip", "br"])("%s brings the same bytes, packed, the second time too", async (coding) => {
    const plain = await ask(fixture, question);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    for (let i = 0; i < 2; i++) {
      const packed = await ask(fixture, question, { headers: { "accept-encoding": coding } });
      expect(packed.headers["content-encoding"]).toBe(coding);
      const unpack = coding === "br" ? zlib.brotliDecompressSync : zlib.gunzipSync;
      expect(unpack(packed.bytes).equals(plain.bytes)).toBe(true);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
    }
  });

  it("gives as it is what was asked packed before, and keeps it packed only", async () => {
    const other = `${question}&grain=year`;
    const packed = await ask(fixture, other, { headers: { "accept-encoding": "br" } });
    const plain = await ask(fixture, other);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(zlib.brotliDecompressSync(packed.bytes).equals(plain.bytes)).toBe(true);
    const cache = new AnswerCache(1_000_000);
    const pieces = async () => piecesOf(["a".repeat(500_000)]);
    for (const name of ["one", "two", "three"]) {
      const answer = { key: [name], contentType: "text/plain", pieces };
      await fillAnswer(cache, answer, "identity");
    }
    // Three times half a megabyte would not have found room.
    let made = 0;
    await fillAnswer(cache, { key: ["one"], contentType: "text/plain", pieces: async () => (made++, pieces()) }, "br");
    expect(made).toBe(0);
  });

  it("packs what was made unpacked before, or is being made, without making it again", async () => {
    const cache = new AnswerCache(1_000_000);
    let made = 0;
    const answerOf = (name: string): Answer => ({
      ...{ key: [name], contentType: "text/plain" },
      async pieces() {
        made += 1;
        return piecesOf([name.repeat(5000)]);
      },
    });
    await fillAnswer(cache, answerOf("before"), "identity");
    await fillAnswer(cache, answerOf("before"), "br");
    await Promise.all([
      fillAnswer(cache, answerOf("beside"), "identity"),
      fillAnswer(cache, answerOf("beside"), "gzip"),
    ]);
    expect(made).toBe(2);
  });

  it("leaves small answers as they are", async () => {
    const { headers } = await ask(fixture, "/api/v1/meta", { headers: { "accept-encoding": "gzip" } });
    expect(headers["content-encoding"]).toBeUndefined();
  });
});

describe("a large answer", () => {
  let large: Fixture;
  beforeAll(async () => {
    large = await serveFixture({ rows: 400 });
  });
  afterAll(() => large.stop());
  const all = "/api/v1/series?indicator=all&unit=all&grain=month";

  it("goes out in pieces, whole and as JSON", async () => {
    const { headers, text, status } = await ask(large, all);
    expect(status).toBe(200);
    expect(headers["content-length"]).toBeUndefined();
    expect(text.length).toBeGreaterThan(8 * 1024 * 1024);
    const rows = JSON.parse(text) as unknown[];
    expect(rows.length).toBeGreaterThan(40_000);
    const packed = await ask(large, all, { headers: { "accept-encoding": "gzip" } });
    expect(zlib.gunzipSync(packed.bytes).toString()).toBe(text);
  });

  it("does no harm when its reader leaves half-way", async () => {
    const leave = new AbortController();
    const response = await fetch(large.address + all, { signal: leave.signal, headers: { cookie: large.cookie } });
    const reader = response.body!.getReader();
    await reader.read();
    leave.abort();
    await reader.read().catch(() => undefined);
    expect((await ask(large, "/readyz")).status).toBe(200);
  });
});

describe("HEAD", () => {
  it("has the headers of GET and no body", async () => {
    const got = await ask(fixture, question);
    const headed = await ask(fixture, question, { method: "HEAD" });
    expect(headed).toMatchObject({ status: 200, text: "" });
    for (const name of ["etag", "content-type", "content-length"]) expect(headed.headers[name]).toBe(got.headers[name]);
  });
});
