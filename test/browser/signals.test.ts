import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { reload, schemes, seriousFaults, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;
const titles = (page: Page) => page.locator("article h4").allInnerTexts();

describe("/signals", () => {
  it("has the newest signals of force and units first, each with its sentence, chart and link", async () => {
    const page = await open("/signals");
    await page.locator("article").first().waitFor();
    expect(await page.title()).toContain("Wat is anders dan gewoonlijk?");
    expect(await titles(page)).toEqual([
      "Instroom met een dubbele culturele achtergrond, uitvoering van de politietaak, Politie",
      "Klachten, Den Haag",
      "Vrouwen in de bezetting, Rotterdam",
      "Klachten, Politie",
    ]);
    const complaints = page.locator("article").nth(1);
    await complaints.getByText("Dat is hoger dan gewoonlijk").waitFor();
    const chart = complaints.getByRole("img");
    expect(await chart.getAttribute("aria-label")).toMatch(/^Grafiek: Klachten, Den Haag\. In december 2016/);
    expect(await chart.locator("circle").count()).toBe(1);
    expect(await chart.locator("path.band").getAttribute("d")).toMatch(/^M.*Z$/);
    await complaints.getByRole("link").click();
    await page.waitForURL(/\/indicator\/complaints\?.*unit=den-haag/);
    expect(page.url()).toMatch(/grain=month/);
    expect(page.url()).toMatch(/period=2016-12/);
  });

  it("says how many signals chance alone would give", async () => {
    const page = await open("/signals?level=team");
    await page.getByText(/begon er 1 signaal bij [\d.]+ bekeken cijfers.*door toeval alleen zouden het er/).waitFor();
  });

  it("keeps unit, figure, theme and level in the address, and offers what to follow", async () => {
    const page = await open("/signals");
    await page.getByLabel("Niveau").selectOption("all");
    await page.getByText("5 signalen").waitFor();
    await page.getByLabel("Thema").selectOption("composition");
    await page.getByText("2 signalen").waitFor();
    expect(page.url()).toMatch(/level=all.*focus=composition/);
    await page.getByLabel("Thema").selectOption("");
    await page.getByLabel("Eenheid").selectOption("den-haag");
    await page.getByText("1 signaal", { exact: true }).waitFor();
    const follow = page.getByRole("link", { name: "Volg deze signalen" });
    const href = (await follow.getAttribute("href"))!;
    expect(href).toContain("unit=den-haag");
    const answer = await page.request.get(new URL(href, page.url()).href);
    expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, "application/atom+xml; charset=utf-8"]);
    await page.goBack();
    await page.getByText("5 signalen").waitFor();
    await reload(page);
    await page.getByText("5 signalen").waitFor();
  });

  it("says that there are none, and what to do next", async () => {
    const page = await open("/signals?unit=amsterdam");
    await page.getByText("Geen signalen").waitFor();
    await page.getByRole("link", { name: "Toon alle signalen" }).click();
    await page.getByText("4 signalen").waitFor();
  });

  it("says what went wrong, and asks again", async () => {
    const page = await open("/signals?unit=atlantis");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("atlantis");
    reader.complaints.splice(0);
  });

  it("has the incidents of the last seven days of each unit", async () => {
    const page = await open("/signals");
    const section = page.getByRole("region", { name: "Discriminatie-incidenten, laatste 7 dagen" });
    await section.waitFor();
    const rows = await section.getByRole("listitem").allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, " "))).toEqual(["Politie 9", "Amsterdam 0*", "Den Haag 3", "Rotterdam 6"]); // prettier-ignore
    await section.getByText("van 25 januari 2017 tot en met 31 januari 2017").waitFor();
  });

  it.each(schemes)("has no serious fault of accessibility in the %s theme", async (theme) => {
    const page = await open(`/signals?level=all&theme=${theme}`);
    await page.locator("article").first().waitFor();
    await page.getByRole("heading", { name: /laatste 7 dagen/ }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("fits a narrow screen, in English too", async () => {
    const page = await open("/signals?level=all&lang=en", { viewport: { width: 360, height: 740 } });
    await page.locator("article").first().waitFor();
    await page.getByText("5 signals").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.getByRole("article").filter({ hasText: "higher than usual" }).first().waitFor();
  });
});
