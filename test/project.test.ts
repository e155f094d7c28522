import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProjectReader } from "../pipelines/project.ts";
import { makeForce, type Force } from "./support/force.ts";

let force: Force;
let reader: ProjectReader;
beforeEach(() => {
  force = makeForce();
  reader = new ProjectReader(force.home.context.settings);
});
afterEach(() => force.home.remove());

const file = (...parts: string[]) => path.join(force.config, ...parts);
const query = file.bind(null, "pipelines", "indicators");
function edit(name: string, from: string | RegExp, to: string): void {
  const text = readFileSync(name, "utf8");
  expect(text).toMatch(from);
  writeFileSync(name, text.replace(from, to));
}

describe("ProjectReader.read()", () => {
  it("keeps what it knows of feeds and indicators while their files are as they were", async () => {
    const first = await reader.read();
    expect(first).toMatchObject({ faults: [], definitions: [{ id: "complaints" }] });
    force.schedule("jobs: []\n");
    const second = await reader.read();
    expect(second.definitions).toBe(first.definitions);
    expect(second.contracts).toBe(first.contracts);
  });

  it("sees at once an indicator that is edited, comes, is broken, mended, and goes", async () => {
    await reader.read();
    const ids = async () => (await reader.read()).definitions.map(({ id }) => id);
    edit(query("complaints.sql"), /en: [^}]+/, "en: Another title ");
    expect((await reader.read()).definitions[0]!.title.en).toBe("Another title");
    const whole = readFileSync(query("complaints.sql"), "utf8");
    writeFileSync(query("more-complaints.sql"), whole);
    expect(await ids()).toEqual(["complaints", "more-complaints"]);
    appendFileSync(query("more-complaints.sql"), "nonsense (");
    expect((await reader.read()).faults).toMatchObject([{ file: "pipelines/indicators/more-complaints.sql" }]);
    writeFileSync(query("more-complaints.sql"), whole);
    expect((await reader.read()).faults).toEqual([]);
    rmSync(query("more-complaints.sql"));
    expect(await ids()).toEqual(["complaints"]);
  });

  it("sees at once an edit of a contract, of a recorded version, of the papers, the targets and the schedule", async () => {
    const before = await reader.read();
    edit(file("pipelines", "contracts", "complaints.yaml"), /$/, "# edited\n");
    const { contracts } = await reader.read();
    expect(contracts.get("complaints")!.hash).not.toBe(before.contracts.get("complaints")!.hash);
    const faulty = async () => [...new Set((await reader.read()).faults.map((fault) => fault.file))];
    mkdirSync(query("versions"), { recursive: true });
    for (const name of ["pipelines/indicators/versions/notes.txt", "data/sources.csv", "data/targets.csv"]) {
      expect(existsSync(file(name))).toBe(false);
      writeFileSync(file(name), "nonsense\nnonsense\n");
      expect(await faulty()).toContain(name);
      rmSync(file(name));
      expect(await faulty()).toEqual([]);
    }
    force.schedule("nonsense\n");
    expect(await faulty()).toEqual(["data/schedule.yaml"]);
  });
});

describe("ProjectReader.readAgain()", () => {
  it("is what was read while nothing is written, and sees at once an edit, what comes, what is adopted and what goes", async () => {
    // Files that were only just written may yet be, in the same moment.
    await sleep(1200);
    const first = await reader.readAgain();
    expect(await reader.readAgain()).toBe(first);
    edit(query("complaints.sql"), /en: [^}]+/, "en: Another title ");
    expect((await reader.readAgain()).definitions[0]!.title.en).toBe("Another title");
    edit(query("complaints.sql"), "Another title", "Another words");
    expect((await reader.readAgain()).definitions[0]!.title.en).toBe("Another words");
    await sleep(1200);
    const before = await reader.readAgain();
    expect(await reader.readAgain()).toBe(before);
    const adopted = path.join(force.home.folder, "definitions", "indicators");
    mkdirSync(adopted, { recursive: true });
    writeFileSync(path.join(adopted, "more.sql"), readFileSync(query("complaints.sql"), "utf8"));
    expect((await reader.readAgain()).definitions.map(({ id }) => id)).toEqual(["complaints", "more"]);
    rmSync(path.join(adopted, "more.sql"));
    expect((await reader.readAgain()).definitions.map(({ id }) => id)).toEqual(["complaints"]);
    await sleep(1200);
    const { targets } = await reader.readAgain();
    appendFileSync(file("data", "targets.csv"), "\n");
    expect((await reader.readAgain()).targets).not.toBe(targets);
  });
});
