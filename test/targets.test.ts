import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectFolder } from "../pipelines/settings.ts";
import { readTargets } from "../pipelines/targets.ts";
import { definitions } from "./support/figures.ts";

const all = await definitions();
const header =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";
const names = header.split(",");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-targets-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A sound line but for what is given. */
function line(fields: Record<string, string> = {}): string {
  const sound: Record<string, string> = {
    indicator_id: "intake-dual",
    unit_id: "politie",
    goal: "streefcijfer",
    status: "proposed",
    from: "2015-01-01",
    to: "2017-12-31",
    kind: "at_least",
    value: "0.25",
    grain: "year",
    source: "DH-2015 actie 4.1",
    by: "paper",
  };
  return names.map((name) => fields[name] ?? sound[name] ?? "").join(",");
}

function read(...lines: string[]) {
  const file = path.join(folder, "targets.csv");
  writeFileSync(file, lines.join("\n") + "\n");
  const { targets, faults } = readTargets(file, all);
  return { targets, faults: faults.map((fault) => `${path.basename(fault.file)}:${fault.line}: ${fault.message}`) };
}

const aim = { from: "2018-12-31", to: "2018-12-31", baseline_from: "2015-12-01", baseline_to: "2015-12-31" };

describe("readTargets", () => {
  it("reads a sound file; what is left out is null", () => {
    const { targets, faults } = read(
      header,
      line(),
      line({ from: "2018-01-01", to: "2018-12-31", source: "voorbeelddata" }),
    );
    expect(faults).toEqual([]);
    expect(targets).toMatchObject([
      { target_id: 1, value: 0.25, breakdown: null, tolerance: null, baseline_to: null, demo: false },
      { target_id: 2, demo: true },
    ]);
    expect(targets[0]).not.toHaveProperty("line");
  });

  it("finds nothing wrong with the project's own", () => {
    const { targets, faults } = readTargets(path.join(projectFolder, "data", "targets.csv"), all);
    expect(faults).toEqual([]);
    expect(targets.length).toBeGreaterThan(6);
  });

  it.each([
    [{ indicator_id: "instroom" }, 'there is no indicator "instroom"'],
    [{ unit_id: "" }, "unit_id: "],
    [{ goal: "doel" }, "goal: "],
    [{ status: "agreed" }, "status: "],
    [{ kind: "exactly" }, "kind: "],
    [{ by: "us" }, "by: "],
    [{ source: "" }, "source: "],
    [{ grain: "week" }, "grain: "],
    [{ indicator_id: "top61", grain: "half" }, "grain half: top61 has no such figures, only year, target"],
    [{ from: "1-1-2015" }, "from: write a date"],
    [{ from: "2015-02-30" }, "from: write a date"],
    [{ decided_on: "soon" }, "decided_on: write a date"],
    [{ from: "2018-01-01" }, "from 2018-01-01 is after to 2017-12-31"],
    [{ value: "25%" }, "value: write a number as 0.25"],
    [{ value: "25" }, "value 25: a target of a share lies in 0..1"],
    [{ indicator_id: "complaints", value: "-1" }, "value -1 is negative"],
    [{ kind: "within" }, "kind within needs a tolerance"],
    [{ kind: "within", tolerance: "-0.05" }, "tolerance -0.05 is negative"],
    [{ ...aim, baseline_to: "" }, "an aim on one day needs a baseline_from and baseline_to"],
    [{ ...aim, baseline_from: "" }, "an aim on one day needs a baseline_from and baseline_to"],
    [{ ...aim, baseline_to: "2018-12-31" }, "the baseline (to 2018-12-31) does not lie before the aim (2018-12-31)"],
    [{ ...aim, baseline_from: "2016-01-01" }, "baseline_from 2016-01-01 is after baseline_to 2015-12-31"],
    [{ breakdown: "colour" }, 'intake-dual has no breakdown "colour"'],
    [{ breakdown_value: "woman" }, "breakdown_value without a breakdown"],
    [{ breakdown: "gender", breakdown_value: "girl" }, 'gender has no value "girl", only '],
  ])("finds %j", (fields, wanted) => {
    const { faults } = read(header, line({ from: "2012-01-01", to: "2012-12-31" }), line(fields));
    expect(faults.join("\n")).toContain(`targets.csv:3: ${wanted}`);
  });

  it("finds what overlaps, of one unit and one breakdown", () => {
    const values = { breakdown: "gender", breakdown_value: "woman" };
    expect(read(header, line(), line({ from: "2017-12-31", to: "2018-12-31" })).faults).toEqual([
      "targets.csv:3: overlaps with line 2: one unit has one target at a time",
    ]);
    expect(read(header, line({ breakdown: "gender" }), line(values)).faults).toHaveLength(1);
    expect(read(header, line(values), line({ ...values, breakdown_value: "man" })).faults).toEqual([]);
    expect(read(header, line(), line({ unit_id: "rotterdam" }), line(values)).faults).toEqual([]);
  });

  it.each([
    ["of another grain", line({ grain: "half" })],
    ["of another kind, goal and value", line({ kind: "within", tolerance: "0.05", goal: "afspraak", value: "0.5" })],
    ["decided beside one that is proposed", line({ status: "decided", decided_on: "2016-01-01" })],
    ["an aim on a day within", line({ ...aim, from: "2017-12-31", to: "2017-12-31" })],
    ["an aim on a later day that is in sight from its baseline on", line(aim)],
  ])("finds one %s", (_name, other) => {
    const wanted = [expect.stringMatching(/^targets\.csv:3: overlaps with line 2/) as string];
    expect(read(header, line(), other).faults).toEqual(wanted);
    expect(read(header, other, line()).faults).toEqual(wanted);
  });

  it("finds two aims on days of which one is in sight while the other is", () => {
    const later = { ...aim, from: "2022-12-31", to: "2022-12-31" };
    expect(read(header, line(aim), line(later)).faults).toHaveLength(1);
    const next = { ...later, baseline_from: "2018-12-01", baseline_to: "2018-12-31" };
    expect(read(header, line(aim), line(next)).faults).toEqual([]);
  });

  it("takes a unit's own beside one of the force, and one of a breakdown beside the total", () => {
    const own = line({ unit_id: "rotterdam", value: "0.3" });
    expect(read(header, line(), own, line({ breakdown: "gender" })).faults).toEqual([]);
  });

  it("finds every fault of every line at once", () => {
    const { faults } = read(
      header,
      line({ goal: "doel", value: "x" }),
      line(),
      line({ indicator_id: "no", unit_id: "b" }),
      line({ value: "2", kind: "within", unit_id: "c" }),
    );
    expect(faults.map((fault) => fault.split(": ")[0])).toEqual([
      ...["targets.csv:2", "targets.csv:2", "targets.csv:4", "targets.csv:5", "targets.csv:5"],
    ]);
  });

  it("names a column that it does not know, or misses", () => {
    expect(read(`${header},colour`, `${line()},red`).faults).toEqual(["targets.csv:2: unknown columns: colour"]);
    expect(read(header.replace("kind,", ""), line().replace("at_least,", "")).faults.join("\n")).toContain(
      "targets.csv:2: kind: ",
    );
  });

  it("names the line with too few cells, or with a quote that does not close", () => {
    expect(read(header, line(), "intake-dual,politie").faults[0]).toMatch(/^targets\.csv:3: /);
    expect(read(header, line(), line().replace("DH-2015", '"DH-2015')).faults[0]).toMatch(/^targets\.csv:\d+: /);
  });

  it("knows the line also after a source over two lines and an empty one", () => {
    const wrapped = line({ source: '"DH-2015\nactie 4.1"' });
    expect(read(header, wrapped, "", line({ goal: "doel" })).faults[0]).toMatch(/^targets\.csv:5: goal/);
  });
});
