import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readContracts } from "../../pipelines/contracts/contract.ts";
import { loadFile } from "../../pipelines/loading/load.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { publish } from "../../pipelines/publish.ts";
import { openWarehouse } from "../../pipelines/warehouse.ts";
import { makeHistory, staff, type History } from "../support/history.ts";

// What happens to data over time, each as a short story: files come, figures are published, files come again.

let history: History;
beforeEach(async () => {
  history = await makeHistory(["complaints", "outflow", "staffing-women"]);
});
afterEach(() => history.remove());

const covers = "{ from: 2016-01-01, to: 2016-12-31, unit: force }";
const complaints = (rows: string[]) => ["complaint_id,received_on,unit_id,aspects", ...rows, ""].join("\n");
const year = async (indicator: string, unit: string) => {
  const [row] = await history.series(
    `indicator_id = '${indicator}' and unit_id = '${unit}' and grain = 'year' and period_end = '2016-12-31' and breakdown is null`,
  );
  return row && { numerator: row.numerator, denominator: row.denominator, complete: row.complete };
};
const deleteWarehouse = async () => {
  await history.home.closeWarehouse();
  for (const end of ["", ".wal"]) rmSync(path.join(history.home.folder, `warehouse.duckdb${end}`), { force: true });
};

describe("a late correction", () => {
  it("of a month replaces that month, and of a complaint that complaint", async () => {
    await history.load("staffing", staff(["n1", "n2", "s1"], "2016-01", "2016-12", 50));
    await history.load("complaints", complaints(["A,2016-02-01,n1,force", "B,2016-03-01,n1,force"]), {
      feed: "complaints",
      covers,
    });
    await history.publish();
    expect(await year("staffing-women", "n1")).toMatchObject({ numerator: 20, denominator: 50 });
    await history.load("staffing", staff(["n1"], "2016-12", "2016-12", 40));
    await history.load("complaints", complaints(["A,2015-02-01,n1,force"]));
    await history.publish();
    expect(await year("staffing-women", "n1")).toMatchObject({ numerator: 20, denominator: 40 });
    expect(await year("staffing-women", "north")).toMatchObject({ numerator: 40, denominator: 90 });
    expect(await year("complaints", "n1")).toMatchObject({ numerator: 1 });
  });
});

describe("a reorganisation after the data came", () => {
  beforeEach(async () => {
    await history.load("staffing", staff(["n1", "n2", "s1"], "2016-01", "2016-12", 50));
    await history.load(
      "complaints",
      complaints(["A,2016-02-01,n1,force", "B,2016-03-01,n2,force", "C,2016-03-02,s1,force"]),
      {
        feed: "complaints",
        covers,
      },
    );
    await history.publish();
  });
  const header = "unit_id,name,level,parent_id,valid_from,valid_to,predecessor_ids\n";

  it("by merger gives the new team the months of the old ones, which keep their own", async () => {
    await history.load(
      "units",
      `${header}n1,Team Een,team,north,2005-01-01,2016-12-31,\nn2,Team Twee,team,north,2005-01-01,2016-12-31,\nn12,Team Samen,team,north,2017-01-01,,n1|n2\n`,
    );
    await history.publish();
    expect(await year("complaints", "n12")).toEqual({ numerator: 2, denominator: null, complete: true });
    expect(await year("complaints", "n1")).toMatchObject({ numerator: 1 });
    expect(await year("complaints", "north")).toMatchObject({ numerator: 2 });
    expect(await year("complaints", "force")).toMatchObject({ numerator: 3 });
  });

  it("by split leaves history with the old team", async () => {
    await history.load(
      "units",
      `${header}n1,Team Een,team,north,2005-01-01,2016-12-31,\nn1a,Team A,team,north,2017-01-01,,n1\nn1b,Team B,team,north,2017-01-01,,n1\n`,
    );
    await history.publish();
    expect(await year("complaints", "n1")).toMatchObject({ numerator: 1 });
    expect(await year("complaints", "n1a")).toBeUndefined();
    expect(await year("complaints", "north")).toMatchObject({ numerator: 2 });
  });

  it("by a move counts each month where the team was then", async () => {
    await history.load(
      "units",
      `${header}n2,Team Twee,team,north,2005-01-01,2016-02-29,\nn2,Team Twee,team,south,2016-03-01,,\n`,
    );
    await history.publish();
    expect(await year("complaints", "north")).toMatchObject({ numerator: 1 });
    expect(await year("complaints", "south")).toMatchObject({ numerator: 2 });
    expect(await year("complaints", "n2")).toMatchObject({ numerator: 1 });
    expect(await year("complaints", "force")).toMatchObject({ numerator: 3 });
    // A file of the south for the months in which the team lay there replaces that team's too.
    await history.load("complaints", complaints(["C,2016-03-02,s1,force"]), {
      ...{ feed: "complaints", full: "true", covers: "{ from: 2016-03-01, to: 2016-12-31, unit: south }" },
    });
    await history.publish();
    expect(await year("complaints", "n2")).toMatchObject({ numerator: 0 });
    expect(await year("complaints", "force")).toMatchObject({ numerator: 2 });
  });
});

describe("the same bytes again", () => {
  it("change nothing: no load, no restatement, the same figures", async () => {
    const text = complaints(["A,2016-02-01,n1,force"]);
    const mapping = { feed: "complaints", covers };
    await history.load("complaints", text, mapping);
    await history.publish();
    const before = await history.series("true");
    expect(await history.load("complaints", text, mapping)).toBeNull();
    await history.publish();
    expect(await history.series("true")).toEqual(before);
    expect(await history.restated("true")).toEqual([]);
  });
});

