import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** How long our work takes as a multiple of a yardstick; `parts` are milliseconds, megabytes and counts. */
export interface BenchResult {
  name: string;
  ratio: number;
  parts: Record<string, number>;
}

/** Runs a script in a process of its own, whose memory is its alone; the last line that it prints is its result, as JSON. */
export async function runApart<T>(script: string, input: object): Promise<T> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", loader, path.resolve(import.meta.dirname, script), JSON.stringify(input)],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as T;
}

export const best = (times: number[]): number => Math.round(Math.min(...times));
