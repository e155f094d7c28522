import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../pipelines/settings.ts";

/** What each folder may take from the others. A trailing slash means: everything below. */
const mayImport: Record<string, { values: string[]; types: string[] }> = {
  pipelines: { values: ["pipelines/"], types: ["pipelines/"] },
  server: {
    values: [
      "server/",
      "pipelines/settings.ts",
      "pipelines/program.ts",
      "pipelines/database.ts",
      "pipelines/durable.ts",
      "pipelines/formulas.ts",
      "pipelines/contracts/contract.ts",
      "pipelines/problem.ts",
      "pipelines/reading/open.ts",
      "pipelines/reading/table.ts",
      "pipelines/loading/values.ts",
      "pipelines/assessment-file.ts",
      "pipelines/cycle-days.ts",
      "pipelines/cycle-file.ts",
      "pipelines/handover.ts",
      "pipelines/home.ts",
      "pipelines/log.ts",
      "pipelines/upload.ts",
      // Other servers are reached as sources are.
      "pipelines/sources/addresses.ts",
      "pipelines/sources/http.ts",
      "pipelines/sources/request.ts",
      "pipelines/publishing/kept.ts",
      "pipelines/indicators/definition.ts",
      "pipelines/indicators/standing.ts",
      "pipelines/overlay.ts",
      "pipelines/workbench/target-lines.ts",
      "pipelines/notify/mail.ts",
      "pipelines/owners-file.ts",
      "pipelines/series/sentence.ts",
      "pipelines/series/signal-sentence.ts",
      "pipelines/series/period.ts",
      "pipelines/statistics/",
      // Pure: charts in reports are those of the pages, and figures are written alike.
      "web/charts/",
      "web/format.ts",
    ],
    types: ["server/", "pipelines/", "web/render.ts", "web/render-worker.ts"],
  },
  "web/charts": {
    values: ["web/charts/", "web/format.ts", "pipelines/statistics/"],
    types: ["web/", "server/", "pipelines/"],
  },
  "web/components": {
    values: [
      "web/components/",
      "web/charts/",
      "web/state/",
      "web/format.ts",
      "web/api.ts",
      "web/send.ts",
      "web/send-form.ts",
      "web/locales/",
      "pipelines/statistics/",
    ],
    types: ["web/", "server/", "pipelines/"],
  },
  web: { values: ["web/", "pipelines/statistics/"], types: ["web/", "server/", "pipelines/"] },
};

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

const statement =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^"';]*?\s+from\s+)?["'](\.[^"']+)["']|import\(\s*["'`](\.[^"'`]+)["'`]\s*\)/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(projectFolder, file), "utf8");
  return [...text.matchAll(statement)].map((match) => ({
    file,
    target: path.posix.normalize(path.posix.join(path.posix.dirname(file), (match[3] ?? match[4])!)),
    typeOnly: match[2] !== undefined,
  }));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .filter((name) => /\.(ts|svelte)$/.test(name) && !name.includes("/dist/"));
}

function offences(imports: Import[]): string[] {
  return imports.flatMap(({ file, target, typeOnly }) => {
    const folder = Object.keys(mayImport).find((each) => file.startsWith(`${each}/`))!;
    const allowed = mayImport[folder]![typeOnly ? "types" : "values"];
    const fine = allowed.some((each) => (each.endsWith("/") ? target.startsWith(each) : target === each));
    return fine ? [] : [`${file} takes ${target}, which ${folder} may not`];
  });
}

describe("imports", () => {
  const files = ["pipelines", "server", "web"].flatMap(sourceFiles);

  it("go one way: web to types and statistics only, server to definitions, pipelines to nothing else", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(offences(files.flatMap(importsOf))).toEqual([]);
  });

  it("names the offender", () => {
    expect(offences([{ file: "web/api.ts", target: "server/app.ts", typeOnly: false }])).toEqual([
      "web/api.ts takes server/app.ts, which web may not",
    ]);
  });

  it("keeps statistics free of effects", () => {
    const impure = sourceFiles("pipelines/statistics").filter((file) =>
      /from "(node:|@duckdb|\.\.\/(?!statistics))/.test(readFileSync(path.join(projectFolder, file), "utf8")),
    );
    expect(impure).toEqual([]);
  });
});
