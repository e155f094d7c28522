import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { reload, schemes, seriousFaults, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;

const overall = (page: Page) => page.getByRole("textbox", { name: "Toelichting op het geheel" });
const saved = (page: Page, version: number) =>
  page
    .getByText(new RegExp(`Opgeslagen om .*, versie ${version}`))
    .first()
    .waitFor();

async function write(page: Page, text: string): Promise<void> {
  await overall(page).fill(text);
  await overall(page).blur();
}

/** Writes what is asked of each target that was missed. */
async function explain(page: Page): Promise<void> {
  const needs = await page.locator('.state a[href^="#cijfer-"]').all();
  const ids = await Promise.all(needs.map((each) => each.getAttribute("href")));
  for (const id of ids) {
    await page.locator(`${id} textarea`).fill("Er kwamen minder mensen dan gedacht.");
    await page.locator(`${id} textarea`).blur();
    await page
      .locator(id!)
      .getByText(/Opgeslagen om/)
      .waitFor();
  }
}

/** Writes a plan for each target figure that asks for one. */
async function planAll(page: Page): Promise<void> {
  for (let left = await page.getByRole("link", { name: /^plan voor/ }).count(); left > 0; left--) {
    await page.getByRole("button", { name: "Plan toevoegen" }).click();
    await page.getByLabel("Wat gaat er gebeuren?").fill("Werven op andere scholen.");
    await page.getByLabel("Verantwoordelijke functie").fill("hoofd HRM");
    await page.getByRole("button", { name: "Opslaan" }).click();
    await page.getByLabel("Wat gaat er gebeuren?").waitFor({ state: "detached" });
  }
}

describe("/review", () => {
  it("says how far each unit is, and leads to its review and back", async () => {
    const page = await open("/review");
    await page.getByText("0 van 4 getekend, 0 ingediend.").waitFor();
    expect(await page.getByLabel("Halfjaar").inputValue()).toBe("2016-H2");
    await page.getByRole("link", { name: "Rotterdam" }).click();
    await page.getByRole("heading", { level: 1, name: "Voortgang Rotterdam" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/review/rotterdam/2016-H2");
    await page.getByRole("link", { name: "Alle eenheden" }).click();
    await page.getByText("0 van 4 getekend").waitFor();
    expect(page.url()).toContain("half=2016-H2");
  });

  it("lets Control release the figures, and says why not where a note is needed", async () => {
    const page = await open("/review?half=2017-H1");
    await page.getByText("Voorlopig, nog niet vrijgegeven.").waitFor();
    await page.getByRole("button", { name: "Cijfers vrijgeven" }).click();
    await page.getByRole("button", { name: "Vrijgeven", exact: true }).click();
    await page.getByRole("alert").getByText("complaints").waitFor();
    await page.getByLabel("Opmerking voor de lezers").fill("Juni ontbreekt nog.");
    await page.getByLabel("Ook vrijgeven als een bron niet volledig is").check();
    await page.getByRole("button", { name: "Vrijgeven", exact: true }).click();
    await page.getByText(/Cijfers vrijgegeven op/).waitFor();
    await page.getByText("Juni ontbreekt nog.").waitFor();
    expect(reader.complaints.splice(0)).toEqual([expect.stringContaining("422")]);
  });
});

describe("/review/:unit/:half", () => {
  it("saves what is written by itself, and has it after a reload", async () => {
    const page = await open("/review/amsterdam/2016-H2");
    await overall(page).fill("Er is veel gedaan.");
    await saved(page, 1);
    await reload(page);
    await overall(page).waitFor();
    expect(await overall(page).inputValue()).toBe("Er is veel gedaan.");
    const id = await page.locator("article h3 a").first().getAttribute("href");
    expect(id).toContain("/indicator/");
  });

  it("shows the text of who saved meanwhile, and loses neither", async () => {
    const page = await open("/review/amsterdam/2016-H1");
    await write(page, "Eerste tekst.");
    await saved(page, 1);
    const body = { texts: [{ indicator_id: null, text: "Van een ander.", version: 1 }] };
    const put = (version: number, text: string) =>
      page.request.put(`${reader.fixture.address}/api/v1/reviews/amsterdam/2016-H1`, {
        data: { texts: [{ ...body.texts[0], version, text }] },
      });
    expect((await put(1, "Van een ander.")).status()).toBe(200);
    await write(page, "Eerste tekst, bijgewerkt.");
    await page.getByText("Intussen heeft lokaal deze tekst opgeslagen.").waitFor();
    await page.getByRole("group").getByText("Van een ander.").waitFor();
    expect(await overall(page).inputValue()).toBe("Eerste tekst, bijgewerkt.");
    await page.getByRole("button", { name: "Mijn tekst opslaan" }).click();
    await saved(page, 3);
    await page.getByRole("button", { name: "Eerdere versies" }).click();
    await page.getByText("Van een ander.").waitFor();
    expect((await put(3, "Nog een ander.")).status()).toBe(200);
    await write(page, "En weer.");
    await page.getByRole("button", { name: "Die tekst overnemen" }).click();
    expect(await overall(page).inputValue()).toBe("Nog een ander.");
    expect(reader.complaints.splice(0).every((each) => each.includes("409"))).toBe(true);
  });

  it("shows Markdown without anything that could run", async () => {
    const page = await open("/review/rotterdam/2016-H1");
    await page.request.post(`${reader.fixture.address}/api/v1/releases/2016-H1`, { data: { note: "Klaar." } });
    await reload(page);
    await write(
      page,
      "**Vet** <img src=x onerror=alert(1)> [hier](javascript:alert(1)) ![p](https://example.org/p.png)",
    );
    await saved(page, 1);
    await explain(page);
    await planAll(page);
    await page.getByRole("button", { name: "Indienen" }).click();
    await page.locator("#toelichting strong").getByText("Vet").waitFor();
    expect(await page.locator("#toelichting img").count()).toBe(0);
    const links = await page.locator("#toelichting a").all();
    expect(await Promise.all(links.map((each) => each.getAttribute("href")))).toEqual(["https://example.org/p.png"]);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("is submitted, signed, and reopened with a reason; an agreement comes back in the next", async () => {
    const page = await open("/review/den-haag/2016-H2");
    await page.getByText("cijfers vrijgeven").waitFor();
    expect(await page.getByRole("button", { name: "Indienen" }).isDisabled()).toBe(true);
    await page.request.post(`${reader.fixture.address}/api/v1/releases/2016-H2`, { data: { note: "Klaar." } });
    await reload(page);
    await write(page, "Het gaat de goede kant op.");
    await saved(page, 1);
    await explain(page);
    await page.getByRole("button", { name: "Afspraak toevoegen" }).click();
    await page.getByLabel("Afspraak", { exact: true }).fill("Gesprek met de teamchefs over klachten.");
    await page.getByLabel("Verantwoordelijke functie").fill("sectorhoofd");
    await page.getByLabel("Uiterlijk").fill("2017-04-01");
    await page.getByRole("button", { name: "Opslaan" }).click();
    await page.getByText("sectorhoofd; uiterlijk 1 april 2017; loopt").waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByText("Alles is er. De voortgang kan worden ingediend.").waitFor();
    await page.getByRole("button", { name: "Indienen" }).click();
    await overall(page).waitFor({ state: "detached" });
    const hash = await page.locator("code").innerText();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await page.getByRole("button", { name: "Tekenen" }).click();
    await page.locator(".state").getByText("getekend", { exact: true }).waitFor();
    expect(await page.locator("code").innerText()).toBe(hash);
    await page.getByRole("button", { name: "Heropenen" }).click();
    await page.getByLabel("Waarom wordt de voortgang heropend?").fill("Een cijfer vraagt uitleg.");
    await page.getByRole("button", { name: "Heropenen" }).click();
    await overall(page).waitFor();
    await page.locator(".state").getByText("Een cijfer vraagt uitleg.").waitFor();
    await page.goto(`${reader.fixture.address}/review/den-haag/2017-H1`);
    await page.getByText(/loopt; uit tweede helft van 2016; had er moeten zijn op 1 april 2017/).waitFor();
  });

  it("says so where there is no such review, and where to go", async () => {
    const page = await open("/review/atlantis/2016-H2");
    await page.getByText("Over dit halfjaar zijn geen cijfers van deze eenheid").waitFor();
    await page.getByRole("main").getByRole("link", { name: "Alle eenheden" }).last().click();
    await page
      .getByText(/getekend/)
      .first()
      .waitFor();
    reader.complaints.splice(0);
  });

  it.each(schemes)("has no serious fault of accessibility, %s, at 360 px", async (colorScheme) => {
    const page = await open("/review/amsterdam/2015-H2", { colorScheme, viewport: { width: 360, height: 800 } });
    await overall(page).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });

  it("speaks English where that is chosen", async () => {
    const page = await open("/review/amsterdam/2015-H1?lang=en");
    await page.getByRole("heading", { level: 1, name: "Progress of Amsterdam" }).waitFor();
    await page.getByText("Provisional, not released yet.").waitFor();
  });
});
