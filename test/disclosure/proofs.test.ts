import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hiddenBy, proofsIn } from "../../pipelines/disclosure/proofs.ts";
import type { Part } from "../../pipelines/disclosure/suppress.ts";
import type { Secret } from "../../pipelines/disclosure/system.ts";
import { makeHome, type Home } from "../support/home.ts";

let home: Home;
beforeEach(() => void (home = makeHome()));
afterEach(() => home.remove());

const cell = (of: number, size: number): Secret => ({ of: [of], size, leastWhole: 10, leastPart: 5 });
const shown = (of: number[], value: number, size: number) => ({
  says: { of, lower: value, upper: value },
  secret: { of, size, leastWhole: 10, leastPart: 5 },
  cost: 1,
});

/** Three teams of a district, of which the last is too small. */
const part: Part = {
  most: [30, 40, 9],
  truth: [10, 15, 4],
  figures: [shown([0], 10, 30), shown([1], 15, 40), shown([0, 1, 2], 29, 79)],
  secrets: [cell(2, 9)],
};

describe("proofsIn(home)", () => {
  it("knows of what is shown only the secrets of which it was found", () => {
    const proofs = proofsIn(home.folder);
    expect(proofs.isHidden!(hiddenBy(part))).toBe(false);
    proofs.keepHidden!(hiddenBy(part));
    expect(proofs.isHidden!(hiddenBy(part))).toBe(true);
    const another = { ...part, secrets: [cell(2, 9), cell(1, 40)] };
    expect(proofs.isHidden!(hiddenBy(another))).toBe(false);
    proofs.keepHidden!(hiddenBy({ ...part, secrets: [cell(1, 40)] }));
    expect(proofs.isHidden!(hiddenBy(another))).toBe(true);
  });

  it("tells what is shown in one order from nothing else", () => {
    const { figures } = part;
    const turned = { ...part, figures: [figures[2]!, figures[0]!, figures[1]!] };
    expect(hiddenBy(turned)).toEqual(hiddenBy(part));
    const more = { ...part, figures: [figures[0]!, figures[1]!, shown([0, 1, 2], 30, 79)] };
    expect(hiddenBy(more).shown).not.toBe(hiddenBy(part).shown);
  });

  it("counts what was withheld for others among the secrets of the next publication", () => {
    const proofs = proofsIn(home.folder);
    proofs.keepHidden!(hiddenBy(part, [1]));
    const next = { ...part, figures: [part.figures[0]!, part.figures[2]!], secrets: [cell(1, 40), cell(2, 9)] };
    expect(proofs.isHidden!(hiddenBy(next))).toBe(true);
  });

  it("believes no file that names no secrets, as homes of before had them", () => {
    const folder = path.join(home.folder, "proofs", "shown");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, hiddenBy(part).shown), "\n");
    expect(proofsIn(home.folder).isHidden!(hiddenBy(part))).toBe(false);
  });
});
