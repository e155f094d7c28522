import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseCycle, type Duty } from "../../pipelines/cycle-file.ts";
import { Problem } from "../problem.ts";

/** The duties of `data/cycle.yaml`, read when they are asked for and again when the file changed. */
export class CycleFile {
  private readonly file: string;
  private known: { version: string; duties: Duty[] } | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** Names the file as it is now: another version may say something else. */
  async version(): Promise<string> {
    const found = statSync(this.file, { throwIfNoEntry: false });
    return found ? `${found.mtimeMs} ${found.size}` : "none";
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
