import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { WorkState } from "../../web/api.ts";
import { crossed } from "../support/long.ts";
import { reload, seriousFaults, settled, useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;

/** What the pipelines would tell of their work. */
async function tell(page: Page, work: () => WorkState): Promise<void> {
  await page.route("**/api/v1/work", (route) => route.fulfill({ json: work() }));
}
const resting: WorkState = { running: true, task: null, waiting: 0 };

describe("/data", () => {
  it("says in one line how the sources stand, and of each which months are in, in words too", async () => {
    const page = await open("/data");
    expect(await page.locator(".lead").innerText()).toMatch(/bronn?e?n?: bij 1 is iets niet gelukt/);
    const row = page.locator("tbody", { has: page.getByRole("link", { name: "Klachten", exact: true }) }).first();
    await row.getByRole("img", { name: /^Klachten: jan ’16 t\/m jan ’17 binnen/ }).waitFor();
    const words = await row.innerText();
    expect(words).toContain("geweigerd");
    expect(words).toContain("blijven de gegevens");
    expect(words).toContain("31 jan 2017");
  });

  it("opens a source in the address, puts the reader at its heading, and goes back", async () => {
    const page = await open("/data");
    await page.getByRole("link", { name: "Klachten", exact: true }).first().click();
    await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
    expect(page.url()).toContain("/data?feed=complaints");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    expect(await page.title()).toContain("Klachten");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Welke gegevens zijn er binnen?" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
  });

  it("says what to do where nobody knows the source", async () => {
    const page = await open("/data?feed=atlantis");
    await page.getByText("Bron “atlantis” bestaat niet").waitFor();
    await page.getByRole("link", { name: "Alle bronnen" }).click();
    await page.getByRole("heading", { level: 1, name: "Welke gegevens zijn er binnen?" }).waitFor();
  });

  it("shows what a load changed in published figures, with the load", async () => {
    const page = await open("/data");
    const section = page.getByRole("region", { name: "Herziene cijfers" });
    await section.getByText("55 → 56").first().waitFor();
    await section.getByRole("link", { name: "Klachten: klachten.csv" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
    expect(page.url()).toContain("load=12");
  });

  it("sets published figures beside those of the monitor, and lets the reader choose", async () => {
    const page = await open("/data");
    const section = page.getByRole("region", { name: "Naast wat anderen publiceerden" });
    await section.getByRole("link", { name: "Jaarverslag 2014" }).waitFor();
    await section.getByLabel("Cijfer").selectOption("intake-dual");
    expect(page.url()).toContain("figure=intake-dual");
    await section.getByRole("link", { name: "Voortgangsbrief" }).waitFor();
    expect(await section.getByRole("link", { name: "Jaarverslag 2014" }).count()).toBe(0);
    const href = await section.getByRole("link", { name: "CSV (Excel, Nederlands)" }).getAttribute("href");
    const csv = await (await page.request.get(reader.fixture.address + href!)).text();
    expect(csv).toContain("Voortgangsbrief");
    expect(csv).not.toContain("Jaarverslag 2014");
  });
});

describe("/data?feed=", () => {
  it("tells of each load that read is loaded, apart, skipped and merged, and how it was read", async () => {
    const page = await open("/data?feed=complaints");
    const row = page.getByRole("row", { name: /klachten\.csv levering 12/ });
    await row.waitFor();
    expect((await row.innerText()).replace(/\s+/g, " ")).toContain("1.204 1.202 2 0 0");
    expect(await row.innerText()).toMatch(/jan ’16 t\/m jan ’17, Politie/);
    expect(await row.innerText()).toMatch(/windows-1252/);
  });

  it("shows rows that stand apart by reason, in the address, and gives them as a file", async () => {
    const page = await open("/data?feed=complaints");
    const section = page.getByRole("region", { name: "Regels die apart staan" }).first();
    await section.getByText("2 van 2 regels").waitFor();
    await section.getByLabel("Reden").selectOption("unknown_unit");
    expect(page.url()).toContain("reason=unknown_unit");
    await section.getByText("1 van 1 regels").waitFor();
    const table = await section.locator("tbody").innerText();
    expect(table).toContain("=cmd|calc");
    expect(table).not.toContain("31-02-2017");
    const href = await section.getByRole("link", { name: "CSV (Excel, Nederlands)" }).getAttribute("href");
    const csv = await (await page.request.get(reader.fixture.address + href!)).text();
    expect(csv).toContain("unknown_unit");
    expect(csv).not.toContain("31-02-2017");
    await reload(page);
    await section.getByText("1 van 1 regels").waitFor();
  });

  it("says why files were refused and what to do, and what a file must hold", async () => {
    const page = await open("/data?feed=complaints");
    const refused = page.getByRole("region", { name: "Geweigerde bestanden" });
    await refused.getByText("klachten.csv").waitFor();
    expect(await refused.innerText()).toContain("the header lacks received_on");
    const contract = page.getByRole("region", { name: "Wat er in een bestand moet staan" });
    await contract.getByRole("row", { name: /received_on/ }).waitFor();
    expect(await contract.getByRole("row", { name: /^complaint_id/ }).innerText()).toContain("klachtnummer");
    expect(await contract.innerText()).toMatch(/Awb hoofdstuk 9/);
    const href = await contract.getByRole("link", { name: "Voorbeeldbestand (CSV)" }).getAttribute("href");
    const template = await page.request.get(reader.fixture.address + href!);
    expect(template.status()).toBe(200);
    expect(await template.text()).toContain("klachtnummer");
  });

  it("says so where no pipelines run, and offers no upload then", async () => {
    const page = await open("/data?feed=complaints");
    await page.getByText("De lader werkt nu niet").first().waitFor();
    expect(await page.locator('input[type="file"]').count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Kijk nu/ }).count()).toBe(0);
  });

  it("shows what is being done, and takes it away when it is done", async () => {
    const page = await open("/data");
    let work: WorkState = {
      running: true,
      waiting: 1,
      task: {
        what: "inbox",
        feed: "complaints",
        file: "klachten.csv",
        step: "checking",
        done: null,
        total: null,
        share: 0.34,
        seconds_left: 12,
        rows: 81234,
        started_at: "2017-02-03T06:00:00Z",
      },
    };
    await tell(page, () => work);
    await reload(page);
    const bar = page.getByRole("progressbar", { name: "Klachten" });
    await bar.waitFor();
    expect(await bar.getAttribute("value")).toBe("0.34");
    const strip = page.locator(".strip", { has: bar });
    expect(await strip.innerText()).toMatch(/klachten\.csv · controleren · 81\.234 regels · 34% · nog ongeveer 12 s/);
    work = resting;
    await bar.waitFor({ state: "detached" });
  });

  it("asks how far the work is only while somebody looks", async () => {
    const page = await open("/data");
    let asked = 0;
    await tell(page, () => {
      asked += 1;
      return { ...resting, waiting: 1 };
    });
    await reload(page);
    await page.getByRole("progressbar").waitFor();
    const before = asked;
    await page.waitForTimeout(2200);
    expect(asked - before).toBeGreaterThanOrEqual(1);
    await page.getByRole("navigation").getByRole("link", { name: "Overzicht" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await page.locator("table").first().waitFor();
    const left = asked;
    await page.waitForTimeout(2200);
    expect(asked - left).toBeLessThanOrEqual(1);
  });
});

describe("sending a file", () => {
  const csv = { name: "klachten.csv", mimeType: "text/csv", buffer: Buffer.from("a;b\n1;2\n") };
  const delivery = {
    feed: "complaints",
    file: "klachten.csv",
    load_id: null,
    read: 120,
    accepted: 0,
    merged: 0,
    skipped: 0,
    quarantined: 0,
    unchanged: false,
    refused: null as string | null,
    reasons: {},
  };

  it("offers to confirm a large change only after a refusal for it, and then sends it so", async () => {
    const page = await open("/data?feed=complaints");
    const sent: string[] = [];
    await tell(page, () => resting);
    await page.route("**/api/v1/feeds/complaints/files", (route) => {
      sent.push(route.request().postData() ?? "");
      const refused =
        sent.length === 1
          ? "its total is 120, 90% less than the 1202 of the last load of the same coverage (2016-01-01 to 2017-01-01); if that is right, load it with --accept-change"
          : null;
      return route.fulfill({
        json: {
          ...delivery,
          refused,
          accepted: refused ? 0 : 118,
          quarantined: refused ? 0 : 2,
          reasons: refused ? {} : { unknown_unit: 2 },
          load_id: refused ? null : 14,
        },
      });
    });
    await reload(page);
    await page.locator('input[type="file"]').first().setInputFiles(csv);
    await page.getByRole("button", { name: "Laad dit bestand" }).click();
    await page.getByRole("heading", { name: "klachten.csv is geweigerd" }).waitFor();
    const outcome = page.locator(".outcome");
    expect(await outcome.innerText()).toContain(
      "Het totaal is 120; bij de vorige levering over deze periode was dat 1.202.",
    );
    expect(sent[0]).not.toContain("accept_change");
    await page.getByRole("button", { name: "De verandering klopt: laad toch" }).click();
    await page.getByRole("heading", { name: "klachten.csv is geladen" }).waitFor();
    expect(sent[1]).toMatch(/name="accept_change"[\s\S]*true[\s\S]*name="file"/);
    expect(await outcome.innerText()).toContain("120 regels gelezen = 118 geladen + 2 apart gezet");
    expect(await outcome.innerText()).toContain("2: De eenheid is niet bekend");
    expect(await page.getByRole("button", { name: "De verandering klopt: laad toch" }).count()).toBe(0);
  });

  it("takes files that are dropped, lets one be left out, and works by keyboard", async () => {
    const page = await open("/data?feed=complaints");
    await tell(page, () => resting);
    await reload(page);
    await page.locator('input[type="file"]').first().waitFor({ state: "attached" });
    const files = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["a;b"], "een.csv"));
      data.items.add(new File(["a;b"], "twee.csv"));
      return data;
    });
    await page.locator(".zone").dispatchEvent("drop", { dataTransfer: files });
    await page.getByRole("button", { name: "Laad deze 2 bestanden" }).waitFor();
    await page.getByRole("button", { name: /^weglaten ?: een\.csv$/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Laad dit bestand" }).waitFor();
    expect(await page.locator(".chosen").innerText()).toContain("twee.csv");
    await page.locator('input[type="file"]').first().focus();
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).type)).toBe("file");
  });
});

