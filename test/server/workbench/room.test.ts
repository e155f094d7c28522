import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginDraft, saveDraft } from "../../../server/workbench/edits.ts";
import { readKnown, readListed } from "../../../server/workbench/store.ts";
import { Workspace } from "../../../server/workspace/workspace.ts";

let folder: string;
let workspace: Workspace;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-room-"));
  workspace = new Workspace(path.join(folder, "workspace.duckdb"));
});
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true });
});

const monday = new Date("2017-02-13T09:00:00Z");
const tuesday = new Date("2017-02-14T09:00:01Z");
/** As long as texts may be; no two alike. */
const long = (i: number) => String(i).padStart(64_000, "x");
const texts = (i: number) => ({
  definition: `/*---\ntitle: { nl: Nummer ${i}, en: Number ${i} }\n---*/\n`.padEnd(64_000, "-"),
  examples: long(i),
  targets: long(i),
});
const begin = (i: number, name: string, at = monday) =>
  workspace.write((db) => beginDraft(db, { indicator_id: `number-${i}`, ...texts(i) }, { name, at }));

describe("drafts of the longest texts", () => {
  it("are saved by one person until they are 20 MB in a day, and by others after that", async () => {
    let saved = 0;
    const refused = await (async () => {
      try {
        for (; saved < 200; saved++) await begin(saved, "control:anna");
      } catch (error) {
        return error;
      }
    })();
    expect(saved).toBe(Math.ceil(20_000_000 / (3 * 64_000)));
    expect(refused).toMatchObject({ status: 429, code: "draft-room" });
    const change = { ...texts(0), version: 1, examples: "short" };
    const save = (name: string, at: Date) => workspace.write((db) => saveDraft(db, 1, change, { name, at }));
    await expect(save("control:anna", monday)).rejects.toMatchObject({ code: "draft-room" });
    await save("control:bert", monday);
    expect(await begin(900, "control:anna", tuesday)).toBe(saved + 1);
  }, 60_000);

  it("are listed, however many there are, with their titles", async () => {
    for (let day = 0; day < 3; day++)
      for (let i = 0; i < 100; i++)
        await begin(1000 + 100 * day + i, "control:dirk", new Date(monday.getTime() + day * 24 * 3600_000 + 1000 * i));
    const known = await workspace.read(readKnown);
    const titleOf = (text: string) => ({ nl: text.slice(0, 40), en: text.slice(0, 40) });
    const listed = await workspace.read((db) => readListed(db, titleOf));
    expect(listed.length).toBeGreaterThan(400);
    expect(listed).toEqual(known.map((draft, i) => ({ ...draft, title: listed[i]!.title })));
    for (const { indicator_id, title } of listed) expect(title!.nl).toContain(`Nummer ${indicator_id.split("-")[1]}`);
  }, 120_000);
});
