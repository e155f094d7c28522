import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFile } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unzipSync } from "fflate";
import readXlsx from "read-excel-file/node";
import { extractText, getDocumentProxy } from "unpdf";
import type { Review } from "../../../server/review/review.ts";
import { fileHash } from "../../../server/review/issued.ts";
import { serveFixture, type Fixture } from "../../support/serve-fixture.ts";
import { ask, askProblem } from "../ask.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await serveFixture({ now: () => new Date("2017-02-10T09:00:00Z") });
});
afterEach(() => fixture.stop());

const sent = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

async function json<T = Review>(address: string, options?: Parameters<typeof ask>[2]): Promise<T> {
  const { status, text } = await ask(fixture, `/api/v1${address}`, options);
  expect(status, text).toBe(200);
  return JSON.parse(text) as T;
}

const review = "/reviews/den-haag/2016-H2";

async function file(form: "pdf" | "xlsx", locale = "nl"): Promise<Buffer> {
  const { status, bytes, headers } = await ask(fixture, `/api/v1${review}/report.${form}?locale=${locale}`);
  expect(status, bytes.toString().slice(0, 200)).toBe(200);
  expect(headers["content-disposition"]).toContain(`voortgang-den-haag-2016-H2`);
  return bytes;
}

async function textOf(pdf: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text.replace(/\s+/g, " ");
}

/** Writes all that the review asks for, and signs it. */
async function sign(): Promise<Review> {
  await json("/releases/2016-H2", sent("POST", { note: "Volledig." }));
  const { missing } = await json(review);
  const texts = missing.map(({ indicator_id }) => ({
    indicator_id,
    text: `Over ${indicator_id ?? "alles"}.`,
    version: 0,
  }));
  await json(review, sent("PUT", { texts }));
  await json(`${review}/submit`, sent("POST", {}));
  return json(`${review}/sign`, sent("POST", {}));
}

describe("GET /api/v1/reviews/:unit/:half/report.pdf", () => {
  it("is a tagged document in Dutch or English with title, language and contents", async () => {
    for (const [locale, language, title] of [
      ["nl", "nl-NL", "Voortgang Den Haag"],
      ["en", "en-GB", "Progress of Den Haag"],
    ] as const) {
      const pdf = await file("pdf", locale);
      expect(pdf.toString("latin1")).toMatch(/pdfuaid:part>1</);
      const document = await getDocumentProxy(new Uint8Array(pdf));
      expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
      const { info } = (await document.getMetadata()) as unknown as { info: Record<string, unknown> };
      expect(info).toMatchObject({ Language: language, Title: title });
      const tree = JSON.stringify(await (await document.getPage(1)).getStructTree());
      for (const role of ["H1", "Table", "TH", "TOC"]) expect(tree, role).toContain(`"role":"${role}"`);
      expect(document.numPages).toBeLessThanOrEqual(12);
    }
  });

  it("says what the API says: each figure with what it was, its verdicts, and the hash on one line", async () => {
    const { figures, definitions, hash } = await json(review);
    const text = await textOf(await file("pdf"));
    const shown = figures.filter(({ value }) => value !== null);
    expect(shown.length).toBeGreaterThan(2);
    for (const { indicator_id } of shown)
      expect(text).toContain(definitions.find((each) => each.indicator_id === indicator_id)!.title.nl);
    const complaints = figures.find(({ indicator_id }) => indicator_id === "complaints")!;
    const dutch = (value: number) => value.toLocaleString("nl-NL");
    expect(text).toContain(`Klachten ${dutch(complaints.value!)} ${dutch(complaints.previous!.value!)}`);
    expect(text).toContain(hash);
    // The unit's actions of the year, and those below it, with the totals of their money.
    expect(text).toContain("2.9 Netwerken in de wijken Programmamanager 31 dec 2016");
    expect(text).toContain('=HYPERLINK("http://example.org";"Den Haag Inclusief")');
    expect(text).toMatch(/Totaal van 2 acties 55\.001 20\.000 36\.000/);
    expect(text).toMatch(/concept/);
    expect(text).toContain("Voorlopig".toLowerCase());
  });

  it("is the same bytes for the same review, and others when something is written", async () => {
    const before = fileHash(await file("pdf"));
    expect(fileHash(await file("pdf"))).toBe(before);
    await json(review, sent("PUT", { texts: [{ indicator_id: null, text: "Het gaat goed.", version: 0 }] }));
    const after = await file("pdf");
    expect(fileHash(after)).not.toBe(before);
    expect(await textOf(after)).toContain("Het gaat goed.");
  });

  it("keeps what people write safe and whole: Markdown, scripts, formulas, other scripts, emoji, letters that no font has", async () => {
    const text = [
      '<script>alert(1)</script> #let x = [1]; #read("/etc/passwd") $x$ \\ @ref _schuin_ **vet** `code`',
      "",
      '- =HYPERLINK("https://kwaad.example")',
      "- مرحبا بالعالم, שלום, 😀👍🏽👩‍🚒, ﷽, 漢字, \u{1F9FF}, ⍼",
      "",
      "> citaat",
      "",
      "1. een",
      "2. twee [link](https://politie.nl) [kwaad](javascript:alert(1)) ![beeld](https://kwaad.example/x.png)",
    ].join("\n");
    await json(review, sent("PUT", { texts: [{ indicator_id: null, text, version: 0 }] }));
    const pdf = await file("pdf");
    const read = await textOf(pdf);
    expect(read).toContain("<script>alert(1)</script>");
    expect(read).toContain('#read("/etc/passwd")');
    expect(read).toContain("=HYPERLINK");
    expect(read).toContain("😀");
    expect(read).toContain("[U+6F22]");
    expect(read).toContain("citaat");
    // Links of the web only, and nothing that runs.
    const raw = pdf.toString("latin1");
    expect([...raw.matchAll(/\/URI ?\(([^)]*)\)/g)].map(([, link]) => link).sort()).toEqual([
      "https://kwaad.example/x.png",
      "https://politie.nl",
    ]);
    expect(raw).not.toMatch(/\/S ?\/JavaScript|\/OpenAction|\/EmbeddedFile/);
  });

  it("is made of a text of 100,000 characters too", { timeout: 60_000 }, async () => {
    const text = "Over de voortgang is veel te zeggen. ".repeat(2703);
    await json(review, sent("PUT", { texts: [{ indicator_id: null, text, version: 0 }] }));
    const read = await textOf(await file("pdf"));
    expect(read.match(/zeggen\./g)).toHaveLength(2703);
  });

  it("of a signed review keeps what was signed, and lists beside it what was restated since", async () => {
    const { hash } = await sign();
    const text = await textOf(await file("pdf"));
    expect(text).toContain(hash);
    expect(text).toContain("getekend op 10 februari 2017");
    expect(text).not.toContain("concept");
  });

  it("is 404 for a review that cannot be, and 400 for a language that it has not", async () => {
    expect(await askProblem(fixture, "/api/v1/reviews/nergens/2016-H2/report.pdf")).toMatchObject({ status: 404 });
    expect(await askProblem(fixture, `/api/v1${review}/report.pdf?locale=fr`)).toMatchObject({ status: 400 });
  });
});

