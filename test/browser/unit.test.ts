import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chosenAtOnce, drawnCharts, faults, reload, settled, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;
const headline = (page: Page) => page.getByRole("list", { name: "Vier cijfers in het kort" });
const compare = (page: Page) => page.getByLabel("Vergelijk met");
/** Drawn behind the first chart's own line. */
const behind = (page: Page) => page.locator("article .behind_marks path").first().getAttribute("d");

describe("/unit/:unit, compared", () => {
  it("compares with the unit above, and says its figures in words", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    expect(await compare(page).inputValue()).toBe("politie");
    expect(await headline(page).innerText()).toMatch(/Politie: \d+,\d% \(\d+ van [\d.]+\)/);
    expect(await behind(page)).toMatch(/^M/);
  });

  it("compares with another unit or a year earlier, in charts, words and the address", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    const above = await behind(page);
    await compare(page).selectOption("rotterdam");
    await headline(page)
      .getByText(/^Rotterdam: /)
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get("compare")).toBe("rotterdam");
    await expect.poll(() => behind(page)).not.toBe(above);
    const other = await behind(page);

    await compare(page).selectOption("last-year");
    await headline(page)
      .getByText(/^Een jaar eerder: /)
      .first()
      .waitFor();
    await expect.poll(() => behind(page)).not.toBe(other);
    await reload(page);
    expect(await compare(page).inputValue()).toBe("last-year");
    expect(await headline(page).innerText()).toContain("Een jaar eerder: ");

    await page.getByLabel("Eenheid", { exact: true }).selectOption("rotterdam");
    await page.getByRole("heading", { level: 1, name: "Rotterdam" }).waitFor();
    expect(await compare(page).inputValue()).toBe("last-year");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Den Haag" }).waitFor();

    await compare(page).selectOption("none");
    await page.waitForURL(/compare=none/);
    await expect.poll(() => page.locator("article .behind_marks path").count()).toBe(0);
    expect(await headline(page).innerText()).not.toMatch(/Een jaar eerder|Politie:/);
  });

  it("has no fault of accessibility, in both languages and on a telephone in the dark", async () => {
    for (const [address, options] of [
      ["/unit/den-haag?compare=last-year", {}],
      ["/unit/den-haag?compare=rotterdam&lang=en&theme=dark", { viewport: { width: 360, height: 800 } }],
    ] as const) {
      const page = await open(address, options);
      await drawnCharts(page);
      expect(await faults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
});

describe("/unit/:unit on paper", () => {
  it("has all its charts, also those that were never near the view nor drawn in the page", async () => {
    const page = await open("/accessibility");
    // What draws never comes, and the page that is sent has no drawing.
    await page.route(/drawing-/, () => new Promise(() => undefined));
    await page.route(/\/unit\/den-haag$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        /(<div class="canvas[^>]*>).*?<\/svg>(?=(<!--.*?-->)*<\/div>)/gs,
        "$1",
      );
      await route.fulfill({ body, contentType: "text/html" });
    });
    await page.goto(new URL("/unit/den-haag", page.url()).href);
    await page.locator("#app[data-alive] h1").waitFor();
    const charts = page.locator("[data-chart]");
    const drawn = page.locator("[data-chart] .canvas > svg");
    expect(await charts.count()).toBeGreaterThan(2);
    expect(await drawn.count()).toBe(0);
    await page.pdf();
    expect(await drawn.count()).toBe(await charts.count());
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});

describe("/unit/:unit, turned", () => {
  const grain = (page: Page) => page.getByLabel("Per", { exact: true });
  const sentence = (page: Page) => page.locator(".sentence").first().innerText();

  it("keeps the page until the next one's figures are there", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/series\?.*grain=year/, async (route) => {
      await held;
      await route.continue();
    });
    const before = await sentence(page);
    // Told by the page itself at that moment: a slow machine may look when the page has turned without its figures.
    const waiting = page.evaluate(
      () =>
        new Promise<[string, string, string]>((resolve) => {
          const main = document.querySelector("main")!;
          const words = (selector: string) => document.querySelector<HTMLElement>(selector)!.innerText;
          new MutationObserver(
            () => main.ariaBusy === "true" && resolve([location.search, words("h1 + p"), words(".sentence")]),
          ).observe(main, { attributes: true });
        }),
    );
    await grain(page).selectOption("year");
    expect(await waiting).toEqual(["", "Eenheid, tweede helft van 2016", before]);
    release();
    await page.waitForURL(/grain=year/);
    await page.getByText("Eenheid, 2016").waitFor();
    expect(await sentence(page)).not.toBe(before);
    expect(await page.locator("main[aria-busy]").count()).toBe(0);
  });

  it("goes to the last of several choices made in haste", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    await page.route(/\/series\?.*grain=year/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    await grain(page).selectOption("year");
    await grain(page).selectOption("quarter");
    await page.waitForURL(/grain=quarter/);
    await page.waitForTimeout(2500);
    expect(page.url()).toContain("grain=quarter");
    expect(await grain(page).inputValue()).toBe("quarter");
  });

  it("asks the figures of a unit that a reader comes near to, and then only shows them", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    const asked: string[] = [];
    page.on("request", (request) => void (request.url().includes("/series?") && asked.push(request.url())));
    await page.getByLabel("Eenheid", { exact: true }).focus();
    await expect.poll(() => asked.some((url) => url.includes("unit=rotterdam"))).toBe(true);
    await settled(page);
    asked.length = 0;
    await page.getByLabel("Eenheid", { exact: true }).selectOption("rotterdam");
    await page.getByRole("heading", { level: 1, name: "Rotterdam" }).waitFor();
    expect(asked.filter((url) => url.includes("unit=rotterdam"))).toEqual([]);
  });

  it("shows what is in view with the choice, and says which cards wait", async () => {
    const page = await open("/unit/den-haag", { viewport: { width: 1400, height: 700 } });
    await drawnCharts(page);
    expect(await chosenAtOnce(page, "Periode", "2015-H2", "article .sentence")).toContain("2015");
    await expect.poll(() => page.locator("article[aria-busy]").count()).toBe(0);
    expect(await page.locator("article .sentence").last().innerText()).not.toContain("2016");
  });

  it("asks nothing anew for another period", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    await settled(page);
    const asked: string[] = [];
    page.on("request", (request) => void (request.url().includes("/series?") && asked.push(request.url())));
    await page.getByLabel("Periode", { exact: true }).selectOption("2015-H2");
    await page.getByText("Eenheid, tweede helft van 2015").waitFor();
    expect(await sentence(page)).toContain("2015");
    expect(asked).toEqual([]);
  });
});

