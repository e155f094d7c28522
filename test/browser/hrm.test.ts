import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { long } from "../support/long.ts";
import { drawnCharts, reload, seriousFaults, useReader } from "../support/pages.ts";

const reader = useReader({ hrm: true });
const { open } = reader;
const intakeSlider = (page: Page) => page.getByRole("slider", { name: "Aandeel vrouwen in de instroom" });
const outcome = (page: Page) => page.locator("#hrm-projection").locator("xpath=../..").getByRole("status");

describe("/hrm", () => {
  it("is in the menu and shows the force with the target figures of its units", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: "HRM", exact: true }).click();
    await page.waitForURL(/\/hrm$/);
    const rows = page.getByRole("table", { name: "Streefcijfers in één oogopslag" }).locator("tbody tr");
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts.filter((each) => each.includes("Rotterdam"))).toHaveLength(2);
    expect(texts.some((each) => /Benoemde leidinggevenden[\s\S]*9 van 60/.test(each))).toBe(true);
    await page.getByRole("heading", { name: "Streefcijfers waarvan de periode voorbij is" }).waitFor();
    expect(await page.getByRole("table", { name: /periode voorbij/ }).innerText()).toContain("Oud plan");
  });

  it("says of each where it stands, for whom it is and how it is decided, with a bar, a mark and words", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const row = page.getByRole("row", { name: /^Instroom met dubbele culturele achtergrond ten minste 25%/ });
    await row.waitFor();
    const words = (await row.innerText()).replace(/\s+/g, " ");
    expect(words).toMatch(
      /van 144.*2016.*Marge: .*Politie, landelijk.*1 jan 2015 – 31 dec 2017.*vastgesteld \(1 jun 2015\)/,
    );
    expect(await row.locator("td.judgement").innerText()).toMatch(/gehaald/);
    expect(await row.locator("td.judgement svg").count()).toBe(1);
    expect(await row.locator("svg[role=img]").getAttribute("aria-label")).toMatch(/2016/);
    const aim = page.getByRole("row", { name: /^Medewerkers met dubbele culturele achtergrond/ });
    expect(await aim.innerText()).toContain("recht pad nu 20,0%");
    expect(await aim.locator("line.pace").count()).toBe(1);
  });

  it("tells why a figure is withheld, and gives no proportion of it", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const row = page.getByRole("row", { name: /^Benoemde leidinggevenden .* ten minste 20%/ });
    await row.waitFor();
    expect(await row.innerText()).toContain("Niet getoond (te kleine aantallen)");
    expect(await row.locator("svg[role=img]").count()).toBe(0);
    const need = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /^Benoemde leiding/ }) });
    expect(await need.innerText()).toMatch(/Een verhouding is hier niet te geven/);
    expect(await page.locator("#stream-through").locator("..").innerText()).toContain("mee te berekenen");
  });

  it("says what is needed as a proportion, and that a target is no quota; not of fewer than 25", async () => {
    const page = await open("/hrm?unit=rotterdam");
    await page.getByText("Een streefcijfer is geen quotum; kwaliteit staat voorop.").waitFor();
    const need = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /^Instroom met/ }) });
    // 63 of 300 in four half-years, so 150 more: (0.25 x 450 - 63) / 150 = 0.33.
    expect(await need.innerText()).toContain("als van de 150 komende benoemingen ongeveer een op de drie meetelt");
    await need.getByLabel("Komende benoemingen").fill("24");
    await need.getByLabel("Komende benoemingen").press("Enter");
    await need.getByText("met 24 komende benoemingen zijn het er te weinig").waitFor();
    expect(page.url()).toContain("coming=intake-dual%3A24");
    await reload(page);
    await need.getByText("met 24 komende benoemingen").waitFor();
    await need.getByRole("button", { name: /^Als gewoonlijk/ }).click();
    await need.getByText("150 komende benoemingen").waitFor();
    expect(page.url()).not.toContain("coming");
  });

  it("projects staff at once as sliders move by keyboard, and keeps them in the address", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const slider = intakeSlider(page);
    await slider.waitFor();
    expect(await slider.getAttribute("aria-valuetext")).toBe("45,0%");
    expect(await page.getByText("Zoals nu.").count()).toBe(4);
    const before = await outcome(page).innerText();
    expect(before).toMatch(/niet binnen tien jaar|gehaald in de/);
    await slider.focus();
    expect(await drawnCharts(page)).toBe(1);
    const line = () => page.locator("g.ahead_marks path").first().getAttribute("d");
    const drawn = await line();
    await page.keyboard.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toBe("100,0%");
    const after = await outcome(page).innerText();
    expect(after).toMatch(/gehaald in de/);
    expect(after).not.toBe(before);
    await page.waitForFunction((old) => document.querySelector("g.ahead_marks path")?.getAttribute("d") !== old, drawn);
    await page.waitForURL(/intake=100/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/exit=2\.6/);
    const size = page.getByRole("slider", { name: "Omvang van de instroom" });
    const usual = await size.getAttribute("aria-valuetext");
    expect(usual).toMatch(/^\d+ mensen$/);
    await size.focus();
    await page.keyboard.press("Home");
    expect(await size.getAttribute("aria-valuetext")).toBe("0 mensen");
    await page.waitForURL(/size=0/);
    // Where nobody comes the share among them makes no difference.
    expect(await outcome(page).innerText()).not.toBe(after);
    await reload(page);
    await page.getByText(`Nu: ${usual}.`).waitFor();
    await slider.waitFor();
    expect(await slider.getAttribute("aria-valuetext")).toBe("100,0%");
    await page.getByText("Nu: 45,0%.").waitFor();
    await page.getByRole("button", { name: "Terug naar zoals nu" }).click();
    expect(await slider.getAttribute("aria-valuetext")).toBe("45,0%");
    expect(await outcome(page).innerText()).toBe(before);
    expect(new URL(page.url()).search).toBe("?unit=rotterdam");
  });

  it("reads the outlook by half-year with the arrow keys", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const reading = page.getByRole("slider", { name: /^Lees per periode/ });
    await reading.focus();
    await page.keyboard.press("Home");
    expect(await reading.getAttribute("aria-valuetext")).toMatch(/helft van 201\d\. \d+,\d%$/);
    await page.keyboard.press("End");
    expect(await reading.getAttribute("aria-valuetext")).toMatch(
      /^Tweede helft van 2026\. Bij deze uitgangspunten \d+,\d%\. Tussen \d+,\d% en \d+,\d%$/,
    );
    expect(await reading.locator(".ring").count()).toBe(1);
  });

  it("projects the other group from a share in whole percents, and says what it assumes", async () => {
    const page = await open("/hrm?unit=rotterdam");
    await page.getByLabel("Aandeel van", { exact: true }).selectOption("dual");
    await page.waitForURL(/group=dual/);
    await page.getByRole("slider", { name: "Uitstroom van collega’s met een dubbele culturele achtergrond" }).waitFor();
    await page.getByText("Hoe is dit berekend?").click();
    const how = await page.locator("details ul").innerText();
    for (const words of ["hele procenten", "uitstroom van iedereen", "Dit is geen voorspelling"])
      expect(how).toContain(words);
  });

  it("says which figure is lacking where no outlook can be given, and of a unit without target figures that it has none", async () => {
    const page = await open("/hrm?unit=amsterdam&period=2014-H1");
    await page.getByText("Voor Amsterdam loopt er nu geen streefcijfer").waitFor();
    await page.getByText("Een vooruitblik is hier niet te geven: “Vrouwen in de instroom” ontbreekt").waitFor();
    await page.getByText("Over de instroom per niveau zijn er voor Amsterdam geen gegevens.").waitFor();
  });

  it("shows strength, formation and vacancies, streams beside each other with what is unknown, and intake by level", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const strength = page.getByRole("table", { name: /^Bezetting, formatie en vacatures op 31 december 2016/ });
    await strength.waitFor();
    expect((await strength.getByRole("row", { name: /^Alle functies/ }).innerText()).split(/\s+/)).toEqual(
      expect.arrayContaining(["280", "300", "15", "95,0%"]),
    );
    const streams = page.locator(".streams");
    // 15 of 30 known, 2 unknown: between 15 and 17 of 32.
    expect(await streams.innerText()).toContain(
      "2 van 32 (6,3%). Met hen erbij ligt het aandeel tussen 46,9% en 53,1%.",
    );
    const tops = await streams
      .locator("section")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(1);
    const levels = page.getByRole("table", { name: "Instroom voor de politietaak, per niveau" });
    expect(await levels.innerText()).toMatch(/mbo 4\s+22,0%[\s\S]*22 van 100/);
    expect(await levels.innerText()).toMatch(/hbo[\s\S]*Niet getoond \(te kleine aantallen\)/);
  });

  it("keeps unit and period in the address, and goes back", async () => {
    const page = await open("/hrm");
    await page.getByLabel("Eenheid", { exact: true }).selectOption("rotterdam");
    await page.waitForURL(/unit=rotterdam/);
    await page.getByText(/^Rotterdam, tweede helft van 2016/).waitFor();
    await page.getByLabel("Periode", { exact: true }).selectOption("2015-H2");
    await page.getByText(/^Rotterdam, tweede helft van 2015/).waitFor();
    expect(page.url()).toContain("period=2015-H2");
    await page.goBack();
    await page.getByText(/^Rotterdam, tweede helft van 2016/).waitFor();
    await page
      .getByRole("table", { name: /^Streefcijfers per eenheid/ })
      .getByRole("link", { name: "Amsterdam" })
      .click();
    await page.waitForURL(/unit=amsterdam/);
    await page.getByText(/^Amsterdam, tweede helft van 2016/).waitFor();
  });

  it("says up to which day it goes while the period runs", async () => {
    const page = await open("/hrm?unit=rotterdam&period=2017-H1");
    await page.getByText("Deze periode loopt nog. U ziet de stand tot en met 31 december 2016.").waitFor();
  });

  it("names a unit that it does not know, and offers those that there are", async () => {
    const page = await open("/hrm?unit=den-haag-centrum");
    await page.getByText(/daaronder zijn de aantallen te klein/).waitFor();
    await page.getByRole("link", { name: "Den Haag", exact: true }).click();
    await page.getByText(/^Den Haag, tweede helft van 2016/).waitFor();
  });

  it("says what went wrong, and tries again", async () => {
    const page = await open("/");
    await page.locator("table").waitFor();
    await page.route("**/api/v1/series?*", (route) => route.abort());
    await page.getByRole("link", { name: "HRM", exact: true }).click();
    await page.getByText("De monitor is niet te bereiken.").waitFor();
    // Not that there are none: nothing is known of them.
    expect(await page.locator("main header p").first().innerText()).toBe("Politie, tweede helft van 2016");
    await page.unroute("**/api/v1/series?*");
    await page.getByRole("button", { name: "Probeer opnieuw" }).click();
    await page.getByRole("table", { name: "Streefcijfers in één oogopslag" }).waitFor();
    const own = reader.complaints.splice(0).filter((each) => !each.includes("ERR_FAILED"));
    expect(own).toEqual([]);
  });

  it("gives the table as CSV and XLSX, and prints it without what is for the screen", async () => {
    const page = await open("/hrm?unit=rotterdam");
    const file = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const csv = await file("CSV");
    expect(csv.name).toBe("streefcijfers-rotterdam-2016-H2.csv");
    const lines = csv.bytes.toString("utf8").split("\r\n");
    expect(lines[0]).toMatch(/^\ufeff# Momentopname: Momentopname 20170203T060000Z-0000aa, gepubliceerd op/);
    expect(lines.find((line) => !/^\ufeff?#/.test(line))).toMatch(/^Streefcijfer;Eenheid;Waarde/);
    expect(lines.find((line) => line.startsWith("Benoemde leidinggevenden"))).toContain(
      "Niet getoond (te kleine aantallen)",
    );
    const xlsx = await file("XLSX");
    expect(xlsx.name).toBe("streefcijfers-rotterdam-2016-H2.xlsx");
    expect(xlsx.bytes.subarray(0, 2).toString()).toBe("PK");
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button", { name: "CSV" }).isVisible()).toBe(false);
    expect(await page.getByRole("table", { name: "Streefcijfers in één oogopslag" }).isVisible()).toBe(true);
  });

  const narrowAndWide: [string, number][] = [
    ["/hrm?unit=rotterdam&theme=dark&intake=60", 1280],
    ["/hrm?lang=en", 360],
    ...(long
      ? ([
          ["/hrm?unit=rotterdam", 1280],
          ["/hrm?unit=rotterdam&theme=dark", 360],
        ] as [string, number][])
      : []),
  ];
  it.each(narrowAndWide)(
    "%s at %i pixels has no faults of accessibility and never scrolls sideways",
    async (address, width) => {
      const page = await open(address, { viewport: { width, height: 800 } });
      await page.locator("#hrm-units").waitFor();
      // What comes into view takes the place of what was sent.
      await page.locator("#hrm-projection").evaluate((each) => each.scrollIntoView());
      if (address.includes("unit=")) await page.getByRole("slider").first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    },
  );
});
