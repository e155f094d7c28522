import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The key of the home's id hashes, made at its first use; who has it and the warehouse could test whether an id is in it. */
export function idKey(home: string): string {
  const file = path.join(home, "id.key");
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  mkdirSync(home, { recursive: true });
  const key = randomBytes(16).toString("hex");
  writeFileSync(`${file}.tmp`, key + "\n", { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
  return key;
}
