import Markdown from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import type { Block, Run } from "./blocks.ts";

const markdown = new Markdown({ html: false, linkify: false, breaks: true }).disable("image");
markdown.validateLink = (link) => /^(https?:|mailto:)/i.test(link.trim());

/** Text with Markdown as blocks: the same as the pages make of it, without HTML and pictures. */
export function markdownBlocks(text: string): Block[] {
  const reader = { tokens: markdown.parse(text, {}), at: 0 };
  return readBlocks(reader, null);
}

interface Reader {
  tokens: Token[];
  at: number;
}

/** Blocks up to the token that closes what they are in. */
function readBlocks(reader: Reader, until: string | null): Block[] {
  const blocks: Block[] = [];
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++]!;
    if (token.type === until) break;
    const block = blockOf(token, reader);
    if (block) blocks.push(block);
  }
  return blocks;
}

function blockOf(token: Token, reader: Reader): Block | null {
  switch (token.type) {
    case "inline":
      return { kind: "text", runs: runsOf(token.children ?? []) };
    case "heading_open": {
      const inside = readBlocks(reader, "heading_close")[0];
      // The outline is the report's own: a heading of the writer's is a strong line.
      return inside?.kind === "text" ? { ...inside, tone: "strong" } : null;
    }
    case "bullet_list_open":
      return { kind: "list", ordered: false, items: readItems(reader, "bullet_list_close") };
    case "ordered_list_open":
      return {
        ...{ kind: "list", ordered: true, start: Number(token.attrGet("start") ?? 1) },
        items: readItems(reader, "ordered_list_close"),
      };
    case "blockquote_open":
      return { kind: "quote", blocks: readBlocks(reader, "blockquote_close") };
    case "fence":
    case "code_block":
      return { kind: "code", text: token.content.replace(/\n$/, "") };
    case "table_open":
      return readTable(reader);
    default:
      return null;
  }
}

function readItems(reader: Reader, until: string): Block[][] {
  const items: Block[][] = [];
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++]!;
    if (token.type === until) break;
    if (token.type === "list_item_open") items.push(readBlocks(reader, "list_item_close"));
  }
  return items;
}

function readTable(reader: Reader): Block {
  const rows: string[][] = [];
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++]!;
    if (token.type === "table_close") break;
    if (token.type === "tr_open") rows.push([]);
    if (token.type === "inline")
      rows.at(-1)!.push(
        runsOf(token.children ?? [])
          .map((run) => run?.text ?? "\n")
          .join(""),
      );
  }
  const [head = [], ...body] = rows;
  return {
    kind: "table",
    columns: head.map((title) => ({ title, width: 1 })),
    rows: body.map((row) => head.map((_, index) => ({ text: row[index] ?? "" }))),
  };
}

function runsOf(tokens: readonly Token[]): (Run | null)[] {
  const runs: (Run | null)[] = [];
  let style: Omit<Run, "text"> = {};
  for (const token of tokens) {
    if (token.type === "text" && token.content) runs.push({ text: token.content, ...style });
    if (token.type === "code_inline") runs.push({ text: token.content, ...style, code: true });
    if (token.type === "hardbreak" || token.type === "softbreak") runs.push(null);
    if (token.type === "strong_open") style = { ...style, strong: true };
    if (token.type === "em_open") style = { ...style, emphasis: true };
    if (token.type === "link_open") style = { ...style, href: token.attrGet("href")! };
    if (token.type === "strong_close") style = without(style, "strong");
    if (token.type === "em_close") style = without(style, "emphasis");
    if (token.type === "link_close") style = without(style, "href");
  }
  return runs;
}

function without(style: Omit<Run, "text">, name: keyof Omit<Run, "text">): Omit<Run, "text"> {
  const rest = { ...style };
  delete rest[name];
  return rest;
}
