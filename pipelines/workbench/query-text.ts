/** What a draft says that it may not say, and where: bytes into the query, null where that is not known. */
export interface Objection {
  at: number | null;
  message: string;
}

/** Longest query, in characters: far more than any indicator needs. */
const mostCharacters = 20_000;

/** What of a query's text cannot be told from something else by looking at it. */
export function objectionsToText(sql: string): Objection[] {
  if (sql.length > mostCharacters)
    return [{ at: null, message: `the query has ${sql.length} characters; write at most ${mostCharacters}` }];
  const bytesBefore = (index: number) => Buffer.byteLength(sql.slice(0, index));
  const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
  // Spaces of other kinds, which the engine takes for a space, too.
  const strange = [...sql.matchAll(/[^\P{Zs} ]|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu)].filter(
    ([sign]) => !["\n", "\r", "\t"].includes(sign),
  );
  return strange.slice(0, 5).map(({ 0: sign, index }) => ({
    at: bytesBefore(index),
    message: `${unseen.test(sign) ? "a sign that is not seen" : "a space of another kind"} (${codeOf(sign)}) stands in the query; take it out, or write an ordinary space`,
  }));
}

const codeOf = (sign: string) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/** Letters that look like others, named where a name is not known. */
export function strangeLetters(name: string): string {
  const strange = [...name].find((sign) => sign.codePointAt(0)! > 127);
  return strange ? ` (its "${strange}" is ${codeOf(strange)})` : "";
}
