import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "vite";
import { textParts, textsOfPart } from "./locales/parts.ts";

const languages = ["nl", "en"];
const folder = path.join(import.meta.dirname, "locales");
const parts = ["common", ...Object.keys(textParts)];
const fileOf = (language: string) => path.join(folder, `${language}.json`);

/**
 * Makes a file of each part of the texts of a language: `nl.json?part=hrm`. For browsers all are called alike, by one
 * hash of all texts: the name of each by itself would be known to every page, and weigh more than what most pages say.
 */
export const textPartsPlugin = (): Plugin => ({
  name: "text-parts",
  enforce: "pre",
  load(id) {
    if (id === path.join(folder, "text-files.ts"))
      return this.environment.name === "client" && this.environment.mode === "build"
        ? alike((file) => this.emitFile({ type: "chunk", preserveSignature: "strict", ...file }))
        : oneByOne();
    const [file, part] = id.split("?part=") as [string, string?];
    if (!part || path.dirname(file) !== folder) return null;
    this.addWatchFile(file);
    const texts = textsOfPart(part, JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
    return { code: JSON.stringify(texts), moduleType: "json" };
  },
});

function alike(emit: (file: { id: string; fileName: string }) => void): string {
  const all = createHash("sha256");
  for (const language of languages) all.update(readFileSync(fileOf(language)));
  const end = `${all.digest("hex").slice(0, 10)}.js`;
  for (const language of languages)
    for (const part of parts)
      emit({ id: `${fileOf(language)}?part=${part}`, fileName: `assets/${language}-${part}-${end}` });
  return `export const fetchFile = (language, part) => import(/* @vite-ignore */ \`./\${language}-\${part}-${end}\`);`;
}

function oneByOne(): string {
  const each = languages.flatMap((language) =>
    parts.map((part) => `"${language} ${part}": () => import("./${language}.json?part=${part}"),`),
  );
  return `const files = {${each.join("\n")}};\nexport const fetchFile = (language, part) => files[\`\${language} \${part}\`]();`;
}
