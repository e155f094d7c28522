/** A spreadsheet's cell holds no more. */
const mostCharacters = 32_767;

/**
 * A text as the library may write it into a cell, cut where it is too long. `_x0041_` stands for a character in these
 * files, so one that is meant as it stands is marked. The library looks its texts up in an object, where the names that
 * each object has itself would be found: a space sets them apart.
 */
export function sheetText(value: string): string {
  const cut = value.length > mostCharacters ? `${value.slice(0, mostCharacters - 1)}…` : value;
  const marked = cut.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return marked in Object.prototype ? `${marked} ` : marked;
}
