import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Database } from "./database.ts";
import { sync, writeDurably } from "./durable.ts";
import { Refusal } from "./problem.ts";

/** A file of a backup: its path with slashes from the home, its size in bytes, and the SHA-256 of its bytes. */
export interface BackupFile {
  path: string;
  size: number;
  sha256: string;
}

/** What a backup says of itself, in `backup.json` beside the files. */
export interface BackupManifest {
  made_at: string;
  files: BackupFile[];
}

const manifestName = "backup.json";

/** What is of one run of a process, or opens the door: after a restore everyone signs in anew. */
const leftOut = /^(staging|workbench|session-key|ended-sessions|kvv\.sock|restoring)(\/|$)|\.(tmp|new|partial)(\/|$)/;

/** What the serving process may write to while it is copied. */
const written = "workspace.duckdb";
const mostTries = 20;
const betweenTriesMs = 100;

/** Tells how many bytes of all are done. */
export type Tell = (done: number, total: number) => void;

/**
 * Copies a home into a new folder, file by file with their hashes; the folder is a backup when `backup.json` stands in
 * it. Whoever owns the warehouse must rest meanwhile; people may go on writing. Runs in a process that has none of the
 * home's databases open: reading their files would drop the engine's locks.
 */
export async function copyHome(home: string, target: string, madeAt: Date, tell: Tell): Promise<BackupManifest> {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const names = filesBelow(home).filter((name) => !leftOut.test(name));
  const total = names.reduce((sum, name) => sum + statSync(path.join(home, name)).size, 0);
  const files: BackupFile[] = [];
  let done = 0;
  // First what people wrote: the snapshots that it names are there already, and none goes meanwhile.
  if (names.includes(written)) files.push(await copyWritten(home, target));
  for (const name of names.filter((each) => !each.startsWith(written))) {
    const file = await copyFile(path.join(home, name), path.join(target, name), toLastLine(name));
    files.push({ path: name, ...file });
    tell((done += file.size), total);
  }
  for (const folder of new Set(files.map((file) => path.dirname(path.join(target, file.path))))) sync(folder);
  const manifest = { made_at: madeAt.toISOString(), files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  writeDurably(path.join(target, manifestName), JSON.stringify(manifest, null, 1) + "\n", 0o600);
  return manifest;
}

/** What a backup says of itself. Refused where the folder is none. */
export function readManifest(folder: string): BackupManifest {
  const file = path.join(folder, manifestName);
  if (!existsSync(file))
    throw new Refusal(`${folder} is no whole backup: it has no ${manifestName}; name the folder that kvv backup made`);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as BackupManifest;
  } catch {
    throw new Refusal(`${file} cannot be read; take an older backup`);
  }
}

/** Copies the files of a backup to a home, each with the hash that it had. Refused at the first that is not as it was. */
export async function copyBack(folder: string, { files }: BackupManifest, home: string, tell: Tell): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const file of files) {
    const source = path.join(folder, file.path);
    const isInside = path.resolve(source).startsWith(path.resolve(folder) + path.sep);
    if (!isInside || !existsSync(source)) throw new Refusal(`the backup has no ${file.path}; take an older one`);
    const { sha256 } = await copyFile(source, path.join(home, file.path));
    if (sha256 !== file.sha256)
      throw new Refusal(`${source} is not as it was when the backup was made; take an older one`);
    tell((done += file.size), total);
  }
  for (const parent of new Set(files.map((file) => path.dirname(path.join(home, file.path))))) sync(parent);
}

/** Names of all files below a folder, with slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

/** Of a log that grows a whole number of lines is copied: its size then, in bytes. */
const toLastLine = (name: string): boolean => name.endsWith(".jsonl");

async function copyFile(from: string, to: string, wholeLines = false): Promise<{ size: number; sha256: string }> {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  const end = wholeLines ? readFileSync(from).lastIndexOf("\n") : undefined;
  const hash = createHash("sha256");
  let size = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, next) {
      hash.update(piece);
      size += piece.length;
      next(null, piece);
    },
  });
  const out = createWriteStream(to, { mode: 0o600, flush: true });
  if (end === -1) out.end();
  else await pipeline(createReadStream(from, end === undefined ? {} : { end }), counted, out);
  return { size, sha256: hash.digest("hex") };
}

/** The file that people write to, with its log, which grows meanwhile and may end in the middle as after a fall; again where the log was brought into the file. */
async function copyWritten(home: string, target: string): Promise<BackupFile> {
  const [from, to] = [path.join(home, written), path.join(target, written)];
  for (let left = mostTries; left > 0; left--) {
    const before = stateOf(from);
    await copyFile(from, to);
    if (existsSync(`${from}.wal`)) await copyFile(`${from}.wal`, `${to}.wal`).catch(ignoreGone);
    if (stateOf(from) === before) {
      // Opened once: it is known to be whole, and its log comes into it.
      const copy = await Database.open(to);
      await copy.run("checkpoint");
      copy.close();
      const bytes = readFileSync(to);
      sync(to);
      return { path: written, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    }
    await sleep(betweenTriesMs);
  }
  throw new Refusal(`${from} is written anew again and again; try again in a quiet moment`);
}

/** Changes when a database's file is written to. */
function stateOf(file: string): string {
  const { ino, size, mtimeNs } = statSync(file, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
