import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  appendFileSync,
  writeFileSync,
} from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Context } from "../pipelines/context.ts";
import { Database } from "../pipelines/database.ts";
import { connectOwner, handOver } from "../pipelines/handover.ts";
import { startSchedule, type Running } from "../pipelines/schedule.ts";
import type { WorkState } from "../pipelines/work.ts";
import { organisation } from "./loading/support.ts";
import { makeForce, type Force } from "./support/force.ts";
import { long } from "./support/long.ts";

vi.setConfig({ testTimeout: 120_000 });

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
let server: http.Server;
let origin: string;
let routes: Record<string, Handler>;
const asked: string[] = [];
beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(request.url!);
    (routes[request.url!] ?? ((_, none) => none.writeHead(404).end()))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const newForce = () => makeForce({ KVV_ALLOW_PRIVATE_SOURCES: "127.0.0.1" });
/** Has units that were loaded and published on the first day. */
let begun: Force;
let force: Force;
let running: Running | undefined;
let now: Date;
beforeAll(async () => {
  [routes, now] = [{}, new Date("2017-07-03T08:00:00Z")];
  begun = force = newForce();
  force.schedule("jobs: []\n");
  drop("units", "units.csv", organisation);
  await settledStart();
  await running!.stop();
});
afterAll(() => begun.home.remove());
beforeEach(() => {
  force = newForce();
  cpSync(begun.home.folder, force.home.folder, { recursive: true });
  now = new Date("2017-07-03T08:00:00Z");
  routes = {};
  asked.length = 0;
});
/** Begins on another day, with units in the inbox and nothing else. */
function beginOn(moment: string): void {
  rmSync(force.home.folder, { recursive: true });
  drop("units", "units.csv", organisation);
  now = new Date(moment);
}
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await force.home.remove();
});

const inbox = (...parts: string[]) => path.join(force.home.folder, "inbox", ...parts);
function drop(feed: string, name: string, content: string): void {
  mkdirSync(inbox(feed), { recursive: true });
  writeFileSync(inbox(feed, `.${name}.part`), content);
  renameSync(inbox(feed, `.${name}.part`), inbox(feed, name));
}

async function start(): Promise<Running> {
  const { context } = force.home;
  const waits: number[] = [];
  const patience = { sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
  const given: Context = { ...context, now: () => now, outside: { ...context.outside, patience } };
  running = await startSchedule(given);
  return running;
}

/** The owner's answer to a command. */
async function ask<T>(command: string, ...args: string[]): Promise<T> {
  const socket = await connectOwner(force.home.folder);
  const answer = await handOver(socket!, { command, arguments: args, cwd: force.home.folder }, () => undefined);
  if (answer.failed) throw new Error(answer.failed);
  return answer.result as T;
}

interface Run {
  run_id: number;
  job: string;
  kind: string;
  file: string | null;
  status: string;
  error: string | null;
  loads: number;
  started_at: string;
}
interface Feed {
  feed: string;
  trouble: string | null;
  trouble_reason: string | null;
  trouble_file: string | null;
  next_run_at: string | null;
  last_load_at: string | null;
  source: string | null;
}

/** Rows of what the server sees. */
async function operations<T>(sql: string): Promise<T[]> {
  const copy = path.join(force.home.folder, "..", "operations-copy.duckdb");
  writeFileSync(copy, readFileSync(path.join(force.home.folder, "operations.duckdb")));
  const db = await Database.open(copy);
  try {
    return await db.all<T>(sql);
  } finally {
    db.close();
  }
}
/** The last runs of all, oldest first. */
const runs = async (wanted: (run: Run) => boolean = () => true) =>
  (await ask<{ runs: Run[] }>("status")).runs.filter(wanted).reverse();
const published = async () =>
  (await operations<{ n: number }>("select count(*)::integer as n from runs where job = 'publish'"))[0]!.n;
const fetches = () => runs(({ kind }) => kind === "fetch");
const feed = async (name: string) => (await ask<{ feeds: Feed[] }>("status")).feeds.find((each) => each.feed === name)!;

async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const end = Date.now() + (long ? 5_400_000 : 60_000);
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await after(50);
  }
  throw new Error(`waited in vain for ${what}; log:\n${force.home.messages.join("\n")}`);
}

