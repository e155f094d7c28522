/** Values of kinds of files that know numbers, as the texts that the checks expect. */

/** A number as text. One with a point before three digits gets zeros in front: in a text `1.234` may mean 1234, here it never does. */
export function numberText(text: string): string {
  return /^-?\d{1,3}\.\d{3}$/.test(text) ? text.replace(/\d+/, (whole) => whole.padStart(4, "0")) : text;
}

/** A text without halves of characters, which no encoding can hold. */
export function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text;
}
