import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { literal } from "../../pipelines/database.ts";
import { rebuild } from "../../pipelines/loading/rebuild.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
beforeAll(async () => {
  loading = await makeLoading();
  await loading.load("complaints", complaints([], 3));
});
afterAll(() => loading.home.remove());

const kinds = "select feed, format, encoding, delimiter, sheet, header_row from loads order by load_id";

describe("a home of an earlier version", () => {
  it("opens as often as wanted, though its loads lack columns and say that each file has an encoding", async () => {
    const old = await loading.home.warehouse();
    for (const column of ["format", "sheet", "header_row"]) await old.run(`alter table loads drop column ${column}`);
    await old.run("alter table loads alter column encoding set not null");
    await loading.home.closeWarehouse();
    for (let time = 0; time < 2; time++) {
      const db = await loading.home.warehouse();
      expect(await db.all(kinds)).toEqual(
        ["units", "complaints"].map((feed) => ({
          feed,
          format: null,
          encoding: "utf-8",
          delimiter: ",",
          sheet: null,
          header_row: null,
        })),
      );
      await db.run("insert into loads by name select * replace (null as encoding) from loads where feed = 'units'");
      await db.run("delete from loads where encoding is null");
      await loading.home.closeWarehouse();
    }
  });

  it("rebuilds from an archive that does not know the kind of its files", async () => {
    const db = await loading.home.warehouse();
    for (const file of ["units/1", "complaints/2"].map((name) =>
      path.join(loading.home.folder, "archive", `${name}.parquet`),
    )) {
      const found = await db.one<{ load: string }>(
        `select decode(value) as load from parquet_kv_metadata(${literal(file)}) where decode(key) = 'load'`,
      );
      const { format, sheet, header_row, ...old } = JSON.parse(found!.load) as Record<string, unknown>;
      expect([format, sheet, header_row]).not.toContain(undefined);
      await db.run(`create temp table kept as from read_parquet(${literal(file)})`);
      await db.run(
        `copy kept to ${literal(file)} (format parquet, kv_metadata {load: ${literal(JSON.stringify(old))}})`,
      );
      await db.run("drop table kept");
    }
    await rebuild(db, loading.home.context, loading.home.contracts);
    expect((await db.all(kinds)).map((load) => load.format)).toEqual([null, null]);
  });
});
