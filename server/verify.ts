import { readFile } from "node:fs/promises";
import path from "node:path";
import { readSettings, type Settings } from "../pipelines/settings.ts";
import { Problem } from "./problem.ts";
import { ownSession } from "./own-session.ts";
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
  const settings = readSettings(process.env);
  const workspace = new Workspace(path.join(settings.home, "workspace.duckdb"));
  try {
    return answer(hash, await workspace.read((db) => findIssued(db, hash)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // A server has the file open: it answers for it.
    return askServer(settings, hash);
  } finally {
    await workspace.close();
  }
}

/** Whoever may read the home may ask its server: the key of its sessions is there. */
async function askServer(settings: Settings, hash: string): Promise<Verified> {
  const address = `http://${settings.host}:${settings.port}`;
  const way = settings.oidcIssuer || "personas";
  const user = { name: "kvv review verify", roles: ["control"], units: [] };
  const { cookie } = await ownSession(settings.home, user, way);
  const response = await fetch(`${address}/api/v1/issued/${hash}`, { headers: { cookie } }).catch(() => null);
  if (response?.status === 404) return answer(hash, null);
  if (response?.ok) return answer(hash, (await response.json()) as Issued);
  const said = response ? `it answered ${response.status}` : "it does not answer";
  return {
    ...{ file_hash: hash, issued: null },
    reason: `a server has this home open, but at ${address} ${said}; set PORT and KVV_HOST as it has them`,
  };
}

function answer(file_hash: string, issued: Issued | null): Verified {
  const reason = issued ? null : "no such file was made of a signed review here, or it was changed since";
  return { file_hash, issued, reason };
}

process.stdout.write(JSON.stringify(await verify(file)) + "\n");
