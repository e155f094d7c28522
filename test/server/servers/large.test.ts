import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import { long } from "../../support/long.ts";
import { runKvv, runServer, type Run } from "../../support/server-process.ts";
import { signIn } from "../../support/sign-in.ts";
import { makeSnapshot, temporaryHome } from "../../support/snapshot.ts";
import { ask } from "../ask.ts";

// Two servers as on two machines: the first with pipelines and what people write, the other passes files on over a road that can break.

const [first, second] = [temporaryHome(), temporaryHome()];
const secrets = {
  KVV_PUBLISHED_TOKEN: "a-secret-of-what-is-published-0123456789",
  KVV_SERVERS_SECRET: "a-secret-of-servers-0123456789-abcdefgh",
  KVV_NOW: "2017-02-10T09:00:00Z",
};
const own = { ...secrets, KVV_HOME: first.home };
const processes: Run[] = [];
let road: net.Server;
/** After so many bytes in all the road breaks, which is then said. */
let most = Infinity;
let broken = () => {};
let passed = 0;
/** Where people send files, and their cookie there. */
let there: string;
let cookie: string;
let writer: Run;
let passing: Run;

beforeAll(async () => {
  await makeSnapshot(first.home);
  const units = path.join(first.home, "units.csv");
  writeFileSync(units, "unit_id,name,level,parent_id,valid_from\npolitie,Politie,force,,2010-01-01\nden-haag,Den Haag,unit,politie,2010-01-01\n"); // prettier-ignore
  const kvv = path.join(projectFolder, "pipelines", "kvv.cjs");
  execFileSync(process.execPath, [kvv, "load", "units", units], { env: { ...process.env, ...own }, stdio: "ignore" });
  processes.push(runKvv(["schedule"], own));
  writer = runServer(["serve"], own);
  const [address] = await writer.says(/http:\/\/127\.0\.0\.1:\d+/);
  road = net.createServer((near) => {
    const far = net.connect(Number(new URL(address).port), "127.0.0.1");
    near.on("data", (piece) => {
      passed += piece.length;
      if (passed > most) {
        near.destroy();
        return broken();
      }
      // At the pace of whoever reads there.
      if (!far.write(piece)) near.pause();
    });
    far.on("drain", () => near.resume());
    far.pipe(near);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }); // prettier-ignore
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  const over = `http://127.0.0.1:${(road.address() as AddressInfo).port}`;
  passing = runServer(["serve"], {
    ...{ ...secrets, KVV_HOME: second.home, KVV_ALLOW_PRIVATE_SOURCES: "127.0.0.1" },
    ...{ KVV_PUBLISHED_URL: `${over}/published/`, KVV_WRITES_URL: over },
  });
  processes.push(writer, passing);
  [there] = await passing.says(/http:\/\/127\.0\.0\.1:\d+/);
  for (let i = 0; i < 100 && (await ask({ address: there, cookie: "" }, "/readyz")).status !== 200; i++) await sleep(200); // prettier-ignore
  cookie = await signIn(there);
  for (let i = 0; i < 100 && !(await work()).running; i++) await sleep(200);
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map((each) => each.stop()));
  road.close();
  for (const { remove } of [first, second]) remove();
}, 60_000);

const get = async <T>(route: string) => JSON.parse((await ask({ address: there, cookie }, route)).text) as T;
const work = () => get<{ running: boolean }>("/api/v1/work");
const loads = () => get<{ feed: string }[]>("/api/v1/loads?feed=complaints");

/** The form of a file with so many rows, as it is sent; `turn` makes it another file. */
function* form(rows: number, turn: string): Generator<Buffer> {
  yield Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="klachten.csv"\r\n\r\n');
  yield Buffer.from("complaint_id,received_on,unit_id,aspects,outcome,closed_on\n");
  for (let n = 0; n < rows;) {
    const lines: string[] = [];
    for (const end = Math.min(rows, n + 5000); n < end; n++)
      lines.push(`K-${turn}-${n},2016-${String((n % 12) + 1).padStart(2, "0")}-15,den-haag,treatment,,\n`);
    yield Buffer.from(lines.join(""));
  }
  yield Buffer.from("\r\n--b--\r\n");
}

