import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "./durable.ts";

/** What a home knows of its demo data; a home without this file has none. */
export interface DemoState {
  seed: number;
  /** Last month that was loaded, `YYYY-MM`; null while the first load is under way. */
  through: string | null;
  /** Kinds of files that were made then; those that the demo has learnt since are missing. */
  kinds?: string[];
}

const stateFile = (home: string) => path.join(home, "demo.json");

/** Whether the home's data were made up. */
export const isDemoHome = (home: string): boolean => existsSync(stateFile(home));

/** Null for a home without demo data. */
export function readDemoState(home: string): DemoState | null {
  return isDemoHome(home) ? (JSON.parse(readFileSync(stateFile(home), "utf8")) as DemoState) : null;
}

export function writeDemoState(home: string, state: DemoState): void {
  writeDurably(stateFile(home), JSON.stringify(state) + "\n");
}
