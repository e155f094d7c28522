import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "../pipelines/settings.ts";

/** A hash of the code that makes answers. It is part of every ETag: a reader's copy made by older code does not count. */
export function codeVersion(): string {
  const hash = createHash("sha256");
  for (const folder of [
    "server",
    "server/routes",
    "server/review",
    "server/report",
    "pipelines/series",
    "web/charts",
  ]) {
    const files = readdirSync(path.join(projectFolder, folder)).filter((name) => /\.(ts|sql|typ)$/.test(name));
    for (const name of files.sort()) hash.update(name).update(readFileSync(path.join(projectFolder, folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
