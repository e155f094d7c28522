import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crossed } from "../support/long.ts";
import { drawnCharts, reload, seriousFaults, settled, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;

describe("/", () => {
  it("says how things stand in one line, and judges each cell with a mark and words", async () => {
    const page = await open("/");
    await page.locator("table").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("nl");
    expect(await page.title()).toContain("Hoe staan we ervoor?");
    expect(await page.locator("header p").innerText()).toMatch(/^Politie, tweede helft van 2016: .*streefcijfer/);
    const cell = page.getByRole("link", { name: /^Instroom .*Den Haag: 22,2% niet gehaald, nog onzeker$/ });
    expect(await cell.locator("svg").count()).toBe(1);
    expect(await page.locator("td.target").first().innerText()).toBe("25%");
    expect(await page.locator("td.spark path").count()).toBeGreaterThan(2);
    expect(await page.getByText("Voorbeelddata:").isVisible()).toBe(true);
  });

  it("names the unit for which a target holds where it is not the force's", async () => {
    const page = await open("/?period=2016-H2");
    const row = page.getByRole("row", { name: /^Vrouwen in de bezetting/ });
    await row.waitFor();
    expect((await row.locator("td.target").innerText()).replace(/\s+/g, " ")).toBe("50% Rotterdam");
  });

  it("falls back on the last complete period where the address names one without data", async () => {
    const page = await open("/?period=2031-H2");
    await page.getByText("Politie, tweede helft van 2016").waitFor();
  });

  it("shows a cell's sentence on focus and takes it away with Escape", async () => {
    const page = await open("/");
    await page.getByRole("link", { name: /^Klachten, Den Haag/ }).focus();
    const tip = page.getByRole("tooltip");
    await tip.waitFor();
    expect(await tip.innerText()).toContain("tweede helft van 2016");
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "detached" });
  });

  it("keeps period, grain and level in the address, and goes back", async () => {
    const page = await open("/");
    await page.getByLabel("Periode").selectOption("2015-H1");
    await page.waitForURL(/period=2015-H1/);
    await page.getByText("Politie, eerste helft van 2015").waitFor();
    await page.getByLabel("Per", { exact: true }).selectOption("year");
    await page.waitForURL(/grain=year/);
    await page.getByLabel("Toon").selectOption("den-haag");
    await page.waitForURL(/grain=year.*of=den-haag.*level=district/);
    await page.getByRole("columnheader", { name: "Den Haag-Centrum" }).waitFor();
    await page.goBack();
    await page.getByRole("columnheader", { name: "Rotterdam" }).waitFor();
    await reload(page);
    await page.getByRole("columnheader", { name: "Rotterdam" }).waitFor();
  });

  it("goes from a cell to its chart, with unit and period", async () => {
    const page = await open("/?period=2015-H2");
    await page.getByRole("link", { name: /^Instroom .*Rotterdam/ }).click();
    await page.waitForURL(/\/indicator\/intake-dual\?period=2015-H2&unit=rotterdam/);
    await page.getByRole("heading", { level: 2, name: "Rotterdam" }).waitFor();
  });
});

