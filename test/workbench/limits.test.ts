import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LimitedDatabase, stoppedBy, StopSign } from "../../pipelines/workbench/limits.ts";

let sign: StopSign;
let db: LimitedDatabase;
beforeEach(async () => {
  sign = new StopSign();
  db = await LimitedDatabase.openLimited("100MB", sign);
});
afterEach(() => db.close());

describe("LimitedDatabase.openLimited(memory, sign)", () => {
  it.each([
    ["reads no file", "select * from read_csv('/etc/passwd')"],
    ["reads no text", "select * from read_text('/etc/passwd')"],
    ["lists no folder", "select * from glob('/*')"],
    ["writes no file", "copy (select 1) to '/tmp/kvv-limited.csv'"],
    ["attaches no file", "attach '/tmp/kvv-limited.duckdb' as other"],
    ["reads no address", "select * from read_csv('https://example.org/x.csv')"],
    ["installs nothing", "install httpfs"],
    ["loads nothing", "load httpfs"],
    ["changes no limit", "set memory_limit = '100GB'"],
    ["changes no thread", "set threads = 8"],
    ["takes back no lock", "set lock_configuration = false"],
    ["looks outside no more", "set enable_external_access = true"],
    ["has no other place for what is too large", "set temp_directory = '/tmp'"],
  ])("%s, should a draft come so far", async (_name, sql) => {
    await expect(db.all(sql)).rejects.toThrow(/disabled|locked|permission|cannot|not allowed/i);
  });

  it("ends what needs too much memory, and goes on", async () => {
    const error: unknown = await db
      .all("select list(i) from range(100_000_000) as t(i)")
      .catch((each: unknown) => each);
    expect(stoppedBy(error)).toBe("draft-too-large");
    expect(await db.one("select 1 as one")).toEqual({ one: 1 });
  });

  it("ends what is stopped on all its connections, and what would come after, until the sign is lifted", async () => {
    const other = await db.connect();
    const work = other
      .all("select count(*) from range(10_000_000_000) as a(i), range(1000) as b(j) where i % 7 = j")
      .catch((each: unknown) => each);
    await sleep(100);
    sign.stop("draft-cancelled");
    expect(stoppedBy(await work)).toBe("draft-cancelled");
    expect(stoppedBy(await db.all("select 1").catch((each: unknown) => each))).toBe("draft-cancelled");
    sign.lift();
    expect(await other.one("select 1 as one")).toEqual({ one: 1 });
    other.disconnect();
  });
});
