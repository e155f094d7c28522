import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { Refusal } from "./problem.ts";

/** Where a backup is copied before it becomes the home; while it is there, nothing else begins. */
export const restoringFolder = (home: string): string => path.join(home, "restoring");

/** Makes the home where there is none: for the user who runs the monitor alone, as it holds more than is published. One that is there keeps the rights that it was given. Refused while a backup is being brought back into it. */
export function makeHome(home: string, { restoring = false } = {}): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (!restoring && existsSync(restoringFolder(home)))
    throw new Refusal(`a backup was not brought back whole into ${home}; run kvv restore again`);
}
