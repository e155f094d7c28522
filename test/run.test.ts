import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { programArguments } from "../pipelines/program.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { compiled } from "./support/program.ts";

let folder: string;
const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
const says = async (file: string): Promise<string> => (await promisify(execFile)(process.execPath, [file])).stdout;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "kvv-run-"));
  mkdirSync(path.join(folder, "source"));
  write("source/word.ts", 'export const word: string = "one";');
  write("source/program.ts", 'import { word } from "./word.ts";\nconsole.log(word, import.meta.dirname);');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("compiled(folder, program)", () => {
  it("gives a file that runs, and whose modules are where their sources are", async () => {
    expect(await says(await compiled(folder, "source/program.ts"))).toBe(`one ${path.join(folder, "source")}\n`);
  });

  it("gives the same file as long as no source changes, without writing it anew", async () => {
    const file = await compiled(folder, "source/program.ts");
    const { mtimeMs, ino } = statSync(file);
    expect(await compiled(folder, "source/program.ts")).toBe(file);
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
  });

  it("gives another file where a module changed, or its folder has a file more", async () => {
    const first = await compiled(folder, "source/program.ts");
    write("source/word.ts", 'export const word: string = "another";');
    const second = await compiled(folder, "source/program.ts");
    expect(second).not.toBe(first);
    expect(await says(second)).toBe(`another ${path.join(folder, "source")}\n`);
    write("source/more.ts", "export {};");
    expect(await compiled(folder, "source/program.ts")).not.toBe(second);
  });

  it("compiles again what was taken away", async () => {
    rmSync(await compiled(folder, "source/program.ts"));
    expect(await says(await compiled(folder, "source/program.ts"))).toBe(`one ${path.join(folder, "source")}\n`);
  });

  it("does so for several at once", async () => {
    const files = await Promise.all(Array.from({ length: 4 }, () => compiled(folder, "source/program.ts")));
    expect(new Set(files).size).toBe(1);
    expect(await says(files[0]!)).toBe(`one ${path.join(folder, "source")}\n`);
  });
});

describe("node pipelines/run.cjs", () => {
  it("names a program that is not there, without a trace", async () => {
    const call = promisify(execFile)(process.execPath, programArguments("pipelines/nothing.ts"));
    const { code, stderr } = (await call.catch((error: unknown) => error)) as { code: number; stderr: string };
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pipelines\/nothing\.ts cannot be compiled: /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("tells where in the source a fault is", async () => {
    const program = path.relative(projectFolder, path.join(folder, "source/program.ts"));
    write("source/program.ts", '\n\nthrow new Error("on line three");');
    const call = promisify(execFile)(process.execPath, programArguments(program));
    const { stderr } = (await call.catch((error: unknown) => error)) as { stderr: string };
    expect(stderr).toContain(`${path.join(folder, "source/program.ts")}:3`);
  });
});
