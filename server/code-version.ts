import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "../pipelines/settings.ts";

/** A hash of the code that makes answers. It is part of every ETag: a reader's copy made by older code does not count. */
export function codeVersion(): string {
  const hash = createHash("sha256");
  for (const folder of ["server", "pipelines/series", "pipelines/statistics", "web/charts"]) {
    const files = readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" });
    for (const name of files.filter((each) => /\.(ts|sql|typ)$/.test(each)).sort())
      hash.update(name).update(readFileSync(path.join(projectFolder, folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
