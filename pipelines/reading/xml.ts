import { StringDecoder } from "node:string_decoder";
import iconv from "iconv-lite";
import { Refusal } from "../problem.ts";
import { wellFormed } from "./machine.ts";

/** What is done with the parts of an XML text as they come by. Names are without their prefix; `attributes` are as written, for `attribute`. */
export interface XmlHandler {
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
}

const damaged = () => new Refusal("the spreadsheet is damaged: its content is not XML; open it and save it anew");

/** Passes the parts of an XML text to a handler, chunk by chunk; `after` is awaited after each chunk. Takes no document type: spreadsheets have none, and harmful files do. */
export async function readXml(
  chunks: AsyncIterable<Buffer>,
  handler: XmlHandler,
  options: { maxLineBytes: number },
  after: () => Promise<void> = async () => undefined,
): Promise<void> {
  const scanner = new XmlScanner(handler, options.maxLineBytes);
  let decoder: { write(bytes: Buffer): string; end(): string | undefined } | null = null;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    scanner.see(decoder.write(chunk));
    await after();
  }
  scanner.see(decoder?.end() ?? "");
  scanner.end();
  await after();
}

function decoderFor(start: Buffer) {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return iconv.getDecoder("utf-16le");
  if (first === 0xfe && second === 0xff) return iconv.getDecoder("utf-16be");
  return new StringDecoder("utf8");
}

class XmlScanner {
  private rest = "";
  private readonly open: string[] = [];
  private readonly handler: XmlHandler;
  private readonly max: number;
  constructor(handler: XmlHandler, max: number) {
    this.handler = handler;
    this.max = max;
  }

  see(chunk: string): void {
    const text = this.rest + chunk;
    let at = 0;
    while (at < text.length) {
      const next = this.part(text, at);
      if (next < 0) break;
      at = next;
    }
    this.rest = text.slice(at);
    if (this.rest.length > this.max)
      throw new Refusal(
        `the spreadsheet has a text of more than ${Math.round(this.max / 1024)} kB; mend it, or raise KVV_MAX_LINE_KB`,
      );
  }

  /** Passes the part that begins at a place on; returns where the next one does, or -1 where it is not yet whole. */
  private part(text: string, at: number): number {
    if (text.charCodeAt(at) !== 60) {
      const end = text.indexOf("<", at);
      if (end < 0) return -1;
      this.handler.text(decodeEntities(text.slice(at, end)));
      return end;
    }
    const ended = (start: string, close: string) => {
      const end = text.indexOf(close, at + start.length);
      return end < 0 ? -1 : end + close.length;
    };
    const second = text[at + 1];
    if (second === undefined) return -1;
    if (second === "?") return ended("<?", "?>");
    if (second !== "!") return this.tag(text, at);
    if (text.length - at < 9) return -1;
    if (text.startsWith("<!--", at)) return ended("<!--", "-->");
    if (!text.startsWith("<![CDATA[", at)) throw damaged();
    const end = ended("<![CDATA[", "]]>");
    if (end > 0) this.handler.text(text.slice(at + 9, end - 3));
    return end;
  }

  private tag(text: string, at: number): number {
    const end = tagEnd(text, at);
    if (end < 0) return -1;
    const inner = text.slice(at + 1, end);
    if (inner.startsWith("/")) {
      const name = localName(inner.slice(1).trimEnd());
      if (this.open.pop() !== name) throw damaged();
      this.handler.close(name);
      return end + 1;
    }
    const isEmpty = inner.endsWith("/");
    const found = /^([^\s/]+)/.exec(inner);
    if (!found) throw damaged();
    const name = localName(found[1]!);
    this.handler.open(name, inner.slice(found[1]!.length, isEmpty ? -1 : undefined));
    if (isEmpty) this.handler.close(name);
    else if (this.open.push(name) > 100) throw damaged();
    return end + 1;
  }

  end(): void {
    if (this.open.length > 0 || this.rest.trim() !== "") throw damaged();
  }
}

/** Where a tag ends: at the first `>` that stands in no quotes. */
function tagEnd(text: string, at: number): number {
  let quote = 0;
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 62) return i;
  }
  return -1;
}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

const patterns = new Map<string, RegExp>();

/** The value of an attribute, by its name with or without prefix. */
export function attribute(attributes: string, name: string): string | undefined {
  let pattern = patterns.get(name);
  if (!pattern) patterns.set(name, (pattern = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)));
  const found = pattern.exec(attributes);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : decodeEntities(value);
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  const decoded = text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{2,4}));/g,
    (all, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? all;
      const code = hex === undefined ? Number(digits) : parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    },
  );
  return wellFormed(decoded);
}
