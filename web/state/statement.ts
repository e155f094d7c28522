/** The day on which the statement on accessibility was drawn up; whoever changes what it says changes this too. */
export const statementDate = "2026-11-28";

/** What the statement names, each a text `access.<list>.<name>`. */
export const tested = ["axe", "keyboard", "narrow", "print"] as const;
export const untested = ["readers", "audit", "voice", "zoom"] as const;
/** Where the monitor falls short; each also has a text `.instead`: what helps meanwhile. */
export const shortcomings = ["small", "signals", "cards", "wide", "language"] as const;
export const alternatives = ["table", "sentence", "files", "print"] as const;

/** Keys of the monitor; `arrows` is a word, the others stand on the keyboard. */
export const shortcuts = [
  { does: "skip", keys: ["Tab", "Enter"] },
  { does: "find", keys: ["/", "Ctrl + K"] },
  { does: "results", keys: ["arrows", "Home", "End", "Enter"] },
  { does: "close", keys: ["Esc"] },
  { does: "figures", keys: ["Tab"] },
  { does: "points", keys: ["arrows", "Home", "End", "Enter"] },
  { does: "sliders", keys: ["arrows"] },
] as const;
