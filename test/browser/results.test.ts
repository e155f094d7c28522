import { describe, expect, it } from "vitest";
import { schemes, seriousFaults, useReader } from "../support/pages.ts";
import { programmeResults } from "../support/results.ts";

const reader = useReader({ besides: programmeResults, now: () => new Date("2017-02-10T09:00:00Z") });

describe("/results", () => {
  it("says of a unit what is still needed and by when, what was missed, and how it went before", async () => {
    const page = await reader.open("/results?unit=den-haag&year=2016");
    await page.getByText(/^Den Haag, eind 2016: 1 nog te doen, 2 niet gehaald, 2 gehaald, van 1 is geen cijfer te zien\./).waitFor(); // prettier-ignore
    const networks = page.getByRole("row", { name: /^Netwerken/ });
    await networks.getByText("nog 3, uiterlijk 31 dec 2018").waitFor();
    await page
      .getByRole("row", { name: /^Exitgesprekken/ })
      .getByText("163 te weinig op 31 dec 2016")
      .waitFor();
    const ambassadors = page.getByRole("row", { name: /^Districten met een ambassadeur/ });
    await ambassadors.getByText("4 van 12").waitFor();
    await ambassadors.getByText("daarna 8, uiterlijk 31 dec 2017").waitFor();
    const visitors = page.getByRole("row", { name: /^Bezoekers/ });
    expect(await visitors.getByRole("listitem").allTextContents()).toEqual([
      expect.stringMatching(/2014\s+niet gehaald, 310/),
      expect.stringMatching(/2015\s+gehaald, 365/),
    ]);
    // Of what is withheld there is no number anywhere.
    await page
      .getByRole("row", { name: /^Kandidaten/ })
      .getByText("niet getoond (te kleine aantallen)")
      .waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("keeps the reader's unit and year in the address, and leads to the indicator and back", async () => {
    const page = await reader.open("/results");
    await page.getByLabel("Eenheid").selectOption("den-haag");
    await page.getByLabel("Jaar").selectOption("2017");
    await page.getByText(/^Den Haag, 2017: 2 nog te doen, van 2 is geen cijfer te zien\./).waitFor();
    await page
      .getByRole("row", { name: /^Bezoekers/ })
      .getByText("nog 350, uiterlijk 31 dec 2017")
      .waitFor();
    await page.getByRole("link", { name: "Bezoekers" }).click();
    await page.waitForURL("**/indicator/visitors?unit=den-haag**");
    await page.goBack();
    await page.getByText(/^Den Haag, 2017: 2 nog te doen, van 2 is geen cijfer te zien\./).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV (Excel, Nederlands)" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^resultaten-den-haag-2017-.*\.csv$/);
  });

  it("says what to do where nothing was agreed", async () => {
    const page = await reader.open("/results?unit=den-haag-centrum&year=2016");
    await page.getByText("Voor Den Haag-Centrum is er niets afgesproken voor 2016").waitFor();
  });

  it.each(schemes)("has no serious fault of accessibility, %s, at 360 px", async (colorScheme) => {
    const page = await reader.open("/results", { colorScheme, viewport: { width: 360, height: 800 } });
    await page.getByRole("heading", { level: 2, name: "Nog te doen" }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});
