import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { copyBack, readManifest, type Tell } from "./backup.ts";
import { sync } from "./durable.ts";
import { makeHome, restoringFolder } from "./home.ts";
import { Refusal } from "./problem.ts";

/**
 * Brings a backup back into an empty home: all of it, each file as it was, or the home stays closed. A restore that was
 * cut off is begun anew by the next.
 */
export async function restoreHome(
  folder: string,
  home: string,
  tell: Tell,
): Promise<{ made_at: string; files: number }> {
  const manifest = readManifest(folder);
  makeHome(home, { restoring: true });
  const aside = restoringFolder(home);
  // What is there beside it came from it: nothing else begins in such a home.
  if (existsSync(aside)) for (const name of entriesOf(home)) rmSync(path.join(home, name), { recursive: true });
  const there = entriesOf(home);
  if (there.length > 0)
    throw new Refusal(
      `${home} is not empty (${there.slice(0, 3).join(", ")}); move it away, or name another folder in KVV_HOME`,
    );
  mkdirSync(aside, { mode: 0o700 });
  try {
    await copyBack(folder, manifest, aside, tell);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
  for (const name of readdirSync(aside)) renameSync(path.join(aside, name), path.join(home, name));
  sync(home);
  rmSync(aside, { recursive: true });
  sync(home);
  return { made_at: manifest.made_at, files: manifest.files.length };
}

/** A file system of its own has a folder for what is found lost. */
const entriesOf = (home: string): string[] => readdirSync(home).filter((name) => name !== "lost+found");
