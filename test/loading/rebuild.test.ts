import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storedColumns } from "../../pipelines/contracts/contract.ts";
import { identifier } from "../../pipelines/database.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading();
  await loading.load("complaints", complaints(["A,2016-01-01,n1,force,,", "B,2016-02-01,n1,service,,"], 3));
  // A later file corrects one complaint; another replaces counted ones.
  await loading.load("complaints", complaints(["A,2016-01-01,n1,force,founded,2016-03-01"], 0));
  const staffing = (rows: string[]) => ["period,unit_id,category,role,gender,headcount", ...rows, ""].join("\n");
  await loading.load(
    "staffing",
    staffing(["2016-01-31,n1,executive,employee,woman,10", "2016-01-31,n1,executive,employee,man,20"]),
  );
  await loading.load(
    "staffing",
    staffing(["2016-01-31,n1,executive,employee,woman,11", "2016-01-31,n1,executive,employee,man,20"]),
  );
});
afterAll(() => loading.home.remove());

/** All that is known of loads and their rows. */
async function everything(): Promise<Record<string, unknown[]>> {
  const db = await loading.home.warehouse();
  const found: Record<string, unknown[]> = {};
  for (const [name, contract] of loading.home.contracts) {
    const columns = storedColumns(contract).map((column) => identifier(column.name));
    found[name] = await db.all(`select ${columns.join(", ")}, load_id from ${identifier(name)} order by all`);
  }
  found.loads = await db.all("select * from loads order by load_id");
  found.coverage = await db.all("select * from coverage order by all");
  return found;
}

describe("rebuild(db, context, contracts)", () => {
  it("makes every row, load and coverage as they were, from an empty warehouse", async () => {
    const before = await everything();
    expect(before.complaints!.length).toBeGreaterThan(2);
    await loading.home.closeWarehouse();
    for (const end of ["", ".wal"]) rmSync(path.join(loading.home.folder, `warehouse.duckdb${end}`), { force: true });
    const { context, contracts } = loading.home;
    const result = await rebuild(await loading.home.warehouse(), context, contracts);
    expect(result.loads).toBe(before.loads!.length);
    expect(await everything()).toEqual(before);
  });

  it("changes nothing when it is done again", async () => {
    const before = await everything();
    await rebuild(await loading.home.warehouse(), loading.home.context, loading.home.contracts);
    expect(await everything()).toEqual(before);
  });

  it("leaves all as it was where a file of the archive cannot be read", async () => {
    const before = await everything();
    const db = await loading.home.warehouse();
    const broken = path.join(loading.home.folder, "archive", "complaints", "99.parquet");
    await db.run(
      `copy (select 1 as x) to '${broken}' (format parquet, kv_metadata {load: '{"load_id": 99, "feed": "complaints"}'})`,
    );
    await expect(rebuild(db, loading.home.context, loading.home.contracts)).rejects.toThrow();
    rmSync(broken);
    expect(await everything()).toEqual(before);
  });

  it("refuses without an archive", async () => {
    const db = await loading.home.warehouse();
    const elsewhere = {
      ...loading.home.context,
      settings: { ...loading.home.context.settings, home: path.join(loading.home.folder, "inbox") },
    };
    await expect(rebuild(db, elsewhere, loading.home.contracts)).rejects.toThrow("there is no archive");
  });
});
