import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";
import { complaints, makeLoading, type Loading } from "./support.ts";

let loading: Loading;
let file: string;
const rows = 60_000;
beforeAll(async () => {
  loading = await makeLoading();
  await loading.load("complaints", complaints(["A,2016-01-01,n1,force,,"], 3));
  await loading.home.closeWarehouse();
  file = loading.home.write("many.csv", complaints([], rows));
});
afterAll(() => loading.home.remove());

const program = (name: string) => JSON.stringify(path.join(projectFolder, "pipelines", name));

/** A process of its own that opens the home, says so, and loads the file. */
function startLoading() {
  const { folder } = loading.home;
  const code = `
    const { readContracts } = await import(${program("contracts/contract.ts")});
    const { createContext } = await import(${program("context.ts")});
    const { readSettings } = await import(${program("settings.ts")});
    const { openWarehouse } = await import(${program("warehouse.ts")});
    const { loadFile } = await import(${program("loading/load.ts")});
    const context = createContext(readSettings({ KVV_HOME: ${JSON.stringify(folder)}, KVV_NOW: "2017-07-03" }), () => undefined);
    const { contracts } = readContracts(${program("contracts")});
    const db = await openWarehouse(context, contracts);
    console.log("open");
    await loadFile(db, context, contracts, { feed: "complaints", path: ${JSON.stringify(file)} });
    console.log("loaded");`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("kill -9 in the midst of a load", () => {
  it.each([20, 120, 250, 400])("after %i ms: all of the load is there, or nothing", async (milliseconds) => {
    const child = startLoading();
    // It may be done before the signal comes.
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    await after(milliseconds);
    child.kill("SIGKILL");
    await ended;
    const db = await loading.home.warehouse();
    const found = await db.one<{ loads: number; rows: number; coverage: number }>(
      `select (select count(*) from loads where feed = 'complaints') as loads, (select count(*) from complaints) as "rows",
         (select count(*) from coverage where feed = 'complaints') as coverage`,
    );
    await loading.home.closeWarehouse();
    expect([
      { loads: 1, rows: 4, coverage: 1 },
      { loads: 2, rows: rows + 1, coverage: 2 },
    ]).toContainEqual(found);
  });
});
