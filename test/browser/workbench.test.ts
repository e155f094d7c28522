import { cpSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { openBrowser } from "../support/browser.ts";
import { makeForce } from "../support/force.ts";
import { byKeyboard, withMouse, type Hands } from "../support/hands.ts";
import { drawnCharts, faults, visit } from "../support/pages.ts";
import { runServer, type Run } from "../support/server-process.ts";

// The whole monitor, with the pipelines' process; one indicator and a clock in 2014, so that its demo takes seconds.
const { home, config } = makeForce();
mkdirSync(path.join(config, "data"), { recursive: true });
cpSync(path.join(projectFolder, "data", "sources.csv"), path.join(config, "data", "sources.csv"));
const today = "2014-07-02";
const patience = 60_000;

let monitor: Run;
let address = "";
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  // A machine that has much to do is no fault of a draft.
  const own = { KVV_HOME: home.folder, KVV_CONFIG: config, KVV_NOW: `${today}T08:00:00Z`, KVV_DRAFT_SECONDS: "60" };
  monitor = runServer(["start"], own);
  address = (await monitor.says(/http:\/\/127\.0\.0\.1:\d+/))[0];
  if (inject("fonts")) process.env.FONTCONFIG_FILE = inject("fonts");
  if (inject("libraries")) process.env.LD_LIBRARY_PATH = inject("libraries");
  browser = await openBrowser(inject("browser"));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await monitor?.stop();
  await home.remove();
}, 60_000);

