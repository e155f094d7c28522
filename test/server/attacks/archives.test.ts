import { readdirSync } from "node:fs";
import { mkdirSync } from "node:fs";
import type { Server } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenForCommands } from "../../../pipelines/handover.ts";
import { Owner } from "../../../pipelines/owner.ts";
import { openTable, type OpenOptions } from "../../../pipelines/reading/open.ts";
import { openOptions } from "../../reading/support.ts";
import { makeForce } from "../../support/force.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { escapeXml, makeWorkbook } from "../../support/workbook.ts";
import { makeZip, type ZipEntry } from "../../support/zip.ts";
import { ask } from "../ask.ts";

const { home } = makeForce();
const staging = path.join(home.folder, "staging");
let owner: Owner;
let socket: Server;
let fixture: Fixture;
beforeAll(async () => {
  mkdirSync(staging, { recursive: true });
  owner = await Owner.open(home.context);
  socket = await listenForCommands(home.folder, (ask, tell) => owner.answer(ask, tell));
  fixture = await serveFixture({ pipelinesHome: home.folder });
});
afterAll(async () => {
  await fixture.stop();
  socket.close();
  await owner.close();
  await home.remove();
});

const sheet = "xl/worksheets/sheet1.xml";
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const sheetOf = (rows: string) => `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`;
const cell = (text: string) => `<c t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`;
const header = `<row>${cell("klachtnummer")}${cell("ontvangen op")}${cell("eenheid")}</row>`;
const workbook = (others: ZipEntry[]) => makeWorkbook({ sheets: [{ rows: [["klachtnummer"], ["K-1"]] }], others });

/** How much the process holds, in megabytes. */
const held = () => {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
};

/** A file whose one entry unpacks to so many megabytes of the same bytes, packed a thousandth of that. */
function swollen(name: string, piece: string, megabytes: number, start = "", end = ""): ZipEntry {
  return { name, content: Buffer.concat([Buffer.from(start), Buffer.alloc(megabytes * 1024 * 1024, piece), Buffer.from(end)]) }; // prettier-ignore
}

const refusal = async (content: Buffer, options: Partial<OpenOptions> = {}): Promise<string> => {
  const source = { name: "x", size: content.length, path: null, open: () => Readable.from([content]) };
  const read = openTable(source, { ...openOptions, staging, ...options });
  return read.then(
    (file) => `it was read: ${file.header.join()}`,
    (error: Error) => `${error.name}: ${error.message}`,
  );
};

/** What is refused, and within which bounds, by what unpacks to more than it may. */
const bombs: [name: string, make: () => Buffer, words: RegExp][] = [
  ["a sheet of rows without end", () => workbook([swollen(sheet, "<row/>", 16, "<worksheet><sheetData>")]), /unzipped|cells|empty|damaged/], // prettier-ignore
  ["a cell in pieces without end", () => workbook([swollen(sheet, "<t>aaaaaaaaaaaaaaaaaaaaaaaaa</t>", 16, `<worksheet><sheetData><row><c t="inlineStr"><is>`)]), /a text of more than 1024 kB/], // prettier-ignore
  ["a value in pieces without end", () => workbook([swollen(sheet, "1<!-- -->", 16, `<worksheet><sheetData><row><c><v>`)]), /a text of more than 1024 kB/], // prettier-ignore
  ["a row of long cells without end", () => workbook([swollen(sheet, cell("x".repeat(500_000)), 32, "<worksheet><sheetData><row>")]), /row 1 has more than 16384 kB/], // prettier-ignore
  [
    "one long text in every cell",
    () => {
      const texts = `<sst><si><t>${"Ä ".repeat(250_000)}</t></si></sst>`;
      const row = `<row>${'<c t="s"><v>0</v></c>'.repeat(900)}</row>`;
      return workbook([{ name: "xl/sharedStrings.xml", content: texts }, { name: sheet, content: sheetOf(row.repeat(40)) }]); // prettier-ignore
    },
    /row 1 has more than 16384 kB/,
  ],
  ["a shared text in pieces without end", () => workbook([swollen("xl/sharedStrings.xml", "<t>aaaaaaaaaaaaaaaaaaaaaaaaa</t>", 16, "<sst><si>")]), /a text of more than 1024 kB/], // prettier-ignore
  ["shared texts without end", () => workbook([swollen("xl/sharedStrings.xml", "<si/>", 16, "<sst>")]), /MB of texts/],
  ["styles without end", () => workbook([swollen("xl/styles.xml", "<xf/>", 16, "<styleSheet><cellXfs>")]), /styles, sheets or relations/], // prettier-ignore
  ["formats without end", () => {
    const formats = Array.from({ length: 70_000 }, (_, i) => `<numFmt numFmtId="${i}" formatCode="0"/>`).join("");
    return workbook([{ name: "xl/styles.xml", content: `<styleSheet><numFmts>${formats}</numFmts></styleSheet>` }]);
  }, /styles, sheets or relations/], // prettier-ignore
  ["sheets without end", () => workbook([swollen("xl/workbook.xml", "<sheet/>", 16, "<workbook><sheets>")]), /styles, sheets or relations/], // prettier-ignore
  ["relations without end", () => workbook([swollen("xl/_rels/workbook.xml.rels", "<Relationship/>", 16, "<Relationships>")]), /styles, sheets or relations/], // prettier-ignore
  ["a tag without end", () => workbook([swollen(sheet, "a ", 16, "<worksheet ")]), /a text of more than 1024 kB/],
  ["a comment without end", () => workbook([swollen(sheet, "- ", 16, "<worksheet><!--")]), /a text of more than 1024 kB/], // prettier-ignore
  ["elements within elements without end", () => workbook([swollen(sheet, "<a>", 16)]), /damaged/],
  ["attributes without end", () => workbook([{ name: sheet, content: `<worksheet><sheetData><row ${'a="b" '.repeat(400_000)}/></sheetData></worksheet>` }]), /a text of more than 1024 kB/], // prettier-ignore
];

