import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "../durable.ts";

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
  writeDurably(file, key + "\n", 0o600);
  return key;
}
