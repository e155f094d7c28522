import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { programArguments } from "../program.ts";

/** How long our work takes as a multiple of a yardstick; `parts` are milliseconds, megabytes and counts. */
export interface BenchResult {
  name: string;
  ratio: number;
  parts: Record<string, number>;
}

/** Runs a program, named from the project's folder, in a process of its own, whose memory is its alone; the last line that it prints is its result, as JSON. */
export async function runApart<T>(program: string, input: object): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, programArguments(program, JSON.stringify(input)), {
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as T;
}

export const best = (times: number[]): number => Math.round(Math.min(...times));
