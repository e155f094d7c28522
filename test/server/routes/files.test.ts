import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import type { Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { Owner } from "../../../pipelines/owner.ts";
import { currentSnapshot } from "../../../pipelines/publish.ts";
import { Pipelines } from "../../../server/pipelines.ts";
import { labelOf } from "../../../server/routes/files.ts";
import { makeForce } from "../../support/force.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { askProblem } from "../ask.ts";

const { home } = makeForce();
let owner: Owner;
let socket: Server;
let fixture: Fixture;
beforeAll(async () => {
  owner = await Owner.open(home.context);
  socket = await listenForCommands(home.folder, (ask, tell) => owner.answer(ask, tell));
  fixture = await serveFixture({ snapshot: false, pipelinesHome: home.folder, maxFileBytes: 8 * 1024 * 1024 });
  const units = "unit_id,name,level,parent_id,valid_from\npolitie,Politie,force,,2013-01-01\n";
  await upload("units", { "units.csv": `${units}den-haag,Den Haag,unit,politie,2013-01-01\n` });
});
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await owner.close();
  await home.remove();
});

type Files = Record<string, string | Buffer>;
type Answered = { status: number; body: Record<string, unknown> };

function form(files: Files, fields: Record<string, string> = {}): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  for (const [name, content] of Object.entries(files))
    made.append("file", new Blob([new Uint8Array(Buffer.from(content))]), name);
  return made;
}

