import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from "node:fs"; // prettier-ignore
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addressRule, resolveName } from "../../../pipelines/sources/addresses.ts";
import { hashOf } from "../../../server/manifest.ts";
import { Fetcher, type FetcherOptions } from "../../../server/servers/fetcher.ts";
import { PublishedFiles } from "../../../server/servers/published-files.ts";
import { Snapshots } from "../../../server/snapshot.ts";
import { rowsOf } from "../../../server/table.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { makeSnapshot, pointTo, temporaryHome } from "../../support/snapshot.ts";
import { ask, askProblem } from "../ask.ts";

const token = "a-secret-that-nobody-guesses-0123456789";
const [first, second, third] = ["20170203T060000Z-0000aa", "20170204T060000Z-0000ab", "20170205T060000Z-0000ac"];

/** Where it is published, and a road to it that can fail. */
let origin: Fixture;
let road: http.Server;
let address: string;
/** What was asked on that road. */
let asked: string[];
/** What becomes of an answer on its way; null: nothing. */
let meddle: ((url: string, bytes: Buffer, response: http.ServerResponse) => boolean) | null;

beforeAll(async () => {
  origin = await serveFixture({ publishedToken: token });
  road = http.createServer((request, response) => {
    const { hostname, port } = new URL(origin.address);
    asked.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    const onward = http.request({ hostname, port, path: request.url, headers: request.headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        const bytes = Buffer.concat(pieces);
        if (meddle?.(request.url!, bytes, response)) return;
        response.writeHead(answer.statusCode!, answer.headers).end(bytes);
      });
    });
    onward.end();
  });
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(road.address() as AddressInfo).port}/published`;
});
afterAll(async () => {
  road.closeAllConnections();
  road.close();
  await origin.stop();
});

let home: string;
let remove: () => void;
let clock: number;
const published = (...parts: string[]) => path.join(home, "published", ...parts);
const pointer = () => (existsSync(published("current")) ? readFileSync(published("current"), "utf8").trim() : null);
const list = (names: string[]) =>
  writeFileSync(
    path.join(origin.home, "published", "snapshots.json"),
    JSON.stringify(names.map((snapshot) => ({ snapshot, published_at: momentOf(snapshot) }))),
  );
const momentOf = (name: string) => name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-.*$/, "$1-$2-$3T$4:$5:$6Z");

beforeEach(() => {
  ({ home, remove } = temporaryHome());
  [asked, meddle, clock] = [[], null, 0];
  for (const each of [second, third])
    rmSync(path.join(origin.home, "published", each), { recursive: true, force: true });
  rmSync(path.join(origin.home, "published", "snapshots.json"), { force: true });
  pointTo(origin.home, first);
});
afterEach(() => remove());

function fetcherOf({
  secret = token,
  rule = "127.0.0.1",
  at = address,
  ...more
}: Partial<FetcherOptions> & { secret?: string; rule?: string; at?: string } = {}): Fetcher {
  const network = { rule: addressRule(rule), resolve: resolveName, connectMs: 2000, totalMs: 5000 };
  return new Fetcher({
    published: published(),
    files: new PublishedFiles(at, secret, network),
    ...{ maxBytes: 64 * 1024 * 1024, keep: 60, log: pino({ level: "silent" }), now: () => clock },
    ...more,
  });
}

/** Each time long after the last. */
async function look(fetcher: Fetcher): Promise<boolean> {
  clock += 3_600_000;
  return fetcher.look();
}

describe("Fetcher.look()", () => {
  it("brings the pointer, the manifest and the database, and then asks the pointer only", async () => {
    const fetcher = fetcherOf();
    expect(await look(fetcher)).toBe(true);
    expect(fetcher.trouble).toBeNull();
    expect(pointer()).toBe(first);
    for (const file of ["manifest.json", "series.duckdb"]) expect(existsSync(published(first, file))).toBe(true);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
    });
    expect(await snapshots.refresh()).toBe(true);
    expect(snapshots.manifest).toEqual(origin.snapshots.manifest);
    await snapshots.close();
    asked = [];
    expect(await look(fetcher)).toBe(false);
    expect(asked).toEqual(["/published/current"]);
  });

  it("goes on to what is published next, also back to one that it has", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    await makeSnapshot(origin.home, { name: second });
    expect(await look(fetcher)).toBe(true);
    expect(pointer()).toBe(second);
    pointTo(origin.home, first);
    asked = [];
    expect(await look(fetcher)).toBe(true);
    expect(pointer()).toBe(first);
    expect(asked.some((each) => each.includes("duckdb"))).toBe(false);
  });

  it("points at nothing of which half has come, and goes on from there", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    await makeSnapshot(origin.home, { name: second });
    let half = 0;
    const kept = () =>
      readdirSync(published(), { recursive: true, encoding: "utf8" })
        .filter((name) => name.startsWith(".") && name.endsWith("series.duckdb"))
        .reduce((most, name) => Math.max(most, statSync(published(name)).size), 0);
    meddle = (url, bytes, response) => {
      if (!url.endsWith("series.duckdb")) return false;
      half = Math.floor(bytes.length / 2);
      response.writeHead(200, { "Content-Length": bytes.length });
      // When it is written down there: what is on its way when the road breaks need not be kept.
      const breakOff = () => (kept() < half ? setTimeout(breakOff, 20) : response.destroy());
      response.write(bytes.subarray(0, half), breakOff);
      return true;
    };
    expect(await look(fetcher)).toBe(false);
    expect(pointer()).toBe(first);
    expect(existsSync(published(second))).toBe(false);
    expect(fetcher.trouble).toBe("what is published cannot be fetched: the server there cannot be reached");
    expect(fetcher.failures).toBe(1);
    [meddle, asked] = [null, []];
    // Also another process, after a new start.
    const next = fetcherOf();
    expect(await look(next)).toBe(true);
    const range = asked.find((each) => each.includes("series.duckdb"));
    expect(range).toMatch(/ bytes=\d+-$/);
    expect(Number(/bytes=(\d+)-/.exec(range!)![1])).toBe(half);
    expect(pointer()).toBe(second);
    expect(next.trouble).toBeNull();
    expect(readdirSync(published()).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("never points at what arrives damaged, and takes it whole when it comes so", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    await makeSnapshot(origin.home, { name: second });
    meddle = (url, bytes, response) => {
      if (!url.endsWith("series.duckdb")) return false;
      bytes[bytes.length >> 1]! ^= 1;
      response.writeHead(200).end(bytes);
      return true;
    };
    expect(await look(fetcher)).toBe(false);
    expect([pointer(), existsSync(published(second))]).toEqual([first, false]);
    expect(fetcher.trouble).toBe("what is published cannot be fetched: what arrives is not what was published");
    meddle = null;
    expect(await look(fetcher)).toBe(true);
    expect([pointer(), fetcher.trouble]).toEqual([second, null]);
  });

  it("begins anew where more lies here than is there", async () => {
    mkdirSync(published(`.fetching-${first}`), { recursive: true });
    writeFileSync(published(`.fetching-${first}`, "series.duckdb"), Buffer.alloc(64 * 1024 * 1024));
    const fetcher = fetcherOf();
    expect(await look(fetcher)).toBe(false);
    expect(await look(fetcher)).toBe(true);
    expect(pointer()).toBe(first);
  });

  it("takes two at once for one home without harm", async () => {
    const both = [fetcherOf(), fetcherOf()];
    await Promise.all(both.map(look));
    await Promise.all(both.map(look));
    expect(both.map(({ trouble }) => trouble)).toEqual([null, null]);
    expect(pointer()).toBe(first);
  });

  it("takes what another server of its home has brought meanwhile, and leaves alone what that one is fetching", async () => {
    mkdirSync(published(`.fetching-${third}`), { recursive: true });
    mkdirSync(published(`.fetching-20170202T060000Z-0000a0`));
    const slow = fetcherOf();
    let held: Promise<boolean> | undefined;
    meddle = (url, bytes, response) => {
      if (!url.endsWith("series.duckdb") || held) return false;
      held = look(fetcherOf()).then((brought) => (response.writeHead(200).end(bytes), brought));
      return true;
    };
    expect(await look(slow)).toBe(true);
    expect([await held, slow.trouble, slow.failures, pointer()]).toEqual([true, null, 0, first]);
    expect(readdirSync(published()).sort()).toEqual([`.fetching-${third}`, first, "current"]);
  });

  it.each([
    ["a pointer that leads out of the folder", "/current", "../../secret\n"],
    ["a manifest of another snapshot", "manifest.json", JSON.stringify({ snapshot: second, published_at: "2017-02-03T06:00:00Z", data_through: null, demo: true, hash: "0".repeat(64) })], // prettier-ignore
    ["a manifest without a moment", "manifest.json", JSON.stringify({ snapshot: first, published_at: "ooit", data_through: null, demo: true, hash: "0".repeat(64) })], // prettier-ignore
    ["a manifest without a hash", "manifest.json", JSON.stringify({ snapshot: first })],
    ["a pointer without end", "/current", "x".repeat(5000)],
  ])("refuses %s", async (_, where, text) => {
    meddle = (url, _bytes, response) => {
      if (!url.endsWith(where)) return false;
      response.writeHead(200).end(text);
      return true;
    };
    const fetcher = fetcherOf();
    expect(await look(fetcher)).toBe(false);
    expect(fetcher.trouble).toMatch(/^what is published cannot be fetched: /);
    expect(pointer()).toBeNull();
  });

  it("keeps to its host, to the addresses that it may reach, and to a size", async () => {
    meddle = (_url, _bytes, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/current" }).end();
      return true;
    };
    const led = fetcherOf();
    expect(await look(led)).toBe(false);
    meddle = null;
    const far = fetcherOf({ rule: "" });
    expect(await look(far)).toBe(false);
    expect(far.trouble).toContain("it is refused; see the log");
    const small = fetcherOf({ maxBytes: 10_000 });
    expect(await look(small)).toBe(false);
    expect(pointer()).toBeNull();
  });

  it("says that its secret is not taken, and waits longer after each failure", async () => {
    const fetcher = fetcherOf({ secret: "another-secret-that-nobody-guesses-01" });
    await look(fetcher);
    await look(fetcher);
    expect(fetcher.trouble).toBe("what is published cannot be fetched: the secret is not taken there");
    const before = asked.length;
    clock += 1000;
    await fetcher.look();
    expect(asked.length).toBe(before);
    expect(fetcher.failures).toBe(2);
  });

  it("looks as often as ever while nothing is published there yet", async () => {
    rmSync(path.join(origin.home, "published", "current"));
    const fetcher = fetcherOf();
    for (let i = 1; i < 4; i++) {
      clock += 10;
      expect(await fetcher.look()).toBe(false);
      expect(asked.length).toBe(i);
    }
    expect(fetcher.trouble).toBe("what is published cannot be fetched: nothing is published there yet");
    pointTo(origin.home, first);
    expect(await fetcher.look()).toBe(true);
  });

  it("removes old ones as the home's housekeeping does", async () => {
    const fetcher = fetcherOf({ keep: 1 });
    await look(fetcher);
    await makeSnapshot(origin.home, { name: second });
    await look(fetcher);
    expect(readdirSync(published()).sort()).toEqual([second, "current"]);
  });

  it("lets the past be asked as far as it was fetched, and says so otherwise", async () => {
    await makeSnapshot(origin.home, { name: second });
    await makeSnapshot(origin.home, { name: third, current: false });
    list([first, second, third]);
    pointTo(origin.home, first);
    const fetcher = fetcherOf();
    await look(fetcher);
    // The second is never fetched.
    pointTo(origin.home, third);
    await look(fetcher);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
      listed: () => fetcher.listed,
    });
    await snapshots.refresh();
    const on = (day: string) => snapshots.use(day, async ({ manifest }) => manifest.snapshot);
    expect([await on("2017-02-03"), await on("2017-02-05"), await on("2017-03-01")]).toEqual([first, third, third]);
    await expect(on("2017-02-04")).rejects.toMatchObject({ status: 404, code: "not-fetched" });
    await expect(on("2017-02-02")).rejects.toMatchObject({ status: 404, code: "before-first" });
    await snapshots.close();
  });

  it.each([
    ["a moment that is none", { snapshot: first, published_at: "ooit" }],
    ["a name that is none", { snapshot: "x", published_at: momentOf(first) }],
  ])("keeps no list with %s", async (_, each) => {
    writeFileSync(path.join(origin.home, "published", "snapshots.json"), JSON.stringify([each]));
    const fetcher = fetcherOf();
    expect(await look(fetcher)).toBe(true);
    expect([fetcher.listed, existsSync(published("snapshots.json"))]).toEqual([null, false]);
  });

  it("answers only of the present while nobody told what there is of the past", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    await makeSnapshot(origin.home, { name: third });
    await look(fetcher);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
      listed: () => fetcher.listed,
    });
    await snapshots.refresh();
    const on = (day: string) => snapshots.use(day, async ({ manifest }) => manifest.snapshot);
    expect(await on("2017-02-05")).toBe(third);
    await expect(on("2017-02-04")).rejects.toMatchObject({ code: "not-fetched" });
    await snapshots.close();
  });
});

describe("a fetched snapshot that is damaged on the disk", () => {
  const refuseAll = () => {
    meddle = (_url, _bytes, response) => (response.writeHead(503).end(), true);
  };
  /** Changes a byte of the database; with `silently` as a disk does, which tells nobody. */
  function damage(name: string, silently = false): void {
    const file = published(name, "series.duckdb");
    const { atime, mtime } = statSync(file);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    const disk = openSync(file, "r+");
    writeSync(disk, bytes, 0, bytes.length, 0);
    closeSync(disk);
    utimesSync(file, atime, silently ? mtime : new Date());
  }
  const isWhole = async (name: string) =>
    (await hashOf(published(name, "series.duckdb"))) ===
    (JSON.parse(readFileSync(published(name, "manifest.json"), "utf8")) as { hash: string }).hash;
  const told = (name: string) => `snapshot ${name} was damaged on this disk, and is fetched anew`;
  /** The snapshots as they are served, with two of them fetched. */
  async function fetchTwo(more: Partial<FetcherOptions> = {}) {
    const fetcher = fetcherOf(more);
    await look(fetcher);
    await makeSnapshot(origin.home, { name: second });
    await look(fetcher);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
    });
    await snapshots.refresh();
    return { fetcher, snapshots };
  }
  const isReadable = (snapshots: Snapshots) =>
    snapshots.use(undefined, async ({ query }) => {
      const [found] = await rowsOf(
        await query("select count(*) as n, count(distinct hash(s)) as all from series as s"),
      );
      return Number(found!.n) > 0 && Number(found!.all) > 0;
    });

  it.each([
    ["a disk that tells nobody, within the hour", true, 3_600_000],
    ["somebody who wrote there, at the next look", false, 1000],
  ])("by %s: the last sound one is served until it is fetched anew, and that is told", async (_, silently, passes) => {
    const { fetcher, snapshots } = await fetchTwo();
    expect(snapshots.manifest!.snapshot).toBe(second);
    damage(second!, silently);
    refuseAll();
    if (silently) {
      clock += 60_000;
      expect(await fetcher.look()).toBe(false);
      expect([pointer(), fetcher.trouble]).toEqual([second, "what is published cannot be fetched: the server there cannot be reached"]); // prettier-ignore
    }
    clock += passes + 60_000;
    expect(await fetcher.look()).toBe(true);
    expect([pointer(), existsSync(published(second!))]).toEqual([first, false]);
    expect(fetcher.trouble).toContain(told(second!));
    expect(await snapshots.refresh()).toBe(true);
    expect(snapshots.manifest!.snapshot).toBe(first);
    expect(await isReadable(snapshots)).toBe(true);
    meddle = null;
    expect(await look(fetcher)).toBe(true);
    expect([pointer(), fetcher.trouble, await isWhole(second!)]).toEqual([second, null, true]);
    expect(await snapshots.refresh()).toBe(true);
    expect([snapshots.manifest!.snapshot, snapshots.trouble]).toEqual([second, null]);
    expect(await isReadable(snapshots)).toBe(true);
    await snapshots.close();
  });

  it("is noticed at a new start, also where there is no other", async () => {
    await look(fetcherOf());
    damage(first!, true);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
    });
    expect(await snapshots.refresh()).toBe(false);
    expect(snapshots.trouble).toContain("it is not what was published");
    const fetcher = fetcherOf();
    refuseAll();
    expect(await look(fetcher)).toBe(false);
    expect(fetcher.trouble).toContain(told(first!));
    meddle = null;
    expect(await look(fetcher)).toBe(true);
    // At once, and not after the half minute that one waits which is as it was.
    expect(await snapshots.refresh()).toBe(true);
    expect([snapshots.trouble, fetcher.trouble]).toEqual([null, null]);
    await snapshots.close();
  });

  it("is served anew where it was open, and where its files are gone", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    const snapshots = await Snapshots.open({
      ...{ published: published(), threads: 1, timeZone: "Europe/Amsterdam", log: pino({ level: "silent" }) },
    });
    await snapshots.refresh();
    rmSync(published(first!), { recursive: true });
    expect(await look(fetcher)).toBe(true);
    expect([fetcher.trouble, await isWhole(first!)]).toEqual([null, true]);
    expect(await snapshots.refresh()).toBe(true);
    expect(await snapshots.refresh()).toBe(false);
    expect(await isReadable(snapshots)).toBe(true);
    await snapshots.close();
  });

  it("is fetched anew of the past too, one an hour, as far as it is kept", async () => {
    const { fetcher, snapshots } = await fetchTwo();
    await snapshots.close();
    damage(first!, true);
    await look(fetcher);
    expect([pointer(), fetcher.trouble, await isWhole(first!)]).toEqual([second, null, true]);
    const manifest = path.join(origin.home, "published", first!, "manifest.json");
    renameSync(manifest, `${manifest}.away`);
    damage(first!, true);
    await look(fetcher);
    renameSync(`${manifest}.away`, manifest);
    expect([pointer(), fetcher.trouble, existsSync(published(first!))]).toEqual([second, null, false]);
  });

  it("is read no more than once an hour", async () => {
    const fetcher = fetcherOf();
    await look(fetcher);
    await look(fetcher);
    damage(first!, true);
    for (let i = 0; i < 3; i++) {
      clock += 1000;
      await fetcher.look();
    }
    expect([fetcher.trouble, await isWhole(first!)]).toEqual([null, false]);
  });
});

describe("GET /published/*", () => {
  const bearer = { authorization: `Bearer ${token}` };
  const get = (name: string, headers: Record<string, string> = bearer) =>
    ask(origin, `/published/${name}`, { headers: { cookie: "", ...headers } });

  it("is for who knows the secret; being signed in is not enough", async () => {
    expect((await get("current")).text).toBe(`${first}\n`);
    for (const headers of [{}, { authorization: "Bearer x" }, { authorization: token }, { cookie: origin.cookie }])
      for (const name of ["current", `${first}/series.duckdb`, "", "nothing"]) {
        const answered = await get(name, headers as Record<string, string>);
        expect(answered.status, name).toBe(401);
        expect(answered.text).not.toContain(first);
      }
  });

  it("lists nothing and has nothing but what is published", async () => {
    writeFileSync(path.join(origin.home, "published", "other.txt"), "no");
    const names = ["", "other.txt", first, `${first}/`, `${first}/other`, "..%2Fsession-key", `${first}%2F..%2Fcurrent`, "x/series.duckdb", "%2e%2e/series.duckdb", "made-from"]; // prettier-ignore
    for (const name of names) expect((await get(name)).status, name).toBe(404);
    expect((await get(`${second}/series.duckdb`)).status).toBe(404);
    expect((await get(`${second}/manifest.json`)).status).toBe(404);
  });

  it("answers 304 to who has it, and parts of a database", async () => {
    const { headers, bytes } = await get("current");
    expect(bytes.length).toBeGreaterThan(0);
    expect((await get("current", { ...bearer, "if-none-match": headers.etag! })).status).toBe(304);
    const part = await get(`${first}/series.duckdb`, { ...bearer, range: "bytes=100-" });
    const whole = await get(`${first}/series.duckdb`);
    expect([part.status, whole.status]).toEqual([206, 200]);
    expect(part.bytes.equals(whole.bytes.subarray(100))).toBe(true);
  });

  it("is given over no plain connection from elsewhere", async () => {
    const through = (proto: Record<string, string>) =>
      get("current", { ...bearer, "x-forwarded-for": "192.0.2.1", ...proto });
    const plain = await askProblem(origin, "/published/current", {
      headers: { ...bearer, "x-forwarded-for": "192.0.2.1" },
    });
    expect(plain).toMatchObject({ status: 403, type: "urn:kvv:problem:not-sealed" });
    expect((await through({ "x-forwarded-proto": "http" })).status).toBe(403);
    expect((await through({ "x-forwarded-proto": "https" })).status).toBe(200);
    // By any name: other servers know it by another than people do.
    expect((await get("current", { ...bearer, host: "kvv-1.internal" })).status).toBe(200);
  });

  it("writes down that a database left the monitor", async () => {
    const { text } = await ask(origin, "/api/v1/audit?user=another%20server");
    expect((JSON.parse(text) as object[])[0]).toMatchObject({ did: "exported", what: "/published" });
  });

  it("is nowhere without a secret", async () => {
    const plain = await serveFixture();
    expect((await ask(plain, "/published/current", { headers: bearer })).status).toBe(404);
    await plain.stop();
  });
});

describe("GET /readyz", () => {
  it("says what keeps a server from what is published", async () => {
    const fetcher = { trouble: "what is published cannot be fetched: the disk is full", failures: 3, lookedAt: null };
    const fixture = await serveFixture({ fetcher });
    const { status, text } = await ask(fixture, "/readyz");
    expect([status, text]).toEqual([200, `serves ${first}\n${fetcher.trouble}\n`]);
    const metrics = (await ask(fixture, "/metrics")).text;
    expect(metrics).toContain("\nkvv_fetch_trouble 1\n");
    expect(metrics).toContain("\nkvv_fetch_failures_total 3\n");
    await fixture.stop();
  });
});
