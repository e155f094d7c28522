import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Where the workers of a run find what one of them made; see `store.ts`. */
export const storeVariable = "KVV_TEST_STORE";

const asked = new Map<string, Promise<string>>();

/** A folder that many tests copy from, and none changes: `make` fills it once in a run. The key says all that it is made of. */
export function prepared(key: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  if (!asked.has(key)) asked.set(key, findOrMake(key, make));
  return asked.get(key)!;
}

async function findOrMake(key: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  // Whoever serves a fixture by hand has a store of its own.
  const store = (process.env[storeVariable] ??= mkdtempSync(path.join(os.tmpdir(), "kvv-prepared-")));
  const folder = path.join(store, createHash("sha256").update(key).digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside);
  await make(aside);
  try {
    renameSync(aside, folder);
  } catch (error) {
    // Another worker was sooner.
    if (!existsSync(folder)) throw error;
    rmSync(aside, { recursive: true });
  }
  return folder;
}
