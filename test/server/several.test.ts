import { execFile } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import type { Review } from "../../server/review/review.ts";
import { runServer, type Run } from "../support/server-process.ts";
import { signIn } from "../support/sign-in.ts";
import { makeOperations, makeSnapshot, temporaryHome } from "../support/snapshot.ts";
import { ask } from "./ask.ts";

const { home, remove } = temporaryHome();
const env = { KVV_HOME: home, KVV_NOW: "2017-02-10T09:00:00Z" };
const servers: Run[] = [];
const addresses: string[] = [];
let proxy: http.Server;
/** Where the proxy is; each request goes to the next server. */
let address: string;
let turn = 0;

beforeAll(async () => {
  await makeSnapshot(home);
  await makeOperations(home);
  for (let i = 0; i < 2; i++) servers.push(runServer(["serve"], env));
  for (const each of servers) addresses.push((await each.says(/http:\/\/127\.0\.0\.1:\d+/))[0]);
  proxy = http.createServer((request, response) => {
    const { hostname, port } = new URL(addresses[turn++ % 2]!);
    const headers = { ...request.headers, "x-forwarded-for": "192.0.2.1" };
    const { method, url } = request;
    const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await Promise.all(servers.map((each) => each.stop()));
  remove();
}, 60_000);

const at = (server: 0 | 1, route: string, cookie: string, options: Parameters<typeof ask>[2] = {}) =>
  ask({ address: addresses[server]!, cookie }, route, options);
const review = "/api/v1/reviews/den-haag/2016-H2";
const writing = (text: string, version: number) => ({
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ texts: [{ indicator_id: null, text, version }] }),
});
const overall = (text: string) => (JSON.parse(text) as Review).texts.find(({ indicator_id }) => indicator_id === null);

describe("two servers of one home behind a proxy", () => {
  it("know each other's sessions, and that they ended", async () => {
    const cookie = await signIn(addresses[0]!);
    const who = async (server: 0 | 1) => (await at(server, "/api/v1/session", cookie)).status;
    expect([await who(0), await who(1)]).toEqual([200, 200]);
    expect((await at(1, "/api/v1/session", cookie, { method: "DELETE" })).status).toBe(204);
    expect([await who(0), await who(1)]).toEqual([401, 401]);
  });

  it("show at one what was written at the other, and refuse what was written over it unseen", async () => {
    const cookie = await signIn(address, "leadership:den-haag");
    const first = await at(0, review, cookie, writing("Geschreven bij de een.", 0));
    expect(first.status, first.text).toBe(200);
    expect(overall((await at(1, review, cookie)).text)).toMatchObject({ text: "Geschreven bij de een.", version: 1 });
    expect((await at(1, review, cookie, writing("Bij de ander.", 1))).status).toBe(200);
    expect((await at(0, review, cookie, writing("Niet gezien.", 1))).status).toBe(409);
    expect(overall((await at(0, review, cookie)).text)).toMatchObject({ text: "Bij de ander.", version: 2 });
  });

  it("keep all that many write at once through both, each once", async () => {
    const cookie = await signIn(address, "control");
    const action = (title: string) => ({
      ...{ unit_id: "den-haag", title, kind: "action", focus: "inclusion", status: "proposed" },
    });
    const titles = Array.from({ length: 12 }, (_, i) => `Actie ${i}`);
    const answers = await Promise.all(
      titles.map((title) =>
        ask({ address, cookie }, "/api/v1/actions", {
          ...{ method: "POST", headers: { "content-type": "application/json" } },
          body: JSON.stringify(action(title)),
        }),
      ),
    );
    expect(answers.map(({ status, text }) => (status === 200 ? 200 : text))).toEqual(titles.map(() => 200));
    for (const server of [0, 1] as const) {
      const rows = JSON.parse((await at(server, "/api/v1/actions?unit=den-haag", cookie)).text) as { title: string }[];
      expect(rows.map(({ title }) => title).filter((title) => titles.includes(title)).sort()).toEqual([...titles].sort()); // prettier-ignore
    }
  }, 60_000);

  it("give the same ETags, so that a reader's copy from one does for the other", async () => {
    const cookie = await signIn(address);
    const script = /\/assets\/[\w.-]+\.js/.exec((await at(0, "/", cookie, { headers: { accept: "text/html" } })).text)!;
    const routes = [
      ...["/api/v1/series?indicator=intake-dual&unit=den-haag&grain=year", "/api/v1/overview?format=csv"],
      ...["/api/v1/loads", "/api/v1/feeds/complaints", review, script[0]],
    ];
    for (const route of routes) {
      const [one, other] = [await at(0, route, cookie), await at(1, route, cookie)];
      expect(one.headers.etag, route).toMatch(/^(W\/)?"/);
      expect(other.headers.etag, route).toBe(one.headers.etag);
      expect(other.bytes.equals(one.bytes), route).toBe(true);
      const again = await at(1, route, cookie, { headers: { "if-none-match": one.headers.etag! } });
      expect(again.status, route).toBe(304);
    }
  });

  it("both go on to a new snapshot", async () => {
    const cookie = await signIn(address);
    const name = await makeSnapshot(home, { name: "20170204T060000Z-0000ab" });
    await Promise.all(servers.map((each) => each.says(new RegExp(`new snapshot ${name}`))));
    for (const server of [0, 1] as const)
      expect(JSON.parse((await at(server, "/api/v1/meta", cookie)).text)).toMatchObject({ snapshot: name });
  });

  it("write a log of who did what that kvv audit-log verify finds whole, a file each", async () => {
    const kvv = path.join(projectFolder, "pipelines", "kvv.cjs");
    const verify = promisify(execFile)(process.execPath, [kvv, "audit-log", "verify"], {
      env: { ...process.env, ...env },
    });
    expect((await verify).stdout).toMatch(/^as it was written: \d+ lines in 2 files\n/);
  });
});
