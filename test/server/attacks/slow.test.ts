import net from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "node:net";
import { gzipSync } from "node:zlib";
import type { Request } from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { Owner } from "../../../pipelines/owner.ts";
import { readText } from "../../../server/body.ts";
import { usualPatience } from "../../../server/listen.ts";
import { longestUploadMs } from "../../../server/routes/files.ts";
import { makeForce } from "../../support/force.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask } from "../ask.ts";

/** Seconds are enough here where minutes are in use. */
const patience = { headersMs: 600, requestMs: 1500, keepAliveMs: 400, headerBytes: 8192, lookMs: 100 };
const { home } = makeForce();
let owner: Owner;
let socket: Server;
let fixture: Fixture;
beforeAll(async () => {
  owner = await Owner.open(home.context);
  socket = await listenForCommands(home.folder, (ask, tell) => owner.answer(ask, tell));
  fixture = await serveFixture({ patience, pipelinesHome: home.folder, maxFileBytes: 4 * 1024 * 1024 });
});
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await owner.close();
  await home.remove();
});

interface Talk {
  say(text: string | Buffer): void;
  /** All that was answered, when the server has closed the connection; or what there is after some time. */
  answer(withinMs?: number): Promise<{ text: string; closed: boolean; ms: number }>;
}

/** A connection of which every byte is ours. */
async function connect(address = fixture.address): Promise<Talk> {
  const connection = net.connect(Number(new URL(address).port), "127.0.0.1");
  await new Promise((resolve) => connection.once("connect", resolve));
  const since = performance.now();
  let text = "";
  connection.on("data", (piece) => (text += piece.toString()));
  connection.on("error", () => undefined);
  const closed = new Promise<true>((resolve) => connection.once("close", () => resolve(true)));
  return {
    say: (text) => void connection.write(text),
    async answer(withinMs = 5000) {
      const done = await Promise.race([closed, sleep(withinMs, false as const)]);
      const ms = performance.now() - since;
      connection.destroy();
      return { text, closed: done, ms };
    },
  };
}

/** Says a little again and again until the server closes the connection. */
async function dribble(talk: Talk, piece: string, everyMs = 100) {
  let over = false;
  const answer = talk.answer(14_000).finally(() => (over = true));
  while (!over) {
    talk.say(piece);
    await sleep(everyMs);
  }
  return answer;
}

const head = (method: string, path: string, headers: Record<string, string> = {}) =>
  [
    `${method} /api/v1${path} HTTP/1.1`,
    "Host: localhost",
    ...Object.entries({ Cookie: fixture.cookie, ...headers }).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");
const json = { "Content-Type": "application/json" };

/** The others, meanwhile. */
const others = async () => (await ask(fixture, "/api/v1/units")).status;

describe("listen(handler, host, port, patience)", () => {
  it("lets go who never ends the headers, with 408, and answers others meanwhile", async () => {
    const talk = await connect();
    talk.say("GET /api/v1/units HTTP/1.1\r\nHost: localhost\r\n");
    const slow = dribble(talk, "X-A: b\r\n", 50);
    expect(await others()).toBe(200);
    const { text, closed, ms } = await slow;
    expect(closed).toBe(true);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(4000);
  });

  it("lets go many of them at once, and answers others meanwhile", async () => {
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const talk = await connect();
        talk.say("GET /api/v1/units HTTP/1.1\r\n");
        return talk.answer();
      }).concat(others().then((status) => ({ text: `HTTP/1.1 408 ${status}`, closed: status === 200, ms: 0 }))),
    );
    expect(slow.filter(({ text, closed }) => !closed || !text.startsWith("HTTP/1.1 408 "))).toEqual([]);
  });

  it("lets go who says nothing after an answer", async () => {
    const talk = await connect();
    talk.say(head("GET", "/session"));
    const { text, closed, ms } = await talk.answer();
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(closed).toBe(true);
    expect(ms).toBeLessThan(4000);
  });

  it("takes no more headers than it says, and all of those", async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`X-${i}`, "v"]));
    const from = { ...many, "Sec-Fetch-Site": "cross-site", ...json, Connection: "close", "Content-Length": "2" };
    const talk = await connect();
    // The one that counts comes last: none is left out.
    talk.say(head("POST", "/actions", from) + "[]");
    expect((await talk.answer()).text).toMatch(/^HTTP\/1\.1 403 /);
    const large = await connect();
    large.say(head("GET", "/units", { "X-A": "x".repeat(9000) }));
    expect((await large.answer()).text).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("has time for the largest upload at the least pace, and little for headers", () => {
    expect(longestUploadMs(2048 * 1024 * 1024)).toBeGreaterThan(((2048 * 1024) / 16) * 1000);
    expect(usualPatience.requestMs).toBeGreaterThan(longestUploadMs(2048 * 1024 * 1024));
    expect(Number.isInteger(longestUploadMs(1_000_001))).toBe(true);
    expect(usualPatience.headersMs).toBeLessThanOrEqual(30_000);
  });
});

