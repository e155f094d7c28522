import { merge, mergeSecret, type Merged, type MergedSecret } from "./merge.ts";
import { loadSolver, Polytope } from "./solver.ts";
import { isLeak, isWide, type Range, type Secret, type System } from "./system.ts";

/** A secret that can be told, with what can be known of it. */
export interface Leak {
  /** Its number among the secrets. */
  secret: number;
  range: Range;
  /** Numbers of the statements that tell it. */
  because: number[];
}

/** Rounds in which all open secrets are moved together, before each is looked at by itself. */
const rounds = 6;

/** So many secrets are sooner looked at each by itself. */
const few = 4;

/** What can be known of secrets by what is said. Every point that the solver finds widens what is known of all of them, so only those that no point has spread need solving of their own. */
export class Attack {
  private readonly highs;
  private readonly system: System;
  private readonly secrets: Secret[];
  /** Of each secret the widest that was seen to be possible. */
  private readonly seen: Range[];
  private readonly open: Set<number>;
  private readonly forgotten = new Set<number>();
  private space: Space;
  /** How many systems were solved. */
  solved = 0;

  private constructor(highs: Awaited<ReturnType<typeof loadSolver>>, system: System, secrets: Secret[]) {
    this.highs = highs;
    this.system = system;
    this.secrets = secrets;
    this.seen = secrets.map(() => ({ lower: Infinity, upper: -Infinity }));
    this.open = new Set(secrets.flatMap(({ size }, i) => (size > 0 ? [i] : [])));
    this.space = this.spaceOf(this.open, []);
  }

  /** Begins an attack; `truth` is one point that the statements allow, where it is known. */
  static async begin(system: System, secrets: Secret[], truth?: ArrayLike<number>): Promise<Attack> {
    const attack = new Attack(await loadSolver(), system, secrets);
    if (truth) {
      const point = new Float64Array(attack.space.merged.most.length);
      for (let i = 0; i < truth.length; i++) point[attack.space.merged.classOf[i]!]! += truth[i]!;
      attack.note(point);
    }
    return attack;
  }

  dispose(): void {
    this.space.polytope.dispose();
  }

  /** Takes back what a statement says: what was seen to be possible still is. */
  forget(statement: number): void {
    this.forgotten.add(statement);
    this.space.polytope.forget(statement);
  }

  /** What can be known of a secret. */
  rangeOf(secret: number): Range {
    return this.probe(secret).range;
  }

  /** What is said, over classes of cells that only together matter; anew after `spread`. */
  get merged(): Merged {
    return this.space.merged;
  }

  /** The classes of a secret that was open after `spread`. */
  classesOf(secret: number): number[] {
    return this.space.secrets.get(secret)!.of;
  }

  /** Secrets that are not known to hide, after all were moved together for some rounds; then each stands for whole classes. */
  spread(): number[] {
    for (let round = 0; round < rounds && this.open.size > few; round++) {
      const before = this.open.size;
      for (const sense of [1, -1] as const) this.push(round, sense);
      if (this.open.size > 0.95 * before) break;
    }
    if (this.open.size > 0) {
      this.space.polytope.dispose();
      this.space = this.spaceOf(
        this.open,
        [...this.open].map((i) => this.secrets[i]!),
      );
      for (const statement of this.forgotten) this.space.polytope.forget(statement);
    }
    return [...this.open];
  }

  /** Looks at one secret by itself: null where it hides, or where it need not. */
  leakOf(secret: number): Leak | null {
    if (!this.open.has(secret)) return null;
    const { range, because } = this.probe(secret);
    if (isLeak(range, this.secrets[secret]!)) return { secret, range, because };
    this.open.delete(secret);
    return null;
  }

  /** All secrets that leak. */
  leaks(): Leak[] {
    return this.spread().flatMap((secret) => this.leakOf(secret) ?? []);
  }

  private spaceOf(open: Iterable<number>, apart: Secret[]): Space {
    const merged = merge(this.system, apart);
    const secrets = new Map<number, MergedSecret>();
    for (const i of open) secrets.set(i, mergeSecret(merged, this.system.most, this.secrets[i]!));
    return { merged, secrets, polytope: new Polytope(this.highs, merged) };
  }

  /** Moves all open secrets together, every other one the other way, another half in each round. */
  private push(round: number, sense: 1 | -1): void {
    const { merged, secrets, polytope } = this.space;
    const weights = new Map<number, number>();
    let turn = 0;
    for (const i of this.open) {
      const { of, people } = secrets.get(i)!;
      const sign = (turn++ >> round) % 2 === 0 ? 1 : -1;
      for (const [k, each] of of.entries())
        weights.set(each, (weights.get(each) ?? 0) + (sign * share(people[k]!, merged.most[each]!)) / of.length);
    }
    const extreme = polytope.extreme([...weights.keys()], [...weights.values()], sense);
    this.solved += 1;
    if (extreme?.point) this.note(extreme.point);
  }

  private probe(secret: number): { range: Range; because: number[] } {
    const { of } = this.space.secrets.get(secret)!;
    const ones = of.map(() => 1);
    const range = { lower: 0, upper: 0 };
    const because = new Set<number>();
    for (const sense of [1, -1] as const) {
      const extreme = this.space.polytope.extreme(of, ones, sense);
      this.solved += 1;
      if (!extreme) throw new Error("what is shown contradicts itself");
      const { point, duals } = extreme;
      const value = point ? of.reduce((sum, each) => sum + point[each]!, 0) : Infinity;
      range[sense === 1 ? "upper" : "lower"] = value;
      for (const [i, dual] of duals.entries()) if (Math.abs(dual) > 1e-7) because.add(i);
      if (point) this.note(point);
    }
    return { range, because: [...because] };
  }

  /** Widens what is known to be possible of the open secrets by a point. */
  private note(point: ArrayLike<number>): void {
    const { merged, secrets } = this.space;
    for (const i of this.open) {
      const { of, people } = secrets.get(i)!;
      let [lower, upper] = [0, 0];
      for (const [k, each] of of.entries()) {
        const value = point[each]!;
        const rest = merged.most[each]! > people[k]! ? merged.most[each]! - people[k]! : 0;
        // Who of a class is in the secret nobody can say.
        lower += rest > 0 ? Math.max(0, value - rest) : value;
        upper += rest > 0 ? Math.min(people[k]!, value) : value;
      }
      const seen = this.seen[i]!;
      seen.lower = Math.min(seen.lower, lower);
      seen.upper = Math.max(seen.upper, upper);
      if (isWide(seen, this.secrets[i]!)) this.open.delete(i);
    }
  }
}

interface Space {
  merged: Merged;
  secrets: Map<number, MergedSecret>;
  polytope: Polytope;
}

const share = (part: number, whole: number) => (Number.isFinite(whole) && whole > 0 ? part / whole : 1);

/** All secrets that can be told by what is said. */
export async function attack(system: System, secrets: Secret[], truth?: ArrayLike<number>): Promise<Leak[]> {
  const begun = await Attack.begin(system, secrets, truth);
  try {
    return begun.leaks();
  } finally {
    begun.dispose();
  }
}