describe("pages with figures", () => {
  const line = "de levering is geweigerd";

  it.each(["/", "/unit/den-haag", "/indicator/complaints?unit=den-haag"])(
    "%s says which data behind its figures are in trouble, and leads there",
    async (address) => {
      const page = await open(address);
      const lines = page.getByRole("list", { name: "Gegevens die te laat of niet binnen zijn" });
      await lines.waitFor();
      expect(await lines.innerText()).toContain(line);
      expect(await lines.innerText()).toContain("tot en met 31 januari 2017");
      await page.getByText("niet alles is binnen: Klachten").first().waitFor();
      await page.emulateMedia({ media: "print" });
      expect(await lines.isVisible()).toBe(true);
      await page.emulateMedia({ media: "screen" });
      await lines.getByRole("link", { name: "Klachten" }).click();
      await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
    },
  );

  it("say nothing where the figures use other data", async () => {
    const page = await open("/indicator/staffing-women?unit=den-haag");
    await page.locator("figure").first().waitFor();
    await settled(page);
    expect(await page.getByText(line).count()).toBe(0);
  });
});

describe("the data pages", () => {
  const addresses = ["/data", "/data?feed=complaints"];

  it.each(crossed(addresses, ["light", "dark"] as const))(
    "%s has no serious fault of accessibility in the %s",
    async (address, scheme) => {
      const page = await open(address, { colorScheme: scheme });
      await tell(page, () => resting);
      await reload(page);
      await page.getByRole("button", { name: /^Kijk nu/ }).waitFor();
      await settled(page);
      expect(await seriousFaults(page)).toEqual([]);
    },
  );

  it.each(addresses)("%s fits 360 px without scrolling sideways, in English too", async (address) => {
    for (const lang of ["nl", "en"]) {
      const page = await open(`${address}${address.includes("?") ? "&" : "?"}lang=${lang}`, {
        viewport: { width: 360, height: 740 },
      });
      await settled(page);
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });
});