/** The form, whose end is sent only then: the system's buffers may take the rest of a file before it comes through. */
async function* endingAfter(then: Promise<void>, rows: number, turn: string): AsyncGenerator<Buffer> {
  const pieces = [...form(rows, turn)];
  const end = pieces.pop()!;
  yield* pieces;
  await then;
  yield end;
}

/** Sends a form; `after` so many bytes whoever sends it is gone. */
function send(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  after = Infinity,
): Promise<{ status: number; text: string; sent: number }> {
  const { hostname, port } = new URL(there);
  let sent = 0;
  return new Promise((resolve, reject) => {
    const request = http.request({
      ...{ hostname, port, method: "POST", path: "/api/v1/feeds/complaints/files" },
      headers: { cookie, "content-type": "multipart/form-data; boundary=b" },
    });
    request.once("response", (answer) => {
      const texts: string[] = [];
      answer.on("data", (piece: Buffer) => texts.push(piece.toString()));
      answer.once("end", () => resolve({ status: answer.statusCode!, text: texts.join(""), sent }));
    });
    request.once("error", reject);
    const counted = async function* () {
      for await (const each of pieces) {
        if ((sent += each.length) > after) return void request.destroy(new Error("gone"));
        yield each;
      }
    };
    pipeline(Readable.from(counted(), { objectMode: false }), request).catch(() => undefined);
  });
}

/** The memory that a process has, in MB. */
const memoryOf = ({ process }: Run) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${process.pid}/status`, "utf8"))![1]) / 1024; // prettier-ignore
const large = long ? 1_400_000 : 700_000;

describe("a file of many megabytes, sent to a server that passes it on", () => {
  it("is loaded whole, and neither server holds it in memory", async () => {
    expect((await send(form(100_000, "a"))).status).toBe(200);
    const before = [passing, writer].map(memoryOf);
    const highest = [...before];
    const looking = setInterval(() => {
      for (const [at, each] of [passing, writer].entries()) highest[at] = Math.max(highest[at]!, memoryOf(each));
    }, 20);
    const rows = long ? 2_800_000 : 2_100_000;
    const { status, text, sent } = await send(form(rows, "b"));
    clearInterval(looking);
    expect(status, text).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ read: rows, accepted: rows, refused: null });
    expect(sent).toBeGreaterThan(rows * 40);
    const more = highest.map((each, at) => each - before[at]!);
    process.stdout.write(`${Math.round(sent / 1e6)} MB of file: ${more.map(Math.round).join(" and ")} MB more of ${before.map(Math.round).join(" and ")} MB\n`); // prettier-ignore
    for (const each of more) expect(each).toBeLessThan(sent / 1e6 / 2);
  }, 120_000);

  it("leaves nothing where the road breaks in its midst, which is said, and is loaded when it is sent again", async () => {
    const before = (await loads()).length;
    [passed, most] = [0, 20_000_000];
    const brokeOff = new Promise<void>((resolve) => (broken = resolve));
    const { status, text } = await send(endingAfter(brokeOff, large, "c"));
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ type: "urn:kvv:problem:cut-off", detail: expect.stringContaining("nothing of the file at hand was kept") }); // prettier-ignore
    most = Infinity;
    for (let i = 0; i < 50 && (await ask({ address: there, cookie }, "/api/v1/loads")).status !== 200; i++) await sleep(200); // prettier-ignore
    expect((await loads()).length).toBe(before);
    const again = await send(form(large, "c"));
    expect([again.status, JSON.parse(again.text)]).toMatchObject([200, { accepted: large }]);
    expect((await loads()).length).toBe(before + 1);
  }, 120_000);

  it("leaves nothing where its sender is gone in its midst", async () => {
    const before = (await loads()).length;
    await expect(send(form(large, "d"), 20_000_000)).rejects.toThrow("gone");
    await sleep(1000);
    expect((await loads()).length).toBe(before);
    expect((await send(form(100, "e"))).status).toBe(200);
    expect((await loads()).length).toBe(before + 1);
  }, 120_000);
});
