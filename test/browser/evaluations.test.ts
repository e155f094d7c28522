import { describe, expect, it } from "vitest";
import { reload, schemes, seriousFaults, useReader } from "../support/pages.ts";

/** A unit's target that is over. */
const ended = `insert into outcomes
  select indicator_id, unit_id, (select min(target_id) from targets where indicator_id = 'intake-dual'), grain, period_start, period_end,
    "value", numerator, denominator, 'missed', withheld
  from series
  where indicator_id = 'intake-dual' and unit_id = 'den-haag' and grain = 'half' and period_end = '2016-12-31' and breakdown is null`;
const reader = useReader({ besides: [ended], now: () => new Date("2018-01-10T09:00:00Z") });

describe("/evaluations", () => {
  it("asks what helped and what comes next, keeps it, and leads to where a plan is written", async () => {
    const page = await reader.open("/evaluations?unit=den-haag");
    await page.getByText("1 doel is voorbij; 1 is nog niet geëvalueerd.").waitFor();
    await page.getByRole("button", { name: /^Evalueren/ }).click();
    await page.getByLabel("Wat hielp, en wat niet?").fill("Werving op **scholen** hielp.");
    await page.getByLabel("er komt een nieuw cijfer").check();
    const figure = page.getByLabel("Nieuw cijfer, in procenten");
    await figure.fill("veel");
    await page.getByText("Schrijf een getal, bijvoorbeeld 25 of 12,5.").waitFor();
    expect(await page.getByRole("button", { name: "Opslaan" }).isDisabled()).toBe(true);
    await figure.fill("27,5");
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Opslaan" }).click();
    await page.getByText("1 doel is voorbij; 0 zijn nog niet geëvalueerd.").waitFor();
    await page.getByLabel("Toon").selectOption("done");
    await page.getByText("er komt een nieuw cijfer").waitFor();
    await page.getByText(": 27,5%").waitFor();
    await page.locator("strong", { hasText: "scholen" }).waitFor();
    await reload(page);
    await page.getByText(": 27,5%").waitFor();
    expect(new URL(page.url()).searchParams.get("show")).toBe("done");
    await page.getByRole("link", { name: "Er is nog geen plan; schrijf het in de voortgang" }).click();
    await page.getByRole("heading", { level: 1, name: "Voortgang Den Haag" }).waitFor();
  });

  it.each(schemes)("has no serious fault of accessibility, %s, at 360 px", async (colorScheme) => {
    const page = await reader.open("/evaluations", { colorScheme, viewport: { width: 360, height: 800 } });
    await page.getByText(/doelen zijn voorbij/).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });
});

describe("/review/:unit/:half", () => {
  /** The same, of a target that ended with the half-year. */
  const endedThen = [
    `insert into targets select 50, indicator_id, unit_id, null, null, goal, status, "from", date '2016-12-31', kind, "value", tolerance,
       grain, null, null, source, "by", null, null, false from targets where target_id = 1`,
    ended.replace("(select min(target_id) from targets where indicator_id = 'intake-dual')", "50"),
  ];
  const reviewer = useReader({ besides: endedThen, now: () => new Date("2017-02-10T09:00:00Z") });

  it("names the targets that ended in its half-year, and leads to their evaluation", async () => {
    const page = await reviewer.open("/review/den-haag/2016-H2");
    const section = page.getByRole("region", { name: "Geëindigde doelen" });
    await section.getByText(/uitvoering van de politietaak: niet gehaald;\s+nog niet geëvalueerd/).waitFor();
    await section.getByRole("link", { name: "Evalueren" }).click();
    await page.getByRole("button", { name: /^Evalueren/ }).first().click(); // prettier-ignore
    await page.getByLabel("Wat hielp, en wat niet?").fill("Werving op scholen.");
    await page.getByLabel("het doel gaat door").check();
    await page.getByRole("button", { name: "Opslaan" }).click();
    await page.locator("strong", { hasText: "het doel gaat door" }).waitFor();
    await page.goBack();
    await section.getByText(/niet gehaald;\s+gaat door/).waitFor();
    const before = await reviewer.open("/review/den-haag/2016-H1");
    await before.getByRole("heading", { level: 2, name: "Afspraken" }).waitFor();
    expect(await before.getByText("Geëindigde doelen").count()).toBe(0);
  });
});
