import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Database } from "../../pipelines/database.ts";
import type { DraftPreview } from "../../pipelines/workbench/draft.ts";
import type { Entry } from "../../server/audit.ts";
import { targetHeader } from "../workbench/support.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { openBrowser } from "../support/browser.ts";
import { makeForce } from "../support/force.ts";
import { byKeyboard, withMouse, type Hands } from "../support/hands.ts";
import { inLongRun, long as isLongRun } from "../support/long.ts";
import { drawnCharts, faults, visit } from "../support/pages.ts";
import { runServer, type Run } from "../support/server-process.ts";

// The whole monitor, with the pipelines' process; one indicator and a clock in 2014, so that its demo takes seconds.
const { home, config } = makeForce();
mkdirSync(path.join(config, "data"), { recursive: true });
cpSync(path.join(projectFolder, "data", "sources.csv"), path.join(config, "data", "sources.csv"));
const today = "2014-07-02";
const patience = 60_000;
const long = 300_000;

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
    const isWrong = message.type() === "error" || message.type() === "warning";
    // Where others are helped first the page asks again.
    if (isWrong && !message.text().includes("429")) complaints.push(message.text());
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

/** All complaints that came in, as they came last. */
async function received(): Promise<Row[]> {
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
  return [...known.values()];
}

/** Complaints of the half-year of a unit and all below it, worked out by hand: how many were closed, and of those within 70 days. */
function byHand(rows: Row[], unit: string): { within: number; closed: number } {
  let [within, closed] = [0, 0];
  for (const { unit_id, received_on, closed_on, count } of rows) {
    const isThere = unit_id === unit || unit_id.startsWith(`${unit}-`);
    if (!isThere || received_on < "2014-01-01" || received_on > "2014-06-30" || closed_on === null) continue;
    closed += count;
    if ((Date.parse(closed_on) - Date.parse(received_on)) / 86_400_000 <= 70) within += count;
  }
  return { within, closed };
}

const staffingFile = readFileSync(path.join(projectFolder, "pipelines", "indicators", "staffing-dual.sql"), "utf8");
const intakeFile = readFileSync(path.join(projectFolder, "pipelines", "indicators", "intake-dual.sql"), "utf8");
const dualIntake = `select unit_id, date as month, sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator, coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'intake' and background is not null
group by unit_id, date
`;
const dualBackground = `select unit_id, period as month, sum(headcount) filter (background = 'dual') as numerator,
  sum(headcount) filter (background in ('dual', 'single')) as denominator, coalesce(bool_or(list_contains(withheld, 'headcount')), false) as withheld
from staffing
where background is not null
group by unit_id, period
`;

/** What has the focus: its element, with what it is called. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const label = (at as HTMLInputElement).labels?.[0]?.innerText ?? at.innerText;
    return `${at.tagName} ${label.trim()}`;
  });

/** What a field is described by. */
const describedBy = (field: Locator): Promise<string> =>
  field.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => (id ? (document.getElementById(id)?.innerText ?? "") : ""))
      .join(" "),
  );

const complaintsFile = readFileSync(path.join(projectFolder, "pipelines", "indicators", "complaints.sql"), "utf8");

/** A page of somebody. */
async function at(persona: string, viewport = { width: 1400, height: 1000 }) {
  const context = await contextOf(persona);
  const page = await pageOf(context);
  await page.setViewportSize(viewport);
  return { page, context };
}

/** Begins a draft and opens it; its number. */
async function begin(page: Page, context: BrowserContext, data: object): Promise<number> {
  const answer = await context.request.post(`${address}/api/v1/drafts`, { data });
  expect(answer.status(), await answer.text()).toBe(200);
  const { draft_id } = (await answer.json()) as { draft_id: number };
  await visit(page, `${address}/workbench/${draft_id}`);
  await page.locator(".bench").waitFor();
  return draft_id;
}

/** The link to a part of the draft. */
const viewOf = (page: Page, name: string | RegExp) =>
  page.getByRole("navigation", { name: "Delen van het concept" }).getByRole("link", { name });

