import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { drawnCharts, reload, startReader, type Reader } from "../support/pages.ts";

let plain: Reader;
let withStaff: Reader;
let page: Page | null = null;

beforeAll(async () => {
  [plain, withStaff] = await Promise.all([startReader(), startReader({ hrm: true })]);
});
afterEach(async () => {
  await page?.context().close();
  page = null;
  for (const { complaints } of [plain, withStaff]) expect(complaints).toEqual([]);
});
afterAll(() => Promise.all([plain.stop(), withStaff.stop()]));

const query = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

describe("a police chief prepares a review", () => {
  it("goes from what stands out to the figure, to the unit, and takes both along", async () => {
    page = await plain.open("/?period=2016-H2");
    const cell = page.getByRole("link", { name: /^Instroom .*Den Haag: 22,2% niet gehaald/ });
    await cell.click();
    await page.getByRole("heading", { level: 2, name: "Den Haag" }).waitFor();
    expect(query(page)).toEqual({ period: "2016-H2", unit: "den-haag" });
    const sentence = await page.locator("figure .sentence").innerText();
    expect(sentence).toMatch(/22,2%.*\(16 van 72\)/);
    // For the meeting: the figure as a workbook, with what it means and where it is from.
    const workbook = page.getByRole("link", { name: "Excel (xlsx)" }).first();
    const file = await page.request.get(plain.fixture.address + (await workbook.getAttribute("href"))!);
    expect([file.status(), (await file.body()).subarray(0, 2).toString()]).toEqual([200, "PK"]);

    await page.getByRole("link", { name: "Alle cijfers van Den Haag" }).click();
    await page.getByRole("heading", { level: 1, name: "Den Haag" }).waitFor();
    expect(query(page).period).toBe("2016-H2");
    await drawnCharts(page);
    expect(await page.locator("article .sentence").allInnerTexts()).toContain(sentence);
    // On paper: no controls, the choices in words.
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("button", { name: /^Tabel/ }).count()).toBe(0);
    expect(await page.getByText("tweede helft van 2016").first().isVisible()).toBe(true);
    await page.emulateMedia({ media: "screen" });

    await page.goBack();
    await page.getByRole("heading", { level: 2, name: "Den Haag" }).waitFor();
    await page.goBack();
    await cell.waitFor();
    expect(query(page)).toEqual({ period: "2016-H2" });
  });
});

describe("HRM checks a target figure and plans", () => {
  it("sees where it stands, what is needed, how staff goes on, and takes the table along", async () => {
    page = await withStaff.open("/hrm");
    await page.getByLabel("Eenheid").first().selectOption("rotterdam");
    await page.waitForURL(/unit=rotterdam/);
    const row = page.getByRole("row", { name: /^Instroom met dubbele culturele achtergrond ten minste 25%/ });
    await row.waitFor();
    expect(await row.locator("td.judgement").innerText()).toMatch(/gehaald/);
    const need = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /^Instroom met/ }) });
    expect(await need.innerText()).toContain("ongeveer een op de drie");

    const slider = page.getByRole("slider", { name: "Aandeel vrouwen in de instroom" });
    await slider.focus();
    await page.keyboard.press("End");
    await page.waitForURL(/intake=100/);
    const outlook = page.locator("#hrm-projection").locator("xpath=../..").getByRole("status");
    const planned = await outlook.innerText();
    expect(planned).toMatch(/gehaald in de/);
    // The plan is in the address: a colleague who opens it sees the same.
    await reload(page);
    expect(await outlook.innerText()).toBe(planned);

    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("button", { name: /CSV/ })
        .or(page.getByRole("link", { name: /CSV/ }))
        .first()
        .click(),
    ]);
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
  });
});

describe("Control finds why a figure moved", () => {
  it("goes from the changed figure to the load, and to the rows of it that stand apart, in three steps", async () => {
    page = await plain.open("/data");
    const changed = page.getByRole("region", { name: "Herziene cijfers" });
    await changed.getByText("55 → 56").first().waitFor();
    await changed.getByRole("link", { name: "Klachten: klachten.csv" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
    expect(query(page)).toMatchObject({ feed: "complaints", load: "12" });
    const load = page.getByRole("row", { name: /klachten\.csv levering 12/ });
    expect((await load.innerText()).replace(/\s+/g, " ")).toContain("1.204 1.202 2");
    const apart = page.getByRole("region", { name: "Regels die apart staan" }).first();
    await apart.getByText("2 van 2 regels").waitFor();
    await apart.getByLabel("Reden").selectOption("unknown_unit");
    await apart.getByText("1 van 1 regels").waitFor();
    // And to the definition by which it is counted.
    await page.keyboard.press("/");
    await page.getByRole("dialog").getByRole("combobox").fill("klachten");
    await page
      .getByRole("option", { name: /^Klachten/ })
      .first()
      .click();
    await page.waitForURL(/\/indicator\/complaints/);
    await page.getByRole("heading", { name: "Hoe wordt dit berekend?" }).waitFor();
  });
});
