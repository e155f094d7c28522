import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { connectOwner, handOver } from "../pipelines/handover.ts";
import { Owner } from "../pipelines/owner.ts";
import { createContext } from "../pipelines/context.ts";
import { readSettings } from "../pipelines/settings.ts";
import type { WorkState } from "../pipelines/work.ts";
import { organisation } from "./loading/support.ts";
import { makeForce, type Force } from "./support/force.ts";
import { runKvv, runServer, type Run } from "./support/server-process.ts";
import { signIn } from "./support/sign-in.ts";
import { makeSnapshot, temporaryHome } from "./support/snapshot.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const started = (run: Run): Run => {
  cleanups.push(() => run.process.exitCode ?? run.stop("SIGKILL"));
  return run;
};
const addressOf = async (run: Run) => (await run.says(/http:\/\/127\.0\.0\.1:\d+/))[0];

/** What comes before the rest that may still be under way, in milliseconds, on a machine that does other things too. */
const soonMs = 6000;
const many = 400;
const large = "/api/v1/series?indicator=all&unit=all&grain=month";

/** A home with a snapshot of which an answer is too large to lie in the buffers between a server and a reader. */
async function largeHome(): Promise<string> {
  const { home, remove } = temporaryHome();
  cleanups.push(remove);
  await makeSnapshot(home, { rows: many });
  return home;
}

interface Reading {
  response: http.IncomingMessage;
  socket: NonNullable<http.IncomingMessage["socket"]>;
  /** The rest, and how it ended. */
  rest(): Promise<{ text: string; whole: boolean }>;
}

/** Asks for a large answer and reads no further than its head. */
async function beginToRead(address: string): Promise<Reading> {
  const cookie = await signIn(address);
  const agent = new http.Agent({ keepAlive: true });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) =>
    http.get(address + large, { headers: { cookie }, agent }, resolve).once("error", reject),
  );
  expect(response.statusCode).toBe(200);
  response.pause();
  return {
    response,
    socket: response.socket,
    async rest() {
      let text = "";
      try {
        for await (const piece of response) text += String(piece);
        return { text, whole: response.complete };
      } catch {
        return { text, whole: false };
      }
    },
  };
}

const refused = (address: string) =>
  fetch(`${address}/healthz`).then(
    () => false,
    (error: Error & { cause?: { code?: string } }) => error.cause?.code === "ECONNREFUSED",
  );
const until = async (what: string, look: () => Promise<unknown>): Promise<void> => {
  for (const end = Date.now() + 60_000; !(await look()); await after(20))
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
};

describe("SIGTERM to a server", () => {
  it("lets an answer under way come to its end, closes its connection, refuses new ones, and ends with 0", async () => {
    const served = started(runServer(["serve"], { KVV_HOME: await largeHome() }));
    const address = await addressOf(served);
    const reading = await beginToRead(address);
    const stopped = served.stop();
    await until("the end of listening", () => refused(address));
    await after(500);
    expect(served.process.exitCode).toBeNull();
    const closed = new Promise((resolve) => reading.socket.once("close", resolve));
    const { text, whole } = await reading.rest();
    const read = performance.now();
    expect(whole).toBe(true);
    expect((JSON.parse(text) as unknown[]).length).toBeGreaterThan(many);
    await closed;
    const { exit } = await stopped;
    expect(exit, served.output).toBe(0);
    // A connection that is kept for another question is kept for five seconds.
    expect(performance.now() - read).toBeLessThan(4000);
    expect(served.output).not.toContain("cut off");
  }, 60_000);

  it("cuts off an answer that takes longer than KVV_STOP_SECONDS, says so, and ends with 0", async () => {
    const served = started(runServer(["serve"], { KVV_HOME: await largeHome(), KVV_STOP_SECONDS: "1" }));
    const reading = await beginToRead(await addressOf(served));
    const { exit, ms } = await served.stop();
    expect(exit, served.output).toBe(0);
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1000 + soonMs);
    expect((await reading.rest()).whole).toBe(false);
    expect(served.output).toContain('"answers":1,"msg":"cut off after KVV_STOP_SECONDS"');
  }, 60_000);

  it("waits for nobody who asks nothing, also through kvv serve", async () => {
    const { home, remove } = temporaryHome();
    cleanups.push(remove);
    await makeSnapshot(home);
    const served = started(runKvv(["serve"], { KVV_HOME: home, PORT: "0" }));
    const address = await addressOf(served);
    const agent = new http.Agent({ keepAlive: true });
    const answer = await new Promise<http.IncomingMessage>((resolve) =>
      http.get(`${address}/healthz`, { agent }, resolve),
    );
    answer.resume();
    await new Promise((resolve) => answer.once("end", resolve));
    const { exit, ms } = await served.stop();
    expect(exit, served.output).toBe(0);
    expect(ms).toBeLessThan(soonMs);
  }, 60_000);
});

/** A force that has its units, and so gets no demo data. */
async function forceWithUnits(): Promise<{ force: Force; env: Record<string, string> }> {
  const force = makeForce();
  cleanups.push(() => force.home.remove());
  force.schedule("jobs: []\n");
  const env = {
    ...{ KVV_HOME: force.home.folder, KVV_CONFIG: force.config, KVV_NOW: "2017-07-03T08:00:00Z" },
    ...{ KVV_INBOX_SECONDS: "0.1", KVV_THREADS: "1" },
  };
  const units = force.home.write("units.csv", organisation);
  await asOwner(env, (owner) =>
    owner.answer({ command: "load", arguments: ["units", units], cwd: "/" }, () => undefined),
  );
  return { force, env };
}