describe("/unit/:unit", () => {
  it("draws a chart for each indicator, with target lines, a sentence and a table", async () => {
    const page = await open("/unit/den-haag");
    expect(await drawnCharts(page)).toBe(3);
    expect(await page.locator(".target_marks, [class*=target_marks]").count()).toBeGreaterThan(0);
    expect(await page.locator("article svg.marks").first().textContent()).toContain("streefcijfer");
    const label = await page.locator('[role="img"][data-drawn]').first().getAttribute("aria-label");
    expect(label).toMatch(/Grafiek: Instroom .*\(16 van 72\)/);
    await page.getByRole("button", { name: /^Tabel ?: Instroom/ }).click();
    expect(await page.locator("article table tbody tr").first().innerText()).toContain("2017-I");
  });

  it("changes chart, sentence, table and address with the unit", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    await page.getByRole("button", { name: /^Tabel ?: Klachten/ }).click();
    const state = async () => ({
      address: new URL(page.url()).pathname,
      heading: await page.locator("h1").innerText(),
      sentences: await page.locator(".sentence").allInnerTexts(),
      line: await page.locator("g.value_marks path").first().getAttribute("d"),
    });
    const before = await state();
    await page.getByLabel("Eenheid", { exact: true }).selectOption("rotterdam");
    await page.getByRole("heading", { level: 1, name: "Rotterdam" }).waitFor();
    await page.waitForFunction((old) => !document.body.innerText.includes(old), before.sentences[0]!);
    await drawnCharts(page);
    const after = await state();
    expect(after.address).toBe("/unit/rotterdam");
    for (const key of ["heading", "sentences", "line"] as const) expect(after[key]).not.toEqual(before[key]);
    // A table that was opened stays open.
    expect(await page.locator("article table td").first().innerText()).not.toBe("176");

    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Den Haag" }).waitFor();
    await page.waitForFunction((old) => document.body.innerText.includes(old), before.sentences[0]!);
    expect((await state()).sentences).toEqual(before.sentences);
  });

  it("has plots of one width that fill their cards, also after the window changed", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    // Of cards that are not near the view no drawing is asked.
    const widths = () =>
      page
        .locator("article [data-chart]")
        .evaluateAll((all) =>
          all
            .filter((each) => each.querySelector("svg") && each.getBoundingClientRect().top < innerHeight)
            .map((each) => [each.querySelector("svg")!.clientWidth, each.clientWidth]),
        );
    const fill = async () => (await widths()).every(([plot, card]) => plot! <= card! + 1 && plot! >= 0.9 * card!);
    expect(await fill()).toBe(true);
    expect(new Set((await widths()).map(([plot]) => plot)).size).toBe(1);
    await page.setViewportSize({ width: 700, height: 1800 });
    await expect.poll(fill).toBe(true);
    await expect.poll(async () => new Set((await widths()).map(([plot]) => plot)).size).toBe(1);
  });

  it("shows figures and charts before any script has run, and fetches no drawing program until a chart is touched", async () => {
    const still = await open("/unit/den-haag", { javaScriptEnabled: false });
    expect(await still.locator("article [data-drawn=server] svg").count()).toBeGreaterThan(1);
    expect(await still.locator(".sentence").first().innerText()).not.toBe("");

    const page = await open("/unit/den-haag");
    const programs = () =>
      page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => /embed-/.test(name)).length);
    await drawnCharts(page);
    expect(await programs()).toBe(0);
    await page.locator("article [data-chart]").first().hover();
    await expect.poll(programs).toBe(1);
  });

  it("tells what a period holds where the reader points", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    const box = (await page.locator("article svg.marks").first().boundingBox())!;
    await page.mouse.move(box.x + 120, box.y + 120);
    const tip = page.locator("#vg-tooltip-element.visible");
    await tip.waitFor();
    expect(await tip.innerText()).toMatch(/helft van 201\d\n\d+,\d% \(\d+ van 72\)/);
  });

  it("reads a chart period by period with the arrow keys, in words and with a mark", async () => {
    const page = await open("/unit/den-haag");
    await drawnCharts(page);
    const reading = page.getByRole("slider", { name: /Instroom/ }).first();
    expect(await reading.getAttribute("aria-valuetext")).toMatch(/helft van 201\d\./);
    await page
      .getByRole("link", { name: /^Instroom/ })
      .first()
      .focus();
    await page.keyboard.press("Tab");
    while (!(await reading.evaluate((each) => each === document.activeElement))) await page.keyboard.press("Tab");
    await page.keyboard.press("Home");
    const first = await reading.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowRight");
    expect(await reading.getAttribute("aria-valuetext")).not.toBe(first);
    expect(await reading.locator(".ring").count()).toBe(1);
    expect(await reading.locator(".tip").innerText()).toMatch(/helft van 201\d/);
    await page.keyboard.press("Escape");
    expect(await reading.locator(".tip").count()).toBe(0);
  });

  it("leads down to a district and up again", async () => {
    const page = await open("/unit/den-haag?period=2016-H1");
    await page.getByLabel("Daaronder").selectOption("den-haag-centrum");
    await page.getByRole("heading", { level: 1, name: "Den Haag-Centrum" }).waitFor();
    expect(page.url()).toContain("/unit/den-haag-centrum?period=2016-H1");
    await page.getByLabel("Plaats in de organisatie").getByRole("link", { name: "Politie" }).click();
    await page.getByRole("heading", { level: 1, name: "Politie" }).waitFor();
  });

  it("has a flag for each event in the charts that it is about, and lists what happened in the days shown", async () => {
    const page = await open("/unit/den-haag");
    const list = page.getByRole("region", { name: "Gebeurtenissen" });
    await list.waitFor();
    const said = (await list.getByRole("listitem").allInnerTexts()).map((each) => each.replace(/\s+/g, " "));
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(
      /^A A: 1 maart 2014 · registratie =Nieuw formulier .* Bron: voorbeelddata\. Cijfers: Klachten$/,
    );
    expect(said[3]).toMatch(
      /D: 15 april 2016 .* Start van de programmaorganisatie Bron: DH-2016 Bijlage C\. Eenheid: Den Haag$/,
    );
    await drawnCharts(page);
    const chart = (title: string) => page.locator("article", { has: page.getByRole("heading", { name: title }) });
    const letters = async (title: string) =>
      (await chart(title).locator("svg text").allTextContents()).filter((each) => /^[A-D]([ –][A-D])*$/.test(each));
    await chart("Klachten").scrollIntoViewIfNeeded();
    await drawnCharts(page);
    expect((await letters("Klachten")).join(" ")).toMatch(/^A /);
    expect((await letters("Vrouwen in de bezetting")).join(" ")).not.toContain("A");
    expect(await seriousFaults(page)).toEqual([]);
  });

  it("says what to do where the unit does not exist", async () => {
    const page = await open("/unit/atlantis");
    expect(await page.locator("h1").innerText()).toContain("atlantis");
    await page.getByRole("link", { name: "Rotterdam" }).click();
    await page.getByRole("heading", { level: 1, name: "Rotterdam" }).waitFor();
  });
});

