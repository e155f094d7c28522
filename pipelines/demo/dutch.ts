const headers: Record<string, string> = { unit_id: "eenheid" };
const values: Record<string, Record<string, string>> = {};
/** The header that Dutch exports give a column. */
export function dutchHeader(column: string): string {
  return headers[column] ?? column;
}
/** The words that Dutch exports use for a column's values, where they differ. */
export function dutchValues(column: string): Record<string, string> | undefined {
  return values[column];
}
