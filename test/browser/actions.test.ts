import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import { makeSnapshot } from "../support/snapshot.ts";
import { faults, reload, useReader, visit } from "../support/pages.ts";

const reader = useReader({ now: () => new Date("2017-02-10T09:00:00Z") });
const { open } = reader;

const dialog = (page: Page) => page.getByRole("dialog");
const field = (page: Page, name: string) => dialog(page).getByLabel(name, { exact: true });
const save = (page: Page) => dialog(page).getByRole("button", { name: "Opslaan", exact: true }).click();
const row = (page: Page, title: string) => page.getByRole("row", { name: new RegExp(title) });
const closed = (page: Page) => dialog(page).waitFor({ state: "detached" });
const patch = (page: Page, data: object) => page.request.patch(`${reader.fixture.address}/api/v1/actions`, { data });

/** An action of a test's own. */
async function add(page: Page, fields: object): Promise<string> {
  const plan = { kind: "action", focus: "inclusion", unit_id: "rotterdam", status: "running" };
  const answer = await page.request.post(`${reader.fixture.address}/api/v1/actions`, { data: { ...plan, ...fields } });
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { action_id: string }[])[0]!.action_id;
}

describe("/actions", () => {
  it("shows actions by focus point, with money in all, and says in words which are late", async () => {
    const page = await open("/actions?unit=den-haag");
    await page.getByText("2 acties: 1 te laat, 2 in uitvoering, 0 klaar").waitFor();
    await page.getByRole("heading", { name: "Verbinding met de samenleving" }).waitFor();
    const text = await row(page, "Netwerken in de wijken").innerText();
    expect(text).toContain("41 dagen te laat");
    expect(text).toContain("35.000");
    expect(await page.getByRole("row", { name: /Totaal van dit thema/ }).innerText()).toContain("55.000,50");
    expect(await page.locator("main").innerText()).toContain("€\u00a055.000,50");
    // A text is a text, whatever it begins with.
    await page.getByRole("link", { name: '=HYPERLINK("http://example.org"' }).waitFor();
  });

  it("keeps what is chosen in the address, and goes back from it", async () => {
    const page = await open("/actions");
    await page.getByRole("link", { name: "Netwerken in de wijken" }).waitFor();
    await page.getByLabel("Stand").selectOption("stopped");
    await page.getByText("1 actie:").waitFor();
    await page.getByRole("link", { name: "Training omgaan met verschil" }).waitFor();
    expect(page.url()).toContain("status=stopped");
    await page.goBack();
    await page.getByRole("link", { name: "Netwerken in de wijken" }).waitFor();
    expect(await page.getByLabel("Stand").inputValue()).toBe("");
    await page.getByRole("button", { name: "Alleen te laat" }).click();
    await page.getByText("1 actie: 1 te laat").waitFor();
    expect(page.url()).toContain("late=true");
    const link = page.getByRole("link", { name: "CSV (Excel, Nederlands)" });
    expect(await link.getAttribute("href")).toContain("late=true");
    await page.getByLabel("Jaar").selectOption("2014");
    await page.getByText("Geen actie past bij deze keuzes").waitFor();
    await page.getByRole("link", { name: "Alle acties" }).click();
    await page.getByRole("link", { name: "Netwerken in de wijken" }).waitFor();
  });

  it("draws them on a time line with today, and tells the same in words", async () => {
    const page = await open("/actions?unit=den-haag");
    await page.getByRole("button", { name: "Als tijdlijn" }).click();
    const line = page.getByRole("group", { name: "Verbinding met de samenleving" });
    await line.getByText("vandaag").waitFor();
    expect(await line.innerText()).toContain("15 apr 2016 – 31 dec 2016 · in uitvoering");
    expect(await line.locator(".over").count()).toBe(1);
    expect(page.url()).toContain("view=line");
  });

  it("adds an action, after it has said at the field what is missing", async () => {
    const page = await open("/actions?unit=rotterdam");
    await page.getByRole("link", { name: "Actie toevoegen" }).click();
    await dialog(page).waitFor();
    expect(await dialog(page).getByLabel("Eenheid").inputValue()).toBe("rotterdam");
    await field(page, "Begroot").fill("veel");
    await save(page);
    await dialog(page).getByText("Dit is geen bedrag.").waitFor();
    const title = dialog(page).getByLabel("Titel");
    expect(await title.getAttribute("aria-invalid")).toBe("true");
    expect(await title.evaluate((element) => element === document.activeElement)).toBe(true);
    await title.fill("Gesprek met de netwerken");
    await field(page, "Begroot").fill("1.250,50");
    await field(page, "Eigenaar").fill("Portefeuillehouder");
    await save(page);
    await closed(page);
    const text = await row(page, "Gesprek met de netwerken").innerText();
    expect(text).toContain("1.250,50");
    expect(text).toContain("Rotterdam · Portefeuillehouder");
  });

  it("changes a delivered action, and keeps the log of it", async () => {
    const page = await open("/actions?unit=politie");
    await page.getByRole("link", { name: "Voortgang in de managementgesprekken" }).click();
    await field(page, "Stand").selectOption("running");
    await field(page, "Uitgegeven").fill("500");
    await save(page);
    await closed(page);
    await row(page, "Voortgang in de managementgesprekken").getByText("in uitvoering").waitFor();
    await reload(page);
    await page.getByRole("link", { name: "Voortgang in de managementgesprekken" }).click();
    expect(page.url()).toContain("action=a4");
    await dialog(page).getByRole("button", { name: "Verloop tonen" }).click();
    const log = await dialog(page).getByRole("listitem").filter({ hasText: "lokaal" }).first().innerText();
    expect(log).toContain("Stand: voorgesteld → in uitvoering");
    expect(log).toContain("Uitgegeven: €\u00a0500");
    await dialog(page)
      .getByText(/Geleverd op/)
      .waitFor();
  });

  it("reads in a list, and says of each line that cannot be saved why", async () => {
    const page = await open("/actions?unit=amsterdam");
    await page.getByText("Lijst inlezen").click();
    const choose = (lines: string[]) =>
      page
        .getByLabel("Bestand")
        .setInputFiles({ name: "acties.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) });
    const head = "Soort;Thema;Titel;Eenheid;Stand;Begroot";
    await choose([
      head,
      "actie;inclusion;Uit een lijst;Amsterdam;loopt;1.000",
      "actie;inclusion;Zonder eenheid;Nergens;loopt;",
    ]);
    await page.getByRole("button", { name: "Inlezen", exact: true }).click();
    await page.getByRole("alert").getByText('line 3, unit_id: no unit "Nergens"').waitFor();
    await choose([head, "actie;inclusion;Uit een lijst;Amsterdam;loopt;1.000"]);
    await page.getByRole("button", { name: "Inlezen", exact: true }).click();
    await page.getByText("Regels gelezen: 1. Toegevoegd: 1").waitFor();
    expect(await row(page, "Uit een lijst").innerText()).toContain("1.000");
    expect(await faults(page)).toEqual([]);
    expect(reader.complaints.splice(0).every((each) => each.includes("422"))).toBe(true);
  });

  it("shows what somebody saved meanwhile, and loses neither", async () => {
    const page = await open("/actions");
    const id = await add(page, { title: "Samen bewerkt" });
    await visit(page, `${reader.fixture.address}/actions?unit=rotterdam&action=${id}`);
    await field(page, "Uitgegeven").fill("300");
    expect((await patch(page, { action_id: id, version: 1, status: "done" })).status()).toBe(200);
    await save(page);
    const news = dialog(page).getByRole("alert");
    await news.getByText("Intussen heeft lokaal deze actie opgeslagen.").waitFor();
    expect(await news.innerText()).toContain("Stand: klaar");
    await dialog(page).getByRole("button", { name: "Mijn wijzigingen erbij opslaan" }).click();
    await closed(page);
    const text = await row(page, "Samen bewerkt").innerText();
    expect(text).toContain("klaar");
    expect(text).toContain("300");
    expect(reader.complaints.splice(0).every((each) => each.includes("409"))).toBe(true);
  });

  it("keeps what was begun when the reader closes it or goes elsewhere, and says so", async () => {
    const page = await open("/actions");
    const id = await add(page, { title: "Half geschreven" });
    await visit(page, `${reader.fixture.address}/actions?action=${id}`);
    await field(page, "Opmerking").fill("Nog niet af");
    await page.keyboard.press("Escape");
    await closed(page);
    await page.getByText("Nog niet opgeslagen: Half geschreven.").waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Overzicht" }).click();
    await page.getByRole("navigation").getByRole("link", { name: "Acties" }).click();
    await page.getByRole("link", { name: "Verder schrijven" }).click();
    expect(await field(page, "Opmerking").inputValue()).toBe("Nog niet af");
    await dialog(page).getByRole("button", { name: "Niet opslaan" }).click();
    await closed(page);
    expect(await page.getByText("Nog niet opgeslagen").count()).toBe(0);
  });

  it("says where a later delivery differs, and lets the reader take it over or leave it", async () => {
    const page = await open("/actions");
    expect((await patch(page, { action_id: "a3", version: 0, status: "stopped" })).status()).toBe(200);
    const besides = ["update actions set status = 'running', number = '12' where action_id = 'a3'"];
    await makeSnapshot(reader.fixture.home, { name: "20170303T060000Z-0000bb", besides });
    await reader.fixture.snapshots.refresh();
    await visit(page, `${reader.fixture.address}/actions?unit=rotterdam`);
    await row(page, "Contactpersoon in elk district").getByText("levering zegt iets anders").waitFor();
    await page.getByRole("link", { name: "Contactpersoon in elk district" }).click();
    const news = dialog(page).getByRole("group", { name: /laatste levering/ });
    expect(await news.innerText()).toContain("Stand: in uitvoering (hier: gestopt)");
    await news.getByRole("button", { name: "Levering overnemen" }).click();
    await news.waitFor({ state: "detached" });
    expect(await field(page, "Stand").inputValue()).toBe("running");
    expect(await field(page, "Nummer").inputValue()).toBe("12");
  });

  it("is reached from the page of a unit", async () => {
    const page = await open("/unit/den-haag");
    await page.getByRole("link", { name: "Acties: Den Haag" }).click();
    await page.getByText("2 acties:").waitFor();
    expect(page.url()).toContain("/actions?unit=den-haag");
  });

  it.each([
    ["/actions?unit=den-haag", "light", 1280],
    ["/actions?unit=den-haag&view=line&lang=en", "dark", 1280],
    ["/actions?view=line", "light", 360],
    ["/actions?action=a1", "dark", 360],
  ] as const)("is accessible, and fits: %s, %s, %i px", async (address, colorScheme, width) => {
    const page = await open(address, { colorScheme, viewport: { width, height: 800 } });
    await page.locator("section h2").first().waitFor();
    if (address.includes("action=")) {
      await dialog(page).getByRole("button", { name: "Verloop tonen" }).click();
      await dialog(page)
        .getByText(/Geleverd op/)
        .waitFor();
    }
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
