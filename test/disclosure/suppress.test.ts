import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Attack, attack } from "../../pipelines/disclosure/attack.ts";
import { suppress } from "../../pipelines/disclosure/suppress.ts";
import { isLeak, type Range, type Secret, type System } from "../../pipelines/disclosure/system.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { randomOf } from "../../pipelines/statistics/random.ts";

const oracle = (name: string) => readFileSync(path.join(projectFolder, "test", "oracles", name), "utf8");

/** A table of rows and columns with all its sums. */
interface Table {
  names: string[];
  numbers: number[];
  sums: number[][];
}

const { inner, cols, primary, attack_wb_before, attack_wb_after } = JSON.parse(oracle("sdc_attack.json")) as {
  inner: Record<string, number[]>;
  cols: string[];
  primary: string[];
  attack_wb_before: [number, number];
  attack_wb_after: Record<string, [number, number]>;
};

/** Amounts: how large a cell can be nobody knows, and none of it is shown by itself. */
const amounts: Table = (() => {
  const names = Object.keys(inner).flatMap((row) => cols.map((column) => row + column));
  const lines = [...Object.keys(inner), ...cols].map((line) =>
    names.flatMap((name, i) => (name.includes(line) ? [i] : [])),
  );
  return { names, numbers: Object.values(inner).flat(), sums: lines };
})();

const statementsOf = ({ numbers, sums }: Table) =>
  [...numbers.map((_, i) => [i]), ...sums].map((of) => {
    const sum = of.reduce((total, i) => total + numbers[i]!, 0);
    return { of, lower: sum, upper: sum };
  });

/** What is said of the amounts where these are hidden. */
function amountsWithout(hidden: string[]): System {
  const shown = statementsOf(amounts).filter(({ of }) => of.length > 1 || !hidden.includes(amounts.names[of[0]!]!));
  return { most: amounts.names.map(() => Infinity), statements: shown };
}

const amount = (name: string): Secret => ({
  of: [amounts.names.indexOf(name)],
  size: Infinity,
  leastPart: Infinity,
});

describe("Attack: rangeOf(secret)", () => {
  const rangeOfWb = async (hidden: string[]): Promise<Range> => {
    const begun = await Attack.begin(amountsWithout(hidden), [amount("wb")]);
    const range = begun.rangeOf(0);
    begun.dispose();
    return range;
  };

  it("two hidden in every row and column still give a cell away", async () => {
    const [lower, upper] = attack_wb_before;
    const range = await rangeOfWb(primary);
    expect(range.lower).toBeCloseTo(lower, 6);
    expect(range.upper).toBeCloseTo(upper, 6);
  });

  it.each(Object.entries(attack_wb_after))("with %s hidden too its bounds are %j", async (name, [lower, upper]) => {
    const range = await rangeOfWb([...primary, name]);
    expect(range.lower).toBeCloseTo(lower, 6);
    expect(range.upper).toBeCloseTo(upper, 6);
  });
});

describe("suppress(part)", () => {
  it("protects the table of sdc_attack.json with one cell more, within the bounds given there", async () => {
    const inside = statementsOf(amounts).slice(0, amounts.names.length);
    const shown = amounts.names.filter((name) => !primary.includes(name));
    const { withheld, leaks } = await suppress({
      most: amounts.names.map(() => Infinity),
      truth: amounts.numbers,
      figures: shown.map((name) => {
        const i = amounts.names.indexOf(name);
        return { says: inside[i]!, secret: amount(name), cost: amounts.numbers[i]! };
      }),
      secrets: primary.map(amount),
      known: statementsOf(amounts).slice(amounts.names.length),
    });
    expect(leaks).toEqual([]);
    expect(withheld).toHaveLength(1);
    const chosen = shown[withheld[0]!]!;
    expect(Object.keys(attack_wb_after)).toContain(chosen);
    const begun = await Attack.begin(amountsWithout([...primary, chosen]), [amount("wb")]);
    const range = begun.rangeOf(0);
    begun.dispose();
    expect([range.lower, range.upper]).toEqual(attack_wb_after[chosen]);
  });

  it("hides the small cells of z1, and as few others as they need", async () => {
    const rows = oracle("z1.csv")
      .split("\n")
      .slice(2)
      .filter(Boolean)
      .map((line) => line.split(","));
    const table: Table = {
      names: rows.map(([region, kind]) => `${region}/${kind}`),
      numbers: rows.map(([, , count]) => Number(count)),
      sums: [],
    };
    const lines = [...new Set(rows.flatMap(([region, kind]) => [region!, kind!]))];
    table.sums = [
      ...lines.map((line) => rows.flatMap((row, i) => (row.includes(line) ? [i] : []))),
      rows.map((_, i) => i),
    ];
    const statements = statementsOf(table);
    // Frequencies: a cell of one to three people is hidden.
    const small = table.numbers.flatMap((n, i) => (n <= 3 ? [i] : []));
    expect(small.map((i) => table.names[i])).toEqual(["B/arbeid", "D/arbeid", "H/arbeid"]);
    const secretOf = (of: number[]): Secret => ({ of, size: Infinity, leastPart: 4 });
    const shown = statements.flatMap((says, i) => (small.includes(i) ? [] : [{ says, i }]));
    const { withheld, leaks } = await suppress({
      most: table.numbers.map(() => Infinity),
      truth: table.numbers,
      figures: shown.map(({ says }) => ({
        says,
        secret: secretOf(says.of),
        cost: says.lower * (says.of.length > 1 ? 100 : 1),
      })),
      secrets: small.map((i) => secretOf([i])),
    });
    expect(leaks).toEqual([]);
    const names = withheld.map((i) => table.names[shown[i]!.i]);
    expect(names).not.toContain(undefined);
    // The known pattern hides three more, 29 people: safe and no dearer is what counts.
    expect(withheld.reduce((sum, i) => sum + shown[i]!.says.lower, 0)).toBeLessThanOrEqual(29);
  });

  it("leaves nothing that a search through all possibilities can tell", async () => {
    const random = randomOf(7);
    for (let trial = 0; trial < 25; trial++) {
      const part = randomPart(random);
      const { withheld, leaks } = await suppress(part);
      expect(leaks).toEqual([]);
      const statements = part.figures.flatMap(({ says }, i) => (withheld.includes(i) ? [] : [says]));
      const secrets = [...part.secrets, ...withheld.map((i) => part.figures[i]!.secret)];
      const ranges = rangesBySearch(part.most, statements, secrets);
      for (const [i, secret] of secrets.entries())
        expect(isLeak(ranges[i]!, secret), JSON.stringify({ trial, secret, range: ranges[i] })).toBe(false);
    }
  });
});

