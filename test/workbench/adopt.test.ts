import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { readProject } from "../../pipelines/project.ts";
import { currentSnapshot } from "../../pipelines/publish.ts";
import { publishProject } from "../../pipelines/publishing.ts";
import { makeBench, standing, targetHeader, targetOf, within70, type Bench } from "./support.ts";

const adopt = (bench: Bench, draft: object) =>
  bench.ask("draft-adopt", { ...draft, by: "control", approved_by: "control:anna" });

/** The second version of an indicator that stands. */
const second = (number = 2, from = "2016-07-01") => {
  const draft = standing("complaints-days");
  return {
    ...draft,
    definition: draft.definition
      .replace(/version: \{ number: 1, valid_from: [^,]+/, `version: { number: ${number}, valid_from: ${from}`)
      .replace("from complaints\n", "from complaints\nwhere aspects is not null\n"),
  };
};

async function series(bench: Bench): Promise<unknown[]> {
  await bench.owner.work("publish", (project, db) => publishProject({ db, context: bench.home.context, project }));
  const file = path.join(bench.home.folder, "published", currentSnapshot(bench.home.folder)!, "series.duckdb");
  const db = await Database.open(file, { access_mode: "READ_ONLY" });
  try {
    return await db.all("select * exclude (target_id) from series order by all");
  } finally {
    db.close();
  }
}

describe("draft-adopt", () => {
  let adopted: Bench;
  let exported: Bench;
  beforeAll(async () => {
    adopted = await makeBench();
    exported = await makeBench();
  });
  afterAll(async () => {
    await adopted.stop();
    await exported.stop();
  });

  it("refuses a draft with faults, without an example, or with one that comes out otherwise, and writes nothing", async () => {
    const wrong = [
      [
        { ...within70, definition: within70.definition.replace("from complaints", "from nowhere") },
        'no feed "nowhere"',
      ],
      [{ ...within70, examples: "" }, "it has no worked example"],
      [
        { ...within70, examples: within70.examples.replace("0.6667", "0.7") },
        "come out otherwise: den-haag year 2016-12-31",
      ],
      [
        { ...standing("complaints"), definition: standing("complaints").definition.replace("title: {", "title:  {") },
        "version 1 stands already with another text: write version 2",
      ],
    ] as const;
    for (const [draft, message] of wrong) {
      const { failed, code } = await adopt(adopted, draft);
      expect([code, failed]).toEqual(["draft-refused", expect.stringContaining(message)]);
    }
    expect(existsSync(path.join(adopted.home.folder, "definitions"))).toBe(false);
  });

  it("makes a new indicator stand, which is published, as the same files in the configuration do", async () => {
    expect((await adopt(adopted, within70)).result).toEqual({ indicator_id: "complaints-within-70", version: 1 });
    const file = (...parts: string[]) => path.join(exported.config, ...parts);
    writeFileSync(file("pipelines", "indicators", "complaints-within-70.sql"), within70.definition);
    writeFileSync(file("data", "targets.csv"), within70.targets);
    const [one, other] = [await series(adopted), await series(exported)];
    expect(one).toEqual(other);
    expect(one).toContainEqual(
      expect.objectContaining({
        ...{ indicator_id: "complaints-within-70", unit_id: "force", grain: "year", period_end: "2016-12-31" },
        ...{ breakdown: null, target: 0.6, denominator: 100 },
      }),
    );
    const written = readdirSync(path.join(adopted.home.folder, "definitions"), { recursive: true }).sort();
    expect(written).toEqual([
      "examples",
      "examples/complaints-within-70.yaml",
      "indicators",
      "indicators/complaints-within-70.sql",
      "indicators/versions",
      "indicators/versions/complaints-within-70.1.sql",
      "targets.csv",
    ]);
    for (const [name, text] of [
      ["indicators/complaints-within-70.sql", within70.definition],
      ["examples/complaints-within-70.yaml", within70.examples],
      ["targets.csv", within70.targets],
    ] as const)
      expect(readFileSync(path.join(adopted.home.folder, "definitions", name), "utf8")).toBe(text);
  });

  it("makes a later version stand from its day on, as the same files in the configuration do", async () => {
    const draft = second();
    const { result, failed } = await adopt(adopted, draft);
    expect(failed).toBeUndefined();
    expect(result).toEqual({ indicator_id: "complaints-days", version: 2 });
    writeFileSync(path.join(exported.config, "pipelines", "indicators", "complaints-days.sql"), draft.definition);
    const [one, other] = [await series(adopted), await series(exported)];
    expect(one).toEqual(other);
    const versions = new Set(
      (one as { indicator_id: string; definition_version: number }[])
        .filter(({ indicator_id }) => indicator_id === "complaints-days")
        .map((row) => row.definition_version),
    );
    expect([...versions].sort()).toEqual([1, 2]);
  });

  it("adopts the same once more without a change", async () => {
    const state = () =>
      readdirSync(path.join(adopted.home.folder, "definitions"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(path.join(entry.parentPath, entry.name), "utf8")]);
    const before = state();
    expect((await adopt(adopted, second())).result).toEqual({ indicator_id: "complaints-days", version: 2 });
    expect(state()).toEqual(before);
  });

  it("changes a target alone, and keeps what was filed", async () => {
    const more = {
      ...within70,
      targets: `${within70.targets}${targetOf("complaints-within-70", "0.8").replaceAll("2016-01-01,2017-12-31", "2018-01-01,2019-12-31")}\n`,
    };
    expect((await adopt(adopted, more)).result).toEqual({ indicator_id: "complaints-within-70", version: 1 });
    const { targets } = await readProject(adopted.home.context.settings);
    expect(targets.map(({ value, from }) => [value, from])).toEqual([
      [0.6, "2016-01-01"],
      [0.8, "2018-01-01"],
    ]);
    const { failed } = await adopt(adopted, { ...within70, targets: `${targetHeader}\n` });
    expect(failed).toContain("targets that were filed stay");
  });

  it("takes other words under the same number where they stand in the home alone, and nothing else", async () => {
    const { targets } = await readProject(adopted.home.context.settings);
    expect(targets.some(({ indicator_id }) => indicator_id === "complaints-within-70")).toBe(true);
    const standingTargets = readFileSync(path.join(adopted.home.folder, "definitions", "targets.csv"), "utf8");
    const words = {
      ...within70,
      definition: within70.definition.replace("nl: Klachten binnen 70 dagen", "nl: Klachten op tijd"),
      targets: standingTargets,
    };
    expect((await adopt(adopted, words)).result).toEqual({ indicator_id: "complaints-within-70", version: 1 });
    const now = await readProject(adopted.home.context.settings);
    expect(now.faults).toEqual([]);
    expect(now.definitions.find(({ id }) => id === "complaints-within-70")!.title.nl).toBe("Klachten op tijd");
    const counts = { ...words, definition: words.definition.replace("<= 70", "<= 71") };
    const { failed } = await adopt(adopted, { ...counts, examples: within70.examples });
    expect(failed).toContain("the query is not that of version 1 as it was recorded");
    // What the project has itself keeps the number for its own words.
    const days = standing("complaints");
    const other = await adopt(adopted, {
      ...days,
      definition: days.definition.replace("nl: Klachten,", "nl: Meldingen,"),
    });
    expect(other.failed).toContain("version 1 stands already with another text: write version 2");
  });

  it("takes back what it wrote where another indicator cannot be beside it", async () => {
    const before = readdirSync(path.join(adopted.home.folder, "definitions"), { recursive: true });
    const change = path.join(adopted.config, "pipelines", "indicators", "complaints-change.sql");
    const registrations = standing("discrimination-registrations").definition;
    writeFileSync(
      change,
      registrations
        .replace("of: discrimination-incidents", "of: complaints")
        .replace(
          /---\*\/[\s\S]*/,
          "---*/\nselect unit_id, received_on as month, sum(count) as numerator from complaints group by all\n",
        ),
    );
    const complaints = standing("complaints");
    const { result, failed } = await adopt(adopted, {
      ...complaints,
      definition: complaints.definition
        .replace("kind: count", "kind: count\nstock: true")
        .replace(/version: \{ number: 1, valid_from: [^,]+/, "version: { number: 2, valid_from: 2016-07-01"),
      examples: within70.examples.replace(
        /expect:[\s\S]*/,
        "expect: |\n  unit_id grain period_end value\n  den-haag year 2015-12-31 none\n",
      ),
    });
    expect([result, failed]).toEqual([undefined, expect.stringContaining("complaints is a stock")]);
    expect(readdirSync(path.join(adopted.home.folder, "definitions"), { recursive: true })).toEqual(before);
    rmSync(change);
  });
});