describe("search, before the page is alive", () => {
  it("opens once it is, where a key asked for it", async () => {
    const page = await open("/unit/den-haag");
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/api\/v1\/series/, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload({ waitUntil: "domcontentloaded" });
    await page.waitForFunction(
      () =>
        performance.getEntriesByType("resource").some(({ name }) => /\/series/.test(name)) ||
        document.readyState === "complete",
    );
    await page.keyboard.press("Control+k");
    expect(await page.locator("#app[data-alive]").count()).toBe(0);
    release();
    await page.getByRole("dialog").getByRole("combobox").waitFor();
  });
});

describe("a page without its font", () => {
  it.each([
    ["words", ".muted.prose"],
    ["a heading", "h1"],
  ])(
    "has %s as wide as with it and no narrower, so that nothing moves or grows when it comes late",
    async (_what, part) => {
      const page = await open("/accessibility");
      const width = async (): Promise<number> => {
        await page.goto(new URL("/unit/den-haag", page.url()).href);
        await page.locator("#app[data-alive] h1").waitFor();
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        return page
          .locator(part)
          .first()
          .evaluate((element) => {
            const range = document.createRange();
            range.selectNodeContents(element.firstChild!);
            return [...range.getClientRects()].reduce((sum, each) => sum + each.width, 0);
          });
      };
      const withIt = await width();
      await page.route(/\.woff2$/, (route) => route.fulfill({ status: 404 }));
      const without = await width();
      expect(without).not.toBe(withIt);
      expect(without / withIt).toBeGreaterThan(0.99);
      expect(without / withIt).toBeLessThan(1.03);
      expect(reader.complaints.splice(0)).toEqual([expect.stringContaining("404")]);
    },
  );
});