describe("attack(system, secrets)", () => {
  it("finds every secret that a search through all possibilities finds", async () => {
    const random = randomOf(11);
    let found = 0;
    for (let trial = 0; trial < 60; trial++) {
      const { most, figures, secrets } = randomPart(random);
      const statements = figures.map(({ says }) => says);
      const leaks = new Set((await attack({ most, statements }, secrets)).map(({ secret }) => secret));
      const ranges = rangesBySearch(most, statements, secrets);
      const wanted = secrets.flatMap((secret, i) => (isLeak(ranges[i]!, secret) ? [i] : []));
      expect(
        [...leaks].sort((a, b) => a - b),
        `trial ${trial}`,
      ).toEqual(wanted);
      found += wanted.length;
    }
    expect(found).toBeGreaterThan(20);
  });
});

/** A small table of two rows of cells, with figures of cells, rows, columns and all; what is too small is a secret. */
function randomPart(random: ReturnType<typeof randomOf>) {
  const [rows, columns] = [random.whole(1, 2), random.whole(2, 3)];
  const most = Array.from({ length: rows * columns }, () => random.whole(0, 7));
  const truth = most.map((d) => random.whole(0, d));
  const all = most.map((_, i) => i);
  const sets = [
    ...all.map((i) => [i]),
    ...Array.from({ length: rows }, (_, r) => all.filter((i) => Math.floor(i / columns) === r)),
    ...Array.from({ length: columns }, (_, c) => all.filter((i) => i % columns === c)),
    all,
  ];
  const sum = (of: number[], numbers: number[]) => of.reduce((total, i) => total + numbers[i]!, 0);
  const cells = sets.map((of) => ({ of, size: sum(of, most), x: sum(of, truth) }));
  const passes = ({ size, x }: { size: number; x: number }) => size >= 6 && x >= 2 && size - x >= 2;
  const secretOf = ({ of, size }: { of: number[]; size: number }): Secret => ({
    of,
    size,
    leastWhole: 6,
    leastPart: 2,
  });
  return {
    most,
    truth,
    figures: cells.filter(passes).map((cell) => ({
      says: { of: cell.of, lower: cell.x, upper: cell.x },
      secret: secretOf(cell),
      cost: cell.of.length,
    })),
    secrets: cells.filter((cell) => !passes(cell) && cell.size > 0).map(secretOf),
  };
}

/** The ranges of secrets by trying every number in every cell. */
function rangesBySearch(most: number[], statements: System["statements"], secrets: Secret[]): Range[] {
  const ranges = secrets.map(() => ({ lower: Infinity, upper: -Infinity }));
  const point = most.map(() => 0);
  const try_ = (at: number): void => {
    if (at < most.length) {
      for (point[at] = 0; point[at]! <= most[at]!; point[at]!++) try_(at + 1);
      return;
    }
    const sum = (of: number[]) => of.reduce((total, i) => total + point[i]!, 0);
    if (!statements.every(({ of, lower, upper }) => sum(of) >= lower && sum(of) <= upper)) return;
    for (const [i, { of }] of secrets.entries()) {
      ranges[i]!.lower = Math.min(ranges[i]!.lower, sum(of));
      ranges[i]!.upper = Math.max(ranges[i]!.upper, sum(of));
    }
  };
  try_(0);
  return ranges;
}
