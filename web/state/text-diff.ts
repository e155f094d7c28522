import { diffLines, diffWordsWithSpace } from "diff";

/** A line of two texts beside each other; what did not change and is far from what did is left out. */
export type DiffLine =
  | { kind: "same"; text: string }
  | { kind: "gone" | "new"; pieces: { text: string; other: boolean }[] }
  | { kind: "skipped"; count: number };

/** So many lines stand around what differs. */
const around = 2;

/** What two texts say alike and otherwise, line by line; lines that took each other's place with the words that differ. */
export function linesBetween(before: string, after: string): DiffLine[] {
  const parts = diffLines(before, after);
  const all: DiffLine[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    const next = parts[i + 1];
    if (!part.added && !part.removed)
      all.push(...linesOf(part.value).map((text): DiffLine => ({ kind: "same", text })));
    else if (part.removed && next?.added) {
      all.push(...replaced(linesOf(part.value), linesOf(next.value)));
      i++;
    } else
      all.push(
        ...linesOf(part.value).map((text): DiffLine => ({
          kind: part.added ? "new" : "gone",
          pieces: [{ text, other: false }],
        })),
      );
  }
  return shortened(all);
}

const linesOf = (text: string): string[] => text.replace(/\r?\n$/, "").split(/\r?\n/);

/** Lines in the place of others: where there are as many, each beside its own. */
function replaced(gone: string[], come: string[]): DiffLine[] {
  if (gone.length !== come.length) {
    const whole =
      (kind: "gone" | "new") =>
      (text: string): DiffLine => ({ kind, pieces: [{ text, other: false }] });
    return [...gone.map(whole("gone")), ...come.map(whole("new"))];
  }
  return gone.flatMap((text, i): DiffLine[] => {
    const words = diffWordsWithSpace(text, come[i]!);
    const pieces = (away: "added" | "removed", here: "added" | "removed") =>
      words.filter((word) => !word[away]).map((word) => ({ text: word.value, other: Boolean(word[here]) }));
    return [
      { kind: "gone", pieces: pieces("added", "removed") },
      { kind: "new", pieces: pieces("removed", "added") },
    ];
  });
}

/** Without the lines that are far from what differs. */
function shortened(lines: DiffLine[]): DiffLine[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - around), i + around + 1).some(({ kind }) => kind !== "same"),
  );
  const found: DiffLine[] = [];
  for (const [i, line] of lines.entries()) {
    const last = found.at(-1);
    if (near[i]) found.push(line);
    else if (last?.kind === "skipped") last.count++;
    else found.push({ kind: "skipped", count: 1 });
  }
  return found;
}
