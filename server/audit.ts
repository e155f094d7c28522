import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import canonicalize from "canonicalize";

/** What somebody did. */
export const deeds = [
  "signed_in",
  "signed_out",
  "looked",
  "exported",
  "changed",
  "signed",
  "uploaded",
  "refused",
] as const;
export type Deed = (typeof deeds)[number];

/** What is told of a deed: who, what and which selection of it; nothing of what was found. */
export interface Told {
  user: string;
  roles: readonly string[];
  did: Deed;
  /** The route or the page. */
  what: string;
  /** What was chosen of it, as in an address. */
  selection: string;
  /** The status of the answer. */
  status: number;
  /** What was sent, where it must be known afterwards what was asked. */
  text?: string;
}

/** A line of the log; `hash` is over the rest of it, which names the hash of the line before. */
export interface Entry extends Told {
  seq: number;
  at: string;
  prev: string;
  hash: string;
}

/** The first line of a file: which other files there were, and how far each had come. */
interface Opening {
  seq: 0;
  at: string;
  heads: Record<string, string>;
  prev: string;
  hash: string;
}

export interface AuditOptions {
  /** The folder `audit` of a home. */
  folder: string;
  now: () => Date;
  /** Whole months that a file is kept; 0: for ever. */
  keepMonths: number;
}

const filePattern = /^(\d{4}-\d{2})-[0-9a-f]{12}\.jsonl$/;
const longestSelection = 1000;
/** A file that is larger is followed by another, in characters. */
const largestFile = 32 * 1024 * 1024;
/** No line is longer than this. */
const tailBytes = 1024 * 1024;
/** Longer than a draft may be; a line with it stays within its bound. */
const longestText = 130_000;
const lineOf = ({ user, roles, did, what, selection, status, text }: Told) => ({
  ...{ user, roles: [...roles], did, what },
  ...{ selection: selection.slice(0, longestSelection), status },
  ...(text === undefined ? {} : { text: text.slice(0, longestText) }),
});
/** Before the first line of a file. */
const beginning = "0".repeat(64);

/** The hash of a line: SHA-256, in hex, of its canonical JSON without the hash itself. */
const hashOf = (line: object): string => createHash("sha256").update(canonicalize(line)!).digest("hex");

/**
 * Who did what, in files to which lines are only ever added. Each server writes a file of its own for each month; its
 * lines are chained by their hashes, and its first names the last of every other file: a line that was changed, and a
 * file that was cut or taken away, can be seen by what came after.
 */
export class AuditLog {
  private readonly options: AuditOptions;
  private file = "";
  private seq = 0;
  private last = beginning;
  private waiting: { told: Told; settle: (fault: Error | null) => void }[] = [];
  private writing = false;
  private beginning: Promise<void> | null = null;
  private size = 0;
  private fault: Error | null = null;

  constructor(options: AuditOptions) {
    this.options = options;
  }

  /** Adds a line, after those before; it is on the disk when this is done. Throws where it cannot be. */
  append(told: Told): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ told, settle: (fault) => (fault ? reject(fault) : resolve()) });
      if (!this.writing) void this.writeAll();
    });
  }

  /** Whether lines can be added; tries anew where the last could not. */
  async works(): Promise<boolean> {
    if ((this.fault || this.file === "") && !this.writing)
      await this.begin().catch((error: Error) => {
        this.fault = error;
      });
    return this.fault === null;
  }

  /** Writes what waits; what comes meanwhile is written together, next. */
  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      try {
        const at = this.options.now().toISOString();
        if (this.fault || !this.file.startsWith(at.slice(0, 7)) || this.size > largestFile) await this.begin();
        await this.write(batch.map(({ told }) => ({ at, ...lineOf(told) })));
        this.fault = null;
      } catch (error) {
        this.fault = error as Error;
      }
      for (const { settle } of batch) settle(this.fault);
    }
    this.writing = false;
  }

  /** Begins a file: of a new month, after a large one, or after lines that were not written whole. Once for all who wait for it. */
  private begin(): Promise<void> {
    this.beginning ??= this.beginFile().finally(() => (this.beginning = null));
    return this.beginning;
  }

  private async beginFile(): Promise<void> {
    const { folder, now } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.forgetOld();
    const heads: Record<string, string> = {};
    for (const name of await auditFiles(folder)) {
      heads[name] = await headOf(path.join(folder, name));
    }
    const at = now().toISOString();
    this.file = `${at.slice(0, 7)}-${randomBytes(6).toString("hex")}.jsonl`;
    [this.seq, this.last, this.size] = [-1, beginning, 0];
    try {
      await this.write([{ at, heads }]);
    } catch (error) {
      // Nothing was told in it: the next try begins another.
      await rm(path.join(folder, this.file), { force: true });
      throw error;
    }
    this.fault = null;
  }

  private async write(lines: object[]): Promise<void> {
    let [seq, prev] = [this.seq, this.last];
    let text = "";
    for (const each of lines) {
      const line = { seq: ++seq, ...each, prev };
      prev = hashOf(line);
      text += JSON.stringify({ ...line, hash: prev }) + "\n";
    }
    const handle = await open(path.join(this.options.folder, this.file), "a", 0o600);
    try {
      await handle.appendFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    [this.seq, this.last] = [seq, prev];
    this.size += text.length;
  }

  private async forgetOld(): Promise<void> {
    const { folder, keepMonths, now } = this.options;
    const oldest = oldestKept(now(), keepMonths);
    for (const name of await auditFiles(folder)) if (name.slice(0, 7) < oldest) await rm(path.join(folder, name));
  }
}

