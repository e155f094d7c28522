import { setImmediate as nextTurn } from "node:timers/promises";
import { Attack, type Leak } from "./attack.ts";
import { Loosening } from "./loosen.ts";
import type { Merged } from "./merge.ts";
import { hidingWidth, slack, type Secret, type Statement, type System } from "./system.ts";

/** A figure that would be shown: what it says, and what it is once it is withheld. */
export interface Figure {
  says: Statement;
  secret: Secret;
  /** What withholding it costs readers; Infinity where it was told already. */
  cost: number;
}

/** Figures to be protected together. */
export interface Part {
  /** Of each finest cell the people in it. */
  most: number[];
  /** Of each finest cell what it is; known to the suppressor, never to the attacker. */
  truth: number[];
  figures: Figure[];
  secrets: Secret[];
  /** What is known besides the figures. */
  known?: Statement[];
}

/** Which figures are withheld besides, so that no secret can be told; and the secrets that can be told whatever is withheld. */
export interface Suppression {
  withheld: number[];
  leaks: Leak[];
}

/** Withholds figures until nothing can be told: for each secret that is told those that together cost least, again and again. Then those that turn out not to be needed, the dearest first, are shown after all. */
export async function suppress(part: Part): Promise<Suppression> {
  const { figures, secrets } = part;
  const withheld = new Map<number, Secret>();
  const leaks: Leak[] = [];
  // What is withheld must not be told either.
  for (let asked = secrets, before = -1; asked.length > 0 && withheld.size > before;) {
    before = withheld.size;
    const attack = await begin(part, asked, withheld.keys());
    const fresh: Secret[] = [];
    let loosening: Loosening | null = null;
    try {
      for (const secret of attack.spread()) {
        // A process that is asked to stop hears it here.
        await nextTurn();
        for (let leak = attack.leakOf(secret); leak; leak = attack.leakOf(secret)) {
          loosening ??= await beginLoosening(part, attack.merged, withheld.keys());
          const chosen = chooseFor(leak, asked[secret]!, attack.classesOf(secret), loosening);
          const besides = chosen.length > 0 ? chosen : cheapestOf(leak.because, figures, withheld);
          if (besides.length === 0) {
            leaks.push(leak);
            break;
          }
          for (const figure of besides) {
            withheld.set(figure, asked[secret]!);
            fresh.push(figures[figure]!.secret);
            attack.forget(figure);
            loosening.forget(figure);
          }
        }
      }
    } finally {
      attack.dispose();
      loosening?.dispose();
    }
    asked = fresh;
  }
  if (leaks.length === 0) await giveBack(part, withheld);
  return { withheld: [...withheld.keys()].sort((a, b) => a - b), leaks };
}

/** One more than the width that hides: also for someone who takes himself out. */
const apart = hidingWidth + 1;

/** What to withhold so that a told secret can be more than what is known of it, or less: whichever costs less. */
function chooseFor({ range }: Leak, { size }: Secret, classes: number[], loosening: Loosening): number[] {
  const more = Math.min(size, range.lower + apart);
  const less = Math.max(0, range.upper - apart);
  const ways = [
    ...(more > range.upper + slack ? [loosening.reach(classes, { lower: more, upper: Infinity })] : []),
    ...(less < range.lower - slack ? [loosening.reach(classes, { lower: -Infinity, upper: less })] : []),
  ].filter((way) => way !== null);
  return ways.sort((a, b) => a.cost - b.cost)[0]?.statements ?? [];
}

/** So many of what was withheld are looked at again. */
const mostGivenBack = 6;

/** Shows again what was withheld without need. `withheld` has the secret for which each was. */
async function giveBack(part: Part, withheld: Map<number, Secret>): Promise<void> {
  const { figures, secrets } = part;
  const dearest = [...withheld.keys()].sort((a, b) => figures[b]!.cost - figures[a]!.cost).slice(0, mostGivenBack);
  const tells = async (asked: Secret[], others: number[]) => {
    const attack = await begin(part, asked, others);
    try {
      return attack.spread().some((secret) => attack.leakOf(secret) !== null);
    } finally {
      attack.dispose();
    }
  };
  for (const figure of dearest) {
    const others = [...withheld.keys()].filter((each) => each !== figure);
    // Mostly it is needed still, and by the same secret.
    if (await tells([withheld.get(figure)!], others)) continue;
    if (await tells([...secrets, ...others.map((each) => figures[each]!.secret)], others)) continue;
    withheld.delete(figure);
  }
}

async function begin(
  { most, truth, figures, known = [] }: Part,
  secrets: Secret[],
  withheld: Iterable<number>,
): Promise<Attack> {
  const system: System = { most, statements: [...figures.map(({ says }) => says), ...known] };
  const attack = await Attack.begin(system, secrets, truth);
  for (const figure of withheld) attack.forget(figure);
  return attack;
}

async function beginLoosening(
  { figures, known = [] }: Part,
  merged: Merged,
  withheld: Iterable<number>,
): Promise<Loosening> {
  const loosening = await Loosening.begin(merged, [...figures.map(({ cost }) => cost), ...known.map(() => Infinity)]);
  for (const figure of withheld) loosening.forget(figure);
  return loosening;
}

/** Of the figures that tell a secret the cheapest; none where none may be withheld. */
function cheapestOf(statements: number[], figures: Figure[], withheld: ReadonlyMap<number, Secret>): number[] {
  return statements
    .filter((i) => i < figures.length && Number.isFinite(figures[i]!.cost) && !withheld.has(i))
    .sort((a, b) => figures[a]!.cost - figures[b]!.cost)
    .slice(0, 1);
}
