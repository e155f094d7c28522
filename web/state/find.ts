/** Something that a reader can look for: a unit, an indicator, or a page of the menu. */
export interface Entry {
  kind: Kind;
  /** Unique among all entries. */
  key: string;
  /** Where it is, as a link from the root. */
  href: string;
  title: string;
  /** What stands under the title, such as a unit's path. It is searched too. */
  detail: string;
  /** What is searched but not shown: an id, a former name. */
  also?: string;
  /** A mark beside the title, such as of a unit that is closed. */
  note?: string;
}

export const kinds = ["unit", "indicator", "page"] as const;
export type Kind = (typeof kinds)[number];

/** The best entries of one kind; `count` is of all that were found. */
export interface Group {
  kind: Kind;
  count: number;
  entries: Entry[];
}

/** A piece of a title: whether it is a part that was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** Text as it is compared: without diacritics and case. */
export const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

/** The words of a text, folded: runs of letters and digits. */
export const wordsOf = (text: string): string[] => fold(text).match(/[\p{Letter}\p{Number}]+/gu) ?? [];

interface Prepared {
  entry: Entry;
  title: string[];
  rest: string[];
}

/** Looks entries up by words; prepared once for many questions. */
export class Finder {
  readonly #prepared: Prepared[];

  constructor(entries: readonly Entry[]) {
    this.#prepared = entries.map((entry) => ({
      entry,
      title: wordsOf(entry.title),
      rest: wordsOf(`${entry.detail} ${entry.also ?? ""}`),
    }));
  }

  /** How many entries there are of a kind. */
  count(kind: Kind): number {
    return this.#prepared.filter(({ entry }) => entry.kind === kind).length;
  }

  /**
   * Entries that have all the words of the question, in any order, at most `most` of a kind. What fits best comes
   * first: the whole title, its beginning, beginnings of its words and of those beside it, and last parts of words; what
   * fits as well keeps its order. The kind with the best entry comes first.
   */
  find(question: string, most: number): Group[] {
    const asked = wordsOf(question);
    if (asked.length === 0) return [];
    const found = this.#prepared
      .map((prepared) => ({ entry: prepared.entry, rank: rankOf(prepared, asked) }))
      .filter((each): each is { entry: Entry; rank: number } => each.rank !== null)
      .sort((a, b) => a.rank - b.rank);
    return kinds
      .map((kind) => ({ kind, own: found.filter(({ entry }) => entry.kind === kind) }))
      .filter(({ own }) => own.length > 0)
      .sort((a, b) => a.own[0]!.rank - b.own[0]!.rank)
      .map(({ kind, own }) => ({ kind, count: own.length, entries: own.slice(0, most).map(({ entry }) => entry) }));
  }
}

/** How well an entry fits, 0 best; null where a word is missing. The worst of the words decides. */
function rankOf({ title, rest }: Prepared, asked: string[]): number | null {
  let worst = 0;
  for (const word of asked) {
    const starts = (each: string) => each.startsWith(word);
    const has = (each: string) => each.includes(word);
    const rank = [title.some(starts), rest.some(starts), title.some(has), rest.some(has)].indexOf(true);
    if (rank < 0) return null;
    worst = Math.max(worst, rank + 2);
  }
  const whole = title.join(" ");
  const wanted = asked.join(" ");
  return whole === wanted ? 0 : whole.startsWith(wanted) ? 1 : worst;
}

/** A title in pieces, so that what was looked for can be shown: each word where it begins a word, else where it first is. */
export function piecesOf(title: string, question: string): Piece[] {
  const letters = [...title];
  // Folded letter by letter, so that a place in the folded text is a place in the title.
  const folded = letters.map((letter) => [...fold(letter)][0] ?? "");
  const hit = letters.map(() => false);
  for (const word of wordsOf(question)) {
    const wanted = [...word];
    const at = (start: number) => wanted.every((letter, index) => folded[start + index] === letter);
    const starts = letters.map((_, start) => start).filter(at);
    const start = starts.find((each) => each === 0 || !/[\p{Letter}\p{Number}]/u.test(folded[each - 1]!)) ?? starts[0];
    if (start !== undefined) hit.fill(true, start, start + wanted.length);
  }
  const pieces: Piece[] = [];
  for (const [index, letter] of letters.entries()) {
    const last = pieces.at(-1);
    if (last && last.hit === hit[index]) last.text += letter;
    else pieces.push({ text: letter, hit: hit[index]! });
  }
  return pieces;
}

/** The place that a key leads to in a list of so many, round the ends; null where the key does not move. */
export function placeAfter(key: string, place: number, length: number): number | null {
  if (length === 0) return null;
  if (key === "ArrowDown") return (place + 1) % length;
  if (key === "ArrowUp") return (place - 1 + length) % length;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  return null;
}
