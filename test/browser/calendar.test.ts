import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { crossed } from "../support/long.ts";
import { faults, reload, useReader } from "../support/pages.ts";

// The half-year's progress is open until the 25th.
let clock = "2017-02-10T09:00:00Z";
const reader = useReader({ now: () => new Date(clock) });
const { open } = reader;

const month = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const entry = (page: Page, name: string, title: string) =>
  month(page, name)
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { level: 3, name: title }) });

describe("/calendar", () => {
  it("has by month what is due, for whom, and where to find it", async () => {
    const page = await open("/calendar");
    expect(await page.title()).toContain("Kalender");
    const months = await page.getByRole("heading", { level: 2 }).allInnerTexts();
    expect(months.slice(0, 2)).toEqual(["Februari 2017", "April 2017"]);
    expect(months.at(-1)).toBe("Laatste twee maanden");
    const progress = entry(page, "Februari 2017", "Voortgang indienen en tekenen");
    await progress.getByText("Nu bezig. Sinds 1 januari 2017, uiterlijk 25 februari 2017.").waitFor();
    await progress.getByText("0 van 4 getekend").waitFor();
    await progress.getByText("tweede helft van 2016").waitFor();
    const names = await progress.getByRole("list", { name: "Voor wie" }).getByRole("listitem").allInnerTexts();
    expect(names).toEqual(["Politie", "Amsterdam", "Den Haag", "Rotterdam"]);
    await progress.getByRole("link", { name: "Den Haag" }).click();
    await page.getByRole("heading", { level: 1, name: "Voortgang Den Haag" }).waitFor();
  });

  it("leads to no page that is not there yet, and says what is of everyone", async () => {
    const page = await open("/calendar");
    const later = entry(page, "Augustus 2017", "Voortgang indienen en tekenen");
    await later.getByText("Begint op 1 juli 2017, uiterlijk 25 augustus 2017.").waitFor();
    expect(await later.getByRole("link").count()).toBe(0);
    await entry(page, "April 2017", "Overleg van alle chefs").getByText("Het hele korps samen").waitFor();
    const before = page.getByRole("region", { name: "Laatste twee maanden" });
    await before.getByText("Medewerkersmonitor afnemen").waitFor();
    await before.getByText("Liep van 1 oktober 2016 tot en met 31 december 2016.").waitFor();
  });

  it("keeps unit and kind in the address, and what is followed goes along with them", async () => {
    const page = await open("/calendar");
    await page.getByLabel("Eenheid").selectOption("rotterdam");
    await page.getByLabel("Soort").selectOption("audit");
    await page.getByText("Nu bezig: 0. Komt het komende jaar: 1.").waitFor();
    expect(page.url()).toMatch(/\/calendar\?unit=rotterdam&kind=audit$/);
    expect(await page.getByRole("heading", { level: 3 }).allInnerTexts()).toEqual([
      expect.stringContaining("Audit van de eenheid"),
    ]);
    for (const [name, type] of [
      ["Zet in uw agenda", "text/calendar; charset=utf-8"],
      ["Volg deze kalender", "application/atom+xml; charset=utf-8"],
    ] as const) {
      const href = (await page.getByRole("link", { name }).getAttribute("href"))!;
      expect(href).toMatch(/unit=rotterdam&kind=audit&locale=nl/);
      const answer = await page.request.get(new URL(href, page.url()).href);
      expect([answer.status(), answer.headers()["content-type"]]).toEqual([200, type]);
    }
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", { level: 2, name: "Augustus 2017" }).waitFor();
    await page.goForward();
    await page.goForward();
    await reload(page);
    expect(await page.getByLabel("Soort").inputValue()).toBe("audit");
  });

  it("names whose progress is not signed when its last day is over", async () => {
    clock = "2017-03-06T09:00:00Z";
    try {
      const page = await open("/calendar");
      const late = page.getByRole("region", { name: "Termijn voorbij, nog niet getekend" });
      await late.getByText("Voortgang over de tweede helft van 2016, uiterlijk 25 februari 2017:").waitFor();
      expect(await late.getByRole("listitem").allInnerTexts()).toEqual([
        "Politie",
        "Amsterdam",
        "Den Haag",
        "Rotterdam",
      ]);
      const api = `${reader.fixture.address}/api/v1`;
      await page.request.post(`${api}/releases/2016-H2`, { data: { note: "Volledig." } });
      const review = `${api}/reviews/amsterdam/2016-H2`;
      const { missing } = (await (await page.request.get(review)).json()) as { missing: { indicator_id: string }[] };
      const texts = missing.map(({ indicator_id }) => ({ indicator_id, text: "Toegelicht.", version: 0 }));
      await page.request.put(review, { data: { texts } });
      for (const step of ["submit", "sign"]) await page.request.post(`${review}/${step}`, { data: {} });
      await reload(page);
      await page.getByText("1 van 4 getekend").waitFor();
      expect(await late.getByRole("listitem").allInnerTexts()).toEqual(["Politie", "Den Haag", "Rotterdam"]);
      await page.getByText("getekend", { exact: true }).waitFor();
    } finally {
      clock = "2017-02-10T09:00:00Z";
    }
  });

  it("says that there is nothing, and what to do next", async () => {
    const page = await open("/calendar?unit=den-haag&kind=target");
    await page.getByText("Er staat niets in de kalender").waitFor();
    await page.getByRole("link", { name: "Toon de hele kalender" }).click();
    await page.getByRole("heading", { level: 2, name: "Februari 2017" }).waitFor();
  });

  it("says what went wrong, and asks again", async () => {
    const page = await open("/calendar?unit=atlantis");
    expect(await page.getByRole("alert").innerText()).toContain("atlantis");
    reader.complaints.splice(0);
  });

  it("is found by searching, and from the progress", async () => {
    const page = await open("/review");
    await page.getByRole("link", { name: "Kalender" }).click();
    await page.getByRole("heading", { level: 1, name: "Kalender" }).waitFor();
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: /^Zoek een/ }).fill("kalen");
    await page.getByRole("option", { name: /Kalender/ }).waitFor();
  });

  it.each(crossed(["light", "dark"] as const, [1280, 360]))(
    "has no fault of accessibility and fits: %s, %i px",
    async (colorScheme, width) => {
      clock = "2017-03-06T09:00:00Z";
      try {
        const page = await open("/calendar", { colorScheme, viewport: { width, height: 800 } });
        await page.getByRole("region", { name: "Termijn voorbij, nog niet getekend" }).waitFor();
        expect(await faults(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      } finally {
        clock = "2017-02-10T09:00:00Z";
      }
    },
  );

  it("speaks English where that is chosen", async () => {
    const page = await open("/calendar?lang=en");
    await page.getByRole("heading", { level: 1, name: "Calendar" }).waitFor();
    await page.getByText("Under way. Since 1 January 2017, due 25 February 2017.").waitFor();
  });
});
