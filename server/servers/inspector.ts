import { stat } from "node:fs/promises";
import path from "node:path";
import { fileOf, hashOf, readManifest } from "../manifest.ts";

export interface InspectorOptions {
  /** The folder `published` of this home. */
  published: string;
  now: () => number;
  /** After so long a file is read again, though nothing was written to it. */
  everyMs?: number;
}

const anHour = 3_600_000;

/** Looks whether snapshots are still, byte for byte, what was published: a disk may lose something, and somebody may write where nobody should. */
export class Inspector {
  readonly #options: Required<InspectorOptions>;
  /** What was found sound, when, and which file that was. */
  readonly #sound = new Map<string, { file: string; at: number }>();
  #otherAt = -Infinity;

  constructor(options: InspectorOptions) {
    this.#options = { everyMs: anHour, ...options };
  }

  /** Whether a snapshot is here, and what its manifest says. Its bytes are read at the first look, where its file was written to, and once in a while. */
  async isSound(name: string): Promise<boolean> {
    const { published, now, everyMs } = this.#options;
    const file = await fileOf(published, name);
    const known = this.#sound.get(name);
    if (known?.file === file && now() - known.at < everyMs) return true;
    this.#sound.delete(name);
    if (file === null) return false;
    const manifest = await readManifest(published, name).catch(() => null);
    const hash = await hashOf(path.join(published, name, "series.duckdb")).catch(() => null);
    // What another server of this home put there meanwhile is looked at next time.
    if ((await fileOf(published, name)) !== file) return true;
    if (manifest?.snapshot !== name || hash !== manifest.hash) return false;
    this.#sound.set(name, { file, at: now() });
    return true;
  }

  /** Takes a snapshot for sound whose bytes were just looked at. */
  async know(name: string): Promise<void> {
    const file = await fileOf(this.#options.published, name);
    if (file !== null) this.#sound.set(name, { file, at: this.#options.now() });
  }

  /** Which one of these is to be looked at now, each after the other; null where it is not yet time for another. */
  next(names: readonly string[]): string | null {
    const { now, everyMs } = this.#options;
    if (now() - this.#otherAt < everyMs) return null;
    this.#otherAt = now();
    const at = (name: string) => this.#sound.get(name)?.at ?? -Infinity;
    return names.reduce<string | null>((first, name) => (first === null || at(name) < at(first) ? name : first), null);
  }
}

/** Whether a snapshot's folder is here, whole. */
export const isThere = async (folder: string): Promise<boolean> =>
  (await Promise.all(["manifest.json", "series.duckdb"].map((each) => stat(path.join(folder, each)).catch(() => null)))).every((each) => each !== null); // prettier-ignore