const idle = () =>
  until("the end of the work", async () => {
    const { task, waiting } = await ask<WorkState>("work");
    return task === null && waiting === 0;
  });
/** The first look is under way at the start. */
const settledStart = async () => {
  await start();
  await until("the units", () => existsSync(inbox("units", "done", "units.csv")));
  await running!.look();
  await idle();
};

const complaints = (...ids: string[]) =>
  ["complaint_id,received_on,unit_id,aspects", ...ids.map((id) => `${id},2017-03-01,n1,treatment`)].join("\n") + "\n";
const job = (name: string, cron: string, source = "inbox") =>
  `  - { feed: ${name}, source: ${source}, cron: "${cron}", time_zone: Europe/Amsterdam }\n`;
const at = (path: string) => `{ url: "${origin}${path}" }`;
const looks = async () =>
  (await runs(({ kind }) => kind === "look" || kind === "fetch")).map(
    (run) => `${run.job} ${run.started_at.slice(0, 16)}`,
  );

describe("the schedule: sources", () => {
  it("fetches a file, loads it, publishes, and asks from then on whether it is another", async () => {
    const served: (string | undefined)[] = [];
    let version = 1;
    routes["/k.csv?key=geheim"] = (request, response) => {
      served.push(request.headers["if-none-match"]);
      if (request.headers["if-none-match"] === `"v${version}"`) response.writeHead(304).end();
      else response.setHeader("ETag", `"v${version}"`).end(complaints("A", ...(version > 1 ? ["B"] : [])));
    };
    force.schedule(`jobs:\n${job("complaints", "*/15 * * * *", at("/k.csv?key=geheim"))}`);
    await settledStart();
    expect(await fetches()).toMatchObject([{ job: "complaints", status: "done", file: "k.csv", loads: 1 }]);
    expect(await feed("complaints")).toMatchObject({ source: new URL(origin).host, trouble: null });
    now = new Date("2017-07-03T08:15:00Z");
    await running!.look();
    expect(served).toEqual([undefined, '"v1"']);
    expect((await fetches()).at(-1)).toMatchObject({ status: "done", loads: 0 });
    version = 2;
    now = new Date("2017-07-03T08:30:00Z");
    await running!.look();
    expect((await fetches()).at(-1)).toMatchObject({ status: "done", loads: 1 });
    expect(force.home.messages.join("\n")).not.toContain("geheim");
  });

  it("remembers nothing of a file that it refused: the same is asked for again, and is trouble until one loads", async () => {
    const served: (string | undefined)[] = [];
    let body = "complaint_id,unit_id\n1,n1\n";
    routes["/k.csv"] = (request, response) => {
      served.push(request.headers["if-none-match"]);
      response.setHeader("ETag", '"v1"').end(body);
    };
    force.schedule(`jobs:\n${job("complaints", "*/15 * * * *", at("/k.csv"))}`);
    await settledStart();
    expect(await feed("complaints")).toMatchObject({ trouble: "refused", trouble_file: "k.csv" });
    body = complaints("A");
    now = new Date("2017-07-03T08:15:00Z");
    await running!.look();
    expect(served).toEqual([undefined, undefined]);
    expect((await feed("complaints")).trouble).toBeNull();
  });

  it("asks again without conditions once something else was loaded over it", async () => {
    const served: (string | undefined)[] = [];
    routes["/k.csv"] = (request, response) => {
      served.push(request.headers["if-none-match"]);
      response.setHeader("ETag", '"v1"').end(complaints("A"));
    };
    force.schedule(`jobs:\n${job("complaints", "*/15 * * * *", at("/k.csv"))}`);
    await settledStart();
    await ask("load", "complaints", force.home.write("other.csv", complaints("A", "C")));
    now = new Date("2017-07-03T08:15:00Z");
    await running!.look();
    expect(served).toEqual([undefined, undefined]);
  });

  it("a source that fails stops no other, and is asked again an hour later", async () => {
    routes["/broken.csv"] = (_, response) => response.writeHead(500).end();
    routes["/k.csv"] = (_, response) => response.end(complaints("A"));
    force.schedule(
      `jobs:\n${job("incidents", "0 6 * * *", at("/broken.csv"))}${job("complaints", "0 6 * * *", at("/k.csv"))}`,
    );
    await settledStart();
    expect(asked.filter((url) => url === "/broken.csv")).toHaveLength(4);
    expect((await feed("complaints")).trouble).toBeNull();
    expect(await feed("incidents")).toMatchObject({
      trouble: "failed",
      trouble_reason: expect.stringContaining("answers with status 500; tried 4 times"),
      next_run_at: "2017-07-03T09:00:00.000Z",
    });
    now = new Date("2017-07-03T08:59:00Z");
    await running!.look();
    expect(asked.filter((url) => url === "/broken.csv")).toHaveLength(4);
    routes["/broken.csv"] = (_, response) =>
      response.end("incident_id,registered_on,unit_id,kind,grounds\nI,2017-03-01,n1,report,origin\n");
    now = new Date("2017-07-03T09:00:00Z");
    await running!.look();
    expect(await feed("incidents")).toMatchObject({ trouble: null, next_run_at: "2017-07-04T04:00:00.000Z" });
  });

  it("a file that breaks off loads nothing of it, and comes whole at the next try", async () => {
    let tries = 0;
    routes["/k.csv"] = (_, response) => {
      const whole = complaints(...Array.from({ length: 2000 }, (_, i) => `A-${i}`));
      response.writeHead(200, { "content-length": whole.length });
      if (tries++ > 0) return void response.end(whole);
      response.write(whole.slice(0, 30_000));
      setTimeout(() => response.destroy(), 30);
    };
    force.schedule(`jobs:\n${job("complaints", "0 6 * * *", at("/k.csv"))}`);
    await settledStart();
    expect(tries).toBe(2);
    expect(await fetches()).toMatchObject([{ status: "done", loads: 1 }]);
    expect(await operations("select accepted from loads where feed = 'complaints'")).toEqual([{ accepted: 2000 }]);
    expect(await operations("from refusals")).toEqual([]);
  });

  it("keeps a file about persons off the disk", async () => {
    const header = "period,employee_id,unit_id,category,role,gender";
    const people = Array.from({ length: 3000 }, (_, i) => `2017-06-30,GEHEIM-${i},n1,executive,employee,woman`);
    routes["/p.csv"] = (_, response) => response.end([header, ...people].join("\n") + "\n");
    force.schedule(`jobs:\n${job("staffing", "0 6 * * *", at("/p.csv"))}`);
    const marks = new Set<string>();
    const look = setInterval(() => {
      for (const name of filesBelow(force.home.folder)) if (readIf(name)?.includes("GEHEIM-1")) marks.add(name);
    }, 40);
    await settledStart();
    clearInterval(look);
    expect(await operations("select \"read\" from loads where feed = 'staffing'")).toEqual([{ read: 3000 }]);
    expect([...marks]).toEqual([]);
  });

  it("kvv run fetches what is named, whether due or not, and what is due where nothing is", async () => {
    routes["/k.csv"] = (_, response) => response.end(complaints("A"));
    force.schedule(`jobs:\n${job("complaints", "0 6 * * *", at("/k.csv"))}`);
    await settledStart();
    expect(asked).toHaveLength(1);
    expect(await ask("run")).toMatchObject({ loads: [], published: null });
    expect(asked).toHaveLength(1);
    expect(await ask("run", "complaints")).toMatchObject({ loads: [{ feed: "complaints", unchanged: true }] });
    expect(asked).toHaveLength(2);
  });
});

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("warehouse.duckdb"))
    .map((entry) => path.join(entry.parentPath, entry.name));
