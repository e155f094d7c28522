import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";

/** What a snapshot says of itself. `data_through` is the last day that its data covers. */
export const manifestSchema = z.object({
  snapshot: z.string(),
  published_at: z.string(),
  data_through: z.string().nullable(),
  demo: z.boolean(),
  rows: z.number().optional(),
  withheld: z.number().optional(),
  restated: z.number().optional(),
  last_load: z.number().optional(),
  unmatched_figures: z.record(z.string(), z.number()).optional(),
  hash: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Names of snapshots; they sort by time, and a name is also a folder. */
const namePattern = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

export const isNameOfSnapshot = (name: string): boolean => namePattern.test(name);

/** The name that a pointer's text holds; null where it is empty. */
export function pointedAt(text: string): string | null {
  const name = text.trim();
  if (name === "") return null;
  if (!namePattern.test(name)) throw new Error(`published/current names no snapshot: ${JSON.stringify(name)}`);
  return name;
}

/** The name in the pointer file; null where nothing was published yet. Throws where the file holds something else. */
export async function readPointer(published: string): Promise<string | null> {
  const text = await readFile(path.join(published, "current"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  return pointedAt(text ?? "");
}

/** Names of all snapshots that are kept, oldest first. */
export async function listSnapshots(published: string): Promise<string[]> {
  const names = await readdir(published).catch(() => []);
  return names.filter((name) => namePattern.test(name)).sort();
}

export async function readManifest(published: string, name: string): Promise<Manifest> {
  if (!namePattern.test(name)) throw new Error(`no name of a snapshot: ${JSON.stringify(name)}`);
  return manifestSchema.parse(JSON.parse(await readFile(path.join(published, name, "manifest.json"), "utf8")));
}

/** Throws unless the snapshot's database is, byte for byte, the one that was published. Reads the file: never call it while the engine has it open, that would drop the engine's lock. */
export async function verifyHash(published: string, manifest: Manifest): Promise<void> {
  if ((await hashOf(path.join(published, manifest.snapshot, "series.duckdb"))) !== manifest.hash)
    throw new Error(`snapshot ${manifest.snapshot} is not what was published (its hash differs); publish again`);
}

/** Names the very file that a snapshot's database is, as it was written last; null where there is none. */
export async function fileOf(published: string, name: string): Promise<string | null> {
  const found = await stat(path.join(published, name, "series.duckdb")).catch(() => null);
  return found && [found.ino, found.size, Math.round(found.mtimeMs)].join(" ");
}

/** The SHA-256 of a file, in hex. */
export async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
