import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { programArguments } from "../../pipelines/program.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import type { Place } from "../kill/support.ts";
import { compileCli } from "../support/program.ts";

export interface Ended {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** A command line that is run through a shell, which may set limits before it. */
export function runInShell(script: string, command: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", script, ...command], { cwd: projectFolder, env: { ...process.env, ...env } });
    const ended: Ended = { exit: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
    child.once("error", reject);
    child.once("close", (exit) => resolve({ ...ended, exit }));
  });
}

/** The arguments that start a command of `kvv` without another process between. */
export const kvv = (...command: string[]): string[] => [
  process.execPath,
  ...programArguments("pipelines/cli.ts", ...command),
];

/** The environment of a home, with a folder for temporary files of its own: what a limit cuts off there harms no other process. */
export function envOf(place: Place, home: string): Record<string, string> {
  const temporary = path.join(place.root, "tmp");
  mkdirSync(temporary, { recursive: true });
  return { ...place.env(home), TMPDIR: temporary };
}

/** Runs the command where no file can become longer than so many blocks of 512 bytes. */
export async function withLimit(place: Place, home: string, blocks: number, command: string[]): Promise<Ended> {
  await compileCli();
  return runInShell(`ulimit -f ${blocks}; exec "$0" "$@"`, kvv(...command), envOf(place, home));
}

/** Whether this machine lets a user make a small disk of memory. */
export const canMount =
  process.platform === "linux" && spawnSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

/** Runs the command on a disk of its own on which the home lies and only so many kB are free; the home is afterwards as the command left it. */
export async function onSmallDisk(place: Place, home: string, free: number, command: string[]): Promise<Ended> {
  const kept = place.home(home);
  const script = `mount -t tmpfs -o size=${kilobytes(home) + free}k none "$KVV_HOME" && cp -a ${kept}/. "$KVV_HOME" || exit 99
    "$0" "$@"; code=$?
    rm -rf ${kept} && cp -a "$KVV_HOME" ${kept} || exit 98
    exit $code`;
  const ended = await runInShell('exec unshare -Urm sh -c "$0" "$@"', [script, ...kvv(...command)], envOf(place, home));
  place.replace(home, kept);
  return ended;
}

/** What the files of a folder take up on a disk of pages of 4 kB. */
function kilobytes(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
    const stat = statSync(path.join(folder, name));
    return stat.isFile() ? Math.ceil(stat.size / 4096) * 4 : 4;
  });
  return sizes.reduce((sum, size) => sum + size, 8);
}