describe("/indicator/:id", () => {
  it("asks its question, draws the chart and one small one for each unit on the same scale", async () => {
    const page = await open("/indicator/intake-dual?unit=den-haag");
    expect(await page.locator("h1").innerText()).toMatch(/\?$/);
    expect(await drawnCharts(page)).toBe(4);
    const tops = await page.locator(".multiples svg.marks").evaluateAll((all) =>
      all.map((each) =>
        [...each.querySelectorAll("text")]
          .map((text) => text.textContent)
          .filter((text) => /%$/.test(text ?? ""))
          .slice(0, 6)
          .join(" "),
      ),
    );
    expect(new Set(tops.map((each) => each.replace(/ 25%$/, ""))).size).toBe(1);
    expect(await page.locator(".fraction").innerText()).toMatch(/instroom/);
    expect(await page.getByRole("region", { name: "Doelen" }).innerText()).toContain("ten minste 25%");
  });

  it("names the events in its large chart, where they have room, and all below it", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&lang=en");
    await drawnCharts(page);
    const list = page.getByRole("region", { name: "Events" });
    expect(await list.getByRole("listitem").count()).toBe(4);
    expect(await list.innerText()).toContain("National vision document");
    await page.waitForFunction(() => document.querySelector("figure svg.marks")?.textContent?.includes("New form"));
  });

  it("leads to the section that a link names", async () => {
    const page = await open("/indicator/intake-dual?unit=den-haag#uitleg");
    await page.waitForFunction(() => scrollY > 300);
    const top = await page.locator("#uitleg").evaluate((each) => each.getBoundingClientRect().top);
    expect(Math.abs(top)).toBeLessThan(400);
  });

  it("says that nobody knows a unit, and shows the force", async () => {
    const page = await open("/indicator/intake-dual?unit=atlantis");
    await page.getByText("Eenheid “atlantis” staat niet in de organisatie").waitFor();
    await page.getByRole("heading", { level: 2, name: "Politie" }).waitFor();
  });

  it("offers the figures as they are shown", async () => {
    const page = await open("/indicator/complaints?unit=den-haag&grain=year");
    const link = page.getByRole("link", { name: "CSV (Excel, Nederlands)" });
    await link.waitFor();
    const response = await page.request.get(reader.fixture.address + (await link.getAttribute("href"))!);
    expect(response.headers()["content-type"]).toContain("text/csv");
    const lines = (await response.text()).split(/\r?\n/);
    expect(lines[0]).toContain("# Tabel: /api/v1/series");
    expect(lines.find((line) => !line.replace("\ufeff", "").startsWith("#"))).toContain("indicator_id;unit_id");
    for (const name of ["Excel (xlsx)", "Arrow", "JSON", "CSV (punt en komma)"]) {
      const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
      expect((await page.request.get(reader.fixture.address + href!)).status()).toBe(200);
    }
  });

  it("saves its picture in the light colours, as SVG and PNG", async () => {
    const page = await open("/indicator/intake-dual?unit=den-haag", { colorScheme: "dark" });
    await drawnCharts(page);
    let svg = "";
    const widthOf = (text: string) => Number(/<svg[^>]* width="(\d+)/.exec(text)![1]);
    for (const type of ["SVG", "PNG"]) {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: `Grafiek als ${type}` }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`intake-dual-den-haag-half-20170203T060000Z-0000aa.${type.toLowerCase()}`);
      const bytes = readFileSync(await file.path());
      if (type === "PNG") {
        // Width and height: twice those of the chart, and the caption below it.
        expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20) > 2 * 460]).toEqual([2 * widthOf(svg), true]);
        continue;
      }
      svg = bytes.toString("utf8");
      expect(svg).toMatch(/<title>Instroom met een dubbele culturele achtergrond.* – Den Haag, per half jaar<\/title>/);
      for (const words of [
        "<desc>Teller: instroom met een dubbele culturele achtergrond",
        "Noemer: instroom met bekende achtergrond",
        "definitie 2 (vanaf",
        "Momentopname 20170203T060000Z-0000aa, gepubliceerd op 3 feb 2017",
        "gegevens tot en met 31 januari 2017",
      ])
        expect(svg.split(words).length).toBeGreaterThan(words.startsWith("<desc>") ? 1 : 2);
    }
  });

  it("breaks down, in the address too", async () => {
    const page = await open("/indicator/intake-dual?unit=politie");
    await page.getByLabel("Uitgesplitst naar").selectOption("gender");
    await page.waitForURL(/by=gender/);
    await page.getByRole("heading", { level: 2, name: /^Naar / }).waitFor();
  });

  it("lists all figures where none is chosen, and where one does not exist", async () => {
    const page = await open("/indicator/no-such-figure");
    expect(await page.locator("h1").innerText()).toContain("no-such-figure");
    await page.getByRole("link", { name: "Klachten", exact: true }).click();
    await page.waitForURL(/\/indicator\/complaints/);
  });
});

