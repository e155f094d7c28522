import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import path from "node:path";
import type { build as Build } from "vite";
import { programArguments } from "../pipelines/program.ts";
import { projectFolder } from "../pipelines/settings.ts";
import { packFiles } from "./packed.ts";
import type { Pages } from "./pages.ts";

const web = path.join(projectFolder, "web");
const config = path.join(web, "vite.config.ts");

/** The folder of the built pages. */
export const builtWeb = path.join(web, "dist");

/** Whether the pages were never built, or their sources changed since. */
export function isStale(built = builtWeb, sources: readonly string[] = sourcesOfWeb): boolean {
  const page = path.join(built, "index.html");
  if (!existsSync(page)) return true;
  const made = statSync(page).mtimeMs;
  return sources.some((source) => newest(source, built) > made);
}

const sourcesOfWeb = [
  web,
  path.join(projectFolder, "pipelines", "statistics"),
  path.join(projectFolder, "package.json"),
];

/** When the newest file below was written, those of the build left out; 0 where there is none. */
function newest(file: string, built: string): number {
  if (file === built || !existsSync(file)) return 0;
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newest(path.join(file, name), built)));
}

/** Builds the pages into a folder, and beside them, in `.server`, what makes them on the server. */
export async function buildPages(outDir: string, logLevel: "warn" | "error" = "warn"): Promise<void> {
  const { build } = await import("vite");
  // As readers get them, also where tests build: else what helps developers is in them.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    await buildBoth(build, outDir, logLevel);
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

async function buildBoth(build: typeof Build, outDir: string, logLevel: "warn" | "error"): Promise<void> {
  const shared = { configFile: config, logLevel } as const;
  await build({ ...shared, build: { outDir, emptyOutDir: true } });
  await Promise.all([
    packFiles(path.join(outDir, "assets")),
    build({
      ...shared,
      // Nothing in it goes to a browser: what is told of its parts is of no use.
      logLevel: "error",
      publicDir: false,
      build: { ssr: path.join(web, "render-worker.ts"), outDir: path.join(outDir, ".server"), emptyOutDir: true },
    }),
  ]);
}

/** Builds the pages aside and puts them in the place of the old ones, which are served until then; two builds at once do each other no harm. */
export async function buildWeb(logLevel: "warn" | "error" = "warn"): Promise<void> {
  const aside = path.join(projectFolder, "node_modules", ".cache", "kvv-web", String(process.pid));
  const [fresh, old] = [path.join(aside, "new"), path.join(aside, "old")];
  rmSync(aside, { recursive: true, force: true });
  await buildPages(fresh, logLevel);
  if (existsSync(builtWeb)) renameSync(builtWeb, old);
  renameSync(fresh, builtWeb);
  rmSync(aside, { recursive: true, force: true });
}

/** The same in a process of its own, which has what it needs for it only while it builds: some hundred megabytes. */
export async function buildWebApart(signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, programArguments("server/build.ts"), {
    stdio: ["ignore", "inherit", "inherit"],
    signal,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error("the pages could not be built; the reason stands above");
}

/** The pages as they are in their sources, with hot reload over the same server. */
export async function developWeb(server: Server): Promise<Pages & { dev: true; close(): Promise<void> }> {
  const { createServer } = await import("vite");
  const vite = await createServer({
    configFile: config,
    appType: "custom",
    server: { middlewareMode: true, hmr: { server } },
  });
  return {
    dev: true,
    middleware: vite.middlewares,
    page: async (address) => vite.transformIndexHtml(address, await readFile(path.join(web, "index.html"), "utf8")),
    close: () => vite.close(),
  };
}
