import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { LocalCommand } from "../command.ts";
import { Refusal, Usage } from "../problem.ts";
import { programArguments } from "../program.ts";

/** What the server's side says of its log. */
interface Result {
  ok: boolean;
  files: number;
  lines: number;
  faults: { file: string; line: number; fault: string }[];
  heads: Record<string, string>;
}

const run = promisify(execFile);
const keptList = z.object({ heads: z.record(z.string(), z.string()) });

export const command: LocalCommand<Result> = {
  usage: "audit-log verify [--heads FILE]",
  options: { heads: { type: "string" } },
  help: "Whether the log of who did what is as it was written; exit 1 where a line was changed or is gone",
  where: "here",
  async run({ positionals, values, cwd }) {
    const [what, ...more] = positionals;
    if (what !== "verify" || more.length > 0) throw new Usage("usage: kvv audit-log verify [--heads FILE]");
    const heads = typeof values.heads === "string" ? headsIn(path.resolve(cwd, values.heads)) : {};
    const program = programArguments("server/audit-verify.ts", JSON.stringify(heads));
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await run(process.execPath, program, options).catch((error: Error & { stderr?: string }) => {
      throw new Refusal(`the log could not be checked: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`);
    });
    return JSON.parse(stdout) as Result;
  },
  print({ ok, files, lines, faults, heads }) {
    const count = `${lines} lines in ${files} files`;
    return [
      ok ? `as it was written: ${count}` : `not as it was written: ${faults.length} faults in ${count}`,
      ...faults.map(({ file, line, fault }) => `${file}:${line}: ${fault}`),
      ...Object.entries(heads).map(([file, hash]) => `last of ${file}: ${hash}`),
    ].join("\n");
  },
  exit: ({ ok }) => (ok ? 0 : 1),
};

/** The last hashes in what `kvv audit-log verify --json` said before. */
function headsIn(file: string): Record<string, string> {
  try {
    return keptList.parse(JSON.parse(readFileSync(file, "utf8"))).heads;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
    throw new Refusal(`${file} is not what kvv audit-log verify --json said; keep that as a file elsewhere`);
  }
}
