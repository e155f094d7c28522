import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { storeVariable } from "./prepared.ts";

/** For the time of a run: a folder for what the tests of all workers begin with. */
export default function setup(): (() => void) | undefined {
  if (process.env[storeVariable]) return;
  const store = mkdtempSync(path.join(os.tmpdir(), "kvv-prepared-"));
  process.env[storeVariable] = store;
  return () => {
    delete process.env[storeVariable];
    rmSync(store, { recursive: true, force: true });
  };
}
