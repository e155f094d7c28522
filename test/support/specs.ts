import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { expect } from "vitest";
import { projectFolder } from "../../pipelines/settings.ts";

/** What Vega-Lite says of a spec besides the result. */
export function warningsOf(spec: TopLevelSpec): string[] {
  const said: string[] = [];
  const note = (...words: readonly unknown[]) => {
    said.push(words.join(" "));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger } as never;
  compile(spec, { logger });
  return said;
}

export async function svgOf(spec: TopLevelSpec): Promise<string> {
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}

/** Compares with `test/golden/<name>.vl.json`; a missing one is written, except where CI is set. */
export function expectGolden(name: string, spec: TopLevelSpec): void {
  const file = path.join(projectFolder, "test", "golden", `${name}.vl.json`);
  const written = `${JSON.stringify(spec, null, 1)}\n`;
  if (!existsSync(file) && !process.env.CI) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, written);
  }
  expect(written).toBe(readFileSync(file, "utf8"));
}
