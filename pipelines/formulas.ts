/** A place in a text of lines and columns that a spreadsheet takes for a formula. */
export interface Formula {
  /** From 1 on. */
  line: number;
  /** As far as it is needed to be found. */
  value: string;
}

/** A cell, by commas, semicolons or tabs, that begins as formulas do and is no number. */
const formula = /(^|[,;\t\n\r"])((?:[=+@\t]|-(?!\d+(?:\.\d+)?(?:[,;\t\n\r"]|$)))[^,;\n\r"]*)/g;
const longestValue = 40;

/** What of a CSV text a spreadsheet would compute in place of showing it, whichever sign it takes for the end of a column. */
export function formulasIn(text: string): Formula[] {
  const bare = text.replace(/^\ufeff/, "");
  return [...bare.matchAll(formula)].map(({ index, 1: before, 2: value }) => ({
    line: bare.slice(0, index + before!.length).split(/\r\n|\n|\r/).length,
    value: value!.slice(0, longestValue),
  }));
}

/** In the words of `kvv check`. */
export const formulaWords = ({ value }: Formula): string =>
  `${JSON.stringify(value)} would be a formula in a spreadsheet: begin a text with none of = + - @ and tab`;
