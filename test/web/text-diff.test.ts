import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesBetween, type DiffLine } from "../../web/state/text-diff.ts";

const inShort = (line: DiffLine): string => {
  if (line.kind === "same") return `  ${line.text}`;
  if (line.kind === "skipped") return `… ${line.count}`;
  return `${line.kind === "gone" ? "-" : "+"} ${line.pieces.map(({ text, other }) => (other ? `[${text}]` : text)).join("")}`;
};
const between = (before: string, after: string) => linesBetween(before, after).map(inShort);

describe("linesBetween(before, after)", () => {
  it("shows the words that differ in a line, with the lines around it", () => {
    const lines = ["a", "b", "c", "per: 100", "d", "e", "f", ""].join("\n");
    expect(between(lines, lines.replace("100", "1000"))).toEqual([
      "… 1",
      "  b",
      "  c",
      "- per: [100]",
      "+ per: [1000]",
      "  d",
      "  e",
      "… 1",
    ]);
  });

  it("shows lines that came and went, and nothing where nothing did", () => {
    expect(between("a\nb\n", "a\nb\nc\n")).toEqual(["  a", "  b", "+ c"]);
    expect(between("a\nb\n", "b\n")).toEqual(["- a", "  b"]);
    expect(between("", "a\nb\n")).toEqual(["+ a", "+ b"]);
    expect(between("a\nb\nc\n", "a\nb\nc\n")).toEqual(["… 3"]);
    expect(between("", "")).toEqual([]);
  });

  it("has both texts in it, whatever they are", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c d", "c e", ""), { maxLength: 8 })
      .map((lines) => lines.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const all = linesBetween(before, after);
        const count = (kinds: DiffLine["kind"][]) =>
          all.reduce(
            (sum, line) => sum + (line.kind === "skipped" ? line.count : kinds.includes(line.kind) ? 1 : 0),
            0,
          );
        expect(count(["same", "gone"])).toBe(before.split("\n").length - 1);
        expect(count(["same", "new"])).toBe(after.split("\n").length - 1);
      }),
    );
  });
});