async function withdraw(page: Page, note: string): Promise<void> {
  await page.getByRole("button", { name: "Intrekken" }).click();
  const form = page.getByRole("form", { name: "Intrekken" });
  await form.getByLabel(/^Toelichting/).fill(note);
  await form.getByRole("button", { name: "Intrekken" }).click();
  await page.getByText("Ingetrokken", { exact: true }).first().waitFor();
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
  const view = (name: RegExp) => viewOf(page, name);
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
  const hand = byHand(await received(), "den-haag");
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
  // Whoever took a step goes on at the heading.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
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
  const rows = await received();
  const hand = byHand(rows, "den-haag");
  expect(found.find(({ period_end, breakdown }) => period_end === "2014-06-30" && breakdown === null)).toMatchObject({
    numerator: hand.within,
    denominator: hand.closed,
    value: hand.within / hand.closed,
    target: 0.8,
    definition_version: 1,
  });

  // And so for each of its teams of which there is enough to show.
  const units = (await (await reader.request.get(`${address}/api/v1/units`)).json()) as Record<string, string>[];
  const teams = units.filter(({ unit_id, level }) => level === "team" && unit_id!.startsWith("den-haag-"));
  const asked = [...new Set(teams.map(({ unit_id }) => unit_id!))].join(",");
  const ofTeams = await reader.request.get(`${address}/api/v1/series?indicator=${indicator}&unit=${asked}&grain=half`);
  const shown = ((await ofTeams.json()) as Record<string, unknown>[]).filter(
    ({ period_end, value }) => period_end === "2014-06-30" && value !== null,
  );
  expect(shown.length).toBeGreaterThan(5);
  for (const { unit_id, numerator, denominator } of shown)
    expect({ within: numerator, closed: denominator }).toEqual(byHand(rows, unit_id as string));

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
  // By keyboard all of it is reached that the mouse reaches; other tests here press with the mouse.
  inLongRun("lets a controller make a figure from nothing, and another publish it", { timeout: long }, async () => {
    await make({
      indicator: "complaints-in-time",
      title: "Klachten binnen 70 dagen afgedaan",
      author: "control",
      approver: "control:anna",
      hands: withMouse,
    });
    expect(complaints.splice(0)).toEqual([]);
  });

  it(
    "lets a controller make a figure from nothing by keyboard, and another publish it",
    { timeout: long },
    async () => {
      await make({
        indicator: "complaints-seventy",
        title: "Klachten afgedaan in 70 dagen",
        author: "control:bram",
        approver: "control:anna",
        hands: byKeyboard,
      });
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it(
    "takes in files as they are and gives them back without a changed byte, whatever is looked at",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      const definition = complaintsFile.replace("kind: count", "kind: count # as agreed").replaceAll("\n", "\r\n");
      const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
      await visit(page, `${address}/workbench`);
      const files = page.getByLabel("Bestanden (.sql, .yaml, .csv)");
      await files.setInputFiles([file("Klachten 2.sql", definition)]);
      const read = page.getByRole("button", { name: "Inlezen en beginnen" });
      await read.click();
      await page.getByText("Kies één .sql-bestand waarvan de naam").waitFor();
      await files.setInputFiles([file("read-in.sql", definition), file("read-in.yaml", "# nothing yet\n")]);
      await read.click();
      await page.getByRole("heading", { level: 1, name: "Klachten" }).waitFor();
      for (const view of ["Tekst", "Uitgewerkt voorbeeld", "Streefcijfers", "Verschil", "Formulier"]) {
        await viewOf(page, view).click();
        await page.locator(`a[aria-current="true"]`, { hasText: view }).waitFor();
      }
      await page.getByText("Alles is opgeslagen.").waitFor();
      const title = page.getByRole("group", { name: "Titel" }).getByLabel("Nederlands");
      await title.fill("Iets anders");
      await page.getByText("Nog niet opgeslagen.").waitFor();
      await title.fill("Klachten");
      await page.getByText("Alles is opgeslagen.").waitFor();
      await title.fill("Klachten, ingelezen");
      await page.keyboard.press("Control+s");
      await page.getByText("Alles is opgeslagen.").waitFor();
      await page.getByRole("button", { name: "Bestanden" }).click();
      const href = await page.getByRole("link", { name: "Definitie", exact: true }).getAttribute("href");
      const given = await (await context.request.get(address + href!)).text();
      expect(given).toBe(definition.replace("nl: Klachten,", 'nl: "Klachten, ingelezen",'));
      await withdraw(page, "Alleen om te lezen.");
      await context.close();
    },
  );

  it(
    "has form and text as one, with suggestions and marks at what is wrong; Escape and Tab leave the text",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      await begin(page, context, { indicator_id: "written-as-text", definition: complaintsFile, examples: "" });
      await viewOf(page, "Tekst").click();
      const editor = page.getByRole("textbox", { name: "Definitie" });
      await editor.waitFor();
      await editor.getByText("Klachten", { exact: false }).first().waitFor();
      // Keys of the page are none of the text.
      await editor.press("Control+Enter");
      await page.getByText(/^Berekend in/).waitFor();
      await page.getByText("Alles is opgeslagen.").waitFor();
      await editor.press("Control+End");
      await page.keyboard.type("\nwhere outcome = 'fou");
      const suggestion = page.getByRole("option", { name: /^founded/ });
      await suggestion.waitFor();
      // What has only just come is not taken by mistake.
      await page.waitForTimeout(200);
      await page.keyboard.press("Enter");
      await page.keyboard.type("'");
      await page.getByRole("region", { name: "Controle" }).getByText("De query is niet te lezen.").waitFor();
      await page.getByRole("button", { name: /^Definitie, regel/ }).click();
      expect(await editor.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(
        true,
      );
      expect(await page.locator(".cm-lintRange-error").count()).toBeGreaterThan(0);
      expect(await faults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.shadowRoot !== null)).toBe(false);
      // Where the condition belongs, the form shows it.
      await editor.press("Control+a");
      await page.keyboard.insertText(complaintsFile.replace("\ngroup by", "\nwhere outcome = 'founded'\ngroup by"));
      await page.keyboard.press("Escape");
      await viewOf(page, "Formulier").click();
      const conditions = page.getByRole("group", { name: "Alleen rijen waarvoor geldt" });
      expect(await conditions.getByLabel("gegrond", { exact: true }).isChecked()).toBe(true);
      await conditions.getByRole("button", { name: "Weghalen" }).click();
      // Without it the file is again, byte for byte, what was saved.
      await page.getByText("Alles is opgeslagen.").waitFor();
      await withdraw(page, "Was een proef.");
      await context.close();
    },
  );

  it(
    "names the fields that are empty, and a row of the example that its feed cannot have",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      await begin(page, context, { indicator_id: "all-empty", template: "share" });
      const check = page.getByRole("region", { name: "Controle" });
      await check.getByRole("button", { name: "Definitie, regel 2: Titel (Nederlands)" }).waitFor();
      expect(await check.innerText()).not.toContain("Too small");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Verbeter eerst wat de controle noemt.").waitFor();
      expect(complaints.splice(0)).toEqual([expect.stringContaining("422")]);
      await withdraw(page, "Was een proef.");
      const examples = readFileSync(path.join(projectFolder, "test", "indicators", "complaints.yaml"), "utf8");
      const wrong = examples.replace(/(complaints: \|\n.*\n.*?)\d{4}-\d{2}-\d{2}/, "$12016-02-31");
      expect(wrong).not.toBe(examples);
      await begin(page, context, { indicator_id: "wrong-row", definition: complaintsFile, examples: wrong });
      await viewOf(page, /^Uitgewerkt voorbeeld/).click();
      const cell = page.locator("[aria-invalid='true']").first();
      await cell.waitFor();
      expect(await describedBy(cell)).toContain("complaints, row 1");
      await withdraw(page, "Was een proef.");
      await context.close();
    },
  );

  it(
    "begins with files that somebody has, and says of one that is no text that it is none",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      await visit(page, `${address}/workbench`);
      const files = page.getByLabel("Bestanden (.sql, .yaml, .csv)");
      const begins = page.getByRole("button", { name: "Inlezen en beginnen" });
      const file = (name: string, bytes: Buffer | string) => ({
        ...{ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) },
      });
      const packed = file("from-a-file.yaml", Buffer.from([0x50, 0x4b, 3, 4, 0, 255, 254]));
      await files.setInputFiles([file("from-a-file.sql", complaintsFile), packed]);
      await begins.click();
      const alert = page.getByRole("alert").filter({ hasText: "from-a-file.yaml is geen tekstbestand." });
      await alert.waitFor();
      await files.setInputFiles([
        file("from-a-file.sql", complaintsFile),
        file("from-a-file.yaml", "today: 2017-02-01\n"),
      ]);
      await begins.click();
      await page.locator(".bench").waitFor();
      const id = Number(/\/workbench\/(\d+)/.exec(page.url())![1]);
      const draft = await (await context.request.get(`${address}/api/v1/drafts/${id}`)).json();
      expect(draft).toMatchObject({
        ...{ indicator_id: "from-a-file", definition: complaintsFile, examples: "today: 2017-02-01\n" },
      });
      await withdraw(page, "Was een proef.");
      await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it("loses neither text where two people write, and none on the way to another page", { timeout: long }, async () => {
    const { page, context } = await at("control");
    const id = await begin(page, context, { indicator_id: "written-by-two", definition: complaintsFile, examples: "" });
    const title = page.getByRole("group", { name: "Titel" }).getByLabel("Nederlands");
    await title.fill("Van mij");
    await page.getByRole("link", { name: "Werkbank", exact: true }).first().click();
    await page.getByRole("heading", { level: 1, name: "Werkbank" }).waitFor();
    await page.getByText("Er is nog iets niet opgeslagen").waitFor();
    await page.locator(`a[href="/workbench/${id}"]`).click();
    await expect.poll(() => title.inputValue()).toBe("Van mij");
    const other = await contextOf("control:dirk");
    const theirs = {
      version: 1,
      definition: complaintsFile.replace("nl: Klachten", "nl: Van Dirk"),
      examples: "",
      targets: "",
    };
    expect((await other.request.put(`${address}/api/v1/drafts/${id}`, { data: theirs })).status()).toBe(200);
    await page.getByRole("button", { name: "Opslaan", exact: true }).click();
    const news = page
      .getByRole("alert")
      .filter({ hasText: "Dit concept is intussen opgeslagen, door een ander of in een ander venster." });
    const saved = page.waitForEvent("download");
    await news.getByRole("button", { name: "Mijn tekst downloaden" }).click();
    expect((await saved).suggestedFilename()).toBe("written-by-two.niet-nagekeken.definition.sql");
    expect(await news.innerText()).toContain("niet opgeslagen en niet nagekeken");
    await news.waitFor();
    expect(await news.innerText()).toContain("control:dirk");
    const asked = new Promise<string>((resolve) =>
      page.once("dialog", (dialog) => void dialog.accept().then(() => resolve(dialog.message()))),
    );
    await news.getByRole("button", { name: "De andere tekst overnemen" }).click();
    expect(await asked).toBe("Uw eigen tekst gaat dan verloren. Doorgaan?");
    await expect.poll(() => title.inputValue()).toBe("Van Dirk");
    // The question is gone with its buttons.
    await expect.poll(() => focused(page), { timeout: patience }).toContain("H1");
    await viewOf(page, "Verloop").click();
    await page.getByText("Opgeslagen als versie 2").waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining("409")]);
    await page.getByRole("button", { name: "Voorstellen" }).click();
    await page.getByRole("form").getByLabel("Toelichting", { exact: true }).fill("Ter beoordeling.");
    await page.getByRole("button", { name: "Opslaan en voorstellen" }).click();
    await page.getByText("Voorgesteld", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Terugsturen" }).click();
    const form = page.getByRole("form", { name: "Terugsturen" });
    await form.getByLabel("Toelichting", { exact: true }).fill("De noemer ontbreekt nog.");
    await form.getByRole("button", { name: "Terugsturen" }).click();
    await page.getByText("Terug met opmerkingen", { exact: true }).waitFor();
    await page.getByText("De noemer ontbreekt nog.").first().waitFor();
    await other.close();
    await withdraw(page, "Was een proef.");
    await context.close();
  });

  it(
    "ties each fault to its field, and leads there from the list, also where two stand on one line",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      const definition = complaintsFile
        .replace("title: { nl: Klachten, en: Complaints }", 'title: { nl: "", en: "" }')
        .replace("treatment: { nl: bejegening,", 'treatment: { nl: "",')
        .replace("sum(count)", "sum(counted)");
      await begin(page, context, { indicator_id: "with-faults", definition, examples: "" });
      const check = page.getByRole("region", { name: "Controle" });
      await check.getByText("Nog 4 punten om te verbeteren").waitFor();
      const words = page.getByRole("group", { name: "Titel" });
      const fields: [Locator, string][] = [
        [words.getByLabel("Nederlands", { exact: true }), "Vul dit in."],
        [words.getByLabel("Engels", { exact: true }), "Vul dit in."],
        [page.getByRole("group", { name: "treatment" }).getByLabel("Nederlands", { exact: true }), "Vul dit in."],
        [
          page.getByRole("group", { name: "Teller", exact: true }).getByLabel("Tel", { exact: true }),
          "De bron heeft geen kolom counted.",
        ],
      ];
      for (const [i, [field, said]] of fields.entries()) {
        expect([await field.getAttribute("aria-invalid"), await describedBy(field)]).toEqual([
          "true",
          expect.stringContaining(said),
        ]);
        await check
          .getByRole("button", { name: /^Definitie, regel/ })
          .nth(i)
          .click();
        expect(await field.evaluate((element) => element === document.activeElement), `fault ${i + 1}`).toBe(true);
      }
      expect(await faults(page)).toEqual([]);
      await withdraw(page, "Was een proef.");

      const stock = staffingFile.replace("stock: true\n", "").replace(/---\*\/[\s\S]*/, `---*/\n${dualBackground}`);
      const target =
        "with-states,politie,,,streefcijfer,proposed,2017-01-01,2016-12-31,at_least,0.4,,year,,,KVV,ours,2016-01-01,";
      const targets = `${targetHeader}\n${target}\n`;
      const id = await begin(page, context, { indicator_id: "with-states", definition: stock, examples: "", targets });
      const box = page.getByRole("checkbox", { name: /^Stand aan het eind/ });
      await expect.poll(() => box.getAttribute("aria-invalid"), { timeout: patience }).toBe("true");
      expect(await describedBy(box)).toContain("Dit is een stand aan het eind van elke maand.");
      await check.getByRole("button", { name: /^Streefcijfers, regel/ }).click();
      const from = page.getByRole("group", { name: "Streefcijfer 1" }).getByLabel("Vanaf", { exact: true });
      await from.waitFor();
      await expect
        .poll(() => from.evaluate((element) => element === document.activeElement), { timeout: patience })
        .toBe(true);
      // Days as pages write them, in both languages.
      expect(await describedBy(from)).toContain("1 januari 2017");
      expect(await describedBy(from)).toContain("31 december 2016");
      await visit(page, `${address}/workbench/${id}?view=targets&lang=en`);
      await page.getByRole("region", { name: "Check" }).getByText("1 January 2017").waitFor();
      await visit(page, `${address}/workbench/${id}?lang=nl`);
      await withdraw(page, "Was een proef.");
      await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it("keeps whoever works by keyboard where they are", { timeout: long }, async () => {
    const { page, context } = await at("control");
    await begin(page, context, { indicator_id: "complaints" });
    const press = async (name: string) => {
      await page.getByRole("button", { name, exact: true }).focus();
      await page.keyboard.press("Enter");
    };
    await page.getByRole("group", { name: "Titel" }).getByLabel("Nederlands").fill("Klachten van burgers");
    await press("Opslaan");
    await page.getByText("Alles is opgeslagen.").waitFor();
    expect(await focused(page)).toBe("BUTTON Opslaan");
    await press("Cijfers berekenen");
    await page.getByText(/^Berekend in/).waitFor();
    expect(await focused(page)).toBe("BUTTON Opnieuw berekenen");
    await viewOf(page, "Verschil").click();
    await press("Verschil in cijfers berekenen");
    await page.getByText("Verschil met wat nu geldt").waitFor();
    expect(await focused(page)).toBe("BUTTON Verschil in cijfers berekenen");
    await viewOf(page, /^Formulier/).click();
    await page.getByText("versie 2", { exact: false }).first().waitFor();
    await press("Versie 2 beginnen");
    await expect.poll(() => focused(page), { timeout: patience }).toBe("TEXTAREA Nederlands");
    await page.getByLabel("Uitsplitsen naar").selectOption("route");
    await press("Uitsplitsing toevoegen");
    await page.getByRole("status").getByText("De uitsplitsing route staat erbij.").waitFor();
    expect(await focused(page)).toBe("SELECT Uitsplitsen naar");
    await withdraw(page, "Was een proef.");
    await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it(
    "shows of people force and units by year alone, in fives, says so, and writes down what was asked",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      const definition = intakeFile
        .replace(/---\*\/[\s\S]*/, `---*/\n${dualIntake}`)
        .replace(/breakdowns:\n( .*\n)+/, "");
      await begin(page, context, { indicator_id: "intake-background", definition, examples: "" });
      await page
        .getByText(
          "Dit cijfer gaat over beschermde gegevens. U ziet alleen korps en eenheden, per jaar en afgerond; de tekst komt in het logboek.",
        )
        .waitFor();
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/v1/preview"));
      await page.getByRole("button", { name: "Cijfers berekenen", exact: true }).click();
      const { rows, rounded } = (await (await answered).json()) as DraftPreview;
      expect(rounded).toBe(true);
      const shown = rows.filter(({ withheld, denominator }) => !withheld && (denominator ?? 0) > 0);
      expect(shown.length).toBeGreaterThan(5);
      for (const { value, numerator, denominator } of shown) expect(value).toBe(numerator! / denominator!);
      for (const row of rows) {
        expect(["force", "unit"]).toContain(row.level);
        expect([row.grain, row.breakdown, row.lower, row.upper]).toEqual(["year", null, null, null]);
        for (const count of [row.numerator, row.denominator, row.unknown]) expect((count ?? 0) % 5).toBe(0);
      }
      const figures = page.getByRole("region", { name: "Cijfers", exact: true });
      await figures.getByText("Aantallen zijn afgerond op vijf; de waarde is daarvan berekend.").waitFor();
      const chosen = (label: string) => figures.getByLabel(label, { exact: true }).locator("option").allInnerTexts();
      const units = (await (await context.request.get(`${address}/api/v1/units`)).json()) as Record<string, string>[];
      const wide = units.filter(({ level }) => level === "force" || level === "unit").map(({ name }) => name);
      expect((await chosen("Eenheid")).length).toBeGreaterThan(1);
      for (const name of await chosen("Eenheid")) expect(wide).toContain(name.trim());
      expect(await chosen("Periode")).toEqual(["Jaren"]);
      await drawnCharts(page);
      expect(await faults(page)).toEqual([]);

      const admin = await contextOf("admin");
      const log = (await (await admin.request.get(`${address}/api/v1/audit?limit=50`)).json()) as Entry[];
      const told = log.find(({ what }) => what === "POST /preview")!;
      expect(told).toMatchObject({ user: "control", did: "looked", status: 200 });
      expect(told.text).toContain("background = 'dual'");
      await admin.close();
      await withdraw(page, "Was een proef.");
      await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it(
    "lets nobody approve of what tells more of people without saying that they saw so",
    { timeout: long },
    async () => {
      const author = await contextOf("control:anna");
      const definition = complaintsFile
        .replace("decimals: 0", "  - name: route\n    title: { nl: Route, en: Route }\ndecimals: 0")
        .replace("number: 1, valid_from: 2005-01-01", "number: 2, valid_from: 2014-01-01")
        .replace("aspects as aspect\n", "aspects as aspect, route\n")
        .replace("received_on, aspects\n", "received_on, aspects, route\n");
      const examples = readFileSync(path.join(projectFolder, "test", "indicators", "complaints.yaml"), "utf8");
      const begun = await author.request.post(`${address}/api/v1/drafts`, {
        data: { indicator_id: "complaints", definition, examples },
      });
      const { draft_id } = (await begun.json()) as { draft_id: number };
      const propose = { version: 1, step: "propose", note: "Ook naar route." };
      expect(
        (await author.request.post(`${address}/api/v1/drafts/${draft_id}/steps`, { data: propose })).status(),
      ).toBe(200);
      const { page, context } = await at("control:bram");
      await visit(page, `${address}/workbench/${draft_id}`);
      await page
        .getByRole("region", { name: "Controle" })
        .getByText("Het wordt ook uitgesplitst naar: route.")
        .waitFor();
      await page.getByRole("button", { name: "Goedkeuren", exact: true }).click();
      const form = page.getByRole("form", { name: "Goedkeuren" });
      await form.getByLabel("Publiceren op").fill("2014-12-31");
      await form.getByRole("button", { name: "Goedkeuren" }).click();
      await form.getByText("Vink aan dat u dit hebt gezien, of stuur het concept terug.").waitFor();
      const seen = form.getByRole("checkbox", { name: "Ik heb dit gezien en keur het goed" });
      expect(await seen.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await faults(page)).toEqual([]);
      await seen.check();
      await form.getByRole("button", { name: "Goedkeuren" }).click();
      await page.getByText("Goedgekeurd", { exact: true }).waitFor();
      await withdraw(page, "Was een proef.");
      await context.close();
      await author.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it.each(isLongRun ? ["&theme=dark", "&lang=en"] : ["&theme=dark&lang=en"])(
    "reads well at 360 pixels, without faults of accessibility: %s",
    async (query) => {
      const { page, context } = await at("control", { width: 360, height: 800 });
      const id = await begin(page, context, { indicator_id: `narrow${query.length}`, template: "share" });
      for (const view of ["form", "text", "examples", "targets", "changes", "history"]) {
        await visit(page, `${address}/workbench/${id}?view=${view}${query}`);
        await page.locator(".bench").waitFor();
        expect([view, await faults(page)]).toEqual([view, []]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      }
      await visit(page, `${address}/workbench?${query.slice(1)}`);
      await page.getByRole("table").first().waitFor();
      expect(await faults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );

  it("is for Control only", { timeout: long }, async () => {
    const { page, context } = await at("leadership:den-haag");
    const answer = await page.goto(`${address}/workbench`);
    expect(answer!.status()).toBe(403);
    await context.close();
    expect(complaints.splice(0)).toEqual([expect.stringContaining("403")]);
  });
});

describe("where a figure comes from", () => {
  it(
    "is told on its page: the version of the definition, and the files whose rows are in it",
    { timeout: long },
    async () => {
      const { page, context } = await at("control");
      await visit(page, `${address}/indicator/complaints?unit=den-haag&grain=half`);
      await page.getByRole("button", { name: "Waar komt dit cijfer vandaan?" }).click();
      await page.getByText("Berekend volgens versie 1 van de definitie").waitFor();
      const row = page.getByRole("row", { name: /complaints-.*\.csv levering \d+/ }).first();
      await row.waitFor();
      expect(await row.innerText()).toContain("2014");
      expect(await faults(page)).toEqual([]);
      await row.getByRole("link").click();
      await page.waitForURL(/\/data\?.*feed=complaints/);
      await context.close();
      expect(complaints.splice(0)).toEqual([]);
    },
  );
});
