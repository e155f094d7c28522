import { Refusal } from "../problem.ts";

/** The text of an object, and its number or line in the file. */
export interface Piece {
  text: string;
  number: number;
}

/** How the objects of a file are laid out: an array of them, such an array within an object, or one on each line. */
export type Layout = "array" | "object" | "lines";

interface SplitOptions {
  maxLineBytes: number;
  maxDepth: number;
}

const quote = 34;
const comma = 44;
const backslash = 92;
const openers = new Map([
  [91, 93],
  [123, 125],
]);
const [openArray, openObject] = [91, 123];
const closers = new Set([93, 125]);

/** The layout of a file that begins with this text. */
export function layoutOf(text: string, options: SplitOptions): Layout {
  if (text.trimStart().startsWith("[")) return "array";
  const first = new Scanner(options);
  let arrays = 0;
  for (let at = 0; at < text.length; at++) {
    first.see(text.charCodeAt(at));
    if (first.depth === 2 && first.opened === openArray && /^\s*\{/.test(text.slice(at + 1, at + 100))) arrays++;
    if (first.depth > 0 || first.closed === 0) continue;
    if (text.slice(at + 1).trim() !== "" || arrays === 0) return "lines";
    break;
  }
  return "object";
}

/** Follows texts and brackets over the characters of JSON. */
class Scanner {
  /** What was opened or closed by the last character; 0 for neither. */
  opened = 0;
  closed = 0;
  inText = false;
  private afterBackslash = false;
  private readonly expected: number[] = [];
  private readonly maxDepth: number;
  constructor({ maxDepth }: SplitOptions) {
    this.maxDepth = maxDepth;
  }

  get depth(): number {
    return this.expected.length;
  }

  see(code: number): void {
    this.opened = this.closed = 0;
    if (this.inText) {
      if (this.afterBackslash) this.afterBackslash = false;
      else if (code === backslash) this.afterBackslash = true;
      else if (code === quote) this.inText = false;
      return;
    }
    if (code === quote) this.inText = true;
    const closer = openers.get(code);
    if (closer !== undefined) {
      this.opened = code;
      // The array and the object around the records come on top of what a record may have.
      if (this.expected.push(closer) > this.maxDepth + 2)
        throw new Refusal(
          `the file has values within values, more than ${this.maxDepth} deep; export it flat, or raise KVV_MAX_DEPTH`,
        );
    } else if (closers.has(code)) {
      this.closed = code;
      if (this.expected.pop() !== code) throw damaged();
    }
  }
}

const damaged = () => new Refusal("the file is not whole JSON: it is half-written or damaged; export it again");

/** Takes an array of objects apart, piece by piece, as its text comes by. */
export class JsonSplitter {
  private readonly scanner: Scanner;
  private readonly options: SplitOptions;
  /** How deep the objects lie. */
  private readonly level: number;
  private number = 0;
  /** Where we are: before the array, between its objects, in one of them, or after it. */
  private state: "before" | "between" | "in" | "after" = "before";
  private candidate = false;
  private wantsComma = false;
  private afterComma = false;
  private kept = "";

  constructor(layout: "array" | "object", options: SplitOptions) {
    this.scanner = new Scanner(options);
    this.options = options;
    this.level = layout === "array" ? 1 : 2;
  }

  see(text: string): Piece[] {
    const pieces: Piece[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      this.scanner.see(code);
      if (this.state === "in") {
        if (this.scanner.closed === 0 || this.scanner.depth !== this.level) continue;
        pieces.push({ text: this.kept + text.slice(start, at + 1), number: this.number });
        this.kept = "";
        this.state = "between";
        this.wantsComma = true;
        this.afterComma = false;
      } else if (this.step(code)) {
        start = at;
        this.state = "in";
        this.number++;
      }
    }
    if (this.state === "in") this.kept += text.slice(start);
    if (this.kept.length > this.options.maxLineBytes)
      throw new Refusal(
        `record ${this.number} has more than ${Math.round(this.options.maxLineBytes / 1024)} kB; mend it, or raise KVV_MAX_LINE_KB`,
      );
    return pieces;
  }

  /** Follows a character that lies in no object of the array; says whether one begins with it. */
  private step(code: number): boolean {
    const { scanner } = this;
    const isSpace = code <= 32;
    if (this.state === "between") {
      if (isSpace) return false;
      if (code === comma && this.wantsComma) {
        this.wantsComma = false;
        this.afterComma = true;
        return false;
      }
      if (scanner.closed !== 0 && scanner.depth === this.level - 1 && !this.afterComma) {
        this.state = "after";
        return false;
      }
      if (this.wantsComma) throw damaged();
      if (scanner.opened === openObject) return true;
      throw new Refusal(
        `record ${this.number + 1} is not an object: write the rows as objects, [{"column": value}, …]`,
      );
    }
    if (this.level === 1) {
      if (this.state === "before" && scanner.opened === openArray) this.state = "between";
      else if (!isSpace) throw damaged();
      return false;
    }
    // Within the object around the array: the first array that begins with an object is the one.
    if (this.candidate && !isSpace) {
      this.candidate = false;
      if (scanner.opened === openObject && scanner.depth === 3) {
        if (this.state === "after")
          throw new Refusal("the file has more than one array of objects; put each in a file of its own");
        return true;
      }
    }
    if (scanner.opened === openArray && scanner.depth === 2) this.candidate = true;
    if (scanner.depth === 0 && !isSpace && scanner.closed === 0) throw damaged();
    return false;
  }

  end(): Piece[] {
    if (this.scanner.depth > 0 || this.scanner.inText) throw damaged();
    if (this.number === 0)
      throw new Refusal(
        this.level === 1 ? "the file has an empty array: no rows" : "the file is an object without an array of objects",
      );
    return [];
  }
}

/** Takes a file with an object on each line apart. */
export class LineSplitter {
  private readonly max: number;
  private kept = "";
  private line = 0;
  constructor({ maxLineBytes }: SplitOptions) {
    this.max = maxLineBytes;
  }

  see(text: string): Piece[] {
    const lines = (this.kept + text).split("\n");
    this.kept = lines.pop()!;
    const pieces = lines.flatMap((line) => this.piece(line));
    this.refuseTooLong(this.kept, this.line + 1);
    return pieces;
  }

  private piece(text: string): Piece[] {
    this.refuseTooLong(text, ++this.line);
    return text.trim() === "" ? [] : [{ text, number: this.line }];
  }

  private refuseTooLong(text: string, line: number): void {
    if (text.length > this.max)
      throw new Refusal(
        `line ${line} has more than ${Math.round(this.max / 1024)} kB; mend it, or raise KVV_MAX_LINE_KB`,
      );
  }

  end(): Piece[] {
    return this.piece(this.kept);
  }
}
