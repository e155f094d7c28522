import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../../../pipelines/settings.ts";
import { CycleFile } from "../../../server/calendar/cycle.ts";

describe("CycleFile.version()", () => {
  it("is the same for two files that say the same, on whatever machine, and another when one says something else", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-cycle-"));
    const [one, other] = ["one.yaml", "other.yaml"].map((name) => path.join(folder, name)) as [string, string];
    for (const each of [one, other]) copyFileSync(path.join(projectFolder, "data", "cycle.yaml"), each);
    utimesSync(other, new Date(0), new Date(0));
    const [here, there] = [new CycleFile(one), new CycleFile(other)];
    const before = await here.version();
    expect(await there.version()).toBe(before);
    expect(await new CycleFile(path.join(folder, "none.yaml")).version()).toBe("none");
    writeFileSync(one, "duties: []\n");
    expect(await here.version()).not.toBe(before);
    rmSync(folder, { recursive: true });
  });
});
