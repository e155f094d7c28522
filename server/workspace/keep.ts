import path from "node:path";
import { writeDurably } from "../../pipelines/durable.ts";

/** Names of snapshots that reviews are made of: the pipelines do not clear these away. */
export const keepSnapshots = (home: string, names: readonly string[]): void =>
  writeDurably(path.join(home, "kept-snapshots.json"), JSON.stringify([...new Set(names)].sort()) + "\n", 0o600);
