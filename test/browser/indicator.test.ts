import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chosenAtOnce, drawnCharts, reload, schemes, seriousFaults, settled, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;

/** The periods that the address holds. */
const range = (page: Page) => {
  const { searchParams } = new URL(page.url());
  return [searchParams.get("from"), searchParams.get("to")];
};
/** The paths of the large chart's line: they change when what it shows does. */
const lineOf = (page: Page) => page.locator("figure g.value_marks path").first().getAttribute("d");
const strip = (page: Page) => page.getByRole("group", { name: "Welke perioden de grafiek toont" });
const handles = (page: Page) => ({
  first: strip(page).getByRole("slider", { name: "Eerste periode" }),
  last: strip(page).getByRole("slider", { name: "Laatste periode" }),
});
const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("the range on /indicator/:id", () => {
  it("is chosen with the arrow keys: sentence, chart, table and downloads follow, and the address holds it", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&period=2016-H2");
    await drawnCharts(page);
    const before = await lineOf(page);
    const { first, last } = handles(page);
    expect(await first.getAttribute("aria-valuetext")).toBe("eerste helft van 2013");
    expect(await last.getAttribute("aria-valuetext")).toBe("eerste helft van 2017");
    await last.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowLeft");
    await first.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => range(page)).toEqual(["2013-H2", "2015-H2"]);
    expect(await first.getAttribute("aria-valuetext")).toBe("tweede helft van 2013");
    expect(await last.getAttribute("aria-valuetext")).toBe("tweede helft van 2015");
    await page.getByText("5 van de 9 perioden, 2013-II tot en met 2015-II.").waitFor();
    expect(await page.locator(".sentence").first().innerText()).toContain("tweede helft van 2015");
    await expect.poll(() => lineOf(page)).not.toBe(before);

    const table = page.getByRole("region", { name: /^Klachten, Den Haag, per half jaar, 2013-II tot en met 2015-II$/ });
    await table.waitFor();
    const periods = await table.locator("tbody th").allInnerTexts();
    expect(periods).toEqual(["2015-II", "2015-I", "2014-II", "2014-I", "2013-II"]);
    const href = await page.getByRole("link", { name: "JSON", exact: true }).getAttribute("href");
    const rows = (await (await page.request.get(reader.fixture.address + href!)).json()) as { period_start: string }[];
    expect(rows.map((row) => row.period_start)).toEqual([
      "2013-07-01",
      "2014-01-01",
      "2014-07-01",
      "2015-01-01",
      "2015-07-01",
    ]);

    // A handle stops at the other, and goes no further than the strip.
    await page.keyboard.press("End");
    await expect.poll(() => range(page)).toEqual(["2015-H2", "2015-H2"]);
    await page.keyboard.press("Home");
    await expect.poll(() => range(page)).toEqual([null, "2015-H2"]);
    await reload(page);
    await page.getByText("6 van de 9 perioden, 2013-I tot en met 2015-II.").waitFor();
    await page.getByRole("link", { name: "Toon alle perioden" }).click();
    await page.getByText("Alle 9 perioden, 2013-I tot en met 2017-I.").waitFor();
    expect(range(page)).toEqual([null, null]);
  });

  it("is drawn over the strip, moved as a whole, and taken back with the browser's own button", async () => {
    const page = await open("/indicator/complaints?unit=den-haag");
    await strip(page).scrollIntoViewIfNeeded();
    const box = (await strip(page).locator(".strip").boundingBox())!;
    const at = (share: number) => [box.x + share * box.width, box.y + box.height / 2] as const;
    const drag = async (from: number, to: number) => {
      await page.mouse.move(...at(from));
      await page.mouse.down();
      await page.mouse.move(...at((from + to) / 2));
      await page.mouse.move(...at(to));
      await page.mouse.up();
    };
    // Of nine periods from within the third to within the fifth.
    await drag(2.5 / 9, 4.5 / 9);
    await expect.poll(() => range(page)).toEqual(["2014-H1", "2015-H1"]);
    // From within it two periods further.
    await drag(3.5 / 9, 5.5 / 9);
    await expect.poll(() => range(page)).toEqual(["2015-H1", "2016-H1"]);
    // A press is no drag.
    await page.mouse.click(...at(0.95));
    expect(range(page)).toEqual(["2015-H1", "2016-H1"]);
    await page.goBack();
    await page.getByText("3 van de 9 perioden, 2014-I tot en met 2015-I.").waitFor();
  });

  it("is chosen by touch", async () => {
    const page = await open("/indicator/complaints?unit=den-haag", { viewport: { width: 360, height: 740 }, hasTouch: true }); // prettier-ignore
    await strip(page).scrollIntoViewIfNeeded();
    const box = (await strip(page).locator(".strip").boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", share?: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: share === undefined ? [] : [{ x: box.x + share * box.width, y: box.y + box.height / 2 }],
      });
    await touch("touchStart", 2.5 / 9);
    await touch("touchMove", 3.5 / 9);
    await touch("touchMove", 4.5 / 9);
    await touch("touchEnd");
    await expect.poll(() => range(page)).toEqual(["2014-H1", "2015-H1"]);
  });

  it("holds at another grain too, and small charts follow", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&from=2014-H1&to=2015-H2");
    await page.getByLabel("Per", { exact: true }).selectOption("year");
    await page.getByText("2 van de 8 perioden, 2014 tot en met 2015.").waitFor();
    const small = page.locator(".multiples").getByRole("slider").first();
    await expect.poll(() => small.getAttribute("aria-valuemax")).toBe("2");
  });

  it("is the whole where there are no scripts, and what the address says", async () => {
    const page = await open("/indicator/complaints?unit=den-haag", { javaScriptEnabled: false });
    expect(await page.getByText("Alle 9 perioden, 2013-I tot en met 2017-I.").isVisible()).toBe(true);
    expect(await page.getByText("Sleep over de strook").isVisible()).toBe(false);
    expect(await page.locator(".strip").isVisible()).toBe(false);
    const part = page.getByText("3 van de 9 perioden, 2016-I tot en met 2017-I.");
    // A page that takes the server longer than readers wait comes empty at first.
    const isThere = async () => {
      await page.goto(`${reader.fixture.address}/indicator/complaints?unit=den-haag&from=2016-H1`);
      return part.isVisible();
    };
    await expect.poll(isThere, { timeout: 20_000 }).toBe(true);
    expect(await page.getByRole("link", { name: "Toon alle perioden" }).isVisible()).toBe(true);
  });
});

