import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandNames } from "../pipelines/command.ts";
import { projectFolder } from "../pipelines/settings.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, KVV_HOME: path.join(folder, "home"), KVV_NOW: "2017-02-01T08:00:00Z" };

interface Ended {
  exit: number;
  stdout: string;
  stderr: string;
}

const kvv = (...args: string[]) => kvvWith({}, ...args);

function kvvWith(more: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(projectFolder, "pipelines", "kvv.cjs"), ...args],
      { env: { ...env, ...more }, cwd: folder },
      (error, stdout, stderr) => resolve({ exit: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const file = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return name;
};

describe("kvv", () => {
  it("names every command with its help where it is called wrongly, and exits with 2", async () => {
    const { exit, stdout, stderr } = await kvv();
    expect(exit).toBe(2);
    for (const name of commandNames()) expect(stdout + stderr).toContain(`kvv ${name}`);
  });

  it.each([
    [["lod"]],
    [["load"]],
    [["load", "complaints", "x.csv", "--maping", "m"]],
    [["load", "klachten", "x.csv"]],
    [["preview", "nothing"]],
  ])("%j is wrong usage: exit 2, without a trace", async (args) => {
    const { exit, stdout, stderr } = await kvv(...args);
    expect(exit).toBe(2);
    expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it("neither loads nor publishes in a home whose figures are fetched from elsewhere, and says where to", async () => {
    const fetched = {
      KVV_HOME: path.join(folder, "fetched"),
      KVV_PUBLISHED_URL: "https://kvv-1.example.org/published/",
      KVV_PUBLISHED_TOKEN: "a-secret-of-what-is-published-0123456789",
    };
    for (const args of [["schedule"], ["load", "units", "units.csv"], ["publish"], ["run"], ["fold"], ["rebuild"], ["retention"]]) {
      const { exit, stdout, stderr } = await kvvWith(fetched, ...args);
      expect([args[0], exit, stdout]).toEqual([args[0], 1, ""]);
      expect(stderr).toMatch(/^kvv \w+: KVV_PUBLISHED_URL is set: .* on the machine where is published, or unset KVV_PUBLISHED_URL\n$/);
    }
    expect(existsSync(fetched.KVV_HOME)).toBe(false);
    expect((await kvvWith(fetched, "settings")).exit).toBe(0);
  }, 60_000); // prettier-ignore

  it("loads, publishes and previews a home of its own, as one JSON object each", async () => {
    file(
      "units.csv",
      "unit_id,name,level,parent_id,valid_from\nkorps,Korps,force,,2010-01-01\nnoord,Noord,unit,korps,2010-01-01\n",
    );
    file(
      "klachten.csv",
      "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\n1;05-01-2016;Noord;geweld\n2;06-12-2016;noord;overig\n",
    );
    const units = await kvv("load", "units", "units.csv", "--json");
    expect(JSON.parse(units.stdout)).toMatchObject({ feed: "units", read: 2, accepted: 2, refused: null });
    const load = await kvv("load", "complaints", "klachten.csv", "--json");
    expect(JSON.parse(load.stdout)).toMatchObject({
      file: "klachten.csv",
      read: 2,
      accepted: 2,
      quarantined: 0,
      reasons: {},
    });
    const publish = await kvv("publish", "--json");
    expect(JSON.parse(publish.stdout)).toMatchObject({
      snapshot: expect.stringMatching(/^20170201T080000Z-[0-9a-f]{6}$/),
      restated: 0,
    });
    const preview = await kvv("preview", "complaints", "--unit", "noord", "--json");
    const { rows } = JSON.parse(preview.stdout) as { rows: { grain: string; period_start: string; value: number }[] };
    expect(rows.find((row) => row.grain === "year" && row.period_start === "2016-01-01")?.value).toBe(2);
    const status = await kvv("status", "--json");
    expect(JSON.parse(status.stdout)).toMatchObject({
      feeds: expect.arrayContaining([expect.objectContaining({ feed: "complaints", covered_to: "2016-12-31" })]),
    });
  }, 60_000);

  it("prints several loads under `loads`, exits with 1 where one is refused, and says what stays", async () => {
    file("goed.csv", "Klachtnummer;Datum ontvangst;Eenheid;Klachtaspecten\n3;05-01-2016;noord;geweld\n");
    file("fout.csv", "Klachtnummer;Eenheid\n4;noord\n");
    const { exit, stdout } = await kvv("load", "complaints", "goed.csv", "fout.csv", "--json");
    expect(exit).toBe(1);
    const { loads } = JSON.parse(stdout) as { loads: { refused: string | null }[] };
    expect(loads.map((load) => load.refused === null)).toEqual([true, false]);
    expect(loads[1]!.refused).toMatch(/received_on.*aspects/);
    const words = await kvv("load", "complaints", "fout.csv");
    expect(words.stdout).toContain("what was there before stays");
  }, 30_000);

  it("names a file that is not there, without a trace", async () => {
    const { exit, stdout, stderr } = await kvv("load", "complaints", "nergens.csv");
    expect(exit).toBe(1);
    expect(stdout + stderr).toContain("nergens.csv");
    expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it("ignores targets of units that this home does not have, and counts them", async () => {
    const { stdout } = await kvv("publish", "--json");
    expect((JSON.parse(stdout) as { ignored_targets: number }).ignored_targets).toBeGreaterThan(0);
  }, 30_000);

  it("check finds no fault in the project's own configuration", async () => {
    const { exit, stdout } = await kvv("check", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, faults: [] });
    expect(exit).toBe(0);
  });
});
