/** The colours of a chart, by what they stand for. */
export interface Palette {
  page: string;
  line: string;
  ink: string;
  muted: string;
  blue: string;
  target: string;
  grey: string;
  /** For the better, and for the worse. */
  good: string;
  warn: string;
}

/** On the page: the style sheet's own colours, so that theme and print need no other drawing. */
export const screenPalette: Palette = {
  page: "var(--page)",
  line: "var(--line)",
  ink: "var(--ink)",
  muted: "var(--muted)",
  blue: "var(--blue)",
  target: "var(--target)",
  grey: "var(--grey)",
  good: "var(--good)",
  warn: "var(--warn)",
};

/** For a file that leaves the page: the light colours. */
export const paperPalette: Palette = {
  page: "#ffffff",
  line: "#d5dbe1",
  ink: "#16202c",
  muted: "#52606d",
  blue: "#004682",
  target: "#8a1c3b",
  grey: "#7b8794",
  good: "#1a6aa8",
  warn: "#b35300",
};
