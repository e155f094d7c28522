import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuditLog, readAudit, verifyAudit, type Told } from "../../server/audit.ts";

let home: string;
let now: Date;
const options = () => ({ folder: path.join(home, "audit"), keepMonths: 24, now: () => now });
const told = (what: string, more: Partial<Told> = {}): Told => ({
  ...{ user: "control", roles: ["control"], did: "looked", what, selection: "/x", status: 200, ...more },
});
const files = () => readdirSync(path.join(home, "audit")).sort();
const fileOf = (name = files()[0]!) => path.join(home, "audit", name);
const rewrite = (change: (lines: string[]) => string[], file = fileOf()) =>
  writeFileSync(file, change(readFileSync(file, "utf8").trimEnd().split("\n")).join("\n") + "\n");
const faults = async () => (await verifyAudit(options())).faults.map(({ line, fault }) => `${line}: ${fault}`);

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), "kvv-test-"));
  now = new Date("2017-02-10T09:00:00Z");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A log of five lines by one server. */
async function written(): Promise<AuditLog> {
  const log = new AuditLog(options());
  for (const what of ["a", "b", "c", "d", "e"]) await log.append(told(what));
  return log;
}

describe("AuditLog.append(told)", () => {
  it("adds a line that is chained to the one before", async () => {
    await written();
    const lines = readFileSync(fileOf(), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    for (let i = 1; i < lines.length; i++) expect(lines[i]!.prev).toBe(lines[i - 1]!.hash);
    expect(await verifyAudit(options())).toMatchObject({ ok: true, files: 1, lines: 6, faults: [] });
  });

  it("keeps the order of what comes at once, and loses none", async () => {
    const log = new AuditLog(options());
    await Promise.all(Array.from({ length: 200 }, (_, i) => log.append(told(String(i)))));
    const found = await readAudit(options().folder, { limit: 1000 });
    expect(found.map(({ what }) => what).reverse()).toEqual(Array.from({ length: 200 }, (_, i) => String(i)));
    expect((await verifyAudit(options())).ok).toBe(true);
  });

  it("begins a file each month, and forgets those that are too old without a fault", async () => {
    const log = new AuditLog(options());
    await log.append(told("a"));
    now = new Date("2017-03-01T00:00:00Z");
    await log.append(told("b"));
    expect(files().map((name) => name.slice(0, 7))).toEqual(["2017-02", "2017-03"]);
    now = new Date("2019-03-01T00:00:00Z");
    await log.append(told("c"));
    expect(files().map((name) => name.slice(0, 7))).toEqual(["2017-03", "2019-03"]);
    expect(await faults()).toEqual([]);
  });

  it("tells that it cannot write, and goes on when it can", async () => {
    mkdirSync(path.join(home, "audit"), { recursive: true });
    writeFileSync(path.join(home, "blocked"), "");
    const blocked = { ...options(), folder: path.join(home, "blocked") };
    const log = new AuditLog(blocked);
    await expect(log.append(told("a"))).rejects.toThrow();
    expect(await log.works()).toBe(false);
    rmSync(path.join(home, "blocked"));
    expect(await log.works()).toBe(true);
    await log.append(told("b"));
    expect((await verifyAudit(blocked)).ok).toBe(true);
  });

  it("cuts a selection that is too long to keep", async () => {
    await new AuditLog(options()).append(told("a", { selection: "x".repeat(9000) }));
    expect((await readAudit(options().folder, { limit: 1 }))[0]!.selection).toHaveLength(1000);
  });
});

describe("verifyAudit(options)", () => {
  it("finds nothing wrong where there is no log, or where a server ended in the middle of a line", async () => {
    expect(await verifyAudit(options())).toMatchObject({ ok: true, files: 0 });
    await written();
    appendFileSync(fileOf(), '{"seq":6,"at":"2017');
    expect((await verifyAudit(options())).ok).toBe(true);
  });

  it("finds each byte that was changed", async () => {
    await written();
    const text = readFileSync(fileOf(), "utf8");
    for (let at = 0; at < text.length; at += 37) {
      if (text[at] === "\n") continue;
      writeFileSync(fileOf(), text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1));
      expect((await verifyAudit(options())).ok, `byte ${at}`).toBe(false);
    }
  });

  it("finds lines that were taken out, put in, doubled or turned around", async () => {
    await written();
    const whole = readFileSync(fileOf(), "utf8");
    for (const change of [
      (lines: string[]) => lines.filter((_, i) => i !== 2),
      (lines: string[]) => [...lines.slice(0, 3), lines[2]!, ...lines.slice(3)],
      (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)],
      (lines: string[]) => lines.slice(1),
    ]) {
      writeFileSync(fileOf(), whole);
      rewrite(change);
      expect(await faults()).not.toEqual([]);
    }
  });

  it("finds a file that was cut or taken away, by what a later one says of it", async () => {
    await written();
    const first = files()[0]!;
    await new AuditLog(options()).append(told("later"));
    const whole = readFileSync(fileOf(first), "utf8");
    rewrite((lines) => lines.slice(0, 4), fileOf(first));
    expect(await faults()).toEqual([expect.stringContaining("was cut")]);
    writeFileSync(fileOf(first), whole);
    expect(await faults()).toEqual([]);
    rmSync(fileOf(first));
    expect(await faults()).toEqual([expect.stringContaining("which is gone")]);
  });

  it("finds the end of the last file cut, or all of it made anew, by hashes that were kept elsewhere", async () => {
    await written();
    const { heads } = await verifyAudit(options());
    const [name] = files();
    const log = new AuditLog(options());
    await log.append(told("more"));
    expect(await verifyAudit(options(), heads)).toMatchObject({ ok: true });
    rewrite((lines) => lines.slice(0, -1), fileOf(name));
    expect(await verifyAudit(options())).toMatchObject({ ok: false });
    rmSync(options().folder, { recursive: true });
    expect((await verifyAudit(options(), heads)).faults.map(({ fault }) => fault)).toEqual([
      `names ${name}, which is gone`,
    ]);
    await new AuditLog(options()).append(told("made up"));
    expect(await verifyAudit(options())).toMatchObject({ ok: true });
    expect(await verifyAudit(options(), { [files()[0]!]: heads[name!]! })).toMatchObject({ ok: false });
  });
});

describe("readAudit(folder, question)", () => {
  it("gives the newest first, by day, person and deed", async () => {
    const log = new AuditLog(options());
    await log.append(told("a", { user: "x" }));
    now = new Date("2017-02-11T09:00:00Z");
    await log.append(told("b", { did: "exported" }));
    now = new Date("2017-03-11T09:00:00Z");
    await log.append(told("c"));
    const what = async (question: object) =>
      (await readAudit(options().folder, { limit: 10, ...question })).map((each) => each.what);
    expect(await what({})).toEqual(["c", "b", "a"]);
    expect(await what({ limit: 1 })).toEqual(["c"]);
    expect(await what({ from: "2017-02-11", to: "2017-02-28" })).toEqual(["b"]);
    expect(await what({ user: "x" })).toEqual(["a"]);
    expect(await what({ did: "exported" })).toEqual(["b"]);
  });
});