describe("every page", () => {
  const addresses = [
    "/",
    "/unit/den-haag",
    "/indicator/intake-dual?unit=den-haag",
    "/indicator",
    "/data",
    "/accessibility",
    "/accessibility?lang=en",
  ];

  it.each(crossed(addresses, ["light", "dark"] as const))(
    "%s has no serious fault of accessibility in the %s",
    async (address, scheme) => {
      const page = await open(address, { colorScheme: scheme });
      await settled(page);
      expect(await seriousFaults(page)).toEqual([]);
    },
  );

  it("/ has its figures in view at 360 px, whatever the units of a target are called", async () => {
    const page = await open("/", { viewport: { width: 360, height: 740 } });
    await page
      .locator("td.target .for")
      .first()
      .evaluate((each) => (each.textContent = "Midden-Nederland, Zeeland-West-Brabant"));
    const ends = await page
      .locator("td.cell.narrow")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
    expect(ends.length).toBeGreaterThan(2);
    expect(Math.max(...ends)).toBeLessThanOrEqual(360);
  });

  it.each(addresses)("%s fits 360 px without scrolling sideways", async (address) => {
    const page = await open(address, { viewport: { width: 360, height: 740 } });
    await settled(page);
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(beyond).toBeLessThanOrEqual(0);
  });

  it("speaks English when asked, and keeps to it from page to page", async () => {
    const page = await open("/?lang=en");
    expect(await page.locator("h1").innerText()).toBe("How do we stand?");
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.getByRole("navigation").getByRole("link", { name: "Data" }).click();
    await page.getByRole("heading", { level: 1, name: "Which data have come in?" }).waitFor();
    expect(page.url()).toContain("lang=en");
  });

  it("goes dark by its switch, and keeps it in the address", async () => {
    const page = await open("/", { colorScheme: "light" });
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.getByLabel("Kleuren").selectOption("dark");
    expect(await background()).toBe("rgb(17, 23, 31)");
    expect(page.url()).toContain("theme=dark");
  });

  it("says what to do where a page does not exist", async () => {
    const page = await open("/no/such/page");
    await page.getByRole("link", { name: "Naar het overzicht" }).click();
    await page.getByRole("heading", { level: 1, name: "Hoe staan we ervoor?" }).waitFor();
  });

  it("lets the keyboard skip to the content", async () => {
    const page = await open("/data");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("inhoud");
  });
});

