import { execFile } from "node:child_process";
import { promisify } from "node:util";
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

export const command: LocalCommand<Result> = {
  usage: "audit-log verify",
  help: "Whether the log of who did what is as it was written; exit 1 where a line was changed or is gone",
  where: "here",
  async run({ positionals }) {
    const [what, ...more] = positionals;
    if (what !== "verify" || more.length > 0) throw new Usage("usage: kvv audit-log verify");
    const program = programArguments("server/audit-verify.ts");
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
