import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { WarehouseWork } from "./command.ts";
import type { LoadResult } from "./loading/load.ts";
import { loadRecorded } from "./loading/recorded.ts";
import { inboxMapping } from "./reading/mappings.ts";

/** A file that lies in `<home>/inbox/<feed>/`. */
export interface InboxFile {
  feed: string;
  path: string;
  size: number;
  modified: number;
}

const settleMilliseconds = 300;

/** Makes the inbox folders, one for each feed. */
export function makeInbox(home: string, feeds: Iterable<string>): void {
  for (const feed of feeds) mkdirSync(path.join(home, "inbox", feed), { recursive: true });
}

/** Files in the inbox, oldest first; `units` before all others, since the rest is checked against it. Hidden and unfinished names (`.part`, `.tmp`) are left alone. */
export function listInbox(home: string, feeds: string[]): InboxFile[] {
  const files = feeds.flatMap((feed) => {
    const folder = path.join(home, "inbox", feed);
    return safeList(folder)
      .filter((name) => !name.startsWith(".") && !/\.(part|tmp|crdownload)$/i.test(name) && name !== inboxMapping)
      .map((name) => ({ feed, path: path.join(folder, name) }))
      .flatMap((file) => {
        const stat = statSync(file.path, { throwIfNoEntry: false });
        return stat?.isFile() ? [{ ...file, size: stat.size, modified: stat.mtimeMs }] : [];
      });
  });
  const first = (file: InboxFile) => (file.feed === "units" ? 0 : 1);
  return files.sort((a, b) => first(a) - first(b) || a.modified - b.modified || a.path.localeCompare(b.path));
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Those files that are still being written are left for the next look: their size changes. */
export async function settled(files: InboxFile[]): Promise<InboxFile[]> {
  if (files.length === 0) return [];
  await sleep(settleMilliseconds);
  return files.filter((file) => {
    const stat = statSync(file.path, { throwIfNoEntry: false });
    return stat !== undefined && stat.size === file.size && stat.mtimeMs === file.modified;
  });
}

/** Loads the files, each in its own run; a file that fails stops no other. A loaded file moves to `done`, a refused one to `refused` with the reason beside it. */
export async function loadInbox(work: WarehouseWork, files: InboxFile[]): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  for (const file of files) {
    const mappingPath = path.join(path.dirname(file.path), inboxMapping);
    const hasMapping = statSync(mappingPath, { throwIfNoEntry: false })?.isFile() ?? false;
    try {
      const request = { feed: file.feed, path: file.path, ...(hasMapping ? { mappingPath } : {}) };
      const result = await loadRecorded(work, request, path.basename(file.path));
      results.push(result);
      putAway(file, result.refused, result.by_person);
      work.context.log(
        `${file.feed}: ${path.basename(file.path)}: ${result.refused ?? `${result.accepted} rows accepted, ${result.quarantined} quarantined`}`,
      );
    } catch (error) {
      const reason = (error as Error).message.split("\n")[0] ?? "unknown";
      work.context.log(`${file.feed}: ${path.basename(file.path)} could not be read: ${reason}`);
      putAway(file, reason, false);
    }
  }
  return results;
}

/** A loaded file waits in `done`, a refused one in `refused` for someone to look at. A file about persons is not kept once its cells are loaded. */
function putAway(file: InboxFile, refused: string | null, byPerson: boolean): void {
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

function freeName(folder: string, name: string): string {
  const taken = new Set(safeList(folder));
  if (!taken.has(name)) return name;
  const { name: stem, ext } = path.parse(name);
  for (let i = 2; ; i++) if (!taken.has(`${stem} (${i})${ext}`)) return `${stem} (${i})${ext}`;
}
