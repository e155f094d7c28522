import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Contract } from "./contracts/contract.ts";
import { parseYaml, type Fault } from "./yaml-file.ts";

const shape = z.strictObject({
  /** The owner that a contract names -> who is told of its feeds. */
  owners: z.record(z.string(), z.array(z.email("write an e-mail address, such as klachten@example.org"))).default({}),
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