/** A browser of somebody: `control`, or `control:<name>`. */
async function contextOf(persona: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 }, reducedMotion: "reduce" });
  const answer = await context.request.post(`${address}/api/v1/session`, { data: { persona } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return context;
}

async function pageOf(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return page;
}

interface Row {
  complaint_id: string | null;
  unit_id: string;
  received_on: string;
  closed_on: string | null;
  count: number;
}

/** Complaints of the half-year of a unit and all below it, worked out by hand of what came in: how many were closed, and of those within 70 days. */
async function byHand(unit: string): Promise<{ within: number; closed: number }> {
  const folder = path.join(home.folder, "archive", "complaints");
  const files = readdirSync(folder).sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
  const known = new Map<string, Row>();
  const db = await Database.open(":memory:");
  try {
    // What came later takes the place of what came before.
    for (const file of files)
      for (const row of await db.all<Row>(`select * from read_parquet('${path.join(folder, file)}')`))
        known.set(row.complaint_id ?? `${file} ${known.size}`, row);
  } finally {
    db.close();
  }
  let [within, closed] = [0, 0];
  for (const { unit_id, received_on, closed_on, count } of known.values()) {
    const isThere = unit_id === unit || unit_id.startsWith(`${unit}-`);
    if (!isThere || received_on < "2014-01-01" || received_on > "2014-06-30" || closed_on === null) continue;
    closed += count;
    if ((Date.parse(closed_on) - Date.parse(received_on)) / 86_400_000 <= 70) within += count;
  }
  return { within, closed };
}

interface Journey {
  indicator: string;
  title: string;
  author: string;
  approver: string;
  hands: (page: Page) => Hands;
}

/** From nothing to a figure that all readers see. */
async function make({ indicator, title, author, approver, hands }: Journey): Promise<void> {
  const context = await contextOf(author);
  const page = await pageOf(context);
  const { press, write, choose, tick } = hands(page);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const words = (legend: string, language = "Nederlands") =>
    page.getByRole("group", { name: legend, exact: false }).getByLabel(language, { exact: true }).first();
  const inBoth = async (legend: string, nl: string, en: string) => {
    await write(words(legend), nl);
    await write(words(legend, "Engels"), en);
  };
  const view = (name: RegExp) =>
    page.getByRole("navigation", { name: "Delen van het concept" }).getByRole("link", { name });
  const check = page.getByRole("region", { name: "Controle" });

  await visit(page, `${address}/workbench`);
  await page
    .getByText("Er ligt geen werk")
    .or(page.getByRole("table", { name: "Lopend werk" }))
    .first()
    .waitFor();
  await choose(page.getByLabel("Begin met"), "Aandeel van wat gebeurt");
  await write(page.getByLabel("Naam in het adres"), indicator);
  await press(button("Beginnen"));
  await page.getByRole("heading", { level: 1, name: indicator }).waitFor();
  await check.getByText("punten om te verbeteren").waitFor();

  // What it says, and what is counted: of the closed complaints those that took at most 70 days.
  await inBoth("Titel", title, "Complaints closed within 70 days");
  await inBoth("Vraag die het beantwoordt", "Worden klachten op tijd afgedaan?", "Are complaints closed in time?");
  await choose(page.getByLabel("Wat is beter"), "hoger is beter");
  const rows = page.getByRole("group", { name: "Alleen rijen waarvoor geldt" });
  await choose(rows.getByLabel("Kolom", { exact: true }), "gesloten op (closed_on)");
  await choose(rows.getByLabel("Wat ervan geldt"), "is ingevuld");
  const numerator = page.getByRole("group", { name: "Voorwaarden voor de teller" });
  await choose(numerator.getByLabel("Kolom", { exact: true }), "gesloten op (closed_on)");
  await choose(numerator.getByLabel("Wat ervan geldt"), "valt ten hoogste");
  await write(numerator.getByLabel("Aantal dagen"), "70");
  await inBoth("Teller in woorden", "klachten die binnen 70 dagen zijn afgedaan", "complaints closed within 70 days");
  await inBoth("Noemer in woorden", "afgedane klachten", "complaints closed");
  await inBoth(
    "De zin bij het cijfer",
    "{period} is een deel op tijd afgedaan.",
    "{period}, {value} were closed in time.",
  );
  await inBoth("Omschrijving", "Aandeel van de afgedane klachten.", "Share of the complaints closed.");
  await inBoth("Waarom dit wordt gevolgd", "Wie klaagt, wacht niet graag.", "Whoever complains does not like to wait.");
  await write(page.getByLabel("Eigenaar"), "Klachtencoördinator");
  await write(page.getByLabel("Bronnen"), "Eigen idee");

  // The page names what is wrong, at its place; both are mended there.
  await check.getByText("Nog 2 punten om te verbeteren").waitFor();
  await check.getByText("In de zin ontbreekt {value}.").waitFor();
  await page.getByRole("group", { name: "De zin bij het cijfer" }).getByText("In de zin ontbreekt {value}.").waitFor();
  await press(check.getByRole("button", { name: "Definitie" }).first());
  expect(await words("De zin bij het cijfer").evaluate((element) => element === document.activeElement)).toBe(true);
  await write(words("De zin bij het cijfer"), "{period} is {value} van de klachten op tijd afgedaan.");
  await check.getByText("Nog 1 punt om te verbeteren").waitFor();
  await check.getByText("Deze bron staat niet in de lijst van stukken.").waitFor();
  await write(page.getByLabel("Bronnen"), "DH-2015 §3.3, KVV");

  // The example of the template counts something else: its figures come out otherwise until they are worked out anew.
  await check.getByText(/cijfers? van het voorbeeld kom(t|en) anders uit/).waitFor();
  await press(view(/Uitgewerkt voorbeeld/));
  await exampleOf(page, { press, write, choose, tick });
  await check.getByText("Alles klopt, ook het voorbeeld.").waitFor();
  expect(await faults(page)).toEqual([]);

  await press(view(/^Streefcijfers/));
  await press(button("Streefcijfer toevoegen"));
  const target = page.getByRole("group", { name: "Streefcijfer 1" });
  await write(target.getByLabel("Waarde", { exact: true }), "0,8");
  await check.getByText("Alles klopt, ook het voorbeeld.").waitFor();
  expect(await faults(page)).toEqual([]);

  await press(page.getByRole("button", { name: "Cijfers berekenen", exact: true }));
  const figures = page.getByRole("region", { name: "Cijfers", exact: true });
  await figures.getByText(/^Berekend in/).waitFor();
  await choose(figures.getByLabel("Eenheid"), "Den Haag");
  const hand = await byHand("den-haag");
  await figures.getByText(`(${hand.within} van ${hand.closed})`).waitFor();
  await drawnCharts(page);
  await figures.getByText("Wat niet wordt getoond").waitFor();
  expect(await faults(page)).toEqual([]);

  await press(button("Voorstellen"));
  await press(button("Opslaan en voorstellen"));
  await page.getByText("Schrijf een toelichting.").waitFor();
  await write(
    page.getByLabel("Toelichting", { exact: true }),
    "Nieuw cijfer over afdoening, gevraagd door de portefeuillehouder.",
  );
  await press(button("Opslaan en voorstellen"));
  await page.getByText("Voorgesteld", { exact: true }).waitFor();
  await page.getByText("U schreef of stelde dit zelf voor.").waitFor();
  expect(await button("Goedkeuren").count()).toBe(0);
  const at = new URL(page.url()).pathname;
  await context.close();
  await approve({ at, indicator, title, persona: approver, hands });
}

/** Of 8 that were closed 7 took at most 70 days; 7 others are still open. */
async function exampleOf(page: Page, { press, write, choose }: Hands): Promise<void> {
  const rows = page.getByRole("region", { name: "Rijen van Klachten" });
  await choose(page.getByLabel("Nog een kolom").first(), "closed_on");
  await press(page.getByRole("button", { name: "Kolom toevoegen" }).first());
  for (const [i, day] of ["2016-02-01", "2016-05-01", "2016-03-20"].entries())
    await write(rows.getByLabel(`closed_on, regel ${i + 1}`), day);
  const figures = page.getByRole("region", { name: "Cijfers die u verwacht" }).last();
  await write(figures.getByLabel("numerator, regel 1"), "7");
  await write(figures.getByLabel("denominator, regel 1"), "8");
  await write(figures.getByLabel("value, regel 1"), "0.875");
  await press(page.getByRole("button", { name: "Als tekst bewerken" }));
  await page.getByText("hoefkade  treatment founded        2     2016-02-01").waitFor();
}

interface Approval {
  at: string;
  indicator: string;
  title: string;
  persona: string;
  hands: (page: Page) => Hands;
}

/** Another controller looks at what changes, approves it, and finds it where all readers do. */
async function approve({ at, indicator, title, persona, hands }: Approval): Promise<void> {
  const context = await contextOf(persona);
  const page = await pageOf(context);
  const { press, write } = hands(page);
  await visit(page, `${address}/workbench`);
  await press(page.getByRole("link", { name: title }));
  await page.waitForURL((url) => url.pathname === at);
  await page.getByText("Nieuw cijfer over afdoening").first().waitFor();
  const text = page.getByRole("region", { name: "Definitie" }).last();
  expect(await text.innerText()).toContain("closed_on - received_on <= 70");
  expect(await faults(page)).toEqual([]);
  await press(page.getByRole("button", { name: "Cijfers berekenen", exact: true }));
  await page.getByText(/^Berekend in/).waitFor();
  await press(page.getByRole("button", { name: "Goedkeuren", exact: true }));
  const form = page.getByRole("form", { name: "Goedkeuren" });
  await write(form.getByLabel("Publiceren op"), today);
  await press(form.getByRole("button", { name: "Goedkeuren" }));
  await page.getByText("Gepubliceerd", { exact: true }).waitFor();
  await context.close();

  const reader = await contextOf("leadership:den-haag");
  const series = `${address}/api/v1/series?indicator=${indicator}&unit=den-haag&grain=half`;
  await expect.poll(async () => (await reader.request.get(series)).status(), { timeout: patience }).toBe(200);
  const found = (await (await reader.request.get(series)).json()) as Record<string, unknown>[];
  const hand = await byHand("den-haag");
  expect(found.find(({ period_end, breakdown }) => period_end === "2014-06-30" && breakdown === null)).toMatchObject({
    numerator: hand.within,
    denominator: hand.closed,
    value: hand.within / hand.closed,
    target: 0.8,
    definition_version: 1,
  });

  const seen = await pageOf(reader);
  await visit(seen, `${address}/unit/den-haag?grain=half`);
  const card = seen.getByRole("article").filter({ has: seen.getByRole("heading", { name: title }) });
  await card.scrollIntoViewIfNeeded();
  await card
    .getByText(`is ${Math.round((hand.within / hand.closed) * 1000) / 10}`.replace(".", ","))
    .first()
    .waitFor();
  await card.getByText("Het landelijke streefcijfer is 80%").waitFor();
  await card.locator("svg").getByText("streefcijfer").waitFor();
  await reader.close();
}

describe("/workbench", () => {
  it("lets a controller make a figure from nothing, and another publish it", { timeout: 300_000 }, async () => {
    await make({
      indicator: "complaints-in-time",
      title: "Klachten binnen 70 dagen afgedaan",
      author: "control",
      approver: "control:anna",
      hands: withMouse,
    });
    expect(complaints.splice(0)).toEqual([]);
  });

  it("lets them do all that by keyboard", { timeout: 300_000 }, async () => {
    await make({
      indicator: "complaints-seventy",
      title: "Klachten afgedaan in 70 dagen",
      author: "control:bram",
      approver: "control:anna",
      hands: byKeyboard,
    });
    expect(complaints.splice(0)).toEqual([]);
  });
});