describe("when an answer fails", () => {
  it("shows the reason and tries again on request", async () => {
    const page = await open("/data");
    let broken = true;
    await page.route("**/api/v1/overview*", (route) =>
      broken
        ? route.fulfill({
            status: 503,
            contentType: "application/problem+json",
            body: '{"title":"x","detail":"even geduld"}',
          })
        : route.continue(),
    );
    await page.getByRole("navigation").getByRole("link", { name: "Overzicht" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("even geduld");
    broken = false;
    await page.getByRole("button", { name: "Probeer opnieuw" }).click();
    await page.locator("table").waitFor();
    // The browser itself notes an answer with status 503.
    reader.complaints.splice(0).forEach((each) => expect(each).toContain("503"));
  });
});

describe("GET /drawings/:chart", () => {
  const drawing = (chart: string, query: string) =>
    fetch(`${reader.fixture.address}/drawings/${chart}?${query}`, { headers: { cookie: reader.fixture.cookie } });

  it("answers the chart of a page as SVG of the width that was asked", async () => {
    const answer = await drawing("intake-dual", "page=%2Funit%2Fden-haag&width=321");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/svg+xml; charset=utf-8"]);
    expect(await answer.text()).toMatch(/^<svg[^>]* width="32\d"/);
  });

  it.each([
    ["nothing", "page=%2Funit%2Fden-haag&width=321", 204],
    ["intake-dual", "page=%2Funit%2Fnowhere&width=321", 204],
    ["intake-dual", "page=%2F%2Felsewhere.example%2F&width=321", 204],
    ["intake-dual", "page=http%3A%2F%2Felsewhere.example%2F&width=321", 400],
    ["intake-dual", "page=%2Funit%2Fden-haag&width=99999", 400],
    ["intake-dual", "page=%2Funit%2Fden-haag", 400],
  ])("answers %s of %s with %i", async (chart, query, status) => {
    expect((await drawing(chart, query)).status).toBe(status);
  });
});