describe("GET /api/v1/reviews/:unit/:half/report.xlsx", () => {
  it("has a sheet for each focus point, agreements, definitions and sources, with values as numbers", async () => {
    const agreement = {
      ...{ agreement_id: null, indicator_id: null, text: '=HYPERLINK("https://kwaad.example")', owner: "Teamchef" },
      ...{ due_on: "2017-03-01", state: "open", result: "", version: 0 },
    };
    await json(review, sent("PUT", { agreements: [agreement] }));
    const sheets = (await readXlsx(await file("xlsx"))).map(({ sheet, data }) => ({ name: sheet, rows: data }));
    const { figures, hash } = await json(review);
    const names = sheets.map(({ name }) => name);
    expect(names.at(0)).toBe("Voortgang");
    expect(names).toEqual(expect.arrayContaining(["Verbinding", "Afspraken", "Definities en bronnen"]));
    expect(sheets[0]!.rows.flat()).toContain(hash);
    const actions = sheets.find(({ name }) => name === "Acties")!.rows;
    expect(actions[1]!.slice(0, 3)).toEqual(["2.9", "Netwerken in de wijken", "den-haag"]);
    const connection = sheets.find(({ name }) => name === "Verbinding")!.rows;
    const complaints = figures.find(({ indicator_id }) => indicator_id === "complaints")!;
    expect(connection.find(([title]) => title === "Klachten")![2]).toBe(complaints.value);
    expect(sheets.find(({ name }) => name === "Afspraken")!.rows[1]![0]).toBe('=HYPERLINK("https://kwaad.example")');
  });
});

describe("GET /api/v1/reviews/:unit/:half/talk.pdf", () => {
  it("is one page with the plan, the figures and three questions, however much is written", async () => {
    const plans = Array.from({ length: 9 }, (_, index) => ({
      ...{
        plan_id: null,
        indicator_id: "intake-dual",
        measures: `Maatregel ${index}. `.repeat(200),
        owner: "Hoofd HRM",
      },
      ...{ reach_year: 2018, state: "open", result: "", version: 0 },
    }));
    const agreements = Array.from({ length: 9 }, (_, index) => ({
      ...{ agreement_id: null, indicator_id: null, text: `Afspraak ${index}. `.repeat(200), owner: "Teamchef" },
      ...{ due_on: "2016-12-01", state: "open", result: "", version: 0 },
    }));
    await json(review, sent("PUT", { plans, agreements }));
    const { status, bytes } = await ask(fixture, `/api/v1${review}/talk.pdf`);
    expect(status).toBe(200);
    expect((await getDocumentProxy(new Uint8Array(bytes))).numPages).toBe(1);
    const text = await textOf(bytes);
    expect(text).toContain("Gespreksblad Den Haag");
    expect(text).toContain("Maatregel 0");
    expect(text.match(/\?/g)!.length).toBeGreaterThanOrEqual(3);
  });
});