function readIf(name: string): string | undefined {
  try {
    return readFileSync(name, "latin1");
  } catch {
    return undefined;
  }
}

describe("the schedule: times", () => {
  it("runs what was missed while the machine was off, once", async () => {
    force.schedule(`jobs:\n${job("complaints", "0 6 * * *")}`);
    await settledStart();
    expect(await looks()).toEqual(["complaints 2017-07-03T08:00"]);
    await running!.stop();
    now = new Date("2017-07-07T12:00:00Z");
    await start();
    await running!.look();
    await idle();
    await running!.look();
    expect(await looks()).toEqual(["complaints 2017-07-03T08:00", "complaints 2017-07-07T12:00"]);
  });

  it("runs a job of 02:30 in the night that has none", async () => {
    beginOn("2017-03-25T20:00:00Z");
    force.schedule(`jobs:\n${job("complaints", "30 2 * * *")}`);
    await settledStart();
    for (const minute of ["00:59", "01:00", "01:30", "02:00"]) {
      now = new Date(`2017-03-26T${minute}:00Z`);
      await running!.look();
    }
    expect(await looks()).toEqual(["complaints 2017-03-25T20:00", "complaints 2017-03-26T01:00"]);
  });

  it("records a run that did nothing, and makes one publication for the jobs of one minute", async () => {
    const names = ["complaints", "incidents", "use_of_force", "actions"];
    const sources = [at("/k.csv"), at("/i.csv"), "inbox", "inbox"];
    force.schedule(`jobs:\n${names.map((name, i) => job(name, "0 6 * * *", sources[i]!)).join("")}`);
    await settledStart();
    routes["/k.csv"] = (_, response) => response.end(complaints("A"));
    routes["/i.csv"] = (_, response) =>
      response.end("incident_id,registered_on,unit_id,kind,grounds\nI,2017-03-01,n1,report,origin\n");
    now = new Date("2017-07-04T04:00:00Z");
    await running!.look();
    expect(
      (await runs(({ started_at }) => started_at >= "2017-07-04"))
        .map(({ job, kind, loads }) => `${job} ${kind} ${loads}`)
        .sort(),
    ).toEqual(["actions look 0", "complaints fetch 1", "incidents fetch 1", "publish other 0", "use_of_force look 0"]);
  });

  it("goes on when the clock is set back, with run numbers, snapshots and freshness in order", async () => {
    force.schedule(`jobs:\n${job("complaints", "0 6 * * *")}`);
    beginOn("2030-01-01T08:00:00Z");
    await settledStart();
    const snapshot = () => readFileSync(path.join(force.home.folder, "published", "current"), "utf8").trim();
    const first = snapshot();
    expect(first).toMatch(/^20300101/);
    now = new Date("2017-07-03T08:00:00Z");
    drop("complaints", "k.csv", complaints("A"));
    await running!.look();
    await until("the load", () => existsSync(inbox("complaints", "done", "k.csv")));
    await idle();
    expect(await looks()).toEqual(["complaints 2030-01-01T08:00", "complaints 2017-07-03T08:00"]);
    const numbers = (await operations<Run>("from runs order by run_id")).map(({ run_id }) => run_id);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(snapshot() > first).toBe(true);
    expect(await feed("complaints")).toMatchObject({ next_run_at: "2017-07-04T04:00:00.000Z" });
    expect((await feed("complaints")).last_load_at).toContain("2017-07-03 08:00:00");
    now = new Date("2017-07-04T04:00:00Z");
    await running!.look();
    expect(await looks()).toHaveLength(3);
  });

  it("takes an edited schedule at once", async () => {
    force.schedule("jobs: []\n");
    await settledStart();
    expect(await looks()).toEqual([]);
    force.schedule(`jobs:\n${job("complaints", "0 6 * * *")}`);
    await running!.look();
    expect(await looks()).toHaveLength(1);
  });
});

