import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { faults, useReader, visit } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;
const field = (page: Page) => page.getByRole("combobox", { name: /^(Zoek een|Find a)/ });
const chosen = (page: Page) =>
  field(page).evaluate((each) =>
    document
      .getElementById(each.getAttribute("aria-activedescendant") ?? "")
      ?.textContent?.replace(/\s+/g, " ")
      .trim(),
  );
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());

describe("search, on every page", () => {
  it("opens by its button, says what can be searched, closes by Escape and gives the focus back", async () => {
    const page = await open("/");
    const button = page.getByRole("button", { name: "Zoeken" });
    await button.click();
    await page.getByText(/^U kunt zoeken in \d+ eenheden/).waitFor();
    expect(await field(page).evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await field(page).getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await focused(page)).toBe("Zoeken");
  });

  it("opens by / and by Ctrl+K, but / is a letter in a field and can be switched off", async () => {
    const page = await open("/?keys=off");
    await page.locator("table").waitFor();
    await page.keyboard.press("/");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Control+k");
    await field(page).waitFor();
    await field(page).pressSequentially("a/b");
    expect(await field(page).inputValue()).toBe("a/b");
    await page.keyboard.press("Escape");
    await visit(page, reader.fixture.address + "/");
    await page.locator("table").waitFor();
    await page.getByLabel("Periode").focus();
    await page.keyboard.press("/");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.locator("h1").focus();
    await page.keyboard.press("/");
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe("");
  });

  it("goes to a unit with its path by keyboard alone, and tells how many were found", async () => {
    const page = await open("/?grain=year");
    await page.locator("table").waitFor();
    await page.keyboard.press("/");
    await field(page).pressSequentially("centrum haag");
    await page.getByRole("status").filter({ hasText: "2 resultaten" }).waitFor();
    expect(await chosen(page)).toBe("Den Haag-Centrum District · Den Haag");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Den Haag-Centrum" }).waitFor();
    expect(page.url()).toContain("/unit/den-haag-centrum?grain=year");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  });

  it("goes through the options with arrows, Home and End, round the ends", async () => {
    const page = await open("/data");
    await page.keyboard.press("Control+k");
    await field(page).fill("a");
    const options = await page.getByRole("option").allInnerTexts();
    expect(options.length).toBeGreaterThan(3);
    const first = await chosen(page);
    await page.keyboard.press("ArrowUp");
    const last = await chosen(page);
    expect(last).not.toBe(first);
    await page.keyboard.press("ArrowDown");
    expect(await chosen(page)).toBe(first);
    await page.keyboard.press("End");
    expect(await chosen(page)).toBe(last);
    await page.keyboard.press("Home");
    expect(await chosen(page)).toBe(first);
    expect(await page.locator('[role="option"][aria-selected="true"]').count()).toBe(1);
  });

  it("keeps the unit of a unit page when it opens an indicator", async () => {
    const page = await open("/unit/rotterdam?period=2016-H1");
    await page.keyboard.press("Control+k");
    await field(page).fill("klachten");
    await page
      .getByRole("option", { name: /^Klachten/ })
      .first()
      .click();
    await page.waitForURL(/\/indicator\/complaints\?period=2016-H1&unit=rotterdam/);
    await page.getByRole("heading", { level: 2, name: "Rotterdam" }).waitFor();
  });

  it("says that a unit is closed, and what to do where nothing is found", async () => {
    const page = await open("/data");
    await page.keyboard.press("Control+k");
    await field(page).fill("haaglanden");
    await page.getByRole("option", { name: /Korps Haaglanden.*bestond tot en met 31 dec 2012/ }).waitFor();
    await field(page).fill("bestaat echt niet");
    await page.getByText("Niets gevonden voor “bestaat echt niet”").waitFor();
    await page.getByRole("status").filter({ hasText: "0 resultaten" }).waitFor();
  });

  it.each([
    { address: "/", scheme: "light", words: "haag" },
    { address: "/?lang=en", scheme: "light", words: "signals" },
    { address: "/unit/den-haag", scheme: "dark", words: "den" },
    { address: "/unit/den-haag?lang=en", scheme: "dark", words: "" },
    { address: "/", scheme: "light", words: "zzz" },
  ] as const)(
    "has no fault of accessibility while open: $address, $scheme, “$words”",
    async ({ address, scheme, words }) => {
      const page = await open(address, { colorScheme: scheme });
      await page.keyboard.press("Control+k");
      await field(page).fill(words);
      if (words && words !== "zzz") await page.getByRole("option").first().waitFor();
      expect(await faults(page)).toEqual([]);
    },
  );

  it("fits 360 px, open and closed, and prints without it", async () => {
    const page = await open("/unit/den-haag", { viewport: { width: 360, height: 740 } });
    const beyond = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await beyond()).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Zoeken" }).click();
    await field(page).fill("a");
    await page.getByRole("option").first().waitFor();
    expect(await beyond()).toBeLessThanOrEqual(0);
    const box = (await page.getByRole("dialog").boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(360);
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