/** The home's owner once nobody else is: that it opens is part of what is tried. */
async function asOwner<T>(env: Record<string, string>, work: (owner: Owner) => Promise<T>): Promise<T> {
  const owner = await Owner.open(createContext(readSettings(env), () => undefined));
  try {
    return await work(owner);
  } finally {
    await owner.close();
  }
}

const rows = 400_000;
/** Drops a file that takes some seconds to load, and waits until it is being loaded. */
async function loadUnderWay(folder: string): Promise<void> {
  const inbox = path.join(folder, "inbox", "complaints");
  mkdirSync(inbox, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) => `K-${i},2017-03-01,n1,treatment`);
  writeFileSync(path.join(inbox, ".k.part"), `complaint_id,received_on,unit_id,aspects\n${lines.join("\n")}\n`);
  renameSync(path.join(inbox, ".k.part"), path.join(inbox, "k.csv"));
  await until("the load", async () => {
    const socket = await connectOwner(folder);
    if (!socket) return false;
    const { result } = await handOver(socket, { command: "work", arguments: [], cwd: folder }, () => undefined);
    return (result as WorkState).task?.feed === "complaints";
  });
}

const loaded = (env: Record<string, string>) =>
  asOwner(env, async (owner) => ({
    loads: await owner.db.all("select accepted from loads where feed = 'complaints'"),
    kept: await owner.db.one("select count(*) as n from complaints"),
    runs: await owner.db.all("select status from runs where job = 'complaints'"),
  }));
const whole = { loads: [{ accepted: rows }], kept: { n: rows }, runs: [{ status: "done" }] };
const inboxOf = (folder: string) => path.join(folder, "inbox", "complaints");

describe("SIGTERM to kvv schedule", () => {
  it("lets a load under way come to its end, takes no other, and ends with 0", async () => {
    const { force, env } = await forceWithUnits();
    const { folder } = force.home;
    const schedule = started(runKvv(["schedule"], env));
    await schedule.says(/the schedule runs/);
    await loadUnderWay(folder);
    writeFileSync(
      path.join(inboxOf(folder), "later.csv"),
      "complaint_id,received_on,unit_id,aspects\nL,2017-03-01,n1,force\n",
    );
    const { exit, ms } = await schedule.stop();
    expect(exit, schedule.output).toBe(0);
    expect(ms).toBeLessThan(20_000 + soonMs);
    expect(readdirSync(inboxOf(folder)).sort()).toEqual(["done", "later.csv"]);
    expect(await loaded(env)).toEqual(whole);
  }, 120_000);

  it("cuts off what takes longer than KVV_STOP_SECONDS: nothing of it is kept, and the next start does it anew", async () => {
    const { force, env } = await forceWithUnits();
    const { folder } = force.home;
    const schedule = started(runKvv(["schedule"], { ...env, KVV_STOP_SECONDS: "0" }));
    await schedule.says(/the schedule runs/);
    await loadUnderWay(folder);
    const { exit, ms } = await schedule.stop();
    expect(exit, schedule.output).toBe(0);
    expect(ms).toBeLessThan(soonMs);
    expect(schedule.output).toContain("was cut off after 0 seconds");
    expect(existsSync(path.join(inboxOf(folder), "k.csv"))).toBe(true);
    expect(await loaded(env)).toEqual({ loads: [], kept: { n: 0 }, runs: [] });
    const again = started(runKvv(["schedule"], env));
    await until("the load", async () => existsSync(path.join(inboxOf(folder), "done", "k.csv")));
    expect((await again.stop()).exit, again.output).toBe(0);
    expect(await loaded(env)).toEqual(whole);
  }, 180_000);

  it("does not wait for a start that makes demo data, which the next one does again, and ends with 0", async () => {
    const { home, remove } = temporaryHome();
    cleanups.push(remove);
    const force = makeForce();
    cleanups.push(() => force.home.remove());
    const env = { KVV_HOME: home, KVV_CONFIG: force.config, KVV_NOW: "2014-02-02T08:00:00Z" };
    const schedule = started(runKvv(["schedule"], env));
    await schedule.says(/loading demo data/);
    const { exit, ms } = await schedule.stop();
    expect(exit, schedule.output).toBe(0);
    expect(ms).toBeLessThan(soonMs);
    expect(await asOwner(env, (owner) => owner.db.all("select status from runs where job = 'demo'"))).toEqual([]);
  }, 120_000);
});

describe("SIGTERM to npm start", () => {
  it("lets an answer and a load under way come to their ends, and ends with 0", async () => {
    const { force, env } = await forceWithUnits();
    const { folder } = force.home;
    const monitor = started(runServer(["start"], env));
    const address = await addressOf(monitor);
    const cookie = await signIn(address);
    await loadUnderWay(folder);
    const form = new FormData();
    form.append("file", new Blob(["complaint_id,received_on,unit_id,aspects\nU,2017-03-01,n1,force\n"]), "u.csv");
    // It waits for its turn after the load, and is told that there will be none.
    const sent = fetch(`${address}/api/v1/feeds/complaints/files`, { method: "POST", body: form, headers: { cookie } });
    await until("its place in the queue", async () => {
      const answer = await fetch(`${address}/api/v1/work`, { headers: { cookie } });
      return ((await answer.json()) as WorkState).waiting > 0;
    });
    const stopped = monitor.stop();
    const answer = await sent;
    expect([409, 503]).toContain(answer.status);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/stopping|stopped before/);
    const { exit, ms } = await stopped;
    expect(exit, monitor.output).toBe(0);
    expect(ms).toBeLessThan(20_000 + soonMs);
    expect(await loaded(env)).toEqual(whole);
  }, 120_000);
});
