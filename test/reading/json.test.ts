import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import iconv from "iconv-lite";
import { afterAll, describe, expect, it } from "vitest";
import { openTable, type OpenOptions } from "../../pipelines/reading/open.ts";
import { linesOf } from "../../pipelines/reading/table.ts";
import { makeHome } from "../support/home.ts";
import { openOptions } from "./support.ts";
import { long } from "../support/long.ts";

const home = makeHome();
afterAll(() => home.remove());
const staging = path.join(home.folder, "staging");

/** Reads bytes as a file, in pieces of a size; returns what was found, with its rows. */
async function read(content: string | Buffer, options: Partial<OpenOptions> = {}, piece = 1 << 16) {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) =>
    bytes.subarray(i * piece, (i + 1) * piece),
  );
  const source = { name: "x", size: null, path: null, open: () => Readable.from(pieces) };
  const file = await openTable(source, { ...openOptions, staging, ...options });
  const text = file.content ?? readFileSync(file.path!);
  const rows = text.toString("utf8").trimEnd().split("\n").filter(Boolean);
  return { ...file, rows: rows.map((row) => JSON.parse(row) as (string | null)[]) };
}

const rows = [
  ["1", "één", null],
  ["2", null, "true"],
];

describe("openTable(source, options) of JSON", () => {
  it.each([
    ["an array", "json", '[{"a":1,"b":"één"},{"a":2,"c":true}]'],
    ["an array over several lines", "json", '[\n  {\n    "a": 1,\n    "b": "één"\n  },\n  { "a": 2, "c": true }\n]\n'],
    [
      "an object with one array",
      "json",
      '{"@context":"x","n":2,"tags":["a"],"value":[{"a":1,"b":"één"},{"a":2,"c":true}],"next":null}',
    ],
    ["an object on each line", "ndjson", '{"a":1,"b":"één"}\r\n{"a":2,"c":true}'],
  ])("reads %s, in whatever pieces it comes", async (_, format, text) => {
    for (const piece of [1, 7, 1 << 16]) {
      const found = await read(text, {}, piece);
      expect(found).toMatchObject({ format, encoding: "utf-8", header: ["a", "b", "c"], headerRow: null, sheet: null });
      expect(found.rows.map((row) => [0, 1, 2].map((i) => row[i] ?? null))).toEqual(rows);
    }
  });

  it.each([
    ["UTF-8 with a mark", "utf-8", (text: string) => Buffer.from("\uFEFF" + text)],
    ["UTF-16", "utf-16le", (text: string) => iconv.encode(text, "utf-16le", { addBOM: true })],
    ["UTF-16 without a mark", "utf-16be", (text: string) => iconv.encode(text, "utf-16be")],
  ])("reads %s", async (_, encoding, encode) => {
    const found = await read(encode('[{"naam":"Fryslân"}]'), {}, 3);
    expect(found).toMatchObject({ encoding, header: ["naam"], rows: [["Fryslân"]] });
  });

  it("reads it zipped, with the same hash", async () => {
    const text = '[{"a":1}]';
    expect(await read(gzipSync(text))).toMatchObject({ format: "json.gz", hash: (await read(text)).hash });
    expect((await read(gzipSync('{"a":1}\n{"a":2}'))).format).toBe("ndjson.gz");
  });

  it("keeps the digits of numbers, and a point in them never groups thousands", async () => {
    const found = await read('[{"a":12345678901234567890,"b":0.10,"c":1.234,"d":1e3,"e":-2.000}]');
    expect(found.rows).toEqual([["12345678901234567890", "0.10", "0001.234", "1e3", "-0002.000"]]);
  });

  it("puts bars between the values of a list, and leaves what lies deeper as it is", async () => {
    const found = await read('[{"a":["x","y\\"z",1],"b":[],"c":{"d":[1, 2]}}]');
    expect(found.rows).toEqual([['x|y"z|1', null, '{"d":[1, 2]}']]);
  });

  it("knows the line or number of each row", async () => {
    const lines = await read('\n{"a":1}\n\n{"a":2}\n');
    expect(await linesOf(lines, [0, 1])).toEqual([2, 4]);
    expect(await linesOf(await read('[{"a":1},{"a":2}]'), [0, 1])).toEqual([1, 2]);
  });

  it("one object alone is a line; with an array of objects in it, it is what lies around that", async () => {
    expect(await read('{"a":1,"b":[1,2]}')).toMatchObject({ format: "ndjson", rows: [["1", "1|2"]] });
    expect(await read('{"a":1,"b":[{"c":1}]}')).toMatchObject({ format: "json", header: ["c"], rows: [["1"]] });
    expect((await read('{"a":1,"b":[{"c":1}]}\n{"a":2}')).rows.map((row) => row[0])).toEqual(["1", "2"]);
  });

  it("keeps a file about persons in memory, and refuses one that shows it too late", async () => {
    const isPersonal = (header: string[]) => header.includes("nr");
    const before = readdirSync(staging).length;
    expect(await read('[{"nr":"SECRET"}]', { isPersonal })).toMatchObject({ path: null, personal: true });
    const late = `{"a":1}\n`.repeat(9000) + `{"nr":"SECRET"}\n`;
    await expect(read(late, { isPersonal, maxLineBytes: 1000 }, 500)).rejects.toThrow(
      /^line 9001 is the first with the key "nr", which is about persons; give it to every record$/,
    );
    expect(readdirSync(staging).length).toBe(before);
  });

  const deep = (depth: number) => `[{"a":${"[".repeat(depth)}${"]".repeat(depth)}}]`;
  it.each<[string, string | Buffer, RegExp, Partial<OpenOptions>?]>([
    ["one cut off", '[{"a":1},{"a":', /half-written or damaged/],
    ["one cut off between objects", '[{"a":1},', /half-written or damaged/],
    ["a line cut off", '{"a":1}\n{"a":', /line 2 is not a whole JSON object/],
    ["a line that is none", '{"a":1}\nSECRET\n', /line 2 is not a whole JSON object/],
    ["one with a wrong bracket", '[{"a":1]}', /half-written or damaged/],
    ["one without a comma", '[{"a":1} {"a":2}]', /half-written or damaged/],
    ["one with a comma too many", '[{"a":1},]', /record 2 is not an object/],
    ["one with text behind it", '[{"a":1}] x', /half-written or damaged/],
    ["a number with a zero in front", '[{"a":01}]', /record 1 is not a whole JSON object/],
    ["values that are no objects", '[{"a":1},5]', /record 2 is not an object/],
    ["texts in an array", '["a","b"]', /record 1 is not an object/],
    ["an empty array", "[]", /no rows/],
    ["several arrays", '{"a":[{"b":1}],"c":[{"d":1}]}', /more than one array of objects/],
    ["bytes that are no UTF-8", iconv.encode('[{"a":"é"}]', "windows-1252"), /not UTF-8.*name its encoding/],
    ["a zero character", '[{"a":"\\u0000"}]', /record 1 has a zero character/],
    ["values too deep", deep(17), /more than 16 deep.*KVV_MAX_DEPTH/],
    ["values that never end", `[{"a":${"[".repeat(1_000_000)}`, /more than 16 deep.*KVV_MAX_DEPTH/],
    ["too many fields", '[{"a":1},{"a":2}]', /more than 1 fields.*KVV_MAX_CELLS/, { maxCells: 1 }],
    ["too many keys", '[{"a":1,"b":2}]', /2 columns, more than 1.*KVV_MAX_COLUMNS/, { maxColumns: 1 }],
    [
      "a record too long",
      `[{"a":"${"x".repeat(200_000)}"}]`,
      /record 1 has more than 98 kB.*KVV_MAX_LINE_KB/,
      { maxLineBytes: 100_000 },
    ],
    [
      "a line too long",
      `{"a":1}\n{"a":"${"x".repeat(200_000)}"}`,
      /line 2 has more than 98 kB.*KVV_MAX_LINE_KB/,
      { maxLineBytes: 100_000 },
    ],
    [
      "a bomb",
      gzipSync(Buffer.alloc(30_000_000, '{"a":1}\n')),
      /more than 10 MB unzipped.*KVV_MAX_FILE_MB/,
      { maxFileBytes: 10 << 20 },
    ],
  ])("refuses %s, and leaves nothing behind", async (_, content, message, options = {}) => {
    const before = readdirSync(staging).length;
    await expect(read(content, options)).rejects.toThrow(message);
    expect(readdirSync(staging).length).toBe(before);
  });

  it("reads whatever objects there are, as the language itself does", async () => {
    const value = fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean(), fc.constant(null));
    const objects = fc.array(fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(objects, fc.boolean(), fc.integer({ min: 1, max: 50 }), async (all, asLines, piece) => {
        fc.pre(!JSON.stringify(all).includes("\\u0000"));
        const text = asLines ? all.map((each) => JSON.stringify(each)).join("\n") : JSON.stringify(all, null, 1);
        const found = await read(text, { maxColumns: 10_000 }, piece);
        const keys = [...new Set(all.flatMap(Object.keys))];
        const expected = all.map((each) =>
          keys.map((key) =>
            Object.hasOwn(each, key) && each[key] !== null ? Buffer.from(String(each[key])).toString() : null,
          ),
        );
        expect(found.rows.map((row) => keys.map((_, i) => row[i] ?? null))).toEqual(expected);
      }),
      { numRuns: long ? 2000 : 50, seed: 7 },
    );
  });
});
