import { mkdirSync } from "node:fs";

/** Makes the home where there is none: for the user who runs the monitor alone, as it holds more than is published. One that is there keeps the rights that it was given. */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
}
