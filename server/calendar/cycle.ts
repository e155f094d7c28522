import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseCycle, type Duty } from "../../pipelines/cycle-file.ts";
import { Problem } from "../problem.ts";

/** The duties of `data/cycle.yaml`, read when they are asked for and again when the file changed. */
export class CycleFile {
  private readonly file: string;
  private known: { version: string; duties: Duty[] } | null = null;
  private looked: { stamp: string; version: string } | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** Names what the file says now: alike at every server whose file says the same. */
  async version(): Promise<string> {
    const found = statSync(this.file, { throwIfNoEntry: false });
    if (!found) return "none";
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (this.looked?.stamp !== stamp) {
      const hash = createHash("sha256").update(readFileSync(this.file)).digest("base64url");
      this.looked = { stamp, version: hash.slice(0, 16) };
    }
    return this.looked.version;
  }

  /** What comes back; nothing where there is no such file, 503 where it has faults. */
  async duties(): Promise<Duty[]> {
    const version = await this.version();
    if (version === "none") return [];
    if (this.known?.version === version) return this.known.duties;
    const { duties, faults } = parseCycle(await readFile(this.file, "utf8"), this.file);
    if (faults.length > 0)
      throw new Problem(503, "data/cycle.yaml has faults; kvv check names them", { code: "bad-cycle" });
    this.known = { version, duties };
    return duties;
  }
}
