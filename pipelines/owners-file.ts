import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Contract } from "./contracts/contract.ts";
import { parseYaml, type Fault } from "./yaml-file.ts";

const addresses = z.array(z.email("write an e-mail address, such as klachten@example.org"));

const shape = z.strictObject({
  /** The owner that a contract names -> who is told of its feeds. */
  owners: z.record(z.string(), addresses).default({}),
  /** A unit -> who is reminded of its review; `all`: of all of them together. */
  reviews: z.record(z.string(), addresses).default({}),
});

/** Reads who is told of which owner's feeds; collects all faults, each with its line. */
export function readOwners(
  file: string,
  contracts: Map<string, Contract>,
): { owners: Map<string, string[]>; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(readFileSync(file, "utf8"), file, shape);
  if (!value) return { owners: new Map(), faults };
  const known = [...new Set([...contracts.values()].map((contract) => contract.owner))].sort();
  const found = Object.keys(value.owners)
    .filter((owner) => !known.includes(owner))
    .map((owner) => ({
      file,
      line: lineOf(["owners", owner]),
      message: `owners.${owner}: no contract has this owner; there are: ${known.join(", ")}`,
    }));
  return { owners: new Map(Object.entries(value.owners)), faults: found };
}

/** Reads who is reminded of which unit's review, `all` among the units; those without an address are left out. */
export function readReminded(text: string, file: string): { reminded: Map<string, string[]>; faults: Fault[] } {
  const { value, faults } = parseYaml(text, file, shape);
  const named = Object.entries(value?.reviews ?? {}).filter(([, to]) => to.length > 0);
  return { reminded: new Map(named), faults };
}
