import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { crossed } from "../support/long.ts";
import { chosenAtOnce, drawnCharts, faults, reload, settled, useReader, visit } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;
const sentence = (page: Page) => page.locator("figure .sentence").innerText();
const rows = (page: Page) => page.locator("section table tbody tr");

describe("/compare/:id", () => {
  it("says in a sentence what the chart shows, at the last half-year that is over", async () => {
    const page = await open("/compare/staffing-women");
    expect(await drawnCharts(page)).toBe(1);
    expect(await page.locator("h1").innerText()).toBe("Vrouwen in de bezetting: eenheden naast elkaar");
    expect(await page.locator("figure h2").innerText()).toBe("Eenheden, tweede helft van 2016");
    expect(await sentence(page)).toBe(
      "2 van de 3 eenheden liggen binnen de grenzen: hun verschil met het totaal (40,2%) kan op toeval berusten. Boven de grenzen: Den Haag.",
    );
    expect(await page.locator('[role="img"][data-drawn]').getAttribute("aria-label")).toContain(await sentence(page));
    const drawn = await page.locator("svg.marks").textContent();
    for (const words of ["grens 95%", "Politie", "Den Haag", "Collega's"]) expect(drawn).toContain(words);
    expect(drawn).not.toContain("Amsterdam");
    expect(await page.title()).toContain("Vrouwen in de bezetting");
  });

  it("has the figures, numbers, limits and place of each in a table, in the order of the organisation", async () => {
    const page = await open("/compare/staffing-women");
    await rows(page).first().waitFor();
    const words = (await rows(page).allInnerTexts()).map((row) => row.replace(/\s+/g, " ").trim());
    expect(words.map((row) => row.split(" ")[0])).toEqual(["Den", "Amsterdam", "Rotterdam"]);
    expect(words[0]).toMatch(/^Den Haag 46,0% 138 van 300 34,7% tot 45,8% 31,5% tot 49,0% boven 95%-grens/);
    expect(words[2]).toMatch(/binnen 50%$/);
  });

  it("widens its limits on request, in the address too, and says from how many units on that can be", async () => {
    const page = await open("/compare/staffing-women");
    const wide = page.getByRole("button", { name: "Ruimere grenzen" });
    const before = await sentence(page);
    await wide.click();
    expect(page.url()).toContain("limits=wide");
    expect(await wide.getAttribute("aria-pressed")).toBe("true");
    await page.getByText("pas te zeggen vanaf 10 met een compleet cijfer").waitFor();
    // Three are too few: nothing else changes.
    expect(await sentence(page)).toBe(before);
    expect(await faults(page)).toEqual([]);
    await wide.click();
    await page.getByText("pas te zeggen vanaf 10").waitFor({ state: "detached" });
    expect(page.url()).not.toContain("limits");
  });

  it("goes through the points by keyboard, tells each, and chooses one into the address", async () => {
    const page = await open("/compare/staffing-women");
    await drawnCharts(page);
    const points = page.getByRole("listbox");
    await points.focus();
    await page.keyboard.press("Home");
    const told = () =>
      points.evaluate((each) => document.getElementById(each.getAttribute("aria-activedescendant") ?? "")?.textContent);
    await expect.poll(told).toMatch(/^\s*Den Haag\. 46,0% \(138 van 300\)\. grens 95%: .*boven de grens van 95%/);
    expect(await page.locator(".tip").innerText()).toContain("138 van 300");
    await page.keyboard.press("ArrowRight");
    expect(await told()).toContain("Amsterdam");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    expect(await told()).toContain("Rotterdam");
    await page.keyboard.press("Enter");
    expect(page.url()).toMatch(/unit=rotterdam/);
    await page.waitForFunction(() => document.querySelector("svg.marks")?.textContent?.includes("Rotterdam"));
    expect(await page.locator('th[aria-current="true"]').innerText()).toBe("Rotterdam");
    expect(await page.locator('[role="option"][aria-selected="true"]').textContent()).toContain("Rotterdam");
    await points.focus();
    await page.keyboard.press("Escape");
    expect(await page.locator(".tip").count()).toBe(0);
  });

  it("names a point that the reader points at", async () => {
    const page = await open("/compare/staffing-women");
    await drawnCharts(page);
    const box = (await page.getByRole("listbox").boundingBox())!;
    // Den Haag is of 300, where the axis ends at 318.
    await page.mouse.move(box.x + (300 / 318) * box.width + 3, box.y + box.height * 0.3);
    for (let y = 0; y < box.height && (await page.locator(".tip").count()) === 0; y += 15)
      await page.mouse.move(box.x + (300 / 318) * box.width + 3, box.y + y);
    expect(await page.locator(".tip").innerText()).toMatch(/^(Den Haag|Rotterdam)\n/);
    await page.mouse.move(5, 5);
    await page.locator(".tip").waitFor({ state: "detached" });
  });

  it("keeps indicator, level, grain and period in the address, and goes back", async () => {
    const page = await open("/compare/staffing-women");
    await drawnCharts(page);
    await page.getByLabel("Per", { exact: true }).selectOption("year");
    await page.getByRole("heading", { level: 2, name: "Eenheden, 2016" }).waitFor();
    await page.getByLabel("Periode").selectOption("2014");
    await page.getByRole("heading", { level: 2, name: "Eenheden, 2014" }).waitFor();
    expect(page.url()).toMatch(/grain=year.*period=2014/);
    await page.getByLabel("Cijfer", { exact: true }).selectOption("intake-dual");
    await page.waitForURL(/\/compare\/intake-dual\?grain=year&period=2014/);
    await page.getByRole("heading", { level: 1, name: /^Instroom/ }).waitFor();
    await page.getByRole("heading", { level: 2, name: "Eenheden, 2014" }).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: /^Vrouwen/ }).waitFor();
    await page.getByRole("heading", { level: 2, name: "Eenheden, 2016" }).waitFor();
    await reload(page);
    await page.getByRole("heading", { level: 2, name: "Eenheden, 2016" }).waitFor();
  });

  it("shows another period at once, fetched when the reader came near", async () => {
    const page = await open("/compare/staffing-women");
    await drawnCharts(page);
    expect(await chosenAtOnce(page, "Periode", "2015-H2", "figure h2")).toBe("Eenheden, tweede helft van 2015");
  });

  it("leads to a unit's figures over time and back, with the reader's choices", async () => {
    const page = await open("/indicator/staffing-women?unit=rotterdam&grain=half&period=2015-H2");
    await page.getByRole("link", { name: "Eenheden vergelijken" }).click();
    await page.waitForURL(/\/compare\/staffing-women\?grain=half&period=2015-H2&unit=rotterdam&level=unit/);
    await page.getByRole("heading", { level: 2, name: "Eenheden, tweede helft van 2015" }).waitFor();
    expect(await page.locator('th[aria-current="true"]').innerText()).toBe("Rotterdam");
    await page.getByRole("link", { name: "Amsterdam" }).click();
    await page.waitForURL(/\/indicator\/staffing-women\?grain=half&period=2015-H2&unit=amsterdam/);
    await page.getByRole("heading", { level: 2, name: "Amsterdam" }).waitFor();
  });

  it("explains why a number has no limits, and gives the table alone", async () => {
    const page = await open("/compare/complaints");
    await rows(page).first().waitFor();
    expect(await sentence(page)).toBe("Alle 3 eenheden hebben een cijfer.");
    expect(await page.locator("figure .note").innerText()).toContain("Grote eenheden hebben er vanzelf meer");
    expect(await page.locator("[data-drawn]").count()).toBe(0);
    expect(await page.getByRole("columnheader", { name: "Ligging" }).count()).toBe(0);
  });

  it("says why units have no figure, and leads to a period that has", async () => {
    const page = await open("/compare/intake-dual?grain=month&period=2016-07");
    await page.getByText("Voor deze eenheden is er in deze periode geen cijfer te tonen.").waitFor();
    expect(await rows(page).first().innerText()).toContain("alleen over een langere periode");
    await page.getByRole("link", { name: "Toon tweede helft van 2016" }).click();
    await page.waitForURL(/grain=half&period=2016-H2/);
    await page.getByText("Alle 3 eenheden liggen binnen de grenzen").waitFor();
    expect(await page.locator("svg.marks").textContent()).toContain("streefcijfer");
  });

  it("says what to do where an indicator is of the force alone, and where it does not exist", async () => {
    const page = await open("/compare/top61");
    await page.getByText("Dit cijfer is er alleen voor het hele korps").waitFor();
    expect(await page.getByRole("link", { name: "Verloop in de tijd" }).getAttribute("href")).toBe("/indicator/top61");
    await visit(page, `${reader.fixture.address}/compare/no-such-figure`);
    await page.getByRole("heading", { level: 1, name: /no-such-figure/ }).waitFor();
    await page.getByRole("link", { name: "Klachten", exact: true }).click();
    await page.waitForURL(/\/compare\/complaints/);
  });

  it("offers what it shows as files", async () => {
    const page = await open("/compare/staffing-women?period=2016-H2");
    await drawnCharts(page);
    for (const name of ["Excel (xlsx)", "CSV (Excel, Nederlands)", "CSV (punt en komma)", "Arrow", "JSON"]) {
      const link = page.getByRole("link", { name, exact: true });
      const answer = await page.request.get(reader.fixture.address + (await link.getAttribute("href"))!);
      expect([name, answer.status()]).toEqual([name, 200]);
      if (name.startsWith("CSV (Excel")) expect(await answer.text()).toMatch(/den-haag;half;.*;high95/);
    }
    for (const type of ["SVG", "PNG"]) {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Grafiek als ${type}` }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(
        `staffing-women-unit-2016-H2-20170203T060000Z-0000aa.${type.toLowerCase()}`,
      );
    }
  });

  it("shows the reason of a failure and tries again on request", async () => {
    const page = await open("/compare");
    let broken = true;
    await page.route("**/api/v1/compare*", (route) =>
      broken
        ? route.fulfill({ status: 503, contentType: "application/problem+json", body: '{"detail":"even geduld"}' })
        : route.continue(),
    );
    await page.getByRole("link", { name: "Vrouwen in de bezetting" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("even geduld");
    broken = false;
    await page.getByRole("button", { name: "Probeer opnieuw" }).click();
    await rows(page).first().waitFor();
    // The browser itself notes answers with status 503.
    reader.complaints.splice(0).forEach((each) => expect(each).toContain("503"));
  });

  it("speaks English when asked", async () => {
    const page = await open("/compare/staffing-women?lang=en");
    await drawnCharts(page);
    expect(await sentence(page)).toMatch(/^2 of the 3 units lie within the limits.* Above the limits: Den Haag\.$/);
  });
});

describe("the page of a comparison", () => {
  const addresses = [
    "/compare",
    "/compare/staffing-women?unit=rotterdam",
    "/compare/complaints",
    "/compare/intake-dual?grain=month&period=2016-07",
  ];

  it.each(crossed(addresses, ["light", "dark"] as const))(
    "%s has no fault of accessibility in the %s",
    async (address, scheme) => {
      const page = await open(address, { colorScheme: scheme });
      await settled(page);
      const help = page.getByText("Hoe lees ik deze grafiek?");
      if (await help.count()) await help.click();
      expect(await faults(page)).toEqual([]);
    },
  );

  it.each(addresses)("%s fits 360 px without scrolling sideways, its tips too", async (address) => {
    const page = await open(address, { viewport: { width: 360, height: 740 } });
    await settled(page);
    const beyond = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await beyond()).toBeLessThanOrEqual(0);
    const points = page.getByRole("listbox");
    if ((await points.count()) === 0) return;
    await points.focus();
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
      const tip = (await page.locator(".tip").boundingBox())!;
      expect(tip.x).toBeGreaterThanOrEqual(0);
      expect(tip.x + tip.width).toBeLessThanOrEqual(360);
    }
    expect(await beyond()).toBeLessThanOrEqual(0);
  });
});
