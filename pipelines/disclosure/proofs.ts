import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "../durable.ts";
import type { Part } from "./suppress.ts";

/** A part that waits for its proof. */
export interface Unproven {
  hash: string;
  part: Part;
}

/** Which figures of a part are withheld besides, once that was worked out and proven; found again by a hash of its cells and figures. What is stored are numbers of figures, nothing of what they are. */
export interface Proofs {
  find(hash: string): number[] | null;
  keep(hash: string, withheld: number[]): void;
  /** Takes parts that are too much for now, to prove them in the background; where it is left out all are proven at once. */
  later?: ((parts: Unproven[]) => void) | undefined;
}

/** The version of the way in which parts are protected: proofs of another are not used. */
const version = 2;

/** The name by which a part's proof is found. */
export const hashOfPart = (part: Part): string =>
  createHash("sha256")
    .update(JSON.stringify([version, part], infinityToo))
    .digest("hex");

/** JSON has no infinity. */
export const infinityToo = (_: string, value: unknown): unknown => (value === Infinity ? "infinity" : value);

/** The proofs in the folder `proofs` of a home. */
export function proofsIn(home: string, later?: Proofs["later"]): Proofs {
  const folder = path.join(home, "proofs");
  const fileOf = (hash: string) => path.join(folder, `${hash}.json`);
  return {
    find: (hash) => (existsSync(fileOf(hash)) ? (JSON.parse(readFileSync(fileOf(hash), "utf8")) as number[]) : null),
    keep(hash, withheld) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeDurably(fileOf(hash), JSON.stringify(withheld) + "\n");
    },
    later,
  };
}

/** Proofs that nobody keeps. */
export const noProofs: Proofs = { find: () => null, keep: () => undefined };
