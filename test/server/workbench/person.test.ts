import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database } from "../../../pipelines/database.ts";
import { beginDraft, draftOf, saveDraft, takeStep, type Author } from "../../../server/workbench/edits.ts";
import { Headings } from "../../../server/workbench/header.ts";
import { wholeOf } from "../../../server/workbench/drafts.ts";
import { isSamePerson } from "../../../server/workbench/person.ts";
import { Workspace } from "../../../server/workspace/workspace.ts";

let folder: string;
let file: string;
let workspace: Workspace;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-person-"));
  file = path.join(folder, "workspace.duckdb");
  workspace = new Workspace(file);
});
afterEach(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true });
});

const at = new Date("2017-02-13T09:00:00Z");
const texts = { definition: "one", examples: "", targets: "" };
const person = (name: string, subject?: string): Author => ({ name, subject, at });
const begin = (author: Author) =>
  workspace.write((db) => beginDraft(db, { indicator_id: "complaints-x", ...texts }, author));
const step = (name: "propose" | "approve", author: Author, version = 1) =>
  workspace.write((db) =>
    takeStep(db, 1, { version, step: name, note: "why", publish_on: name === "approve" ? "2017-02-14" : null }, author),
  );
const refusal = { status: 403, code: "own-draft" };

describe("isSamePerson(one, other)", () => {
  it.each([
    [person("A. Jansen", "1"), person("A. de Vries", "1"), true],
    [person("A. Jansen", "1"), person("A. Jansen", "2"), false],
    [person("A. Jansen"), person("a. jansen ", "2"), true],
    [person("A. Jansen"), person("B. Jansen"), false],
    [person("A. Jansen", "one.1"), person("A. de Vries", "one.1"), true],
    [person("A. Jansen", "one.1"), person("B. Bakker", "one.2"), false],
    [person("A. Jansen", "one.1"), person("B. Bakker", "other.2"), true],
    [person("A. Jansen", "1"), person("A. de Vries", "one.1"), true],
    [person("A. Jansen", "1"), person("B. Bakker", "one.2"), false],
  ])("of %o and %o is %s", (one, other, is) => expect(isSamePerson(one, other)).toBe(is));
});

describe("a draft that another than its authors must approve", () => {
  it("is refused to whoever wrote it, also under a name that they got later", async () => {
    await begin(person("A. Jansen", "1"));
    await step("propose", person("A. Jansen", "1"));
    await expect(step("approve", person("A. de Vries", "1"))).rejects.toMatchObject(refusal);
    await step("approve", person("A. de Vries", "2"));
  });

  it("is refused to whoever saved an earlier version, or proposed it", async () => {
    await begin(person("A. Jansen", "1"));
    await workspace.write((db) =>
      saveDraft(db, 1, { version: 1, ...texts, definition: "two" }, person("B. Bakker", "2")),
    );
    await step("propose", person("C. Smit", "3"), 2);
    for (const subject of ["1", "2", "3"])
      await expect(step("approve", person("Somebody Else", subject), 2)).rejects.toMatchObject(refusal);
  });

  it("is refused to all who come by another provider, and goes on as a draft begun anew from its texts", async () => {
    await begin(person("A. Jansen", "one.1"));
    await step("propose", person("A. Jansen", "one.1"));
    for (const subject of ["other.1", "other.2"])
      await expect(step("approve", person("B. Bakker", subject))).rejects.toMatchObject({
        ...{ status: 403, code: "other-provider" },
        message: expect.stringContaining("withdraw it, and begin another draft from its files") as string,
      });
    await workspace.write((db) =>
      takeStep(db, 1, { version: 1, step: "withdraw", note: null, publish_on: null }, person("B. Bakker", "other.2")),
    );
    const id = await begin(person("B. Bakker", "other.2"));
    const next = (name: "propose" | "approve", author: Author) =>
      workspace.write((db) =>
        takeStep(
          db,
          id,
          { version: 1, step: name, note: "why", publish_on: name === "approve" ? "2017-02-14" : null },
          author,
        ),
      );
    await next("propose", person("B. Bakker", "other.2"));
    await expect(next("approve", person("B. Bakker", "other.2"))).rejects.toMatchObject(refusal);
    await next("approve", person("A. Jansen", "other.1"));
  });

  it("may be approved by somebody of the same name", async () => {
    await begin(person("A. Jansen", "1"));
    await step("propose", person("A. Jansen", "1"));
    await step("approve", person("A. Jansen", "2"));
  });

  it("goes by name where it was written before the monitor knew more than that", async () => {
    const old = await Database.open(file);
    await old.run(
      "create table drafts (draft_id integer not null, version integer not null, indicator_id varchar not null, definition varchar not null, examples varchar not null, targets varchar not null, saved_by varchar not null, saved_at timestamp not null)",
    );
    await old.run(
      "create table draft_steps (draft_id integer not null, number integer not null, step varchar not null check (step in ('propose', 'return', 'approve', 'withdraw', 'comment', 'publish', 'failed')), version integer not null, note varchar, publish_on date, taken_by varchar not null, taken_at timestamp not null)",
    );
    await old.run(
      "insert into drafts values (1, 1, 'complaints-x', 'one', '', '', 'A. Jansen', timestamp '2017-02-12 09:00:00')",
    );
    await old.run(
      "insert into draft_steps values (1, 1, 'propose', 1, 'why', null, 'A. Jansen', timestamp '2017-02-12 09:05:00')",
    );
    old.close();
    await expect(step("approve", person("a. jansen", "1"))).rejects.toMatchObject(refusal);
    await step("approve", person("B. Bakker", "2"));
    await workspace.close();
    workspace = new Workspace(file);
    const { versions, steps } = await workspace.read((db) => draftOf(db, 1));
    expect(versions).toMatchObject([{ saved_by: "A. Jansen", subject: null }]);
    expect(steps).toMatchObject([{ subject: null }, { taken_by: "B. Bakker", subject: "2" }]);
  });

  it("tells who asks whether it is theirs, and nobody by what the provider knows them", async () => {
    await begin(person("A. Jansen", "secret-1"));
    await step("propose", person("A. Jansen", "secret-1"));
    const draft = await workspace.read((db) => draftOf(db, 1));
    const whole = (name: string, subject: string) => wholeOf(draft, undefined, new Headings(), { name, subject });
    expect(whole("A. de Vries", "secret-1")).toMatchObject({ own: true, authors: ["A. Jansen"] });
    expect(whole("A. Jansen", "secret-2").own).toBe(false);
    expect(JSON.stringify(whole("A. Jansen", "secret-2"))).not.toContain("secret");
  });
});