describe("small charts on /indicator/:id", () => {
  it("are of the units that the reader chooses, or of none, in the address too", async () => {
    const page = await open("/indicator/complaints?unit=politie");
    const names = () => page.locator(".multiples h3 a").allInnerTexts();
    await expect.poll(names).toEqual(["Den Haag", "Amsterdam", "Rotterdam"]);
    await page.getByLabel("Kleine grafieken van").selectOption("none");
    await expect.poll(names).toEqual([]);
    expect(page.url()).toContain("small=none");
    await page.getByLabel("Kleine grafieken van").selectOption("beside");
    await expect.poll(async () => (await names()).length).toBe(3);
    expect(page.url()).not.toContain("small=");
  });

  it("are of the values of a breakdown, with the flags of events and readable by the arrow keys", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&by=aspect&small=none");
    await page.getByRole("heading", { level: 2, name: /^Naar / }).waitFor();
    await page.locator(".multiples").scrollIntoViewIfNeeded();
    expect(await drawnCharts(page)).toBe(3);
    const first = page.locator(".multiples article").first();
    await expect
      .poll(async () => (await first.locator("svg.marks text").allTextContents()).filter((each) => /^[A-D]/.test(each)).join(" "))
      .toMatch(/^A/); // prettier-ignore
    const reading = first.getByRole("slider");
    await reading.focus();
    await page.keyboard.press("Home");
    expect(await reading.getAttribute("aria-valuetext")).toMatch(/^Eerste helft van 2013\. \d+/);
    expect(await reading.locator(".ring").count()).toBe(1);
  });

  it("have their program fetched when the reader comes near a choice, and not before", async () => {
    const page = await open("/indicator/staffing-women?unit=politie", { viewport: { width: 1400, height: 500 } });
    const fetched = () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").filter(({ name }) => name.includes("UnitMultiples")),
      );
    await settled(page);
    expect(await fetched()).toEqual([]);
    await page.getByLabel("Eenheid", { exact: true }).hover();
    await expect.poll(fetched).not.toEqual([]);
  });

  it("give an event that is one unit's own its letter in that unit's chart only", async () => {
    const page = await open("/indicator/staffing-women?unit=politie");
    await page.locator(`[data-later="around"]`).scrollIntoViewIfNeeded();
    await drawnCharts(page);
    const list = page.getByRole("region", { name: "Gebeurtenissen" });
    const own = await list.getByRole("listitem").filter({ hasText: "Dialoogsessies" }).innerText();
    const letter = own.trim()[0]!;
    expect(own).toContain("Eenheid: Rotterdam");
    const letters = async (name: string) =>
      (await page.locator(".multiples article", { has: page.getByRole("heading", { name }) }).locator("svg text").allTextContents()).join(" "); // prettier-ignore
    await expect.poll(() => letters("Rotterdam")).toContain(letter);
    expect(await letters("Amsterdam")).not.toContain(letter);
  });
});

