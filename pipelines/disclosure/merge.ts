import type { Secret, Statement, System } from "./system.ts";

/** Variables that always stand together are one class: of it only the sum matters. */
export interface Merged {
  /** Of each class the most that it can be. */
  most: number[];
  /** Statements over classes; `of` are numbers of classes. */
  statements: Statement[];
  /** The class of each variable. */
  classOf: Int32Array;
}

/** A secret over classes: of each class that it touches the people that are in the secret. */
export interface MergedSecret {
  of: number[];
  people: number[];
}

/** Merges the variables that no statement, and none of `apart`, tells apart. */
export function merge({ most, statements }: System, apart: Secret[] = []): Merged {
  const classOf = new Int32Array(most.length);
  let classes = 1;
  // Each statement parts each class into what it has and what it has not; by its weights where it has them.
  const split = (of: number[], weights?: number[]) => {
    const found = new Map<string, number>();
    for (const [i, variable] of of.entries()) {
      const key = `${classOf[variable]} ${weights?.[i] ?? 1}`;
      let fresh = found.get(key);
      if (fresh === undefined) found.set(key, (fresh = classes++));
      classOf[variable] = fresh;
    }
  };
  for (const { of, weights } of statements) split(of, weights);
  for (const { of } of apart) split(of);
  const numbers = new Map<number, number>();
  const sums: number[] = [];
  for (let variable = 0; variable < most.length; variable++) {
    const name = classOf[variable]!;
    let number = numbers.get(name);
    if (number === undefined) {
      numbers.set(name, (number = sums.length));
      sums.push(0);
    }
    classOf[variable] = number;
    sums[number]! += most[variable]!;
  }
  return {
    most: sums,
    classOf,
    statements: statements.map(({ of, weights, lower, upper }) => {
      const firsts = new Map<number, number>();
      for (const [i, variable] of of.entries()) firsts.set(classOf[variable]!, weights?.[i] ?? 1);
      return { of: [...firsts.keys()], weights: [...firsts.values()], lower, upper };
    }),
  };
}

/** A secret in terms of classes. */
export function mergeSecret({ classOf }: Merged, most: number[], { of }: Secret): MergedSecret {
  const people = new Map<number, number>();
  for (const variable of of) people.set(classOf[variable]!, (people.get(classOf[variable]!) ?? 0) + most[variable]!);
  return { of: [...people.keys()], people: [...people.values()] };
}
