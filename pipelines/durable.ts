import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Waits until what was written to a file, or the names in a folder, lie on the disk. */
export function sync(name: string): void {
  // Windows does not open folders; there a rename is on the disk when it returns.
  let handle: number;
  try {
    handle = openSync(name, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EISDIR" || process.platform === "win32") return;
    throw error;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (process.platform !== "win32") throw error;
  } finally {
    closeSync(handle);
  }
}

/** Gives a file or folder another name, for good. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  sync(path.dirname(to));
}

/** Writes a small file beside the old one and replaces it: whoever reads it sees the one or the other, whole, whatever happens. Where several processes write it each does so under a name of its own, `fresh`. */
export function writeDurably(file: string, text: string, mode = 0o666, fresh = `${file}.tmp`): void {
  writeFileSync(fresh, text, { mode });
  sync(fresh);
  renameDurably(fresh, file);
}
