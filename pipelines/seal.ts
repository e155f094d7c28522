import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Context } from "./context.ts";
import type { Database } from "./database.ts";
import { readFreshness } from "./freshness.ts";
import { overlayIn } from "./overlay.ts";
import type { Project } from "./project.ts";

/** What a snapshot was made from: the last load; and the month, the freshness of the feeds and the text of every definition. */
export interface Seal {
  loads: string;
  rest: string;
}

const sealFile = (context: Context) => path.join(context.settings.home, "published", "made-from");

/** What the current snapshot was made from; null where that is not known. */
export function readSeal(context: Context): Seal | null {
  if (!existsSync(sealFile(context))) return null;
  const [loads, rest] = readFileSync(sealFile(context), "utf8").split("\n");
  return loads !== undefined && rest ? { loads, rest } : null;
}

export function writeSeal(context: Context, { loads, rest }: Seal): void {
  mkdirSync(path.dirname(sealFile(context)), { recursive: true });
  writeFileSync(`${sealFile(context)}.tmp`, `${loads}\n${rest}\n`);
  renameSync(`${sealFile(context)}.tmp`, sealFile(context));
}

/** What a snapshot would be made from now. */
export async function sealOf(context: Context, db: Database, project: Project): Promise<Seal> {
  const hash = createHash("sha256").update(context.now().toISOString().slice(0, 7));
  for (const { feed, freshness } of await readFreshness(db, context, project.contracts, project.jobs))
    hash.update(`${feed} ${freshness}`);
  const folders = ["contracts", "indicators", "series", "publishing", "disclosure"].map((name) => `pipelines/${name}`);
  const { indicators, targets } = overlayIn(context.settings.home);
  const own = [...folders, "data"].map((folder) => path.join(context.settings.config, folder));
  for (const folder of [...own, path.dirname(targets), indicators]) {
    const files = await readdir(folder).catch(() => []);
    for (const file of files.filter((name) => /\.(yaml|sql|csv|ts)$/.test(name)).sort())
      hash.update(file).update(await readFile(path.join(folder, file)));
  }
  const last = await db.one<{ load_id: number | null }>("select max(load_id) as load_id from loads");
  return { loads: String(last?.load_id ?? 0), rest: hash.digest("hex") };
}
