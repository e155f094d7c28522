import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isTransient, inWords } from "./faults.ts";
import type { LoadResult } from "./loading/load.ts";
import { loadRecorded } from "./loading/recorded.ts";
import { lookupFolder } from "./reading/mapping.ts";
import { inboxMapping } from "./reading/mappings.ts";
import { writeRun, type RunKind } from "./runs.ts";
import type { Owned } from "./sources/feed.ts";

/** A file that lies in `<home>/inbox/<feed>/`. */
export interface InboxFile {
  feed: string;
  path: string;
  size: number;
  modified: number;
}

/** Something in the inbox that cannot be read; `file` is null where it is the folder itself. */
export interface InboxFault {
  feed: string;
  file: string | null;
  reason: string;
}

export interface Inbox {
  /** Oldest first; those of `units` before all others, since the rest is checked against it. */
  files: InboxFile[];
  faults: InboxFault[];
}

const settleMilliseconds = 300;
const otherFolders = new Set(["done", "refused", lookupFolder]);

/** Makes the inbox folders, one for each feed; what cannot be made shows at the next look. */
export function makeInbox(home: string, feeds: Iterable<string>): void {
  for (const feed of feeds) {
    try {
      mkdirSync(path.join(home, "inbox", feed), { recursive: true });
    } catch {
      // A file in the place of the folder, or a folder that may not be written.
    }
  }
}

/** What lies in the inbox. Hidden and unfinished names (`.part`, `.tmp`) are left alone; a feed whose folder cannot be read keeps no other from being read. */
export function lookInInbox(home: string, feeds: Iterable<string>): Inbox {
  const inbox: Inbox = { files: [], faults: [] };
  for (const feed of feeds) {
    const folder = path.join(home, "inbox", feed);
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") inbox.faults.push({ feed, file: null, reason: folderReason(feed, code) });
      continue;
    }
    for (const name of names) {
      if (name.startsWith(".") || /\.(part|tmp|crdownload)$/i.test(name)) continue;
      if (name === inboxMapping || otherFolders.has(name)) continue;
      const found = lookAt(path.join(folder, name));
      if (found === null) continue;
      if (typeof found === "string") inbox.faults.push({ feed, file: name, reason: `${name} ${found}` });
      else inbox.files.push({ feed, path: path.join(folder, name), ...found });
    }
  }
  const first = (file: InboxFile) => (file.feed === "units" ? 0 : 1);
  inbox.files.sort((a, b) => first(a) - first(b) || a.modified - b.modified || a.path.localeCompare(b.path));
  return inbox;
}

function folderReason(feed: string, code: string | undefined): string {
  const folder = `inbox/${feed}`;
  if (code === "ENOTDIR") return `${folder} is not a folder but a file; move it away, and make the folder`;
  if (code === "ELOOP") return `${folder} is a link that leads to itself; make it a folder`;
  if (code === "EACCES" || code === "EPERM")
    return `${folder} may not be read by the user that runs the monitor; give it the right to`;
  return `${folder} cannot be read (${code ?? "unknown"})`;
}

/** Size and time of a file; words where it is none; null where it is gone. */
function lookAt(file: string): Pick<InboxFile, "size" | "modified"> | string | null {
  try {
    const { size, mtimeMs: modified, ...kind } = statOf(file);
    // A link would have a file read, and shown, that its sender may have no right to.
    if (isLink(file)) return "is a link; drop the file itself";
    if (kind.isFile) return { size, modified };
    return `is not a file${kind.isFolder ? " but a folder; drop the files themselves" : ""}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return isLink(file) ? "is a link to a file that is not there" : null;
    if (code === "ELOOP") return "is a link that leads to itself";
    return `may not be read (${code ?? "unknown"})`;
  }
}

function statOf(file: string) {
  const stat = statSync(file);
  return { size: stat.size, mtimeMs: stat.mtimeMs, isFile: stat.isFile(), isFolder: stat.isDirectory() };
}

const isLink = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

/** Those files that are still being written are left for the next look: their size changes. */
export async function settled(files: InboxFile[]): Promise<InboxFile[]> {
  if (files.length === 0) return [];
  await sleep(settleMilliseconds);
  return files.filter(isAsSeen);
}

function isAsSeen(file: InboxFile): boolean {
  const stat = statSync(file.path, { throwIfNoEntry: false });
  return stat !== undefined && stat.size === file.size && stat.mtimeMs === file.modified;
}

/** Records what a look could not read; where all was in order, `clear` says so for a feed. */
export async function recordLook(
  { db, context }: Owned,
  kind: RunKind,
  { faults, clear }: { faults: InboxFault[]; clear: Iterable<string> },
): Promise<void> {
  const now = context.now();
  const about = { kind, started: now, finished: now };
  for (const { feed, file, reason } of faults) {
    context.log(`${feed}: ${reason}`);
    await writeRun(db, { ...about, job: feed, file, status: "failed", error: reason }, context);
  }
  for (const feed of clear) await writeRun(db, { ...about, job: feed, status: "done" }, context);
}

/** Loads the files, each in its own run; a file that fails stops no other. A loaded file moves to `done`, a refused one to `refused` with the reason beside it; one that met trouble of the machine stays for another try. */
export async function loadInbox(work: Owned, files: InboxFile[]): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  for (const file of files) {
    // Another look has taken it by now, or it is being written to again.
    if (!isAsSeen(file)) continue;
    const name = path.basename(file.path);
    const mappingPath = path.join(path.dirname(file.path), inboxMapping);
    const hasMapping = statSync(mappingPath, { throwIfNoEntry: false })?.isFile() ?? false;
    try {
      const request = { feed: file.feed, path: file.path, ...(hasMapping ? { mappingPath, dropped: true } : {}) };
      const result = await loadRecorded(work, request, name);
      results.push(result);
      work.context.log(
        `${file.feed}: ${name}: ${result.refused ?? `${result.accepted} rows accepted, ${result.quarantined} quarantined`}`,
      );
      putAway(file, result.refused, result.by_person);
    } catch (error) {
      const reason = inWords(error);
      work.context.log(`${file.feed}: ${name}: ${reason}`);
      if (!isTransient(error)) putAway(file, reason, false);
    }
  }
  return results;
}

/** A loaded file waits in `done`, a refused one in `refused` for someone to look at. A file about persons is not kept once its cells are loaded. One that was written to while it was read stays: it is another file by now. */
function putAway(file: InboxFile, refused: string | null, byPerson: boolean): void {
  if (!isAsSeen(file)) return;
  if (byPerson && refused === null) {
    rmSync(file.path);
    return;
  }
  const target = path.join(path.dirname(file.path), refused === null ? "done" : "refused");
  mkdirSync(target, { recursive: true });
  const name = path.join(target, freeName(target, path.basename(file.path)));
  renameSync(file.path, name);
  if (refused !== null) writeFileSync(`${name}.reason.txt`, refused + "\n");
}

/** A name that is not taken: one of the same name that came before stays as it is. */
function freeName(folder: string, name: string): string {
  const taken = (each: string) => lstatSync(path.join(folder, each), { throwIfNoEntry: false }) !== undefined;
  if (!taken(name)) return name;
  const { name: stem, ext } = path.parse(name);
  for (let i = 2; ; i++) if (!taken(`${stem} (${i})${ext}`)) return `${stem} (${i})${ext}`;
}
