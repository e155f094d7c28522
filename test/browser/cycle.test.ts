import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { extractText, getDocumentProxy } from "unpdf";
import type { Page } from "playwright-core";
import { useReader, visit } from "../support/pages.ts";
import { makeSnapshot } from "../support/snapshot.ts";

let clock = "2017-02-10T09:00:00Z";
const reader = useReader({ now: () => new Date(clock) });
const folder = mkdtempSync(path.join(os.tmpdir(), "kvv-cycle-"));

async function release(page: Page, half: string, note: string): Promise<void> {
  await visit(page, `${reader.fixture.address}/review?half=${half}`);
  await page.getByRole("button", { name: "Cijfers vrijgeven" }).click();
  await page.getByLabel("Opmerking voor de lezers").fill(note);
  await page.getByLabel("Ook vrijgeven als een bron niet volledig is").check();
  await page.getByRole("button", { name: "Vrijgeven", exact: true }).click();
  await page.getByText(/Cijfers vrijgegeven op/).waitFor();
}

/** Writes the overall comment, and one on each target that was missed. */
async function write(page: Page, text: string): Promise<void> {
  const overall = page.getByRole("textbox", { name: "Toelichting op het geheel" });
  await overall.fill(text);
  await overall.blur();
  await page
    .getByText(/Opgeslagen om .*, versie 1/)
    .first()
    .waitFor();
  // All of them first: what is written is named no more.
  const needs = await page.locator('.state a[href^="#cijfer-"]').all();
  for (const id of await Promise.all(needs.map((each) => each.getAttribute("href")))) {
    const figure = page.locator(id!);
    await figure.locator("textarea").fill("Er kwamen minder mensen dan gedacht.");
    await figure.locator("textarea").blur();
    await figure.getByText(/Opgeslagen om/).waitFor();
  }
}

async function sign(page: Page): Promise<string> {
  await page.getByText("Alles is er. De voortgang kan worden ingediend.").waitFor();
  await page.getByRole("button", { name: "Indienen" }).click();
  await page.getByRole("button", { name: "Tekenen" }).click();
  await page.locator(".state").getByText("getekend", { exact: true }).waitFor();
  const hash = await page.locator("code").innerText();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  return hash;
}

/** The PDF as a reader gets it, kept in a file. */
async function download(page: Page, name: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "PDF", exact: true }).click(),
  ]);
  const kept = path.join(folder, name);
  await file.saveAs(kept);
  return kept;
}

async function textOf(file: string): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(readFileSync(file))), { mergePages: true });
  return text.replace(/\s+/g, " ");
}

/** How `kvv review verify` ends, while the server is at work. */
function verify(file: string): Promise<{ code: number; said: string }> {
  const { hostname, port } = new URL(reader.fixture.address);
  const env = { ...process.env, KVV_HOME: reader.fixture.home, KVV_HOST: hostname, PORT: port };
  return new Promise((resolve) =>
    execFile(process.execPath, ["pipelines/kvv.cjs", "review", "verify", file], { env }, (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), said: stdout }),
    ),
  );
}