/** The first month that is kept, as 2016-11; of nothing that is kept for ever, the empty text. */
const oldestKept = (now: Date, keepMonths: number): string =>
  keepMonths === 0
    ? ""
    : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths, 1)).toISOString().slice(0, 7);

async function auditFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => filePattern.test(name)).sort();
}

/** The hash of the last whole line of a file. */
async function headOf(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const whole = buffer.toString("utf8").split("\n").slice(0, -1);
    return parsedLine(whole.at(-1) ?? "")?.hash ?? beginning;
  } finally {
    await handle.close();
  }
}

/** The lines of a file that can be read. */
async function linesOf(folder: string, name: string): Promise<object[]> {
  const text = await readFile(path.join(folder, name), "utf8");
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as object];
    } catch {
      return [];
    }
  });
}

export interface AuditQuestion {
  from?: string | undefined;
  to?: string | undefined;
  user?: string | undefined;
  did?: Deed | undefined;
  limit: number;
}

/** The lines that are asked for, the newest first; so many at most. Days are of UTC, as the lines have them. */
export async function readAudit(
  folder: string,
  { from = "", to = "9999", user, did, limit }: AuditQuestion,
): Promise<Entry[]> {
  const names = (await auditFiles(folder)).filter(
    (name) => name.slice(0, 7) >= from.slice(0, 7) && name.slice(0, 7) <= to,
  );
  const found: Entry[] = [];
  for (const name of names) {
    const lines = (await linesOf(folder, name)) as Entry[];
    for (const each of lines) {
      const day = each.at.slice(0, 10);
      if (each.seq === 0 || day < from || day > to) continue;
      if ((user === undefined || each.user === user) && (did === undefined || each.did === did)) found.push(each);
    }
  }
  return found.sort((a, b) => b.at.localeCompare(a.at) || b.seq - a.seq).slice(0, limit);
}

/** What verifying found. */
export interface Verified {
  ok: boolean;
  files: number;
  lines: number;
  /** Each with its file and line. */
  faults: { file: string; line: number; fault: string }[];
  /** The last hash of each file: kept elsewhere, it shows a later change of all that is before. */
  heads: Record<string, string>;
}

/** Checks every line against its hash and the line before, and every file against what later files say of it, and against last hashes that were kept elsewhere. */
export async function verifyAudit(
  { folder, keepMonths, now }: AuditOptions,
  keptHeads: Verified["heads"] = {},
): Promise<Verified> {
  const names = await auditFiles(folder);
  const faults: Verified["faults"] = [];
  const heads: Record<string, string> = {};
  const hashes = new Map<string, Set<string>>();
  const openings: [file: string, Opening][] = [];
  let count = 0;
  for (const file of names) {
    const seen = new Set<string>([beginning]);
    let [prev, seq] = [beginning, -1];
    const lines = (await readFile(path.join(folder, file), "utf8")).split("\n");
    // What follows the last line end was never finished: the server ended there, and said nothing of it.
    lines.pop();
    for (const [index, text] of lines.entries()) {
      count += 1;
      const fault = (words: string) => void faults.push({ file, line: index + 1, fault: words });
      const parsed = parsedLine(text);
      if (!parsed) {
        fault("is no JSON");
        continue;
      }
      const { hash, ...line } = parsed;
      if (safeHashOf(line) !== hash) fault("was changed: its hash is another");
      if (line.prev !== prev) fault("does not follow on the line before: one was changed, put in or taken out");
      if (line.seq !== seq + 1) fault(`has number ${line.seq}, not ${seq + 1}`);
      [prev, seq] = [hash, line.seq];
      seen.add(hash);
      if (line.seq === 0) openings.push([file, parsed as unknown as Opening]);
    }
    if (seq === -1 && lines.length > 0 && !openings.some(([name]) => name === file))
      faults.push({ file, line: 1, fault: "has no first line" });
    heads[file] = prev;
    hashes.set(file, seen);
  }
  const oldest = oldestKept(now(), keepMonths);
  const told = openings.map(([file, opening]): [string, Verified["heads"]] => [file, opening.heads ?? {}]);
  for (const [file, named] of [...told, ["the kept list", keptHeads] as const])
    for (const [other, head] of Object.entries(named)) {
      const seen = hashes.get(other);
      if (!seen && other.slice(0, 7) < oldest) continue;
      if (!seen) faults.push({ file, line: 1, fault: `names ${other}, which is gone` });
      else if (!seen.has(head))
        faults.push({ file: other, line: 1, fault: `was cut: ${file} names a line that is gone` });
    }
  return { ok: faults.length === 0, files: names.length, lines: count, faults, heads };
}

/** What cannot be written as canonical JSON was not written here. */
function safeHashOf(line: object): string | null {
  try {
    return hashOf(line);
  } catch {
    return null;
  }
}

function parsedLine(text: string): { hash: string; prev: string; seq: number } | null {
  try {
    return JSON.parse(text) as { hash: string; prev: string; seq: number };
  } catch {
    return null;
  }
}