describe("control limits on /indicator/:id", () => {
  it("come on request: a band, words, and a column of the table; a press again takes them away", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&grain=month&lang=en");
    const choice = page.getByRole("button", { name: "Show what is usual" });
    expect(await choice.getAttribute("aria-pressed")).toBe("false");
    expect(await page.locator(".usual_marks").count()).toBe(0);
    await choice.click();
    expect(page.url()).toContain("limits=on");
    expect(await choice.getAttribute("aria-pressed")).toBe("true");
    const note = page.getByRole("note", { name: "What is usual" });
    await note.waitFor();
    expect(await note.innerText()).toMatch(
      /January 2017: this figure of Den Haag is usually \d+ to \d+\..*\s+Of the 49 months with a figure none stands out/,
    );
    expect(await note.innerText()).toContain("It is no target and no norm");
    await page.locator("figure .usual_marks").first().waitFor();
    const table = page.getByRole("region", { name: /^Complaints, Den Haag, per month/ });
    await expect.poll(() => table.locator("thead").innerText()).toContain("Usually");
    const href = await note.getByRole("link", { name: "Limits as CSV" }).getAttribute("href");
    const csv = await (await page.request.get(reader.fixture.address + href!)).text();
    expect(csv).toMatch(/indicator_id.*centre.*lower.*upper/);
    await choice.click();
    await note.waitFor({ state: "detached" });
    expect(page.url()).not.toContain("limits");
  });

  it("are said not to be there for half-years, with the way to where they are", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&limits=on");
    const note = page.getByRole("note", { name: "Wat gewoonlijk is" });
    await note.waitFor();
    expect(await note.innerText()).toContain("Van langere perioden zijn er te weinig");
    expect(await page.locator(".usual_marks").count()).toBe(0);
    await note.getByRole("link", { name: "Toon per kwartaal" }).click();
    await page.getByText("Van de 17 kwartalen met een cijfer valt er geen op").waitFor();
  });

  it("are said not to be there where an indicator has no such periods", async () => {
    const page = await open("/indicator/top61?limits=on");
    await page.getByText("Dit cijfer is er alleen voor langere perioden").waitFor();
  });
});

describe("the indicator page with a range, small charts and limits", () => {
  const address = "/indicator/complaints?unit=den-haag&grain=quarter&from=2014-Q1&to=2016-Q4&limits=on&by=aspect";
  it.each(schemes)("has no serious fault of accessibility in the %s", async (scheme) => {
    const page = await open(address, { colorScheme: scheme });
    await settled(page);
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("fits 360 px without scrolling sideways, in English too", async () => {
    const page = await open(`${address}&lang=en`, { viewport: { width: 360, height: 740 } });
    await settled(page);
    expect(await fits(page)).toBeLessThanOrEqual(0);
    expect(await seriousFaults(page)).toEqual([]);
  });
});

describe("a choice on /indicator/:id", () => {
  it("shows at once what was fetched when the reader came near: another unit, and the parts by a breakdown", async () => {
    const page = await open("/indicator/complaints?unit=den-haag");
    await drawnCharts(page);
    expect(await chosenAtOnce(page, "Eenheid", "rotterdam", "figure h2")).toContain("Rotterdam");
    await chosenAtOnce(page, "Uitgesplitst naar", "aspect", "figure h2");
    await page.getByRole("heading", { level: 2, name: /^Naar aspect/i }).waitFor();
  });
});