describe("a clock set back between two publications", () => {
  it("changes neither their order nor what is restated", async () => {
    await history.load("complaints", complaints(["A,2016-02-01,n1,force"]), { feed: "complaints", covers });
    const first = await history.publish();
    history.clock = new Date("2017-06-30T08:00:00Z");
    const load = await history.load("complaints", complaints(["B,2016-02-01,n1,force"]));
    const second = await history.publish();
    expect(second > first).toBe(true);
    const restated = await history.restated("unit_id = 'n1' and grain = 'year' and breakdown is null");
    expect(restated.map((each) => [each.old_value, each.new_value, each.load_id])).toEqual([[1, 2, load]]);
    expect(await history.publish()).not.toBe(second);
    expect(await history.restated("unit_id = 'n1' and grain = 'year' and breakdown is null")).toHaveLength(1);
  });
});

describe("a contract that changes", () => {
  /** Opens the home under the project's contracts with a change in one of them. */
  async function reopened(change: (text: string) => string, feed = "complaints") {
    const folder = path.join(path.dirname(history.home.folder), "contracts");
    cpSync(path.join(import.meta.dirname, "..", "..", "pipelines", "contracts"), folder, { recursive: true });
    const file = path.join(folder, `${feed}.yaml`);
    writeFileSync(file, change(readFileSync(file, "utf8")));
    await history.home.closeWarehouse();
    const { contracts, faults } = readContracts(folder);
    expect(faults).toEqual([]);
    return contracts;
  }
  const gains = (text: string) =>
    text.replace("columns:\n", "columns:\n  - name: channel\n    type: text\n    aliases: [kanaal]\n");

  it("by a column has it empty in old rows, fills it in new ones, and rebuilds from the archive of before", async () => {
    await history.load("complaints", complaints(["A,2016-02-01,n1,force", "B,2016-02-02,n1,force"]), {
      feed: "complaints",
      covers,
    });
    await history.publish();
    const before = await history.series("true");
    const contracts = await reopened(gains);
    const { context } = history.home;
    const channels = "select received_on, channel from complaints order by received_on";
    let db = await openWarehouse(context, contracts);
    await loadFile(db, context, contracts, {
      feed: "complaints",
      path: history.home.write(
        "new.csv",
        "complaint_id,received_on,unit_id,aspects,kanaal\nB,2016-02-02,n1,force,brief\n",
      ),
    });
    const wanted = [
      { received_on: "2016-02-01", channel: null },
      { received_on: "2016-02-02", channel: "brief" },
    ];
    expect(await db.all(channels)).toEqual(wanted);
    db.close();
    await deleteWarehouse();
    db = await openWarehouse(context, contracts);
    try {
      await rebuild(db, context, contracts);
      expect(await db.all(channels)).toEqual(wanted);
      await publish(db, context, { ...history.project, contracts });
      expect(await history.series("true")).toEqual(before);
    } finally {
      db.close();
    }
  });

  it("by a type is refused with what to do, which then helps", async () => {
    await history.load("staffing", staff(["n1"], "2016-12", "2016-12", 50));
    const contracts = await reopened(
      (text) => text.replace("name: fte\n    type: decimal", "name: fte\n    type: integer"),
      "staffing",
    );
    await expect(openWarehouse(history.home.context, contracts)).rejects.toThrow(
      "the warehouse has staffing.fte as DOUBLE, its contract as BIGINT; run kvv rebuild, or undo the change of type",
    );
    const { context } = history.home;
    let db = await openWarehouse(context, contracts, { rebuilding: true });
    await rebuild(db, context, contracts);
    db.close();
    db = await openWarehouse(context, contracts);
    expect(await db.all("select gender, headcount, fte from staffing order by all")).toEqual([
      { gender: "man", headcount: 30, fte: null },
      { gender: "woman", headcount: 20, fte: null },
    ]);
    db.close();
  });
});

describe("kvv rebuild after a load that was killed", () => {
  it("takes no torn or strange file for a load, and gives the same figures", async () => {
    await history.load("complaints", complaints(["A,2016-02-01,n1,force"]), { feed: "complaints", covers });
    await history.load("staffing", staff(["n1"], "2016-01", "2016-12", 50));
    await history.publish();
    const before = await history.series("true");
    const archive = (...parts: string[]) => path.join(history.home.folder, "archive", ...parts);
    // Cut off while it was written; whole, but of a load that was not kept; and of one that was, but not yet named.
    writeFileSync(archive("complaints", "4.parquet.new"), "PAR1 torn");
    mkdirSync(archive("movements"));
    copyFileSync(archive("complaints", "2.parquet"), archive("movements", "4.parquet.new"));
    await history.home.closeWarehouse();
    copyFileSync(archive("staffing", "3.parquet"), archive("staffing", "3.parquet.new"));
    rmSync(archive("staffing", "3.parquet"));
    const result = await rebuild(await history.home.warehouse(), history.home.context, history.home.contracts);
    expect(result.loads).toBe(3);
    await history.publish();
    expect(await history.series("true")).toEqual(before);
    // Without the warehouse too.
    writeFileSync(archive("complaints", "4.parquet.new"), "PAR1 torn");
    await deleteWarehouse();
    await rebuild(await history.home.warehouse(), history.home.context, history.home.contracts);
    await history.publish();
    expect(await history.series("true")).toEqual(before);
  });
});
