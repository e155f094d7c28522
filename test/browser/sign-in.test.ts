import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { faults, schemes, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;
const menu = (page: Page) => page.getByRole("navigation").getByRole("link").allInnerTexts();
const header = (page: Page) => page.getByRole("link", { name: /^U kijkt als: / });
/** A page without anybody's cookie. */
const openAs = (address: string, name: string, role: string, ...units: string[]) =>
  reader.fixture.cookieOf({ name, roles: [role], units }).then((cookie) => open(address, { cookie }));
/** What was refused on purpose is in the browser's log too. */
const refused = () => expect(reader.complaints.splice(0)).toEqual([expect.stringContaining("403")]);

describe("a page with demo data and nobody signed in", () => {
  it("is shown to Control, says so, and lets the reader be somebody else", async () => {
    const page = await open("/unit/den-haag?grain=year", { cookie: "kvv_session=" });
    await header(page).getByText("U kijkt als: Control").waitFor();
    expect(await menu(page)).toContain("Gegevens");
    await header(page).click();
    await page.getByRole("heading", { level: 1, name: "Als wie wilt u kijken?" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByText("Leiding van een eenheid").click();
    await page.getByRole("group", { name: "Rol" }).getByText("Rotterdam").first().click();
    await page.getByRole("button", { name: "Verder" }).click();
    await page.locator("#app[data-alive] h1").waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/unit/den-haag?grain=year");
    expect(await header(page).innerText()).toBe("U kijkt als: Leiding Rotterdam");
    expect(await menu(page)).not.toContain("Gegevens");
    expect(await menu(page)).not.toContain("Logboek");
  });

  it("is chosen by keyboard, in English and without script", async () => {
    const page = await open("/sign-in?lang=en", { cookie: "kvv_session=", javaScriptEnabled: false });
    await page.getByRole("radio", { name: "HRM" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Go on" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "U kijkt als: HRM" }).waitFor();
  });
});

describe("a page that is for others", () => {
  it("is refused in words, with the way on", async () => {
    const page = await openAs("/", "chief", "leadership", "rotterdam");
    const answer = await page.goto(new URL("/data", page.url()).href);
    expect(answer!.status()).toBe(403);
    await page.getByRole("heading", { level: 1, name: "Deze pagina hoort niet bij uw rol" }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole("link", { name: "Naar het overzicht" }).click();
    await page.locator("#app[data-alive] h1").waitFor();
    refused();
  });

  it("is not drawn either", async () => {
    const cookie = await reader.fixture.cookieOf({ name: "chief", roles: ["leadership"], units: ["rotterdam"] });
    const drawing = (of: string) =>
      fetch(`${reader.fixture.address}/drawings/x?${new URLSearchParams({ page: of, width: "400" }).toString()}`, {
        headers: { cookie },
      });
    expect((await drawing("/data")).status).toBe(403);
    expect((await drawing("/unit/rotterdam")).status).toBe(204);
  });

  it("is left out of the search and of links on pages", async () => {
    const page = await openAs("/indicator/intake-dual?unit=rotterdam", "chief", "leadership", "rotterdam");
    expect(await page.locator('a[href^="/data"]').count()).toBe(0);
  });
});

describe("leadership of a unit", () => {
  it("chooses among the units, and among what is below its own", async () => {
    const page = await openAs("/unit/rotterdam", "chief", "leadership", "rotterdam");
    const units = await page.getByLabel("Eenheid", { exact: true }).locator("option").allInnerTexts();
    expect(units).toEqual(expect.arrayContaining(["Rotterdam", "Den Haag", "Amsterdam"]));
    await page.goto(new URL("/unit/den-haag", page.url()).href);
    await page.locator("#app[data-alive] h1").waitFor();
    expect(await page.locator("option", { hasText: "Den Haag-Centrum" }).count()).toBe(0);
  });

  it("writes and signs its own review, and Control only reads it", async () => {
    const chief = await openAs("/review/rotterdam/2016-H2", "chief", "leadership", "rotterdam");
    await chief.getByRole("button", { name: "Indienen" }).waitFor();
    await chief.context().close();
    const control = await openAs("/review/rotterdam/2016-H2", "control", "control");
    await control.getByText("Nog te doen", { exact: false }).first().waitFor();
    expect(await control.getByRole("button", { name: "Indienen" }).count()).toBe(0);
    expect(await control.locator("textarea").count()).toBe(0);
  });
});

describe("/audit", () => {
  it("shows an administrator who did what, by person, deed and day, and no figures", async () => {
    await openAs("/unit/rotterdam", "chief", "leadership", "rotterdam").then((page) => page.context().close());
    const page = await openAs("/audit", "beheer", "admin");
    expect(await menu(page)).toEqual(["Logboek"]);
    await page
      .getByRole("row", { name: /chief keek \/unit/ })
      .first()
      .waitFor();
    await page.getByLabel("Wie", { exact: true }).selectOption("chief");
    await page.waitForURL(/user=chief/);
    await expect.poll(() => page.locator("tbody tr td:nth-child(2)").allInnerTexts()).not.toContain("beheer");
    await page.getByLabel("Wat", { exact: true }).selectOption("exported");
    await page.getByText("Geen regels bij deze keuzes").waitFor();
    await page.getByLabel("Wat", { exact: true }).selectOption("");
    await page
      .getByRole("row", { name: /chief keek/ })
      .first()
      .waitFor();
    await page.getByLabel("Vanaf").fill("2999-01-01");
    await page.getByText("Geen regels bij deze keuzes").waitFor();
  });

  it.each(schemes)("has no fault of accessibility in the %s, nor on a telephone", async (colorScheme) => {
    const cookie = await reader.fixture.cookieOf({ name: "beheer", roles: ["admin"], units: [] });
    const page = await open("/audit", { cookie, colorScheme, viewport: { width: 360, height: 800 } });
    await page.locator("tbody tr").first().waitFor();
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});
