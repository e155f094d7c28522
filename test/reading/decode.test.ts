import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { afterAll, describe, expect, it } from "vitest";
import { refuseChanged } from "../../pipelines/reading/decode.ts";
import { openTable, type OpenOptions } from "../../pipelines/reading/open.ts";
import { fileSource } from "../../pipelines/reading/source.ts";
import { makeHome } from "../support/home.ts";
import { openOptions } from "./support.ts";
import { long } from "../support/long.ts";

const home = makeHome();
afterAll(() => home.remove());
const staging = path.join(home.folder, "staging");

const text = "naam;waarde;€ café\nZuid‑Holland;1,5;één\nFryslân;2;“ja”\n";
const latin = "naam;waarde;€ café\nFryslân;2;“ja” – één\n";

const decode = (content: Buffer | string, options: Partial<OpenOptions> = {}) =>
  openTable(fileSource(home.write(`${Math.random()}.csv`, content)), {
    ...openOptions,
    staging,
    maxFileBytes: 10_000_000,
    maxLineBytes: 100_000,
    knows: (header) => header === "naam",
    ...options,
  });

describe("openTable(source, options) of a text", () => {
  it.each([
    ["UTF-8", "utf-8", Buffer.from(text)],
    ["UTF-8 with a mark", "utf-8", Buffer.from("\uFEFF" + text)],
    ["UTF-16 little end first", "utf-16le", iconv.encode(text, "utf-16le", { addBOM: true })],
    ["UTF-16 big end first", "utf-16be", iconv.encode(text, "utf-16be", { addBOM: true })],
    ["UTF-16 without a mark", "utf-16le", iconv.encode(text, "utf-16le")],
    ["UTF-8, zipped", "utf-8", gzipSync(text)],
  ])("%s is found and becomes UTF-8", async (_, encoding, content) => {
    const found = await decode(content);
    expect(found).toMatchObject({ encoding, delimiter: ";", header: ["naam", "waarde", "€ café"] });
    expect(readFileSync(found.path!, "utf8").replace(/^\uFEFF/, "")).toBe(text);
  });

  it("a file in UTF-8 is read where it lies, under a second name; one with a mark before a quote is copied", async () => {
    const file = home.write("plain.csv", text);
    const options = { ...openOptions, staging };
    const found = await openTable(fileSource(file), options);
    expect(found).toMatchObject({ staged: true, content: null });
    expect(statSync(found.path!).ino).toBe(statSync(file).ino);
    const quoted = await decode('\uFEFF"naam";waarde\na;1\n');
    expect(readFileSync(quoted.path!, "utf8")).toBe('"naam";waarde\na;1\n');
  });

  it("a file about persons is read where it lies, or in memory; never from a copy", async () => {
    const file = home.write("persons.csv", text);
    const options = { ...openOptions, staging, isPersonal: () => true };
    expect(await openTable(fileSource(file), options)).toMatchObject({ path: file, staged: false, personal: true });
    for (const content of [iconv.encode(latin, "windows-1252"), gzipSync(text)])
      expect(await decode(content, { isPersonal: () => true })).toMatchObject({
        path: null,
        content: expect.any(Buffer),
        personal: true,
      });
  });

  it("refuseChanged(file): one that was written to since it was read is refused", async () => {
    const file = home.write("growing.csv", text);
    const options = { ...openOptions, staging };
    const found = await openTable(fileSource(file), options);
    await expect(refuseChanged(found)).resolves.toBeUndefined();
    appendFileSync(file, "Limburg;3;nee\n");
    await expect(refuseChanged(found)).rejects.toThrow("growing.csv changed while it was read");
  });

  it("windows-1252 is found, with its euro sign and quotes", async () => {
    const found = await decode(iconv.encode(latin, "windows-1252"));
    expect(found).toMatchObject({ encoding: "windows-1252", header: ["naam", "waarde", "€ café"] });
    expect(readFileSync(found.path!, "utf8")).toBe(latin);
  });

  it("windows-1252 is found where its first special letter comes late", async () => {
    const long = "naam;waarde\n" + "Utrecht;1\n".repeat(60_000) + "Fryslân;2\n";
    const found = await decode(iconv.encode(long, "windows-1252"));
    expect(found.encoding).toBe("windows-1252");
    expect(readFileSync(found.path!, "utf8")).toBe(long);
  });

  it("a letter of several bytes may lie across two chunks", async () => {
    for (const shift of [0, 1, 2]) {
      const long = "naam;waarde\n" + "x".repeat(shift) + "é€\n".repeat(90_000);
      const found = await decode(Buffer.from(long));
      expect(found.encoding).toBe("utf-8");
    }
  });

  it.each([
    ["tab", "naam\twaarde\n1\t2\n", "\t"],
    ["comma", "naam,waarde\n1,2\n", ","],
    ["semicolon, with commas in a header", '"naam";"a,b,c,d"\n1;2\n', ";"],
  ])("the delimiter is found: %s", async (_, content, delimiter) => {
    expect(await decode(content)).toMatchObject({ delimiter });
  });

  it.each([
    ["a line for a spreadsheet program", "sep=;\nnaam;waarde\n1;2\n", ";", 2],
    ["a title, empty lines and a date", "Overzicht, van a, b en c\n\nPeildatum;2016\nnaam;waarde;c\n1;2;3\n", ";", 4],
    ["a title in quotes, over lines", '"Overzicht\nvan alles"\r\nnaam,waarde\r\n1,2\r\n', ",", 3],
    ["a word that is known alone on its line", "een, twee, drie\nnaam\nx;naam;waarde;nr\n1;2;3;4\n", ";", 3],
  ])("the header is found below %s", async (_, content, delimiter, headerRow) => {
    const found = await decode(content, { knows: (header) => ["naam", "waarde", "nr"].includes(header) });
    expect(found).toMatchObject({ delimiter, headerRow, firstLine: headerRow + 1 });
    expect(readFileSync(found.path!, "utf8")).toMatch(/^(x;)?naam/);
    await expect(decode(content, { headerRow: 40 })).rejects.toThrow(
      "row 40 is the header, but there is nothing in it",
    );
  });

  it("rows above the header are refused: they would be lost", async () => {
    await expect(decode("1;2;3\nnaam;b;c\n")).rejects.toThrow(/in row 2, but row 1 above it looks like data/);
    expect(await decode("1;2;3\nnaam;b;c\n", { headerRow: 2 })).toMatchObject({ header: ["naam", "b", "c"] });
  });

  it("refuses more than may be held in memory of a file about persons", async () => {
    const content = iconv.encode("naam;waarde\nFryslân;1\n".repeat(100), "utf-16le", { addBOM: true });
    const options = { isPersonal: () => true, maxMemoryBytes: 1000 };
    await expect(decode(content, options)).rejects.toThrow(/about persons and has more than.*KVV_MAX_MEMORY_MB/);
  });

  it("the same content has the same hash, zipped or not", async () => {
    expect((await decode(text)).hash).toBe((await decode(gzipSync(text))).hash);
    expect((await decode(text)).hash).not.toBe((await decode(text + "x")).hash);
  });

  it("a file about persons stays in memory", async () => {
    const before = readdirSync(staging).length;
    const found = await decode(iconv.encode(latin, "windows-1252"), {
      isPersonal: (header) => header.includes("naam"),
    });
    expect(found.path).toBeNull();
    expect(found.content!.toString("utf8")).toBe(latin);
    expect(readdirSync(staging).length).toBe(before);
  });

  it.each([
    ["an empty file", Buffer.alloc(0), /empty/],
    ["only a mark", Buffer.from([0xef, 0xbb, 0xbf]), /empty/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 1, 2, 3, 0]), /binary/],
    ["zero bytes far into it", Buffer.from("naam;waarde\n" + "a;1\n".repeat(100_000) + "b;\0\n"), /zero bytes/],
    ["a gzip file cut off", gzipSync(text.repeat(1000)).subarray(0, 80), /damaged or cut off/],
    ["only empty lines", Buffer.from("\n\n;;\n"), /must be the header/],
  ])("refuses %s", async (_, content, message) => {
    const before = readdirSync(staging).length;
    await expect(decode(content)).rejects.toThrow(message);
    expect(readdirSync(staging).length).toBe(before);
  });

  it("refuses a file that is not there", async () => {
    const options = { ...openOptions, staging };
    await expect(openTable(fileSource("/nowhere/x.csv"), options)).rejects.toThrow(/no file x\.csv/);
  });

  it("refuses more than the largest size, unzipped", async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, "a,b\n"));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(decode(bomb)).rejects.toThrow(/more than 10 MB unzipped/);
  });

  it.each([
    ["first", (line: string) => line + "\nnaam;x\n"],
    ["last, without an end", (line: string) => "naam;x\n" + line],
    ["in the middle", (line: string) => "naam;x\n" + "a;1\n".repeat(200_000) + line + "\n" + "a;1\n".repeat(10)],
  ])("refuses a line that is too long: the %s", async (_, content) => {
    await expect(decode(content("x".repeat(100_001)))).rejects.toThrow(/line of more than 98 kB/);
    const found = await decode(content("x".repeat(99_990)), { delimiter: ";" });
    expect(found.encoding).toBe("utf-8");
  });

  it("refuses one endless line without holding it in memory", async () => {
    const size = long ? 1_000_000_000 : 300_000_000;
    const file = path.join(home.folder, "long.csv");
    const part = Buffer.alloc(10_000_000, "x");
    writeFileSync(file, "naam;waarde\n");
    for (let at = 0; at < size; at += part.length) writeFileSync(file, part, { flag: "a" });
    const before = process.memoryUsage().rss;
    const options = { ...openOptions, staging, maxFileBytes: 4e9, maxLineBytes: 1_000_000 };
    await expect(openTable(fileSource(file), options)).rejects.toThrow(/line of more than/);
    // What the engine and the collector keep for later counts in: the line itself would be all of the file.
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});