describe("openTable(source, options) of an archive that is made to do harm", () => {
  it.each(bombs)("refuses %s, in seconds and without holding it", async (_, make, words) => {
    const content = make();
    const before = held();
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, held() - before)), 5);
    const started = performance.now();
    const found = await refusal(content, { maxMemoryBytes: 64 * 1024 * 1024, maxFileBytes: 256 * 1024 * 1024 });
    const seconds = (performance.now() - started) / 1000;
    clearInterval(looking);
    expect(found).toMatch(words);
    expect(found).toMatch(/^Refusal: /);
    // Of two slow cores, with others beside it.
    expect(seconds).toBeLessThan(20);
    expect(most).toBeLessThan(256);
    expect(readdirSync(staging)).toEqual([]);
  });

  /** A billion laughs, by whatever name a part may have. */
  const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ""};`.repeat(10)}">`).join("")}]>`; // prettier-ignore
  const outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';

  it.each([
    sheet,
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
  ])("takes no document type in %s: entities neither grow nor fetch", async (name) => {
    for (const type of [laughs, outside]) {
      const content = `${type}<worksheet><sheetData><row>${cell("&lol9;&e;")}</row></sheetData></worksheet>`;
      expect(await refusal(workbook([{ name, content }]))).toMatch(/^Refusal: the spreadsheet is damaged/);
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(content, "utf16le")]);
      expect(await refusal(workbook([{ name, content: utf16 }]))).toMatch(/^Refusal: the spreadsheet is damaged/);
    }
  });

  it("leaves an entity that it does not know as it stands", async () => {
    const content = sheetOf(`<row><c t="inlineStr"><is><t>&lol9;&e;</t></is></c></row>`);
    expect(await refusal(workbook([{ name: sheet, content }]))).toBe("it was read: &lol9;&e;");
  });

  it("refuses two parts of one name, of which each program would read another", async () => {
    const parts = [
      { name: sheet, content: sheetOf(header) },
      { name: sheet, content: sheetOf(`<row>${cell("anders")}</row>`) },
    ];
    expect(await refusal(workbook(parts))).toMatch(
      /^Refusal: the spreadsheet has two parts of the name xl\/worksheets/,
    );
    const many = Array.from({ length: 50_000 }, () => ({ name: "a", content: "", stored: true }));
    expect(await refusal(workbook(many))).toMatch(/two parts of the name a/);
  });

  it("counts entries up to the limit, and no further", async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ name: String(i), content: "", stored: true }));
    const started = performance.now();
    expect(await refusal(workbook(many))).toMatch(/more than 2000 entries/);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("counts what entries give together, also where all of them are the same bytes", async () => {
    const padding = `<!--${"x".repeat(1000)}-->`.repeat(9000);
    const padded = (text: string) => text + padding;
    const parts = [
      { name: "xl/styles.xml", content: padded("<styleSheet/>") },
      { name: "xl/sharedStrings.xml", content: padded("<sst/>") },
      { name: sheet, content: padded(sheetOf(header)) },
    ];
    const options = { maxFileBytes: 20 * 1024 * 1024 };
    expect(await refusal(workbook(parts), options)).toMatch(/more than 20 MB unzipped/);
    expect(await refusal(workbook(parts.slice(2)), options)).toMatch(/^it was read/);
  });

  it.each([
    ["a size below what comes", 10, 5_000_000],
    ["a size above what comes", 4_000_000_000, 1000],
  ])("refuses an entry that claims %s", async (_, claimed, size) => {
    const content = Buffer.from(sheetOf(header) + " ".repeat(size));
    expect(await refusal(workbook([{ name: sheet, content, claimed }]))).toMatch(/^Refusal: .*damaged/);
  });

  it.each(["../../etc/passwd", "/etc/passwd", "C:\\Windows\\a", "xl/../../a", "a\u0000b"])(
    "writes no entry anywhere, whatever it is called: %j",
    async (name) => {
      const found = await refusal(workbook([{ name, content: "x" }]));
      expect(found).toMatch(/^Refusal: .*damaged|^it was read: klachtnummer$/);
    },
  );

  it("does not unpack what lies in it: a spreadsheet in a zip, a zip in a spreadsheet, gzip in gzip", async () => {
    const inner = workbook([]);
    expect(await refusal(makeZip([{ name: "a.xlsx", content: inner }]))).toMatch(/a zip file; unpack it/);
    expect(await refusal(workbook([{ name: "xl/embeddings/a.xlsx", content: inner }]))).toBe(
      "it was read: klachtnummer",
    );
    expect(await refusal(gzipSync(inner))).toMatch(/a spreadsheet within a gzip file/);
    expect(await refusal(gzipSync(gzipSync("a,b\n1,2\n")))).toMatch(/gzip file within a gzip file/);
  });

  it("refuses what only ends well: a zip with words before it, a damaged directory, deflate that breaks off", async () => {
    const whole = workbook([]);
    const broken = Buffer.from(whole);
    broken.writeUInt32LE(0xfffffff0, broken.length - 6);
    expect(await refusal(broken)).toMatch(/^Refusal: .*damaged/);
    const packed = deflateRawSync(Buffer.alloc(1000, "a")).subarray(0, 5);
    expect(await refusal(Buffer.concat([Buffer.from("PK\x03\x04"), packed]))).toMatch(/^Refusal: /);
    for (let cut = 30; cut < whole.length; cut += 211)
      expect(await refusal(whole.subarray(0, cut))).toMatch(/^Refusal: /);
  });

  it("bounds gzip by what comes out, of one member or of many", async () => {
    const member = gzipSync(Buffer.alloc(8 * 1024 * 1024, "a,b\n"));
    const options = { maxFileBytes: 20 * 1024 * 1024 };
    const started = performance.now();
    expect(await refusal(Buffer.concat([member, member, member]), options)).toMatch(/more than 20 MB unzipped/);
    expect(await refusal(gzipSync(Buffer.alloc(100 * 1024 * 1024)), options)).toMatch(/^Refusal: /);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe("POST /api/v1/feeds/:feed/files with an archive that is made to do harm", () => {
  async function send(route: string, name: string, content: Buffer) {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(content)]), name);
    const answer = await fetch(`${fixture.address}/api/v1${route}`, {
      method: "POST",
      body: form,
      headers: { cookie: fixture.cookie },
    });
    return { status: answer.status, body: (await answer.json()) as { refused?: string | null; detail?: string } };
  }

  it.each(bombs.filter(([name]) => /styles|rows without end/.test(name)))(
    "refuses %s with the reason, and takes the next file",
    async (_, make, words) => {
      const { status, body } = await send("/feeds/complaints/files", "bom.xlsx", make());
      expect(status).toBe(200);
      expect(body.refused).toMatch(words);
      expect((await ask(fixture, "/api/v1/units")).status).toBe(200);
      const next = await send("/feeds/complaints/files", "b.csv", Buffer.from("naam;leeftijd\r\njan;4\r\n"));
      expect(next.body.refused).toMatch(/required columns/);
    },
  );

  it.each(bombs.filter(([name]) => /relations|one long text|value in pieces/.test(name)))(
    "a list of actions: refuses %s with the reason",
    async (_, make) => {
      const { status, body } = await send("/actions/file", "bom.xlsx", make());
      expect([status, body.detail]).toEqual([
        422,
        expect.stringMatching(/^the (spreadsheet|sheet|file)|^row 1 has more/),
      ]);
    },
  );
});
