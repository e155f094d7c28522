import { makeZip, type ZipEntry } from "./zip.ts";

/** What a cell of a hand-made sheet may be: a text, a number, a boolean, or the XML of it. */
export type Cell = string | number | boolean | null | { xml: string };

export interface Sheet {
  name?: string;
  state?: "hidden" | "veryHidden";
  rows: (readonly Cell[])[];
  /** The number of the first row. */
  firstRow?: number;
  merged?: string[];
}

export interface WorkbookParts {
  sheets: Sheet[];
  /** How texts are written: in the sheet, or all together in a part of their own. */
  texts?: "inline" | "shared";
  since1904?: boolean;
  /** Written formats, which cells use by their place: style 1 is the first. */
  formats?: string[];
  /** Entries that come in the place of those made here, or beside them. */
  others?: ZipEntry[];
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const letters = (column: number): string =>
  column < 26 ? String.fromCharCode(65 + column) : letters(Math.floor(column / 26) - 1) + letters(column % 26);

/** A cell whose number is shown in the format of that place. */
export const styled = (value: number, style: number): { xml: string } => ({ xml: `s="${style}"><v>${value}</v>` });

/** Makes an XLSX file from its parts. */
export function makeWorkbook(parts: WorkbookParts): Buffer {
  const shared: string[] = [];
  const cellXml = (cell: Cell, reference: string): string => {
    if (cell === null) return "";
    if (typeof cell === "object") return `<c r="${reference}" ${cell.xml}</c>`;
    if (typeof cell === "number") return `<c r="${reference}"><v>${cell}</v></c>`;
    if (typeof cell === "boolean") return `<c r="${reference}" t="b"><v>${Number(cell)}</v></c>`;
    if (parts.texts !== "shared")
      return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
    if (!shared.includes(cell)) shared.push(cell);
    return `<c r="${reference}" t="s"><v>${shared.indexOf(cell)}</v></c>`;
  };
  const sheetXml = ({ rows, merged, firstRow = 1 }: Sheet): string => {
    const body = rows.map((row, i) => {
      const number = firstRow + i;
      return `<row r="${number}">${row.map((cell, column) => cellXml(cell, letters(column) + number)).join("")}</row>`;
    });
    const merges = merged?.length
      ? `<mergeCells>${merged.map((reference) => `<mergeCell ref="${reference}"/>`).join("")}</mergeCells>`
      : "";
    return `${head}<worksheet xmlns="${main}"><sheetData>${body.join("")}</sheetData>${merges}</worksheet>`;
  };
  const sheets = parts.sheets.map((sheet, i) => ({
    name: `xl/worksheets/sheet${i + 1}.xml`,
    content: sheetXml(sheet),
  }));
  const list = parts.sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${escapeXml(name ?? `Blad${i + 1}`)}" sheetId="${i + 1}"${state ? ` state="${state}"` : ""} r:id="rId${i + 1}"/>`,
  );
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${relationTypes}/${type}" Target="${target}"/>`;
  const relations = (all: string[]) =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join("")}</Relationships>`;
  const formats = parts.formats ?? [];
  const made: ZipEntry[] = [
    { name: "[Content_Types].xml", content: `${head}<Types/>` },
    { name: "_rels/.rels", content: relations([relation("rId1", "officeDocument", "xl/workbook.xml")]) },
    {
      name: "xl/workbook.xml",
      content: `${head}<workbook xmlns="${main}" xmlns:r="${relationTypes}"><workbookPr${parts.since1904 ? ' date1904="1"' : ""}/><sheets>${list.join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relations([
        ...sheets.map((_, i) => relation(`rId${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`)),
        relation("rIdT", "sharedStrings", "sharedStrings.xml"),
        relation("rIdS", "styles", "/xl/styles.xml"),
      ]),
    },
    {
      name: "xl/styles.xml",
      content: `${head}<styleSheet xmlns="${main}"><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${escapeXml(code)}"/>`).join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${164 + i}"/>`).join("")}<xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>`,
    },
    ...sheets,
    {
      name: "xl/sharedStrings.xml",
      content: `${head}<sst xmlns="${main}">${shared.map((text) => `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`).join("")}</sst>`,
    },
  ];
  const others = parts.others ?? [];
  return makeZip([...made.filter(({ name }) => !others.some((other) => other.name === name)), ...others]);
}
