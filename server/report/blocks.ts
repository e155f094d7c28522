import type { Language } from "../../pipelines/series/period.ts";

/** A piece of a line of text. Null is the end of a line. */
export interface Run {
  text: string;
  strong?: boolean;
  emphasis?: boolean;
  code?: boolean;
  href?: string;
}

export type Tone = "plain" | "muted" | "strong" | "good" | "warn";

/** What stands in a cell: lines of text in a tone, or a course as SVG. */
export type Cell = { text: string; tone?: Tone; span?: number } | { spark: string };

export interface Column {
  title: string;
  align?: "left" | "right";
  /** Its part of the width; 0: as wide as it needs. */
  width: number;
}

/** A part of a report, from the top down. Every text is in its language already. */
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; text: string; outlined?: boolean }
  | { kind: "text"; runs: (Run | null)[]; tone?: Tone; size?: number }
  | { kind: "list"; ordered: boolean; start?: number; items: Block[][] }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "code"; text: string }
  | { kind: "table"; columns: Column[]; rows: Cell[][]; size?: number }
  | { kind: "charts"; charts: Chart[]; columns?: number }
  | { kind: "facts"; rows: { label: string; text: string }[] }
  /** What people wrote, apart from what the monitor says. */
  | { kind: "said"; label: string; blocks: Block[] }
  /** Room to write by hand. */
  | { kind: "lines"; count: number }
  | { kind: "contents"; title: string; depth?: number }
  /** On one page. */
  | { kind: "together"; blocks: Block[] }
  | { kind: "break" }
  /** 64 hex digits on one line. */
  | { kind: "hash"; text: string };

export interface Chart {
  title: string;
  svg: string;
  /** What the chart says, for those who do not see it. */
  alt: string;
  text?: string;
}

/** A report as it is set: its head, and its blocks. */
export interface Report {
  title: string;
  subtitle: string;
  language: Language;
  /** When it was made, as ISO: the same document makes the same file. */
  at: string;
  author: string;
  description: string;
  keywords: string[];
  /** Said at the head of every page: that it is a concept. */
  mark: string | null;
  /** That the figures are made up. */
  demo: string | null;
  footer: string;
  blocks: Block[];
}

/** A line of plain text. */
export const line = (text: string, tone: Tone = "plain", size = 10): Block => ({
  ...{ kind: "text", runs: [{ text }], tone, size },
});

export const heading = (level: 1 | 2 | 3, text: string): Block => ({ kind: "heading", level, text });
