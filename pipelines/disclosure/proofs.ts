import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeDurably } from "../durable.ts";
import type { Listed } from "./places.ts";
import type { Part } from "./suppress.ts";
import type { Secret } from "./system.ts";

/** A part that waits for its proof. */
export interface Unproven {
  hash: string;
  part: Part;
}

/** What was found of a part: figures to withhold besides, secrets that can be told even so, and what is hidden by what is then shown. */
export interface Proven {
  hash: string;
  withheld: number[];
  leaks: number;
  hidden: Hidden;
}

/** What is shown of a part, and the secrets in it that this does not tell: hashes. */
export interface Hidden {
  shown: string;
  secrets: string[];
}

/** Which figures of a part are withheld besides, once that was worked out and proven; found again by a hash of its cells and figures. What is stored are numbers of figures, nothing of what they are. */
export interface Proofs {
  find(hash: string): number[] | null;
  keep(hash: string, withheld: number[]): void;
  /** Whether of all these secrets it is known that what is shown does not tell them. */
  isHidden?(hidden: Hidden): boolean;
  keepHidden?(hidden: Hidden): void;
  /** The same of all parts of an indicator together, by hashOfAll. */
  findAll?(hash: string): number[] | null;
  keepAll?(hash: string, withheld: number[]): void;
  /** Takes parts that are too much for now, to prove them in the background; where it is left out all are proven at once. */
  later?: ((parts: Unproven[]) => void) | undefined;
  /** Whether a part of so much work, in figures times secrets, is proven at once although the rest can wait. */
  isNow?(work: number): boolean;
}

/** The version of the way in which parts are protected: proofs of another are not used. */
const version = 2;

/** The name by which a part's proof is found: it holds whatever its figures cost. */
export const hashOfPart = ({ figures, ...part }: Part): string =>
  sha256(JSON.stringify([version, part, figures.map(({ says, secret }) => [says, secret])], infinityToo));

/** The name by which is found what was found of all parts of an indicator together: in the gate, or by the audit, which takes nothing from the gate. */
export const hashOfAll = (by: "gate" | "audit", { fingerprint }: Pick<Listed, "fingerprint">): string =>
  sha256(JSON.stringify([version, by, fingerprint]));

/** What is hidden once some figures of a part are withheld: what is shown is the people in its cells and what is said of them; secrets are those of the part, and what is withheld. */
export const hiddenBy = ({ most, figures, secrets }: Part, withheld: number[] = []): Hidden => {
  const without = new Set(withheld);
  const said = figures.flatMap(({ says }, i) => (without.has(i) ? [] : [JSON.stringify(says)])).sort();
  const kept = [...secrets, ...withheld.map((i) => figures[i]!.secret)];
  return {
    shown: sha256(JSON.stringify([version, most, said], infinityToo)),
    secrets: kept.map((secret) => sha256(JSON.stringify(secretIn(secret))).slice(0, 16)),
  };
};

/** A secret in one order of its fields. */
const secretIn = ({ of, size, band, leastWhole, leastPart }: Secret) => [of, size, band, leastWhole, leastPart];

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** JSON has no infinity. */
export const infinityToo = (_: string, value: unknown): unknown => (value === Infinity ? "infinity" : value);

/** What is proven at once where the rest can wait, in figures times secrets: some seconds. */
const mostAtOnce = 60_000;

/** The proofs in the folder `proofs` of a home, for one publication. */
export function proofsIn(home: string, later?: Proofs["later"]): Proofs {
  const folder = path.join(home, "proofs");
  const fileOf = (hash: string) => path.join(folder, `${hash}.json`);
  const shownFile = (shown: string) => path.join(folder, "shown", shown);
  const fileOfAll = (hash: string) => path.join(folder, "all", `${hash}.json`);
  /** The secrets that are known not to be told by what is shown. */
  const hiddenBeside = (shown: string): Set<string> => {
    const file = shownFile(shown);
    return new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : []);
  };
  let spent = 0;
  return {
    find: (hash) => numbersIn(fileOf(hash)),
    keep(hash, withheld) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeDurably(fileOf(hash), JSON.stringify(withheld) + "\n");
    },
    findAll: (hash) => numbersIn(fileOfAll(hash)),
    keepAll(hash, withheld) {
      mkdirSync(path.join(folder, "all"), { recursive: true, mode: 0o700 });
      writeDurably(fileOfAll(hash), JSON.stringify(withheld) + "\n");
    },
    isHidden({ shown, secrets }) {
      const known = hiddenBeside(shown);
      return secrets.every((each) => known.has(each));
    },
    keepHidden({ shown, secrets }) {
      mkdirSync(path.join(folder, "shown"), { recursive: true, mode: 0o700 });
      const all = new Set([...hiddenBeside(shown), ...secrets]);
      writeDurably(shownFile(shown), [...all].sort().join("\n") + "\n");
    },
    later,
    isNow: (work) => (spent += work) <= mostAtOnce,
  };
}

const numbersIn = (file: string): number[] | null =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as number[]) : null;

/** Proofs that nobody keeps. */
export const noProofs: Proofs = { find: () => null, keep: () => undefined };
