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

/** What was found of a part: figures to withhold besides, secrets that can be told even so, and the hash of what is then shown. */
export interface Proven {
  hash: string;
  withheld: number[];
  leaks: number;
  shown: string;
}

/** Which figures of a part are withheld besides, once that was worked out and proven; found again by a hash of its cells and figures. What is stored are numbers of figures, nothing of what they are. */
export interface Proofs {
  find(hash: string): number[] | null;
  keep(hash: string, withheld: number[]): void;
  /** Whether of what is shown, by its hash, it is known that it tells no secret. */
  isSafe?(shown: string): boolean;
  keepSafe?(shown: string): void;
  /** Takes parts that are too much for now, to prove them in the background; where it is left out all are proven at once. */
  later?: ((parts: Unproven[]) => void) | undefined;
  /** Whether a part of so much work, in figures times secrets, is proven at once although the rest can wait. */
  isNow?(work: number): boolean;
}

/** The version of the way in which parts are protected: proofs of another are not used. */
const version = 2;

/** The name by which a part's proof is found: it holds whatever its figures cost. */
export const hashOfPart = ({ figures, ...part }: Part): string =>
  createHash("sha256")
    .update(JSON.stringify([version, part, figures.map(({ says, secret }) => [says, secret])], infinityToo))
    .digest("hex");

/** The name of what is shown of a part: the people in its cells, and what is said of them. */
export const hashOfShown = ({ most, figures }: Part, withheld: number[] = []): string => {
  const hidden = new Set(withheld);
  const said = figures.flatMap(({ says }, i) => (hidden.has(i) ? [] : [JSON.stringify(says)])).sort();
  return createHash("sha256")
    .update(JSON.stringify([version, most, said], infinityToo))
    .digest("hex");
};

/** JSON has no infinity. */
export const infinityToo = (_: string, value: unknown): unknown => (value === Infinity ? "infinity" : value);

/** What is proven at once where the rest can wait, in figures times secrets: some seconds. */
const mostAtOnce = 60_000;

/** The proofs in the folder `proofs` of a home, for one publication. */
export function proofsIn(home: string, later?: Proofs["later"]): Proofs {
  const folder = path.join(home, "proofs");
  const fileOf = (hash: string) => path.join(folder, `${hash}.json`);
  const safeFile = (shown: string) => path.join(folder, "shown", shown);
  let spent = 0;
  return {
    find: (hash) => (existsSync(fileOf(hash)) ? (JSON.parse(readFileSync(fileOf(hash), "utf8")) as number[]) : null),
    keep(hash, withheld) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeDurably(fileOf(hash), JSON.stringify(withheld) + "\n");
    },
    isSafe: (shown) => existsSync(safeFile(shown)),
    keepSafe(shown) {
      mkdirSync(path.join(folder, "shown"), { recursive: true, mode: 0o700 });
      writeDurably(safeFile(shown), "\n");
    },
    later,
    isNow: (work) => (spent += work) <= mostAtOnce,
  };
}

/** Proofs that nobody keeps. */
export const noProofs: Proofs = { find: () => null, keep: () => undefined };
