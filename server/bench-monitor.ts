import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectFolder, readSettings } from "../pipelines/settings.ts";
import type { Subjects } from "./bench-readers.ts";
import { ownSession } from "./own-session.ts";
import { halfBefore, lastHalf } from "./review/half.ts";

/** The real server and its pipelines at work on a copy of the home. */
export interface BenchMonitor {
  address: string;
  home: string;
  /** Of the serving process. */
  pid: number;
  /** Of somebody who may see all, as Control does. */
  cookie: string;
  subjects: Subjects;
  stop(): Promise<void>;
}

/** Seconds after which the server has made most of what readers ask. */
const warmedUp = 65;

/** As ops/kvv-serve.service sets it. */
const ofUnit = { MALLOC_ARENA_MAX: "2", NODE_OPTIONS: "--max-semi-space-size=32" };

/** What puts a program behind all others, as ops/kvv-schedule.service does; nothing where the system cannot. */
function behind(): string[] {
  const idle = ["chrt", "--idle", "0"];
  return spawnSync(idle[0]!, [...idle.slice(1), process.execPath, "--version"]).status === 0 ? idle : [];
}

/** Starts it with the last snapshot of the home that the settings name. */
export async function startMonitor(): Promise<BenchMonitor> {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-bench-"));
  const home = path.join(root, "home");
  const children: ChildProcess[] = [];
  const stop = async () => {
    for (const child of children) child.kill("SIGTERM");
    await Promise.all(children.map((child) => child.exitCode ?? new Promise((resolve) => child.once("exit", resolve))));
    rmSync(root, { recursive: true, force: true });
  };
  try {
    copyLatest(readSettings(process.env).home, home);
    const env = { ...process.env, KVV_HOME: home, PORT: "0" };
    const program = (command: string[], mode: string, stdout: "ignore" | "pipe", own: Record<string, string> = {}) =>
      spawn(command[0]!, [...command.slice(1), mode], {
        env: { ...env, ...own },
        stdio: ["ignore", stdout, "inherit"],
      });
    const serve = program([process.execPath, path.join(projectFolder, "server/start.cjs")], "serve", "pipe", ofUnit);
    const schedule = [...behind(), process.execPath, path.join(projectFolder, "pipelines/kvv.cjs")];
    children.push(program(schedule, "schedule", "ignore"), serve);
    const address = await addressOf(serve);
    const { cookie } = await ownSession(home, { name: "bench", roles: ["control"], units: [] });
    const hr = await ownSession(home, { name: "bench-hrm", roles: ["hrm"], units: [] });
    const subjects = await subjectsOf(address, cookie, hr.cookie);
    return { address, home, pid: serve.pid!, cookie, subjects, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until nothing is left of what the start gives the pipelines to do. */
export async function whenIdle({ address, cookie }: Pick<BenchMonitor, "address" | "cookie">): Promise<void> {
  for (;;) {
    const answer = await fetch(`${address}/api/v1/work`, { headers: { cookie } });
    const { running, task, waiting } = (await answer.json()) as {
      running: boolean;
      task: object | null;
      waiting: number;
    };
    if (running && task === null && waiting === 0) return;
    await sleep(1000);
  }
}

/** Waits until the server has made what readers ask most: for three seconds it takes less than a tenth of a processor. */
export async function whenAtRest({ pid }: Pick<BenchMonitor, "pid">): Promise<void> {
  for (let before = workedSeconds(pid), quiet = 0; quiet < 3;) {
    await sleep(1000);
    const now = workedSeconds(pid);
    quiet = now - before < 0.1 ? quiet + 1 : 0;
    before = now;
  }
}

/** Seconds that processors have worked for a process. */
function workedSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The home with its last snapshot only. */
function copyLatest(from: string, to: string): void {
  const pointer = path.join(from, "published", "current");
  if (!existsSync(pointer))
    throw new Error(`nothing is published in ${from}; run npm start first, or name another home in KVV_HOME`);
  const current = readFileSync(pointer, "utf8").trim();
  mkdirSync(to, { mode: 0o700 });
  // Without demo.json: the schedule adds nothing of its own to what it has.
  for (const name of ["archive", "proofs", "id.key", "operations.duckdb", "warehouse.duckdb"])
    if (existsSync(path.join(from, name))) cpSync(path.join(from, name), path.join(to, name), { recursive: true });
  for (const name of ["current", "made-from", current])
    if (existsSync(path.join(from, "published", name)))
      cpSync(path.join(from, "published", name), path.join(to, "published", name), { recursive: true });
}

function addressOf(serve: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    serve.stdout!.on("data", (piece: Buffer) => {
      said += piece.toString();
      const found = /http:\/\/\S+:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    serve.once("exit", (code) => reject(new Error(`the server ended with ${code} and said: ${said}`)));
  });
}

async function subjectsOf(address: string, ofAll: string, ofHr: string): Promise<Subjects> {
  const get = async <T>(route: string, cookie = ofAll) =>
    (await (await fetch(`${address}/api/v1${route}`, { headers: { cookie } })).json()) as T;
  const units = await get<{ unit_id: string; level: string; valid_to: string | null }[]>("/units");
  const indicators = async (cookie: string) =>
    (await get<{ indicator_id: string }[]>("/indicators", cookie)).map((each) => each.indicator_id);
  const { data_through } = await get<{ data_through: string }>("/meta");
  const now = (level: string) =>
    units.filter((unit) => unit.level === level && unit.valid_to === null).map(({ unit_id }) => unit_id);
  const half = lastHalf(data_through);
  return {
    ...{ force: now("force")[0]!, units: now("unit"), indicators: await indicators(ofAll) },
    hrIndicators: await indicators(ofHr),
    ...{ half: half.half, halfBefore: halfBefore(half).half },
  };
}

/** Megabytes that a process holds: when it has what readers ask most, some seconds after something that is `marked`, at the end, and at most. */
export function watchMemory(pid: number): {
  mark(): void;
  end(): { early: number; marked: number; late: number; most: number };
} {
  const found: number[] = [];
  const look = () => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes) found.push(Number(kilobytes) / 1024);
  };
  const watch = setInterval(look, 1000);
  const middle = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  let marked = 0;
  return {
    mark: () => void (marked = found.length),
    end() {
      clearInterval(watch);
      return {
        early: middle(found.slice(warmedUp, warmedUp + 10)),
        marked: middle(found.slice(marked, marked + 10)),
        late: middle(found.slice(-10)),
        most: Math.max(...found),
      };
    },
  };
}
