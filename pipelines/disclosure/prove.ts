import { createInterface } from "node:readline";
import { hiddenBy, type Proven, type Unproven } from "./proofs.ts";
import { suppress } from "./suppress.ts";

// Whoever asked has ended, in whatever way: nobody waits for the answer.
process.stdin.on("end", () => process.exit());

/** A process of its own, so that proofs keep neither readers nor loads waiting: reads parts, a line each, and answers which of their figures are withheld besides. */
for await (const line of createInterface({ input: process.stdin })) {
  const { hash, part } = JSON.parse(line, (_, value: unknown) => (value === "infinity" ? Infinity : value)) as Unproven;
  const { withheld, leaks } = await suppress(part);
  process.stdout.write(
    JSON.stringify({ hash, withheld, leaks: leaks.length, hidden: hiddenBy(part, withheld) } satisfies Proven) + "\n",
  );
}
