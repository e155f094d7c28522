/** Random numbers that a seed fixes (mulberry32). */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** A whole number of `least` to `most`. */
  whole(least: number, most: number): number;
  pick<T>(items: readonly T[]): T;
  chance(of: number): boolean;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (items) => items[Math.floor(next() * items.length)]!,
    chance: (of) => next() < of,
  };
}
