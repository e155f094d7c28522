import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import type { Review } from "../../../server/review/review.ts";
import { freePort } from "../../support/free-port.ts";
import { runServer, type Run } from "../../support/server-process.ts";
import { signIn } from "../../support/sign-in.ts";
import { makeOperations, makeSnapshot, temporaryHome } from "../../support/snapshot.ts";
import { ask, type Answered } from "../ask.ts";

/**
 * Three servers with homes of their own, as on three machines, and a proxy before them that takes the next where one is
 * away. The first has the pipelines' home and what people write.
 */
const homes = [temporaryHome(), temporaryHome(), temporaryHome()];
const [home] = [homes[0]!.home];
const secrets = {
  KVV_PUBLISHED_TOKEN: "a-secret-of-what-is-published-0123456789",
  KVV_SERVERS_SECRET: "a-secret-of-servers-0123456789-abcdefgh",
  KVV_NOW: "2017-02-10T09:00:00Z",
};
const servers: Run[] = [];
const addresses: string[] = [];
let proxy: http.Server;
let address: string;
let turn = 0;
let firstEnv: Record<string, string>;

const startFirst = () => runServer(["serve"], firstEnv);
const startOther = (server: number, alone?: string) =>
  runServer(["serve"], {
    ...{ ...secrets, KVV_HOME: alone ?? homes[server]!.home, KVV_ALLOW_PRIVATE_SOURCES: "127.0.0.1" },
    ...{ KVV_PUBLISHED_SECONDS: "0.3", KVV_PUBLISHED_URL: `${addresses[0]}/published/` },
    ...(alone === undefined ? { KVV_WRITES_URL: addresses[0]! } : {}),
  });

beforeAll(async () => {
  await makeSnapshot(home);
  await makeOperations(home);
  firstEnv = { ...secrets, KVV_HOME: home, PORT: String(await freePort()) };
  servers.push(startFirst());
  addresses.push((await servers[0]!.says(/http:\/\/127\.0\.0\.1:\d+/))[0]);
  for (const other of [1, 2]) servers.push(startOther(other));
  for (const each of servers.slice(1)) addresses.push((await each.says(/http:\/\/127\.0\.0\.1:\d+/))[0]);
  proxy = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => handOn(request, Buffer.concat(pieces), response, turn++, 3));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}, 180_000);
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await Promise.all(servers.map((each) => each.stop()));
  for (const { remove } of homes) remove();
}, 60_000);

function handOn(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse, to: number, tries: number) {
  const { hostname, port } = new URL(addresses[to % 3]!);
  const headers = { ...request.headers, "x-forwarded-for": "192.0.2.1" };
  const { method, url } = request;
  const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
  // As `proxy_next_upstream error`: nothing was answered.
  onward.once("error", () => {
    if (tries > 1 && !response.headersSent) handOn(request, body, response, to + 1, tries - 1);
    else response.destroy();
  });
  onward.end(body);
}

const at = (server: number, route: string, cookie: string, options: Parameters<typeof ask>[2] = {}) =>
  ask({ address: addresses[server]!, cookie }, route, options);
const through = (route: string, cookie: string, options: Parameters<typeof ask>[2] = {}) =>
  ask({ address, cookie }, route, options);
const all = (route: string, cookie: string, options: Parameters<typeof ask>[2] = {}) =>
  Promise.all([0, 1, 2].map((server) => at(server, route, cookie, options)));

const review = "/api/v1/reviews/den-haag/2016-H2";
const writing = (text: string, version: number) => ({
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ texts: [{ indicator_id: null, text, version }] }),
});
const overall = ({ text }: Answered) =>
  (JSON.parse(text) as Review).texts.find(({ indicator_id }) => indicator_id === null);