describe("GET /api/v1/progress/:half/report.pdf", () => {
  it("has all units with their state, and each target figure with the units for which it is judged", async () => {
    const { status, bytes } = await ask(fixture, "/api/v1/progress/2016-H2/report.pdf");
    expect(status).toBe(200);
    const text = await textOf(bytes);
    const { reviews } = await json<{ reviews: { unit_name: string }[] }>("/reviews?half=2016-H2");
    for (const { unit_name } of reviews) expect(text).toContain(unit_name);
    expect(text).toContain("Streefcijfers");
    expect(text).toContain("22,2%");
    expect((await getDocumentProxy(new Uint8Array(bytes))).numPages).toBeLessThanOrEqual(8);
    await askProblem(fixture, "/api/v1/progress/2030-H1/report.pdf");
  });
});

describe("GET /api/v1/progress/:half/reports.zip", () => {
  it("holds the report of each unit as it is asked for by itself, and the overview", async () => {
    await sign();
    const { status, bytes, headers } = await ask(fixture, "/api/v1/progress/2016-H2/reports.zip");
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/zip");
    const files = unzipSync(new Uint8Array(bytes));
    expect(Object.keys(files)).toContain("landelijk-overzicht-2016-H2.pdf");
    const { reviews } = await json<{ reviews: unknown[] }>("/reviews?half=2016-H2");
    expect(Object.keys(files)).toHaveLength(reviews.length + 1);
    const own = files["voortgang-den-haag-2016-H2.pdf"]!;
    expect(fileHash(own)).toBe(fileHash(await file("pdf")));
    expect(await json<object>(`/issued/${fileHash(own)}`)).toMatchObject({ unit_id: "den-haag" });
  });
});

describe("GET /api/v1/issued/:file", () => {
  it("knows a report of a signed review by its bytes; not one of a draft, nor one that was changed", async () => {
    const draft = await file("pdf");
    expect(await askProblem(fixture, `/api/v1/issued/${fileHash(draft)}`)).toMatchObject({ status: 404 });
    const { hash } = await sign();
    for (const form of ["pdf", "xlsx"] as const) {
      const report = await file(form);
      expect(await json<object>(`/issued/${fileHash(report)}`)).toMatchObject({
        ...{ unit_id: "den-haag", half: "2016-H2", format: form, document_hash: hash, intact: true, current: true },
        ...{ signed_by: "lokaal", signed_at: "2017-02-10T09:00:00.000Z" },
      });
      const changed = Buffer.from(report);
      changed[changed.length >> 1]! ^= 1;
      await askProblem(fixture, `/api/v1/issued/${fileHash(changed)}`);
    }
    const signed = await file("pdf");
    await json(`${review}/reopen`, sent("POST", { reason: "Een fout." }));
    expect(await json<object>(`/issued/${fileHash(signed)}`)).toMatchObject({ intact: true, current: false });
  });
});

/** What the command says, and how it ends. */
function verify(name: string, env: Record<string, string>): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["pipelines/kvv.cjs", "review", "verify", name, "--json"],
      { env: { ...process.env, ...env } },
      (error, stdout) => resolve({ code: Number(error?.code ?? 0), out: stdout }),
    );
  });
}

describe("kvv review verify FILE", () => {
  it(
    "holds a file against the store, whether a server has it open or not, and fails when a byte is changed",
    { timeout: 60_000 },
    async () => {
      await sign();
      const report = await file("pdf");
      const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-verify-"));
      const [good, bad] = [path.join(folder, "goed.pdf"), path.join(folder, "fout.pdf")];
      writeFileSync(good, report);
      const changed = Buffer.from(report);
      changed[1000]! ^= 1;
      writeFileSync(bad, changed);
      const { hostname, port } = new URL(fixture.address);
      const env = { KVV_HOME: fixture.home, KVV_HOST: hostname, PORT: port };
      for (const open of [true, false]) {
        if (!open) await fixture.release();
        const found = await verify(good, env);
        expect(found.code, found.out).toBe(0);
        expect(JSON.parse(found.out)).toMatchObject({ issued: { unit_id: "den-haag", half: "2016-H2", intact: true } });
        const refused = await verify(bad, env);
        expect(refused.code).toBe(1);
        expect(JSON.parse(refused.out)).toMatchObject({
          issued: null,
          reason: expect.stringContaining("changed") as string,
        });
      }
      expect((await verify(path.join(folder, "nergens.pdf"), env)).code).toBe(1);
    },
  );
});
