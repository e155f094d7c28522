import type { TestProject } from "vitest/node";
import { buildWeb, builtWeb, isStale } from "../../server/build-web.ts";
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

/** Once for all browser tests: the browser unpacked, and the pages built where a source changed, as a start of the monitor would, which then need not. */
export default async function setup(project: TestProject): Promise<void> {
  const [browser] = await Promise.all([findBrowser(), isStale() ? buildWeb("error") : null]);
  project.provide("browser", browser);
  project.provide("fonts", process.env.FONTCONFIG_FILE ?? "");
  project.provide("libraries", process.env.LD_LIBRARY_PATH ?? "");
  project.provide("pages", builtWeb);
}