/** Until it is so, for half a minute at most. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 150; i++)
    if (await isSo()) return;
    else await sleep(200);
  expect.fail("it did not come to be so");
}

describe("three servers with homes of their own behind a proxy", () => {
  it("know each other's sessions, and within seconds that they ended", async () => {
    const cookie = await signIn(address);
    const statuses = async () => (await all("/api/v1/session", cookie)).map(({ status }) => status);
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await at(1, "/api/v1/session", cookie, { method: "DELETE" })).status).toBe(204);
    await until(async () => (await statuses()).every((status) => status === 401));
  });

  it("give one ETag and the same bytes for figures, texts, the pipelines' work, pages and their files", async () => {
    const cookie = await signIn(address);
    const html = { headers: { accept: "text/html" } };
    const script = /\/assets\/[\w.-]+\.js/.exec((await at(0, "/", cookie, html)).text)![0];
    const routes = [
      ...["/api/v1/series?indicator=intake-dual&unit=den-haag&grain=year", "/api/v1/overview?format=csv"],
      ...["/api/v1/calendar", "/api/v1/loads", "/api/v1/feeds", review, "/api/v1/register", script, "/icon.svg"],
      ...["/", "/unit/den-haag", "/indicator/intake-dual?lang=en"],
    ];
    for (const route of routes) {
      const options: { headers?: Record<string, string> } =
        route.startsWith("/api/") || route.includes(".") ? {} : html;
      // A page is whole when all its drawings are made, which nobody waits for.
      await until(async () => {
        const tags = (await all(route, cookie, options)).map(({ headers }) => headers.etag);
        return tags[0] !== undefined && new Set(tags).size === 1;
      });
      const answers = await all(route, cookie, options);
      expect(
        answers.map(({ status }) => status),
        route,
      ).toEqual([200, 200, 200]);
      expect(new Set(answers.map(({ bytes }) => bytes.toString("base64"))).size, route).toBe(1);
      const { etag } = answers[0]!.headers;
      const again = await all(route, cookie, { headers: { ...options.headers, "if-none-match": etag! } });
      expect(
        again.map(({ status }) => status),
        route,
      ).toEqual([304, 304, 304]);
    }
  }, 120_000);

  it("show at the second what was written through the third, by whom, and the first wrote down who it was", async () => {
    const cookie = await signIn(address, "leadership:den-haag");
    const written = await at(2, review, cookie, writing("Geschreven bij de derde.", 0));
    expect(written.status, written.text).toBe(200);
    for (const server of [0, 1, 2])
      expect(overall(await at(server, review, cookie))).toMatchObject({ text: "Geschreven bij de derde.", version: 1 });
    expect((await at(1, review, cookie, writing("Niet gezien.", 0))).status).toBe(409);
    const admin = await signIn(address, "admin");
    const lines = JSON.parse((await at(1, "/api/v1/audit?did=changed", admin)).text) as {
      user: string;
      what: string;
    }[];
    expect(lines).toEqual([expect.objectContaining({ user: "leadership:den-haag", what: "PUT /reviews/:unit/:half" })]);
  });

  it("go on to a new snapshot while readers ask: each answer is of one of them, and none fails", async () => {
    const cookie = await signIn(address);
    const routes = ["/api/v1/overview", "/api/v1/series?indicator=complaints", "/api/v1/compare?indicator=complaints&level=unit&grain=year"]; // prettier-ignore
    const before = await Promise.all(routes.map(async (route) => (await through(route, cookie)).text));
    const seen: { route: number; status: number; text: string }[] = [];
    let asking = true;
    const readers = Array.from({ length: 6 }, async (_, reader) => {
      for (let i = reader; asking; i++) {
        const route = i % routes.length;
        const { status, text } = await through(routes[route]!, cookie);
        seen.push({ route, status, text });
      }
    });
    const name = await makeSnapshot(home, { name: "20170204T060000Z-0000ab", scale: 2 });
    await until(async () =>
      (await all("/api/v1/meta", cookie)).every(
        ({ text }) => (JSON.parse(text) as { snapshot: string }).snapshot === name,
      ),
    );
    await sleep(500);
    asking = false;
    await Promise.all(readers);
    const after = await Promise.all(routes.map(async (route) => (await through(route, cookie)).text));
    expect(seen.length).toBeGreaterThan(50);
    for (const [route, path] of routes.entries()) {
      expect(after[route], path).not.toBe(before[route]);
      const answers = seen.filter((each) => each.route === route);
      expect(
        answers.filter(({ status, text }) => status !== 200 || ![before[route], after[route]].includes(text)),
        path,
      ).toEqual([]);
      for (const text of [before[route], after[route]])
        expect(
          answers.some((each) => each.text === text),
          path,
        ).toBe(true);
    }
  }, 60_000);

  it("show figures while the first is away, say so of what people write, and have it again when it is back", async () => {
    const cookie = await signIn(address, "leadership:den-haag");
    expect((await servers[0]!.stop()).exit).toBe(0);
    const written = await at(1, review, cookie, writing("Terwijl hij weg was.", 1));
    expect(written.status).toBe(503);
    for (let i = 0; i < 6; i++) {
      expect((await through("/api/v1/overview", cookie)).status).toBe(200);
      expect((await through("/api/v1/feeds", cookie)).status).toBe(200);
      expect((await through("/unit/den-haag", cookie, { headers: { accept: "text/html" } })).status).toBe(200);
      const { status, text, headers } = await through(review, cookie);
      expect([status, headers["retry-after"]]).toEqual([503, "5"]);
      expect(JSON.parse(text)).toMatchObject({ type: "urn:kvv:problem:writes-away" });
    }
    // Who signed out meanwhile is out, also at the first when it is back.
    const other = await signIn(address, "leadership:den-haag");
    expect((await at(2, "/api/v1/session", other, { method: "DELETE" })).status).toBe(204);
    for (const server of [1, 2])
      expect((await at(server, "/readyz", "")).text).toMatch(/what is published cannot be fetched.*\n.*what people write cannot be reached/); // prettier-ignore
    servers[0] = startFirst();
    await servers[0].says(/http:\/\/127\.0\.0\.1:\d+/);
    await until(async () => (await all(review, cookie)).every(({ status }) => status === 200));
    await until(async () => (await all("/api/v1/session", other)).every(({ status }) => status === 401));
    expect((await at(1, review, cookie, writing("Terwijl hij weg was.", 1))).status).toBe(200);
    expect(overall(await at(2, review, cookie))).toMatchObject({ text: "Terwijl hij weg was.", version: 2 });
    await until(async () => !(await at(2, "/readyz", "")).text.includes("cannot"));
  }, 90_000);

  it("serve the last sound snapshot where what was fetched is damaged on the disk, say so, and fetch it anew", async () => {
    const cookie = await signIn(address);
    const served = async () => (JSON.parse((await at(1, "/api/v1/meta", cookie)).text) as { snapshot: string }).snapshot; // prettier-ignore
    const newest = await served();
    for (const server of [0, 1]) expect((await servers[server]!.stop()).exit).toBe(0);
    const file = path.join(homes[1]!.home, "published", newest, "series.duckdb");
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
    servers[1] = startOther(1);
    addresses[1] = (await servers[1].says(/http:\/\/127\.0\.0\.1:\d+/))[0];
    await until(async () => (await at(1, "/readyz", "")).text.includes("was damaged on this disk"));
    await until(async () => (await at(1, "/readyz", "")).status === 200);
    expect(await served()).toBe("20170203T060000Z-0000aa");
    expect((await at(1, "/api/v1/overview", cookie)).status).toBe(200);
    servers[0] = startFirst();
    await servers[0].says(/http:\/\/127\.0\.0\.1:\d+/);
    await until(async () => (await served()) === newest);
    await until(async () => !/damaged|cannot/.test((await at(1, "/readyz", "")).text));
    const [, one, two] = await all("/api/v1/series?indicator=complaints", cookie);
    expect(one!.bytes.equals(two!.bytes)).toBe(true);
  }, 90_000);

  it("take no file at one that fetches its figures and has what people write itself", async () => {
    const own = temporaryHome();
    const alone = startOther(0, own.home);
    const [there] = await alone.says(/http:\/\/127\.0\.0\.1:\d+/);
    const cookie = await signIn(there);
    const answered = await ask({ address: there, cookie }, "/api/v1/feeds/complaints/files", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: '--b\r\ncontent-disposition: form-data; name="file"; filename="k.csv"\r\n\r\nx\r\n--b--\r\n',
    });
    expect(answered.status).toBe(503);
    expect(JSON.parse(answered.text)).toMatchObject({ type: "urn:kvv:problem:figures-fetched", detail: expect.stringContaining("KVV_WRITES_URL") }); // prettier-ignore
    await alone.stop();
    own.remove();
  }, 60_000);

  it("keep, each in its home, a log of who did what that is whole", async () => {
    const kvv = path.join(projectFolder, "pipelines", "kvv.cjs");
    for (const each of homes) {
      const env = { ...process.env, ...secrets, KVV_HOME: each.home };
      const { stdout } = await promisify(execFile)(process.execPath, [kvv, "audit-log", "verify"], { env });
      expect(stdout).toMatch(/^as it was written: \d+ lines in \d files?\n/);
    }
  }, 60_000);
});
