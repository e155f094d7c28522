import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { settled, useReader } from "../support/pages.ts";

const { open } = useReader();

/** What a screen has of the table, row by row; and the rows that wait. */
interface Shown {
  rows: Record<string, string>;
  waiting: string[];
  /** Those in the window. */
  inView: string[];
}

/** The overview in a low window, at rest, with the answers of the period before at hand. */
async function openLow(): Promise<Page> {
  const page = await open("/", { viewport: { width: 1400, height: 420 } });
  await page.getByLabel("Periode").focus();
  await settled(page);
  return page;
}

/** Chooses the period before, does what is said, and tells what the table then has, all before the browser paints. */
const choose = (page: Page, then: "look" | "print" | "scroll"): Promise<Shown> =>
  page.evaluate(async (deed) => {
    const rows = () => [...document.querySelectorAll<HTMLElement>("tr[data-row]")];
    const inWindow = (row: Element) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top < innerHeight && bottom > 0;
    };
    const inView = rows()
      .filter(inWindow)
      .map((row) => row.dataset.row!);
    const select = document.querySelectorAll("select")[1]!;
    select.value = "2016-H1";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    // What is changed at once is there before anything else is done.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    if (deed === "print") dispatchEvent(new Event("beforeprint"));
    if (deed === "scroll") document.dispatchEvent(new Event("scroll"));
    return {
      rows: Object.fromEntries(rows().map((row) => [row.dataset.row!, row.innerText])),
      waiting: rows()
        .filter((row) => row.ariaBusy === "true")
        .map((row) => row.dataset.row!),
      inView,
    };
  }, then);

/** The table as it is where the address names the period. */
async function fresh(): Promise<Record<string, string>> {
  const page = await open("/?period=2016-H1", { viewport: { width: 1400, height: 420 } });
  const rows = await page.locator("tr[data-row]").all();
  const texts = await Promise.all(
    rows.map(async (row) => [(await row.getAttribute("data-row"))!, await row.innerText()] as const),
  );
  await page.context().close();
  return Object.fromEntries(texts);
}

describe("/, at another period", () => {
  it("shows what is in view at once, says which rows wait, and brings them a moment later", async () => {
    const expected = await fresh();
    const page = await openLow();
    const { rows, waiting, inView } = await choose(page, "look");
    expect(inView.length).toBeGreaterThan(0);
    for (const row of inView) expect(rows[row], row).toBe(expected[row]);
    expect(waiting.length).toBeGreaterThan(0);
    expect(waiting.filter((row) => inView.includes(row))).toEqual([]);
    expect(waiting.some((row) => rows[row] !== expected[row])).toBe(true);
    await expect.poll(() => page.locator("tr[aria-busy]").count()).toBe(0);
    for (const row of Object.keys(expected))
      expect(await page.locator(`tr[data-row=${row}]`).innerText(), row).toBe(expected[row]);
    // The reader is where they were.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SELECT");
  });

  it.each(["print", "scroll"] as const)("has all rows as soon as a reader wants to %s", async (deed) => {
    const expected = await fresh();
    const { rows, waiting } = await choose(await openLow(), deed);
    expect(waiting).toEqual([]);
    expect(rows).toEqual(expected);
  });

  it("keeps the focus on a figure, and tells it as it now is", async () => {
    const page = await openLow();
    const figure = page.locator("tr[data-row] .cell a").first();
    // A tip goes when the page is scrolled.
    await figure.scrollIntoViewIfNeeded();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    await figure.focus();
    await page.getByRole("tooltip").getByText("tweede helft van 2016").waitFor();
    await page.evaluate(() => {
      const select = document.querySelectorAll("select")[1]!;
      select.value = "2016-H1";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await page.getByRole("tooltip").getByText("eerste helft van 2016").waitFor();
    expect(await figure.evaluate((each) => each === document.activeElement)).toBe(true);
  });
});
