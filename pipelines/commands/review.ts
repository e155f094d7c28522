import { execFile } from "node:child_process";
import { promisify } from "node:util";
import path from "node:path";
import type { LocalCommand } from "../command.ts";
import { Refusal, Usage } from "../problem.ts";
import { programArguments } from "../program.ts";

/** What the server's side says of a file. */
interface Result {
  file_hash: string | null;
  issued: {
    unit_id: string;
    half: string;
    format: string;
    document_hash: string;
    signed_at: string;
    signed_by: string;
    intact: boolean;
    current: boolean;
  } | null;
  reason: string | null;
}

const run = promisify(execFile);

export const command: LocalCommand<Result> = {
  usage: "review verify FILE",
  help: "Whether a report is as it was made of a signed review here; exit 1 where it is not",
  where: "here",
  async run({ positionals, cwd }) {
    const [what, file, ...more] = positionals;
    if (what !== "verify" || !file || more.length > 0) throw new Usage("usage: kvv review verify FILE");
    // What people write is the server's: it looks after its own.
    const program = programArguments("server/verify.ts", path.resolve(cwd, file));
    const { stdout } = await run(process.execPath, program).catch((error: Error & { stderr?: string }) => {
      throw new Refusal(`the file could not be checked: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`);
    });
    return JSON.parse(stdout) as Result;
  },
  print({ issued, reason }) {
    if (!issued) return `not verified: ${reason}`;
    const { unit_id, half, format, document_hash, signed_at, signed_by, intact, current } = issued;
    return [
      intact
        ? `as it was signed: ${unit_id} ${half} (${format})`
        : `not verified: what is kept of ${unit_id} ${half} was changed`,
      `signed ${signed_at.slice(0, 16).replace("T", " ")} UTC by ${signed_by}, ${document_hash}`,
      ...(current ? [] : ["the review was reopened since: there may be a later one"]),
    ].join("\n");
  },
  exit: ({ issued }) => (issued?.intact ? 0 : 1),
};
