import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { organisation } from "../loading/support.ts";
import { staff } from "../support/history.ts";
import { faultsForReaders, killAfter, moments, Place, shown } from "./support.ts";
import { long } from "../support/long.ts";

const times = long ? 60 : 1;

/** Half a year later, when the archive need keep nothing for itself any more. */
class LaterPlace extends Place {
  override env(home: string): Record<string, string> {
    return { ...super.env(home), KVV_NOW: "2018-01-03T08:00:00Z", KVV_KEEP_ARCHIVE_MONTHS: "1" };
  }
}

const before = new Place(["complaints", "staffing-women"]);
const place = new LaterPlace(["complaints", "staffing-women"]);
afterAll(() => {
  before.remove();
  place.remove();
});

const complaints = (outcome: string) =>
  "complaint_id,received_on,unit_id,aspects,outcome,closed_on\n" +
  Array.from({ length: 5000 }, (_, i) => {
    const day = `20${10 + (i % 7)}-0${1 + (i % 9)}-11`;
    return `K-${i},${day},${["n1", "n2", "s1"][i % 3]},service,${outcome},${i % 5 === 0 ? "" : day}\n`;
  }).join("");

let loaded: string;
beforeAll(async () => {
  loaded = before.home();
  const staffing = (women: number) => staff(["n1", "n2", "s1"], "2016-01", "2016-12", women);
  await before.perform(
    loaded,
    ["load", "units", before.file("units.csv", organisation)],
    ["load", "complaints", before.file("first.csv", complaints("pending"))],
    ["load", "staffing", before.file("staffing.csv", staffing(50))],
    ["load", "complaints", before.file("second.csv", complaints("founded"))],
    ["load", "staffing", before.file("staffing-2.csv", staffing(60))],
    ["publish"],
  );
}, 120_000);

describe(
  "kill -9 in the midst of kvv retention",
  () => {
    it(`${times} times: a rebuild gives the same figures, and the next retention does the rest`, async () => {
      const archive = (home: string) =>
        readdirSync(path.join(home, "archive"), { recursive: true, encoding: "utf8" })
          .filter((name) => /\.(parquet|json|new|tmp)$/.test(name) && !name.includes("folded"))
          .sort();
      const twin = place.home(loaded);
      await place.perform(twin, ["publish"]);
      const wanted = await shown(twin);
      const from = performance.now();
      await place.start(twin, ["retention"]).ended;
      const lasts = performance.now() - from;
      const whole = archive(twin);
      expect(whole).toContain("checkpoint/1/checkpoint.json".replaceAll("/", path.sep));
      expect(whole.filter((name) => !name.startsWith("checkpoint"))).toEqual([]);
      for (const moment of moments(times, lasts, 2018)) {
        const home = place.home(loaded);
        const label = `killed after ${moment} of ${Math.round(lasts)} ms`;
        await killAfter(place.start(home, ["retention"]), moment);
        expect(await faultsForReaders(home), label).toEqual([]);
        const untouched = place.home(home);
        await place.perform(untouched, ["rebuild"], ["publish"]);
        expect(await shown(untouched), label).toBe(wanted);
        await place.perform(home, ["retention"], ["publish"]);
        expect(await shown(home), label).toBe(wanted);
        expect(
          archive(home).map((name) => name.replace(/checkpoint.\d/, "checkpoint")),
          label,
        ).toEqual(whole.map((name) => name.replace(/checkpoint.\d/, "checkpoint")));
      }
    });
  },
  long ? 1_800_000 : 120_000,
);