async function send(feed: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Answered> {
  const answer = await fetch(`${fixture.address}/api/v1/feeds/${feed}/files`, {
    method: "POST",
    body,
    headers: { cookie: fixture.cookie, ...headers },
  });
  const type = answer.headers.get("content-type")!;
  expect(type).toMatch(answer.ok ? /^application\/json/ : /^application\/problem\+json$/);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const upload = (feed: string, files: Files, fields: Record<string, string> = {}) => send(feed, form(files, fields));

const complaints = (from: number, count: number) =>
  ["klachtnummer;ontvangen op;eenheid;aspecten"]
    .concat(Array.from({ length: count }, (_, i) => `K-${from + i};15-03-2016;Den Haag;bejegening`))
    .join("\r\n");

/** Waits until all that was asked of the pipelines is done, a publication that gave way too. */
const quiet = async () => {
  while (owner.state().task || owner.state().waiting > 0) await sleep(10);
};

const count = async (table: string) => (await owner.db.one<{ n: number }>(`select count(*) as n from ${table}`))!.n;

describe("POST /api/v1/feeds/:feed/files", () => {
  it("loads a file as kvv load does, and publishes by itself", async () => {
    const { status, body } = await upload("complaints", { "klachten.csv": complaints(0, 20) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ feed: "complaints", file: "klachten.csv", refused: null, unchanged: false, publishing: true },
      ...{ read: 20, accepted: 20, quarantined: 0, skipped: 0, merged: 0, delimiter: ";" },
    });
    expect(await owner.db.one("select kind, file, status, loads from runs where job = 'complaints'")).toEqual({
      ...{ kind: "load", file: "klachten.csv", status: "done", loads: 1 },
    });
    await quiet();
    expect(currentSnapshot(home.folder)).toMatch(/^\d{8}T/);
  });

  it("says that the same file changes nothing, also zipped, and does not publish", async () => {
    for (const content of [complaints(0, 20), gzipSync(complaints(0, 20))]) {
      const { body } = await upload("complaints", { "nog-eens.csv": content });
      expect(body).toMatchObject({ unchanged: true, accepted: 20 });
      expect(body).not.toHaveProperty("publishing");
    }
  });

  it("takes a zipped file", async () => {
    const { body } = await upload("complaints", { "klachten.csv.gz": gzipSync(complaints(100, 5)) });
    expect(body).toMatchObject({ accepted: 5, format: "csv.gz", publishing: true });
  });

  it("loads several files in one request, and publishes once", async () => {
    await quiet();
    const before = await count("runs where job = 'publish'");
    const { body } = await upload("complaints", { "a.csv": complaints(200, 3), "b.csv": complaints(300, 4) });
    expect(body).toMatchObject({
      loads: [
        { file: "a.csv", accepted: 3 },
        { file: "b.csv", accepted: 4 },
      ],
      publishing: true,
    });
    await quiet();
    expect(await count("runs where job = 'publish'")).toBe(before + 1);
  });

  it("publishes once for uploads that come while the owner is busy", async () => {
    await quiet();
    const before = await count("runs where job = 'publish'");
    const busy = owner.work("busy", () => sleep(1500));
    const sent = [0, 1, 2].map((i) => upload("complaints", { [`${i}.csv`]: complaints(400 + i, 1) }));
    await busy;
    for (const { body } of await Promise.all(sent)) expect(body).toMatchObject({ accepted: 1, publishing: true });
    await quiet();
    const made = (await count("runs where job = 'publish'")) - before;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(2);
  });

  it("answers 200 for a file that is refused: that is an answer about the file", async () => {
    const { status, body } = await upload("complaints", { "x.csv": "naam;leeftijd\r\njan;4\r\n" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ load_id: null, refused: expect.stringContaining("required columns") });
    expect(body).not.toHaveProperty("publishing");
    expect(await upload("complaints", { "leeg.csv": "" })).toMatchObject({ body: { refused: "the file is empty" } });
  });

  it("takes a mapping as a text or as a file, and accept_change", async () => {
    const mapping = 'feed: complaints\ncolumns:\n  complaint_id: nr\n  aspects: { constant: "treatment" }\n';
    const rows = (id: string) => `nr,ontvangen op,eenheid\n${id},2016-04-01,den-haag\n`;
    expect(await upload("complaints", { "m.csv": rows("M-1") }, { accept_change: "true", mapping })).toMatchObject({
      body: { accepted: 1, refused: null },
    });
    const asFile = new FormData();
    asFile.append("mapping", new Blob([mapping]), "m.yaml");
    asFile.append("file", new Blob([rows("M-2")]), "m.csv");
    expect(await send("complaints", asFile)).toMatchObject({ body: { accepted: 1, refused: null } });
    const faulty = await upload("complaints", { "m.csv": rows("M-3") }, { mapping: "feed: staffing\n" });
    expect(faulty).toMatchObject({ status: 200, body: { refused: expect.stringContaining('for "staffing"') } });
  });

  it("lets a mapping look into no file of this machine", async () => {
    const mapping = 'feed: complaints\nlookups:\n  l: { file: "/etc/passwd", key: { nr: nr } }\n';
    const { body } = await upload("complaints", { "m.csv": "nr\n1\n" }, { mapping });
    expect(body.refused).toContain("which was not sent");
  });

  it.each([
    [
      "a mapping after the file",
      [
        ["file", "a"],
        ["mapping", "feed: complaints"],
      ],
      "mapping stands after a file",
    ],
    ["no file", [["accept_change", "true"]], "there is no file in the form"],
    ["a field that there is not", [["fiel", "a"]], 'no field "fiel"'],
    [
      "a word that is neither true nor false",
      [
        ["accept_change", "ja"],
        ["file", "a"],
      ],
      '"ja" is neither',
    ],
  ])("refuses %s, and loads nothing", async (_, parts, words) => {
    const before = await count("loads");
    const body = new FormData();
    for (const [name, value] of parts as [string, string][])
      if (name === "file") body.append(name, new Blob([complaints(900, 2)]), "a.csv");
      else body.append(name, value);
    const { status, body: problem } = await send("complaints", body);
    expect(status).toBe(400);
    expect(problem.detail).toContain(words);
    expect(await count("loads")).toBe(before);
  });

  it("refuses other content types, unknown feeds, and pages of elsewhere", async () => {
    expect(await send("complaints", "a,b\n1,2\n", { "content-type": "text/csv" })).toMatchObject({ status: 415 });
    expect(await send("complaints", "{}", { "content-type": "application/json" })).toMatchObject({ status: 415 });
    expect(await send("complaints", "x", { "content-type": "multipart/form-data" })).toMatchObject({ status: 415 });
    expect(await upload("nothing", { "a.csv": "a" })).toMatchObject({ status: 404 });
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://localhost:1" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ] as Record<string, string>[])
      expect(await raw("complaints", Buffer.alloc(0), headers)).toMatchObject({ status: 403 });
    const own = { origin: fixture.address, "sec-fetch-site": "same-origin" };
    expect(await raw("complaints", Buffer.alloc(0), own)).toMatchObject({ status: 415 });
  });

  it("refuses a body that is too large, with and without its length", async () => {
    const before = await count("loads");
    const large = Buffer.alloc(10 * 1024 * 1024, "a,b\n");
    expect(await upload("complaints", { "l.csv": large })).toMatchObject({ status: 413 });
    const { pieces, type } = multipart("l.csv", large);
    const unsaid = await raw("complaints", pieces, { "content-type": type, "transfer-encoding": "chunked" });
    expect(unsaid.status).toBe(413);
    expect(await count("loads")).toBe(before);
  });

  it("loads nothing of an upload that is cut off, in the file or after it", async () => {
    const before = await count("loads");
    const { pieces, type } = multipart("af.csv", Buffer.from(complaints(1000, 50_000)));
    const end = pieces.indexOf("\r\n--b--");
    for (const length of [1_000_000, end]) {
      await cutOff("complaints", pieces.subarray(0, length), {
        "content-type": type,
        "content-length": String(pieces.length),
      });
      await quiet();
    }
    // A form that ends without its last line is no whole form either.
    const short = await raw("complaints", pieces.subarray(0, end), { "content-type": type });
    expect(short.status).toBe(400);
    await quiet();
    expect(await count("loads")).toBe(before);
    expect(await count("refusals where reason like '%did not arrive whole%'")).toBeGreaterThan(0);
    expect(await upload("complaints", { "na.csv": complaints(1000, 1) })).toMatchObject({ body: { accepted: 1 } });
  });

  it("takes names as labels only", async () => {
    const { pieces, type } = multipart("../../../etc/na\u0001am.csv", Buffer.from(complaints(2000, 1)));
    const answered = await raw("complaints", pieces, { "content-type": type });
    expect(JSON.parse(answered.text)).toMatchObject({ file: "naam.csv", accepted: 1 });
    expect(labelOf("C:\\tmp\\a.csv")).toBe("a.csv");
    for (const odd of [undefined, "", "..", "a/..", "\u202e"]) expect(labelOf(odd)).toBe("upload");
    expect(labelOf(`${"x".repeat(500)}.csv`)).toHaveLength(200);
  });

  it("leaves no trace of persons on any disk", async () => {
    const canary = "KANARIE-7731";
    const rows = Array.from({ length: 40_000 }, (_, i) => `${canary}-${i};31-12-2016;den-haag;executief;medewerker;v`);
    const header = "personeelsnummer;peildatum;eenheid;categorie;rol;geslacht;";
    const text = [header.slice(0, -1), ...rows].join("\r\n");
    let traces: string[] = [];
    let looks = 0;
    const looking = setInterval(() => {
      looks += 1;
      traces = traces.concat(filesWith(canary));
    }, 50);
    const { body } = await upload("staffing", { "personen.csv": text });
    clearInterval(looking);
    expect(body).toMatchObject({ by_person: true, accepted: 40_000, refused: null });
    expect(looks).toBeGreaterThan(0);
    await quiet();
    expect([...traces, ...filesWith(canary)]).toEqual([]);
    expect(home.messages.join("\n")).not.toContain(canary);
    const cut = multipart("p.csv", Buffer.from(text));
    await cutOff("staffing", cut.pieces.subarray(0, 900_000), { "content-type": cut.type });
    await quiet();
    expect(filesWith(canary)).toEqual([]);
  });

  it("is 503 with the reason where no pipelines run", async () => {
    const alone = await serveFixture({ snapshot: false });
    const headers = { cookie: alone.cookie };
    const answer = await fetch(`${alone.address}/api/v1/feeds/complaints/files`, {
      method: "POST",
      body: form({ "a.csv": "a" }),
      headers,
    });
    expect(answer.status).toBe(503);
    expect(((await answer.json()) as { detail: string }).detail).toContain("no pipelines run here");
    const run = await fetch(`${alone.address}/api/v1/runs`, { method: "POST", headers });
    expect(run.status).toBe(503);
    const starting = new Pipelines(alone.home, () => true);
    await expect(starting.checkRunning()).rejects.toThrow("the pipelines are starting; try again in a moment");
    expect(await (await fetch(`${alone.address}/api/v1/work`, { headers })).json()).toEqual({
      running: false,
      task: null,
      waiting: 0,
    });
    await alone.stop();
  });
});

describe("POST /api/v1/runs", () => {
  const run = (body: string | undefined, headers: Record<string, string> = { "content-type": "application/json" }) =>
    fetch(`${fixture.address}/api/v1/runs`, {
      method: "POST",
      headers: { cookie: fixture.cookie, ...headers },
      ...(body === undefined ? {} : { body }),
    });

  it("does what kvv run does, for the feeds that are named", async () => {
    const answer = await run('{"feeds": ["complaints"]}');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ loads: [] });
    expect((await run("{}")).status).toBe(200);
    expect((await run(undefined, {})).status).toBe(200);
  });

  it("refuses what is wrong", async () => {
    expect((await run('{"feeds": ["nothing"]}')).status).toBe(404);
    expect((await run('{"feed": ["complaints"]}')).status).toBe(400);
    expect((await run("{")).status).toBe(400);
    expect((await run("feeds=complaints", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
    expect((await run(JSON.stringify({ feeds: ["x".repeat(70_000)] }))).status).toBe(413);
    const problem = await askProblem(fixture, "/api/v1/runs", {
      method: "POST",
      headers: { origin: "http://evil.example" },
    });
    expect(problem.status).toBe(403);
  });
});

describe("GET /api/v1/work", () => {
  it("tells what the pipelines do now, and how much waits", async () => {
    const work = async () =>
      (await fetch(`${fixture.address}/api/v1/work`, { headers: { cookie: fixture.cookie } })).json();
    expect(await work()).toEqual({ running: true, task: null, waiting: 0 });
    const busy = owner.work("busy", () => sleep(400));
    const next = owner.work("next", async () => undefined);
    expect(await work()).toMatchObject({ running: true, task: { what: "busy", share: null }, waiting: 1 });
    await Promise.all([busy, next]);
    const answer = await fetch(`${fixture.address}/api/v1/work`, { headers: { cookie: fixture.cookie } });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("etag")).toBeNull();
  });
});

/** A form with one file, byte for byte. */
function multipart(name: string, content: Buffer): { pieces: Buffer; type: string } {
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`;
  return {
    pieces: Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--b--\r\n")]),
    type: "multipart/form-data; boundary=b",
  };
}

function post(feed: string, headers: Record<string, string>): http.ClientRequest {
  const { hostname, port } = new URL(fixture.address);
  return http.request({
    hostname,
    port,
    path: `/api/v1/feeds/${feed}/files`,
    method: "POST",
    headers: { cookie: fixture.cookie, ...headers },
  });
}

function raw(feed: string, body: Buffer, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = post(feed, headers).on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.on("data", (piece: Buffer) => (text += piece.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, text }));
    });
    request.end(body);
  });
}

/** Sends a part of a body and goes away. */
async function cutOff(feed: string, part: Buffer, headers: Record<string, string>): Promise<void> {
  const request = post(feed, headers).on("error", () => undefined);
  request.write(part);
  await sleep(300);
  request.destroy();
  await sleep(100);
}

/** Files with the word in the home, and in what the system keeps for temporary files of ours. */
function filesWith(word: string): string[] {
  const ours = readdirSync(os.tmpdir()).filter((name) => name.startsWith("kvv-upload-"));
  return [home.folder, ...ours.map((name) => path.join(os.tmpdir(), name))]
    .flatMap((folder) => filesIn(folder))
    .filter((file) => {
      try {
        return readFileSync(file).includes(word);
      } catch {
        return false;
      }
    });
}

function filesIn(folder: string): string[] {
  try {
    return (
      readdirSync(folder, { recursive: true, withFileTypes: true })
        // The engine's own open files are locked against us; they are looked at by its tables.
        .filter((entry) => entry.isFile() && !entry.name.startsWith("warehouse.duckdb"))
        .map((entry) => path.join(entry.parentPath, entry.name))
    );
  } catch {
    return [];
  }
}
