import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium as playwright, type Browser } from "playwright-core";
import { projectFolder } from "../../pipelines/settings.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The path of a Chromium: `CHROME` where it is set, else that of the npm package, unpacked once into a folder of its
 * own with the system libraries that it brings; else an installed one.
 */
export async function findBrowser(): Promise<string> {
  if (process.env.CHROME) return process.env.CHROME;
  const unpacked = await unpackBrowser().catch((error: unknown) => error as Error);
  if (typeof unpacked === "string" && (await starts(unpacked))) return unpacked;
  const found = installed.find((each) => existsSync(each));
  if (found) return found;
  const reason = unpacked instanceof Error ? unpacked.message : "it does not start on this machine";
  throw new Error(
    `no browser for the tests: @sparticuz/chromium: ${reason}; install Chromium or set CHROME to its path`,
  );
}

/** The package unpacks to TMPDIR and takes what it finds there: one folder for each version keeps them apart. */
async function unpackBrowser(): Promise<string> {
  const { devDependencies } = JSON.parse(readFileSync(path.join(projectFolder, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const version = devDependencies["@sparticuz/chromium"];
  const folder = path.join(tmpdir(), `kvv-chromium-${version}-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  const before = { TMPDIR: process.env.TMPDIR, AWS_LAMBDA_JS_RUNTIME: process.env.AWS_LAMBDA_JS_RUNTIME };
  process.env.TMPDIR = folder;
  // With this name of a runtime the package also unpacks its own nss and nspr, so that no system package is needed.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    const executablePath = await chromium.executablePath();
    process.env.FONTCONFIG_FILE ??= writeFontList(folder);
    return executablePath;
  } finally {
    if (before.TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before.TMPDIR;
  }
}

/** The package's own list names /tmp/fonts only; without any font the browser ends at the first form field. */
function writeFontList(folder: string): string {
  const file = path.join(folder, "kvv-fonts.conf");
  const folders = [path.join(folder, "fonts"), "/usr/share/fonts"].map((each) => `<dir>${each}</dir>`).join("");
  const cache = `<cachedir>${path.join(folder, "fonts-cache")}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${folders}${cache}</fontconfig>`);
  return file;
}

async function starts(executablePath: string): Promise<boolean> {
  try {
    await (await openBrowser(executablePath)).close();
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser without the package's own arguments: those turn web security off. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return playwright.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--in-process-gpu",
      "--disable-dev-shm-usage",
      "--font-render-hinting=none",
    ],
  });
}

let shared: Promise<Browser> | undefined;

/** The browser of all files of a worker: each opens pages in contexts of its own, and closes these. It ends with the worker. */
export async function sharedBrowser(executablePath: string): Promise<Browser> {
  if (shared && !(await shared).isConnected()) shared = undefined;
  return (shared ??= openBrowser(executablePath));
}
