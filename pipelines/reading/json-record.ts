import { Refusal } from "../problem.ts";
import { numberText, wellFormed } from "./machine.ts";

/** A key of an object with the text of its value; null where it has none. */
export type Field = [key: string, text: string | null];

const space = /[ \t\r\n]*/y;
const simple = /"([^"\\\u0000-\u001f]*)"/y;
const escaped = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/** The fields of a JSON object. Numbers keep the digits that they are written with: ids may be longer than a number can hold, and the last digit of a share says how it was rounded. */
export function parseRecord(text: string, where: string, maxDepth: number): Field[] {
  return new RecordParser(text, where, maxDepth).record();
}

class RecordParser {
  private at = 0;
  private readonly text: string;
  private readonly where: string;
  private readonly maxDepth: number;
  constructor(text: string, where: string, maxDepth: number) {
    this.text = text;
    this.where = where;
    this.maxDepth = maxDepth;
  }

  record(): Field[] {
    const fields: Field[] = [];
    this.skip();
    this.members(1, (key, value) => fields.push([key, value]));
    this.skip();
    if (this.at < this.text.length) throw this.damaged();
    return fields;
  }

  private members(depth: number, take: (key: string, value: string | null) => void): void {
    this.expect("{");
    this.skip();
    if (this.taken("}")) return;
    do {
      this.skip();
      const key = this.string();
      this.skip();
      this.expect(":");
      take(key, this.value(depth));
      this.skip();
    } while (this.taken(","));
    this.expect("}");
  }

  /** Texts and numbers as they are; the items of a list with bars between them; an object as its JSON. */
  private value(depth: number): string | null {
    this.skip();
    const char = this.text[this.at];
    if (char === '"') return this.string();
    if (char === "[" || char === "{") {
      if (depth >= this.maxDepth)
        throw new Refusal(
          `${this.where} has values within values, more than ${this.maxDepth} deep; export it flat, or raise KVV_MAX_DEPTH`,
        );
      return char === "[" ? this.list(depth + 1) : this.object(depth + 1);
    }
    const known = this.match(word);
    if (known !== undefined) return known === "null" ? null : known;
    const digits = this.match(number);
    if (digits === undefined) throw this.damaged();
    return numberText(digits);
  }

  private list(depth: number): string | null {
    const items: string[] = [];
    this.expect("[");
    this.skip();
    if (this.taken("]")) return null;
    do {
      const item = this.value(depth);
      if (item !== null) items.push(item);
      this.skip();
    } while (this.taken(","));
    this.expect("]");
    return items.join("|");
  }

  private object(depth: number): string {
    const start = this.at;
    this.members(depth, () => undefined);
    return this.text.slice(start, this.at);
  }

  private string(): string {
    const plain = this.match(simple);
    if (plain !== undefined) return wellFormed(plain.slice(1, -1));
    const token = this.match(escaped);
    if (token === undefined) throw this.damaged();
    const text = wellFormed(JSON.parse(token) as string);
    if (text.includes("\0")) throw new Refusal(`${this.where} has a zero character in a text; export it again`);
    return text;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at = pattern.lastIndex;
    return found;
  }

  private skip(): void {
    const code = this.text.charCodeAt(this.at);
    if (code > 32) return;
    this.match(space);
  }

  private taken(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private expect(char: string): void {
    if (!this.taken(char)) throw this.damaged();
  }

  private damaged(): Refusal {
    return new Refusal(
      `${this.where} is not a whole JSON object: the file is half-written or damaged; export it again`,
    );
  }
}