describe("the inbox", () => {
  beforeEach(() => force.schedule("jobs: []\n"));

  it("a folder that cannot be read is that feed's trouble alone, until it is in order", async () => {
    for (const name of ["incidents", "survey"]) rmSync(inbox(name), { recursive: true });
    writeFileSync(inbox("incidents"), "not a folder");
    symlinkSync("survey", inbox("survey"));
    await settledStart();
    drop("complaints", "k.csv", complaints("A"));
    await until("the load", () => existsSync(inbox("complaints", "done", "k.csv")));
    expect(
      await until("the trouble", async () => (await feed("incidents")).trouble && feed("incidents")),
    ).toMatchObject({
      trouble: "failed",
      trouble_reason: "inbox/incidents is not a folder but a file; move it away, and make the folder",
      trouble_file: null,
    });
    expect((await feed("survey")).trouble_reason).toContain("a link that leads to itself");
    expect((await feed("complaints")).trouble).toBeNull();
    await after(500);
    expect(await runs((run) => run.job === "incidents")).toHaveLength(1);
    rmSync(inbox("incidents"));
    mkdirSync(inbox("incidents"));
    await until("the end of the trouble", async () => (await feed("incidents")).trouble === null);
  });

  it("a file that cannot be read is told once by its name, and others of the feed are loaded", async () => {
    await settledStart();
    symlinkSync("nowhere.csv", inbox("complaints", "dangling.csv"));
    symlinkSync("/etc/hosts", inbox("complaints", "elsewhere.csv"));
    mkdirSync(inbox("complaints", "2017.csv"));
    drop("complaints", "k.csv", complaints("A"));
    await until("the load", () => existsSync(inbox("complaints", "done", "k.csv")));
    const failed = await until("all three", async () => {
      const found = await runs(({ status }) => status === "failed");
      return found.length === 3 && found;
    });
    expect(failed.map(({ file, error }) => `${file}: ${error}`).sort()).toEqual([
      "2017.csv: 2017.csv is not a file but a folder; drop the files themselves",
      "dangling.csv: dangling.csv is a link to a file that is not there",
      "elsewhere.csv: elsewhere.csv is a link; drop the file itself",
    ]);
    await after(400);
    expect(await runs(({ status }) => status === "failed")).toHaveLength(3);
  });

  it("keeps both of two files of one name", async () => {
    await settledStart();
    drop("complaints", "k.csv", complaints("A"));
    await until("the first", () => existsSync(inbox("complaints", "done", "k.csv")));
    drop("complaints", "k.csv", complaints("A", "B"));
    await until("the second", () => existsSync(inbox("complaints", "done", "k (2).csv")));
    expect(readFileSync(inbox("complaints", "done", "k.csv"), "utf8")).toBe(complaints("A"));
  });

  it("waits for a file that grows, and meanwhile takes the others", async () => {
    await settledStart();
    drop("complaints", "growing.csv", complaints("A"));
    const growing = setInterval(
      () => appendFileSync(inbox("complaints", "growing.csv"), "G,2017-03-01,n1,force\n"),
      10,
    );
    drop("complaints", "k.csv", complaints("B"));
    await until("the other", () => existsSync(inbox("complaints", "done", "k.csv")));
    expect(existsSync(inbox("complaints", "growing.csv"))).toBe(true);
    clearInterval(growing);
    await until(
      "the one that grew",
      () =>
        readdirSync(inbox("complaints", "done")).includes("growing.csv") ||
        existsSync(inbox("complaints", "refused", "growing.csv")),
    );
  });

  it("takes a full inbox, every file of it, with one publication", async () => {
    await settledStart();
    const files = long ? 3000 : 24;
    const before = await published();
    for (let i = 0; i < files; i++) writeFileSync(inbox("complaints", `.${i}.part`), complaints(`N-${i}`));
    for (let i = 0; i < files; i++) renameSync(inbox("complaints", `.${i}.part`), inbox("complaints", `${i}.csv`));
    await until(
      "all",
      () => existsSync(inbox("complaints", "done")) && readdirSync(inbox("complaints", "done")).length === files,
    );
    await idle();
    expect(await operations("select count(*)::integer as n from loads where feed = 'complaints'")).toEqual([
      { n: files },
    ]);
    expect((await published()) - before).toBeLessThanOrEqual(2);
  }, 5_400_000);
});
