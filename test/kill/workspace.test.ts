import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programArguments } from "../../pipelines/program.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { findIssued } from "../../server/review/issued.ts";
import { stepsOf } from "../../server/review/steps.ts";
import { textHistory } from "../../server/review/texts.ts";
import { Workspace } from "../../server/workspace/workspace.ts";
import { long } from "../support/long.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";

const times = long ? 60 : 3;
const key = { unit_id: "den-haag", half: "2016-H2" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-workspace-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes from a version on, and is killed so many milliseconds after its first word; the last version of which it said that it was kept. */
function writeUntilKilled(file: string, from: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, programArguments("test/kill/writer.ts", file, String(from)), {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (piece: Buffer) => {
    if (said === "") setTimeout(() => child.kill("SIGKILL"), afterMs);
    said += piece.toString();
  });
  return new Promise((resolve) =>
    child.once("close", () => resolve(Number(/(\d+)\n[^\n]*$/.exec(said)?.[1] ?? from - 1))),
  );
}

describe("kill -9 while reviews are written, signed and made into reports", () => {
  it(`${times} times: what was said to be kept is there, nothing is half`, async () => {
    const file = path.join(folder, "workspace.duckdb");
    const random = randomOf(2016);
    let last = 0;
    for (let time = 0; time < times; time++) {
      const told = await writeUntilKilled(file, last + 1, random.whole(20, 600));
      const workspace = new Workspace(file);
      const texts = await workspace.read((db) => textHistory(db, key, null));
      const steps = await workspace.read((db) => stepsOf(db, key));
      const issued = await workspace.read(async (db) => {
        const files = await db.all<{ file_hash: string }>("select file_hash from issued");
        return Promise.all(files.map(({ file_hash }) => findIssued(db, file_hash)));
      });
      await workspace.close();
      // A report is known only of what was signed, whole.
      expect(issued.every((each) => each?.intact)).toBe(true);
      expect(new Set(issued.map((each) => each!.document_hash)).size).toBe(issued.length);
      expect(issued.length).toBeLessThanOrEqual(steps.length / 3);
      expect(issued.length).toBeGreaterThanOrEqual(steps.length / 3 - time - 1);
      // One more may have been kept than it came to say.
      expect(texts.length).toBeGreaterThanOrEqual(told);
      expect(texts.length).toBeLessThanOrEqual(told + 1);
      expect(texts.map(({ version }) => version)).toEqual(texts.map((_, index) => texts.length - index));
      for (const { text, version } of texts) expect(text).toBe(`${version} `.repeat(2000));
      expect(steps.length % 3).toBe(0);
      // Each kill may come between a text and its signature.
      expect(steps.length / 3).toBeGreaterThanOrEqual(Math.floor(told / 10) - time - 1);
      last = texts.length;
    }
    expect(last).toBeGreaterThan(times);
  });
});
