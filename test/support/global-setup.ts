import path from "node:path";
import type { TestProject } from "vitest/node";
import { projectFolder } from "../../pipelines/settings.ts";
import { buildPages } from "../../server/build-web.ts";
import { findBrowser } from "./browser.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of the browser's program. */
    browser: string;
    /** Its list of fonts; empty: the system's own. */
    fonts: string;
    /** Where it finds libraries that it brought itself; empty: the system's own. */
    libraries: string;
    /** Folder of the built pages. */
    pages: string;
  }
}

/** Once for all browser tests: the browser unpacked, the web built into a folder of the tests' own. */
export default async function setup(project: TestProject): Promise<void> {
  const pages = path.join(projectFolder, "node_modules", ".cache", "kvv-pages");
  const [browser] = await Promise.all([findBrowser(), buildPages(pages, "error")]);
  project.provide("browser", browser);
  project.provide("fonts", process.env.FONTCONFIG_FILE ?? "");
  project.provide("libraries", process.env.LD_LIBRARY_PATH ?? "");
  project.provide("pages", pages);
}
