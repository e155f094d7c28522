import { readFile } from "node:fs/promises";
import path from "node:path";
import { readSettings } from "../pipelines/settings.ts";
import { Problem } from "./problem.ts";
import { fileHash, findIssued, type Issued } from "./review/issued.ts";
import { Workspace } from "./workspace/workspace.ts";

// Says on one line of JSON what a file is: `node pipelines/run.cjs server/verify.ts FILE`. `kvv review verify` runs it.
const [file = ""] = process.argv.slice(2);

/** What is found of a file: the review of which it was made, or null with the reason. */
export interface Verified {
  file_hash: string | null;
  issued: Issued | null;
  reason: string | null;
}

async function verify(name: string): Promise<Verified> {
  let hash: string;
  try {
    hash = fileHash(await readFile(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { file_hash: null, issued: null, reason: `${name} cannot be read (${code}); name a file` };
  }
  const { home } = readSettings(process.env);
  const workspace = new Workspace(path.join(home, "workspace.duckdb"));
  try {
    return answer(hash, await workspace.read((db) => findIssued(db, hash)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { file_hash: hash, issued: null, reason: error.detail };
  } finally {
    await workspace.close();
  }
}

function answer(file_hash: string, issued: Issued | null): Verified {
  const reason = issued ? null : "no such file was made of a signed review here, or it was changed since";
  return { file_hash, issued, reason };
}

process.stdout.write(JSON.stringify(await verify(file)) + "\n");