describe("a body", () => {
  it("that dribbles is answered 408 by whoever reads it", async () => {
    const request = Object.assign(new PassThrough(), { headers: {} }) as unknown as PassThrough & Request;
    const read = readText(request, 1000, 300).catch((error: unknown) => error);
    for (let i = 0; i < 5; i++) {
      request.write("x");
      await sleep(100);
    }
    expect(await read).toMatchObject({ status: 408, code: "too-slow" });
  });

  it("that dribbles is let go in any case, with 408, and others are answered meanwhile", async () => {
    const talk = await connect();
    talk.say(head("POST", "/actions", { ...json, "Content-Length": "1000" }));
    const slow = dribble(talk, " ");
    expect(await others()).toBe(200);
    const { text, closed } = await slow;
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(closed).toBe(true);
  });

  it("that nobody reads is not waited for: the answer comes at once, and the connection is cut off", async () => {
    const patient = await serveFixture({ drainMs: 1000, patience: { ...patience, requestMs: 60_000 } });
    const talk = await connect(patient.address);
    talk.say(head("GET", "/units", { "Content-Length": "1000", Cookie: patient.cookie }));
    await sleep(500);
    const { closed, text, ms } = await dribble(talk, "x", 100);
    expect(text).toMatch(/^HTTP\/1\.1 /);
    expect(closed).toBe(true);
    expect(ms).toBeLessThan(4500);
    await patient.stop();
  });

  it("that is longer than allowed is refused before it has come, with and without its length", async () => {
    const long = "x".repeat(80_000);
    for (const [headers, body] of [
      [{ ...json, "Content-Length": "5000000000" }, long],
      [{ ...json, "Transfer-Encoding": "chunked" }, `13880\r\n${long}\r\n`],
    ] as [Record<string, string>, string][]) {
      const talk = await connect();
      talk.say(head("POST", "/runs", headers) + body);
      expect((await talk.answer(1000)).text).toMatch(/^HTTP\/1\.1 413 /);
    }
  });

  it("without its length is read to its end", async () => {
    const talk = await connect();
    talk.say(head("POST", "/runs", { ...json, "Transfer-Encoding": "chunked", Connection: "close" }));
    for (const piece of ['{"feeds"', ': ["nothing"', "]}"]) {
      await sleep(50);
      talk.say(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }
    talk.say("0\r\n\r\n");
    expect((await talk.answer()).text).toMatch(/^HTTP\/1\.1 404 [\s\S]*nothing/);
  });

  it.each([
    ["is shorter than it says", { "Content-Length": "100" }, "{}", /^HTTP\/1\.1 408 /],
    ["has two lengths", { "Content-Length": "2\r\nContent-Length: 3" }, "{} ", /^HTTP\/1\.1 400 /],
    ["has a length and comes in pieces", { "Content-Length": "2", "Transfer-Encoding": "chunked" }, "2\r\n{}\r\n0\r\n\r\n", /^HTTP\/1\.1 400 /], // prettier-ignore
    ["has a length below nothing", { "Content-Length": "-2" }, "{}", /^HTTP\/1\.1 400 /],
    ["has a piece whose length is none", { "Transfer-Encoding": "chunked" }, "zz\r\n{}\r\n", /^HTTP\/1\.1 400 /],
    ["comes in a coding that there is not", { "Transfer-Encoding": "gzip" }, "{}", /^HTTP\/1\.1 (400|501) /],
  ])("that %s is refused", async (_, headers, body, status) => {
    const talk = await connect();
    talk.say(head("POST", "/runs", { ...json, ...headers }) + body);
    const { text, closed } = await talk.answer();
    expect(text).toMatch(status);
    expect(closed).toBe(true);
    expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it("does not hide another question in what is more than its length", async () => {
    const talk = await connect();
    talk.say(
      `${head("GET", "/session", { "Content-Length": "0" })}GET /api/v1/none HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    );
    // It is a question of its own, judged as one.
    expect((await talk.answer()).text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 421"]);
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])(
    "that is packed as %s is refused, not unpacked",
    async (coding) => {
      const body = gzipSync(Buffer.alloc(5_000_000, "[")).subarray(0, 4000).toString("latin1");
      for (const [path, type] of [
        ["/actions", "application/json"],
        ["/feeds/complaints/files", "multipart/form-data; boundary=b"],
        ["/session", "application/x-www-form-urlencoded"],
      ] as const) {
        const headers = { "content-type": type, "content-encoding": coding };
        const answered = await ask(fixture, `/api/v1${path}`, { method: "POST", headers, body });
        expect([path, answered.status, answered.headers["accept-encoding"]]).toEqual([path, 415, "identity"]);
      }
    },
  );
});

describe("an upload", () => {
  const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="k.csv"\r\n\r\n';

  it("that goes on steadily is taken, however long it lasts", async () => {
    const patient = await serveFixture({
      pipelinesHome: home.folder,
      patience: { ...patience, requestMs: usualPatience.requestMs },
    });
    const talk = await connect(patient.address);
    const headers = { "Content-Type": "multipart/form-data; boundary=b", "Transfer-Encoding": "chunked" };
    const chunk = (text: string) => talk.say(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    talk.say(head("POST", "/feeds/complaints/files", { ...headers, Connection: "close", Cookie: patient.cookie }));
    chunk(form + "klachtnummer;ontvangen op;eenheid;aspecten\r\n");
    // Longer than headers, and the next question, may take.
    for (let row = 0; row < 20; row++) {
      chunk(`K-${row};15-03-2016;Den Haag;bejegening\r\n`);
      await sleep(100);
    }
    chunk("\r\n--b--\r\n");
    talk.say("0\r\n\r\n");
    const { text } = await talk.answer(20_000);
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('"read":20');
    await patient.stop();
  });

  it("that says its length wrong is refused, and nothing of it is loaded", async () => {
    const before = await owner.db.one("select count(*) as n from loads");
    const headers = { "Content-Type": "multipart/form-data; boundary=b" };
    const large = await connect();
    large.say(head("POST", "/feeds/complaints/files", { ...headers, "Content-Length": "999999999999" }));
    expect((await large.answer(1000)).text).toMatch(/^HTTP\/1\.1 413 /);
    const short = await connect();
    short.say(head("POST", "/feeds/complaints/files", { ...headers, "Content-Length": "5000" }) + form + "a;b\r\n");
    const { text, closed } = await short.answer();
    expect([closed, text]).toEqual([true, expect.stringMatching(/^HTTP\/1\.1 408 |^$/)]);
    expect(await owner.db.one("select count(*) as n from loads")).toEqual(before);
  });
});
