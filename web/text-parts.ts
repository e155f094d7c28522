import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "vite";
import { textsOfPart } from "./locales/parts.ts";

/** Makes a file of each part of the texts of a language: `nl.json?part=hrm`. */
export const textPartsPlugin = (): Plugin => ({
  name: "text-parts",
  load(id) {
    const [file, part] = id.split("?part=") as [string, string?];
    if (!part || path.basename(path.dirname(file)) !== "locales") return null;
    this.addWatchFile(file);
    const texts = textsOfPart(part, JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
    return { code: JSON.stringify(texts), moduleType: "json" };
  },
});
