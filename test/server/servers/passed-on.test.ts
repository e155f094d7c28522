import { existsSync, readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { roles } from "../../../server/access.ts";
import { bodyKey, framing } from "../../../server/servers/frames.ts";
import { keysOf } from "../../../server/servers/keys.ts";
import { Tickets } from "../../../server/servers/ticket.ts";
import type { Review } from "../../../server/review/review.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askProblem, type Answered } from "../ask.ts";

const serversSecret = "a-secret-of-servers-0123456789-abcdef";
const keys = keysOf(serversSecret);
const now = () => new Date("2017-02-10T09:00:00Z");
const log = pino({ level: "silent" });

/** The server with which lives what people write; two others; and the road to it, which can be closed. */
let writer: Fixture;
let one: Fixture;
let other: Fixture;
let road: http.Server;
let closed = false;
/** What went over that road: the headers and the body of each request. */
let seen: { path: string; headers: http.IncomingHttpHeaders; body: Buffer }[];
let meddle: ((body: Buffer) => Buffer) | null = null;
/** What is answered on the road, in place of what is passed on or of its answer. */
let inPlace: { when: "asked" | "answered"; status: number } | null = null;
/** Nothing that is passed on is answered. */
let silent = false;
/** How the server is comes byte by byte, without end. */
let dripping = false;

beforeAll(async () => {
  writer = await serveFixture({ serversSecret, now, log });
  road = http.createServer((request, response) => {
    if (closed) return void request.socket.destroy();
    const { hostname, port } = new URL(writer.address);
    const { method, url, headers } = request;
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("error", () => undefined);
    request.on("end", () => {
      const body = Buffer.concat(pieces);
      seen.push({ path: url!, headers, body });
      const isNews = url === "/servers/state";
      if (silent && !isNews) return;
      if (dripping && isNews) {
        const drip = setInterval(() => response.write(" "), 200);
        return void response.once("close", () => clearInterval(drip));
      }
      const ofProxy = (when: string) => {
        if (inPlace?.when !== when || isNews) return false;
        response.writeHead(inPlace.status, { "content-type": "text/html" }).end("<h1>A proxy</h1>");
        return true;
      };
      if (ofProxy("asked")) return;
      const sent = meddle ? meddle(body) : body;
      const onward = http.request(
        {
          hostname,
          port,
          method,
          path: url,
          headers: { authorization: headers.authorization, "content-length": sent.length },
        },
        (answer) => {
          if (ofProxy("answered")) return void answer.resume();
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on("error", () => response.destroy());
      onward.end(sent);
    });
  });
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  const writesUrl = `http://127.0.0.1:${(road.address() as AddressInfo).port}`;
  seen = [];
  one = await serveFixture({ serversSecret, writesUrl, now, log });
  other = await serveFixture({ serversSecret, writesUrl: writer.address, now, log });
}, 60_000);
afterAll(async () => {
  road.closeAllConnections();
  road.close();
  for (const each of [one, other, writer]) await each.stop();
});
beforeEach(() => {
  [seen, closed, meddle, inPlace, silent] = [[], false, null, null, false];
  dripping = false;
});

const anna = { name: "anna", roles: ["leadership"], units: ["den-haag"] };
const review = "/api/v1/reviews/den-haag/2016-H2";
const json = { "content-type": "application/json" };
const writing = (text: string, version: number, headers: Record<string, string> = {}) => ({
  ...{ method: "PUT", headers: { ...json, ...headers } },
  body: JSON.stringify({ texts: [{ indicator_id: null, text, version }] }),
});
const overall = ({ text }: Answered) =>
  (JSON.parse(text) as Review).texts.find(({ indicator_id }) => indicator_id === null);
const version = async () => overall(await ask(writer, review))?.version ?? 0;
interface Line {
  user: string;
  did: string;
  what: string;
}
const told = async (fixture: Fixture): Promise<Line[]> => JSON.parse((await ask(writer === fixture ? writer : fixture, "/api/v1/audit?limit=200")).text) as Line[]; // prettier-ignore
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("what people write, asked of a server that passes it on", () => {
  it("is one and the same at all, with one ETag", async () => {
    const cookie = await one.cookieOf(anna);
    const before = await version();
    const written = await ask(one, review, writing("Geschreven.", before, { cookie }));
    expect(written.status, written.text).toBe(200);
    expect(overall(await ask(other, review))).toMatchObject({
      text: "Geschreven.",
      version: before + 1,
      saved_by: "anna",
    });
    for (const route of [review, "/api/v1/actions?format=csv", "/api/v1/loads", "/api/v1/feeds"]) {
      const [here, there] = [await ask(writer, route), await ask(one, route)];
      expect(there.status, route).toBe(200);
      expect(there.headers.etag, route).toMatch(/^"/);
      expect(there.headers.etag, route).toBe(here.headers.etag);
      expect(there.bytes.equals(here.bytes), route).toBe(true);
      const again = await ask(other, route, { headers: { "if-none-match": here.headers.etag! } });
      expect([again.status, again.bytes.length], route).toEqual([304, 0]);
    }
  });

  it("is known to be somebody's own also under a name that they got later", async () => {
    const as = (name: string) => one.cookieOf({ name, roles: ["control"], units: [], subject: "1" });
    const begun = await ask(one, "/api/v1/drafts", {
      ...{ method: "POST", headers: { ...json, cookie: await as("A. Jansen") } },
      body: JSON.stringify({ indicator_id: "complaints-passed-on", definition: "", examples: "", targets: "" }),
    });
    expect(begun.status, begun.text).toBe(200);
    const { draft_id } = JSON.parse(begun.text) as { draft_id: number };
    const { text } = await ask(one, `/api/v1/drafts/${draft_id}`, { headers: { cookie: await as("A. de Vries") } });
    expect(JSON.parse(text)).toMatchObject({ own: true, authors: ["A. Jansen"] });
  });

  it("comes packed as its reader takes it, under its name, and without a body to HEAD", async () => {
    const packed = await ask(one, review, { headers: { "accept-encoding": "br" } });
    expect(packed.headers["content-encoding"]).toBe("br");
    const sheet = await ask(one, `${review}/report.xlsx`);
    const own = await ask(writer, `${review}/report.xlsx`);
    expect(sheet.headers["content-disposition"]).toBe(own.headers["content-disposition"]);
    expect(sheet.bytes.subarray(0, 2).toString()).toBe("PK");
    const head = await ask(one, review, { method: "HEAD" });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    // Headers of the one who answers readers, once.
    expect(String(packed.headers["content-security-policy"]).match(/default-src/g)).toHaveLength(1);
    expect(packed.headers["set-cookie"]).toBeUndefined();
  });

  it("is refused to whom that server refuses it, and it writes down who it was", async () => {
    const cookie = await one.cookieOf({ ...anna, name: "bert", units: ["rotterdam"] });
    const refused = await askProblem(one, review, writing("Niet van mij.", await version(), { cookie }));
    expect(refused.status).toBe(403);
    const mine = await one.cookieOf({ ...anna, name: "carla" });
    expect((await ask(one, review, writing("Van mij.", await version(), { cookie: mine }))).status).toBe(200);
    const lines = await told(writer);
    expect(lines.find(({ user }) => user === "bert")).toMatchObject({
      did: "refused",
      what: "PUT /reviews/:unit/:half",
    });
    expect(lines.find(({ user }) => user === "carla")).toMatchObject({
      did: "changed",
      what: "PUT /reviews/:unit/:half",
    });
    // It passes on that question too; what it wrote itself has nothing of it.
    const faults = await askProblem(one, review, writing("Oud.", 0, { cookie: mine }));
    expect(faults).toMatchObject({ status: 409 });
    expect((await ask(one, review, { method: "PUT", headers: { ...json, cookie: mine }, body: "{" })).status).toBe(400);
  });

  it("takes a file as it comes, and nothing of one that breaks off", async () => {
    const form = (size: number) =>
      Buffer.concat([
        Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="acties.csv"\r\n\r\n'),
        Buffer.from("title,unit_id\r\n" + "x".repeat(size)),
        Buffer.from("\r\n--b--\r\n"),
      ]);
    const sent = { "content-type": "multipart/form-data; boundary=b" };
    const post = (fixture: Fixture, size: number) =>
      ask(fixture, "/api/v1/actions/file", { method: "POST", headers: sent, body: form(size).toString("latin1") });
    const [through, straight] = [await post(other, 200_000), await post(writer, 200_000)];
    expect([through.status, through.text]).toEqual([straight.status, straight.text]);
    // The pipelines do not run there either.
    const upload = await ask(other, "/api/v1/feeds/complaints/files", { method: "POST", headers: sent, body: form(10).toString("latin1") }); // prettier-ignore
    expect(JSON.parse(upload.text)).toMatchObject({ status: 503, type: "urn:kvv:problem:no-pipelines" });
    const large = await ask(other, review, { method: "PUT", headers: json, body: "x".repeat(6_000_000) });
    expect(large.status).toBe(413);
    // One whose sender is gone in the middle.
    const count = async () => (JSON.parse((await ask(writer, "/api/v1/actions")).text) as unknown[]).length;
    const before = await count();
    const { hostname, port } = new URL(other.address);
    const good = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"acties.csv\"\r\n\r\nunit_id,title,kind,focus,status\r\nden-haag,Half,action,inclusion,proposed\r\n"; // prettier-ignore
    const half = http.request({ hostname, port, method: "POST", path: "/api/v1/actions/file", headers: { ...sent, cookie: other.cookie, "content-length": 10_000 } }); // prettier-ignore
    half.on("error", () => undefined);
    half.write(good);
    await wait(200);
    half.destroy();
    await wait(200);
    expect(await count()).toBe(before);
    const whole = await ask(other, "/api/v1/actions/file", { method: "POST", headers: sent, body: `${good}--b--\r\n` });
    expect([whole.status, await count()], whole.text).toEqual([200, before + 1]);
  });

  it("fits the headers that a proxy takes, or is refused for its length", async () => {
    for (const [length, status] of [
      [4800, 400],
      [5900, 431],
      [10_000, 431],
    ] as const)
      // prettier-ignore
      expect((await ask(one, `${review}?x=${"y".repeat(length)}`)).status, String(length)).toBe(status);
    for (const { headers } of seen) expect(`authorization: ${headers.authorization}\r\n`.length).toBeLessThan(8192);
  });

  it("is asked by its path, also where somebody names a host before it as one does to a proxy", async () => {
    const { hostname, port } = new URL(one.address);
    const answer = await new Promise<http.IncomingMessage>((resolve) =>
      http.get({ hostname, port, path: `http://elsewhere.example${review}`, headers: { cookie: one.cookie } }, resolve),
    );
    expect(answer.resume().statusCode).toBe(200);
  });

  it("is not written by a page of elsewhere", async () => {
    const cookie = await one.cookieOf(anna);
    const evil = { cookie, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect(await askProblem(one, review, writing("Kwaad.", await version(), evil))).toMatchObject({
      status: 403,
      type: "urn:kvv:problem:other-origin",
    });
    expect(seen.filter(({ path }) => path === "/servers/passed-on")).toEqual([]);
    // Who it was stands in the log of the server that refused it.
    const folder = path.join(one.home, "audit");
    const refusals = () =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .map((file) => readFileSync(path.join(folder, file), "utf8"))
        .flatMap((text) => text.split("\n").filter((line) => line.includes('"refused"')));
    for (let i = 0; i < 50 && refusals().length === 0; i++) await wait(20);
    expect(refusals().map((line) => JSON.parse(line) as Line)).toMatchObject([
      { user: "anna", did: "refused", what: "PUT /reviews/:unit/:half", status: 403 },
    ]);
    const own = { cookie, origin: one.address, "sec-fetch-site": "same-origin" };
    expect((await ask(one, review, writing("Goed.", await version(), own))).status).toBe(200);
  });
});

describe("POST /servers/passed-on", () => {
  const resend = (
    { path, headers, body }: (typeof seen)[number],
    more: { path?: string; body?: Buffer } = {},
  ): Promise<number> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(writer.address);
      const sent = more.body ?? body;
      const authorization = headers.authorization!;
      const request = http.request(
        {
          hostname,
          port,
          method: "POST",
          path: more.path ?? path,
          headers: { authorization, "content-length": sent.length },
        },
        (answer) => resolve(answer.resume().statusCode!),
      );
      request.on("error", () => resolve(0));
      request.end(sent);
    });

  it("refuses what was passed on before", async () => {
    const cookie = await one.cookieOf(anna);
    const before = await version();
    await ask(one, review, writing("Eens.", before, { cookie }));
    const passed = seen.find(({ path }) => path === "/servers/passed-on")!;
    expect(await version()).toBe(before + 1);
    expect(await resend(passed)).toBe(403);
    expect(await version()).toBe(before + 1);
    // No cookie of a reader goes between servers.
    expect(passed.headers.cookie).toBeUndefined();
    expect(JSON.stringify(passed.headers) + passed.body.toString("latin1")).not.toContain(cookie.split("=")[1]);
  });

  it("does nothing with a body that was changed on the way", async () => {
    const cookie = await one.cookieOf(anna);
    const before = await version();
    for (const change of [
      (body: Buffer) => Buffer.from(body.toString("latin1").replace("Goed", "Fout"), "latin1"),
      (body: Buffer) => body.subarray(0, -37),
      () => Buffer.alloc(0),
    ]) {
      meddle = change;
      const answer = await ask(one, review, writing("Goed.", before, { cookie }));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      meddle = null;
      await one.look();
      expect(await version()).toBe(before);
    }
  });

  const ticketOf = async (change: object = {}, key = keys.tickets) => {
    // What the news tells.
    const news = await new Tickets(key === keys.tickets ? key : keys.tickets, Date.now).tell({ ended: [], known: "" });
    const state = await ask(writer, "/servers/state", {
      method: "POST",
      headers: { authorization: `Bearer ${news.text}` },
    });
    const { start } = JSON.parse(state.text) as { start: string };
    return new Tickets(key, Date.now).issue({
      ...{ to: start, method: "GET", path: review, headers: { accept: "*/*" }, body: false, inside: false },
      session: { id: "x", user: { name: "x", roles: [...roles], units: ["politie"] } },
      ...change,
    });
  };
  const pass = (text: string, more: Record<string, string> = {}, body = "") =>
    ask(writer, "/servers/passed-on", {
      method: "POST",
      headers: { cookie: "", authorization: `Bearer ${text}`, ...more },
      body,
    });

  it("answers a ticket of ours, and none that is forged, for another start or for something else", async () => {
    const fine = await pass((await ticketOf()).text);
    expect(fine.status, fine.text).toBe(200);
    expect((await pass((await ticketOf({}, keysOf(`${serversSecret}x`).tickets)).text)).status).toBe(403);
    expect((await pass((await ticketOf({ to: "before" })).text)).headers["x-kvv-ticket"]).toBe("other-start");
    expect((await pass("", { cookie: writer.cookie })).status).toBe(403);
    for (const path of ["/", "/metrics", "/sign-in", "/servers/state", "/published/current", "//api/v1/reviews"])
      expect((await pass((await ticketOf({ path })).text)).status, path).toBe(404);
    // What each server answers itself is not passed on, nor who is signed in.
    for (const path of ["/api/v1/overview", "/api/v1/session", "/api/v1/../../metrics"])
      expect((await pass((await ticketOf({ path })).text)).status, path).toBe(404);
    expect((await pass((await ticketOf({ path: "/api/v1/session", method: "POST" })).text)).status).toBe(404);
  });

  it("re-checks the rights of whom a ticket names, and takes no body that it does not announce", async () => {
    const session = { id: "y", user: { name: "y", roles: ["hrm"], units: [] } };
    expect((await pass((await ticketOf({ session })).text)).status).toBe(403);
    const put = { method: "PUT", headers: { "content-type": "application/json" } };
    const { text } = await ticketOf(put);
    const before = await version();
    const body = JSON.stringify({ texts: [{ indicator_id: null, text: "Erbij.", version: before }] });
    await pass(text, json, body);
    const announced = await ticketOf({ ...put, body: true });
    await pass(announced.text, json, body).catch(() => null);
    expect(await version()).toBe(before);
    // The same with its pieces signed is kept.
    const right = await ticketOf({ ...put, body: true });
    const frames: Buffer[] = [];
    const framed = framing(bodyKey(keys.bodies, right.jti));
    framed.end(body);
    for await (const each of framed) frames.push(each as Buffer);
    const passed = {
      path: "/servers/passed-on",
      headers: { authorization: `Bearer ${right.text}` },
      body: Buffer.concat(frames),
    };
    expect(await resend(passed)).toBe(200);
    expect(await version()).toBe(before + 1);
  });

  it("comes through no plain connection from elsewhere, and is nowhere without a secret, nor at one that passes on itself", async () => {
    const { text } = await ticketOf();
    expect((await pass(text, { "x-forwarded-for": "192.0.2.1" })).status).toBe(403);
    expect(
      (await pass(text, { "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", host: "kvv-1.internal" }))
        .status,
    ).toBe(200);
    const plain = await serveFixture();
    const to = async (fixture: Fixture, path: string) =>
      (await ask(fixture, path, { method: "POST", headers: { authorization: `Bearer ${(await ticketOf()).text}` } }))
        .status;
    // What a proxy keeps from people it keeps from them by these very names.
    for (const path of ["/Servers/passed-on", "/SERVERS/state", "//servers/state"])
      expect(await to(writer, path), path).toBe(404);
    for (const path of ["/servers/passed-on", "/servers/state"])
      expect([await to(plain, path), await to(one, path)], path).toEqual([404, 404]);
    await plain.stop();
  });
});

describe("signing out", () => {
  it("at one server ends the session at all of them", async () => {
    const cookie = await one.cookieOf(anna);
    const statuses = async () =>
      Promise.all(
        [one, other, writer].map(async (each) => (await ask(each, "/api/v1/session", { headers: { cookie } })).status),
      );
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await ask(one, "/api/v1/session", { method: "DELETE", headers: { cookie } })).status).toBe(204);
    for (let i = 0; i < 50 && (await statuses())[2] === 200; i++) await wait(20);
    // The third has not heard of it, and passes on what that server then refuses.
    expect((await statuses())[1]).toBe(200);
    expect((await ask(other, review, { headers: { cookie } })).status).toBe(401);
    // It asks every two seconds.
    await other.look();
    expect(await statuses()).toEqual([401, 401, 401]);
  });
});

describe("while the server that has it is away", () => {
  it("figures and pages go on, and what people write is answered 503 with the reason and when to ask again", async () => {
    closed = true;
    await one.look();
    expect((await ask(one, "/api/v1/overview")).status).toBe(200);
    const cookie = await one.cookieOf(anna);
    const kept = await version();
    for (const options of [{}, writing("Weg?", kept, { cookie })]) {
      const problem = await askProblem(one, review, options);
      expect(problem).toMatchObject({ status: 503, type: "urn:kvv:problem:writes-away" });
      expect(problem.detail).toContain("nothing was changed");
    }
    expect((await ask(one, review)).headers["retry-after"]).toBe("5");
    // Of the feeds there is what was known when the figures were published.
    const feeds = JSON.parse((await ask(one, "/api/v1/feeds")).text) as { feed: string; freshness: string }[];
    expect(feeds.map(({ feed, freshness }) => `${feed} ${freshness}`)).toEqual(["complaints due", "movements fresh"]);
    expect((await ask(one, "/api/v1/feeds", { headers: { cookie: "" } })).status).toBe(401);
    expect((await ask(one, "/api/v1/loads")).status).toBe(503);
    expect((await ask(one, "/readyz")).text).toContain("what people write cannot be reached");
    expect((await ask(one, "/metrics")).text).toContain("\nkvv_writes_up 0\n");
    closed = false;
    await one.look();
    expect(await version()).toBe(kept);
    expect((await ask(one, review, writing("Terug.", kept, { cookie }))).status).toBe(200);
    expect((await ask(one, "/readyz")).text).not.toContain("cannot be reached");
    expect((await ask(one, "/metrics")).text).toContain("\nkvv_writes_up 1\n");
  });

  it("says that nobody knows whether it was kept where the answer did not come", async () => {
    const cookie = await one.cookieOf(anna);
    const before = await version();
    meddle = (body) => {
      closed = true;
      setTimeout(() => road.closeAllConnections(), 5);
      return body;
    };
    const problem = await askProblem(one, review, writing("Onderweg.", before, { cookie }));
    expect(problem).toMatchObject({ status: 503, type: "urn:kvv:problem:writes-unsure" });
    expect(problem.detail).toContain("whether this was kept is not known");
    [closed, meddle] = [false, null];
    await one.look();
  });

  it.each([
    ["a proxy that lost it on the way back", { when: "answered", status: 502 }, "writes-unsure", 1],
    ["a proxy that waited in vain", { when: "asked", status: 504 }, "writes-unsure", 0],
    ["a proxy that refuses it", { when: "asked", status: 413 }, "writes-away", 0],
  ] as const)("says of a change only what is known where %s answers, and goes on with the rest", async (...row) => {
    const [, answer, code, kept] = row;
    const cookie = await one.cookieOf(anna);
    const before = await version();
    inPlace = answer;
    const problem = await askProblem(one, review, writing(`Na ${answer.status}.`, before, { cookie }));
    expect(problem).toMatchObject({ status: 503, type: `urn:kvv:problem:${code}` });
    inPlace = null;
    expect(await version()).toBe(before + kept);
    // Without looking anew.
    expect((await ask(one, review)).status).toBe(200);
  });

  it("is away where it says something without end", async () => {
    dripping = true;
    const began = performance.now();
    await one.look();
    expect(performance.now() - began).toBeLessThan(8000);
    expect((await ask(one, review)).status).toBe(503);
    dripping = false;
    await one.look();
    expect((await ask(one, review)).status).toBe(200);
  }, 15_000);

  it("goes on for others, and hears who signed out, however many wait for an answer", async () => {
    silent = true;
    const { hostname, port } = new URL(one.address);
    const waiting = Array.from({ length: 300 }, () => http.get({ hostname, port, path: review, headers: { cookie: one.cookie } })); // prettier-ignore
    for (const each of waiting) each.on("error", () => undefined);
    for (let i = 0; i < 100 && seen.length < 300; i++) await wait(50);
    expect(seen.length).toBe(300);
    await one.look();
    silent = false;
    expect((await ask(one, review)).status).toBe(200);
    for (const each of waiting) each.destroy();
  });
});
