import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createContext, type Context } from "../../pipelines/context.ts";
import { readContracts, type Contract } from "../../pipelines/contracts/contract.ts";
import type { Database } from "../../pipelines/database.ts";
import { projectFolder, readSettings } from "../../pipelines/settings.ts";
import { openWarehouse } from "../../pipelines/warehouse.ts";
import { long } from "./long.ts";
import { prepared } from "./prepared.ts";

/** A home of its own in a temporary folder, with a fixed clock. */
export interface Home {
  folder: string;
  context: Context;
  contracts: Map<string, Contract>;
  /** What was logged. */
  messages: string[];
  /** Writes a file beside the home's own; returns its path. */
  write(name: string, content: string | Buffer): string;
  /** The home's warehouse, opened at the first call; it is closed with the home. */
  warehouse(): Promise<Database>;
  /** Closes the warehouse, for another to open it. */
  closeWarehouse(): Promise<void>;
  remove(): Promise<void>;
}

const { contracts: all } = readContracts(path.join(projectFolder, "pipelines", "contracts"));

/** Makes a home; `env` sets settings as the environment would. */
export function makeHome(env: Record<string, string> = {}): Home {
  const root = mkdtempSync(path.join(os.tmpdir(), "kvv-test-"));
  const folder = path.join(root, "home");
  mkdirSync(folder);
  const contracts = new Map(all);
  const messages: string[] = [];
  // Two files of tests run side by side on two cores; the long run has the threads of the product.
  const threads: Record<string, string> = long ? {} : { KVV_THREADS: "1" };
  const settings = readSettings({ KVV_HOME: folder, KVV_NOW: "2017-07-03T08:00:00Z", ...threads, ...env });
  const context = createContext(settings, (message) => messages.push(message));
  let opened: Promise<Database> | undefined;
  const close = async () => {
    const db = opened;
    opened = undefined;
    (await db)?.close();
  };
  return {
    folder,
    context,
    contracts,
    messages,
    write(name, content) {
      const file = path.join(root, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    warehouse: () => (opened ??= openWarehouse(context, contracts)),
    closeWarehouse: close,
    async remove() {
      await close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Another home that has all that one has whose warehouse is closed. */
export function copyOfHome(folder: string, env: Record<string, string> = {}): Home {
  const home = makeHome(env);
  cpSync(folder, home.folder, { recursive: true });
  return home;
}

/** A home as this work leaves it, which is done once in a run. Each has a key of its own: the work hashes no ids. */
export async function homeAfter(
  what: string,
  env: Record<string, string>,
  work: (home: Home) => Promise<unknown>,
): Promise<Home> {
  const folder = await prepared(`home ${what} ${JSON.stringify(env)}`, async (to) => {
    const home = makeHome(env);
    await work(home);
    await home.closeWarehouse();
    cpSync(home.folder, to, { recursive: true, filter: (file) => path.basename(file) !== "id.key" });
    await home.remove();
  });
  return copyOfHome(folder, env);
}