describe("the cycle of a unit over two half-years", () => {
  it(
    "writes, submits, signs; a figure is restated; the next takes up plan and agreement; a changed byte is seen",
    { timeout: 180_000 },
    async () => {
      clock = "2017-02-10T09:00:00Z";
      const page = await reader.open("/review");
      await release(page, "2016-H2", "Volledig.");
      await page.getByRole("link", { name: "Rotterdam" }).click();
      await page.getByRole("link", { name: /^plan voor / }).waitFor();
      await write(page, "Het gaat de goede kant op.");
      await page.getByRole("button", { name: "Plan toevoegen" }).click();
      await page.getByLabel("Wat gaat er gebeuren?").fill("Werven op **andere** scholen.");
      await page.getByLabel("Verantwoordelijke functie").fill("hoofd HRM");
      await page.getByLabel("Jaar waarin het doel wordt gehaald").fill("2018");
      await page.getByRole("button", { name: "Opslaan" }).click();
      await page.getByText("loopt; hoofd HRM; gehaald in 2018").waitFor();
      await page.getByRole("button", { name: "Afspraak toevoegen" }).click();
      await page.getByLabel("Afspraak", { exact: true }).fill("Gesprek met de teamchefs over klachten.");
      await page.getByLabel("Verantwoordelijke functie").fill("sectorhoofd");
      await page.getByLabel("Uiterlijk").fill("2017-04-01");
      await page.getByRole("button", { name: "Opslaan" }).click();
      await page.getByText("sectorhoofd; uiterlijk 1 april 2017; loopt").waitFor();
      const hash = await sign(page);
      const first = await download(page, "2016-H2.pdf");
      const told = await textOf(first);
      for (const words of [hash, "Het gaat de goede kant op.", "Gesprek met de teamchefs", "hoofd HRM", "getekend op"])
        expect(told).toContain(words);
      const figure = await page.locator("article .sentence").first().innerText();

      // A figure of the signed half-year becomes another.
      const restatement = `insert into restatements values ('complaints', 'rotterdam', 'half', '2016-07-01', '2016-12-31', null, null,
      100, 104, 100, 104, null, null, 14, '2017-03-03 06:00:00', [14])`;
      await makeSnapshot(reader.fixture.home, { name: "20170303T060000Z-0000bb", scale: 2, besides: [restatement] });
      await reader.fixture.snapshots.refresh();
      await visit(page, `${reader.fixture.address}/review/rotterdam/2016-H2`);
      await page.getByText("Herzien na het tekenen (staat niet in het getekende stuk)").waitFor();
      await page.getByText(/Klachten.*: 100 werd 104/).waitFor();
      expect(await page.locator("code").innerText()).toBe(hash);
      expect(await page.locator("article .sentence").first().innerText()).toBe(figure);

      clock = "2017-08-01T09:00:00Z";
      await release(page, "2017-H1", "Een klacht kwam later binnen; juni ontbreekt nog.");
      await visit(page, `${reader.fixture.address}/review/rotterdam/2017-H1`);
      await page.getByText(/uit tweede helft van 2016; had er moeten zijn op 1 april 2017/).waitFor();
      await page.getByText("loopt; hoofd HRM; gehaald in 2018; uit tweede helft van 2016").waitFor();
      await page.getByText("Herzien sinds de vorige voortgang").waitFor();
      await page.getByRole("button", { name: /Bijwerken.*Gesprek/ }).click();
      await page.getByRole("combobox", { name: "Stand" }).selectOption("done");
      await page.getByLabel("Wat is ervan gekomen?").fill("Gevoerd in april.");
      await page.getByRole("button", { name: "Opslaan" }).click();
      await page.getByText("Gevoerd in april.").waitFor();
      await write(page, "Het tweede halfjaar.");
      const next = await sign(page);
      expect(next).not.toBe(hash);
      const second = await download(page, "2017-H1.pdf");
      const later = await textOf(second);
      for (const words of [next, "Gevoerd in april.", "Herzien sinds de vorige voortgang", "hoofd HRM"])
        expect(later).toContain(words);

      // What was handed in is known by its bytes, also the first, which nothing of this changed.
      for (const file of [first, second]) expect(await verify(file)).toMatchObject({ code: 0 });
      const bytes = readFileSync(first);
      bytes[bytes.length >> 1]! ^= 1;
      const forged = path.join(folder, "veranderd.pdf");
      writeFileSync(forged, bytes);
      const { code, said } = await verify(forged);
      expect(code).toBe(1);
      expect(said).toContain("changed");
      await visit(page, `${reader.fixture.address}/review/rotterdam/2016-H2`);
      expect(await textOf(await download(page, "opnieuw.pdf"))).toContain(hash);
    },
  );
});
