import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { Owner } from "../../pipelines/owner.ts";
import { projectFolder } from "../../pipelines/settings.ts";
import { openBrowser } from "../support/browser.ts";
import { makeForce } from "../support/force.ts";
import { visit } from "../support/pages.ts";

// The whole monitor, with the pipelines' process; one indicator and two units, whose figures were published before.
const clock = { KVV_NOW: "2014-07-02T08:00:00Z" };
const { home, config } = makeForce(clock);
const own = { KVV_HOME: home.folder, KVV_CONFIG: config, ...clock, PORT: "0" };
const months = Array.from(
  { length: 18 },
  (_, n) => `${2013 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`,
);
const before = {
  units:
    "unit_id,name,level,parent_id,valid_from\npolitie,Politie,force,,2005-01-01\nden-haag,Den Haag,unit,politie,2005-01-01\n",
  complaints: [
    "complaint_id,received_on,unit_id,aspects",
    ...months.flatMap((month) => [10, 11, 12].map((day) => `V-${month}-${day},${month}-${day},den-haag,treatment`)),
    "",
  ].join("\n"),
};
const env = { ...process.env, ...own };
const patience = 60_000;

let monitor: ChildProcess;
let address = "";
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  const owner = await Owner.open(home.context);
  const perform = async (command: string, ...args: string[]) => {
    const { failed, result } = await owner.answer({ command, arguments: args, cwd: home.folder }, () => undefined);
    expect(failed ?? (result as { refused?: string | null }).refused ?? null).toBeNull();
  };
  for (const [feed, text] of Object.entries(before)) await perform("load", feed, home.write(`${feed}.csv`, text));
  await perform("publish");
  await owner.close();
  monitor = spawn(process.execPath, [path.join(projectFolder, "server", "start.cjs"), "start"], { env });
  address = await new Promise<string>((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found) resolve(found);
    };
    monitor.stdout!.on("data", read);
    monitor.stderr!.on("data", read);
    monitor.once("exit", (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
  if (inject("fonts")) process.env.FONTCONFIG_FILE = inject("fonts");
  if (inject("libraries")) process.env.LD_LIBRARY_PATH = inject("libraries");
  browser = await openBrowser(inject("browser"));
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(patience);
  const signedIn = await page.request.post(`${address}/api/v1/session`, { data: { persona: "control" } });
  expect(signedIn.ok()).toBe(true);
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  monitor.removeAllListeners("exit");
  const ended = new Promise((resolve) => monitor.once("exit", resolve));
  monitor.kill("SIGINT");
  await ended;
  await home.remove();
}, 30_000);

const header = "klachtnummer;ontvangen op;eenheid;aspecten";
const rows = Array.from({ length: 40 }, (_, index) => `N-${index};1${index % 9}-05-2014;den-haag;bejegening`);
const csv = (lines: string[]) => ({
  name: "klachten-mei.csv",
  mimeType: "text/csv",
  buffer: Buffer.from([header, ...lines].join("\n") + "\n"),
});

async function send(file: ReturnType<typeof csv>): Promise<void> {
  await page.locator('input[type="file"]').first().setInputFiles(file);
  await page.getByRole("button", { name: "Laad dit bestand" }).click();
}

describe("a file sent from the data page", () => {
  it(
    "is loaded by the pipelines, told in words, published, and changes the figures",
    { timeout: 120_000 },
    async () => {
      await visit(page, `${address}/data?feed=complaints`);
      await send(csv([...rows, "N-40;12-05-2014;atlantis;bejegening"]));
      await page.getByRole("heading", { name: "klachten-mei.csv is geladen" }).waitFor();
      const outcome = await page.locator(".outcome").innerText();
      expect(outcome).toContain("41 regels gelezen = 40 geladen + 1 apart gezet + 0 overgeslagen + 0 samengevoegd.");
      expect(outcome).toContain("1: De eenheid is niet bekend");
      await page.getByText("De nieuwe cijfers staan erin.").waitFor();

      const load = page.getByRole("row", { name: /^klachten-mei\.csv/ });
      await load.waitFor();
      expect((await load.innerText()).replace(/\s+/g, " ")).toContain("41 40 1 0 0");
      await load.getByRole("link", { name: "1" }).click();
      const apart = page.getByRole("region", { name: "Regels die apart staan" }).first();
      await apart.getByText("1 van 1 regels").waitFor();
      expect(await apart.locator("tbody").innerText()).toContain("atlantis");

      const restated = page.getByRole("region", { name: "Herziene cijfers" });
      await restated.getByRole("link", { name: "Klachten: klachten-mei.csv" }).waitFor();
      expect(await restated.innerText()).toMatch(/\d+ → \d+/);
      expect(complaints).toEqual([]);
    },
  );

  it("changes nothing the second time, and says so", async () => {
    await page.getByRole("button", { name: "Nog een bestand laden" }).click();
    await send(csv([...rows, "N-40;12-05-2014;atlantis;bejegening"]));
    await page.getByRole("heading", { name: "klachten-mei.csv was al geladen" }).waitFor();
  });

  it("is refused with the reason, the remedy and what stays, on every page with its figures", async () => {
    await page.getByRole("button", { name: "Nog een bestand laden" }).click();
    await send({ ...csv([]), name: "kapot.csv", buffer: Buffer.from("klachtnummer;eenheid\nN-1;den-haag\n") });
    await page.getByRole("heading", { name: "kapot.csv is geweigerd" }).waitFor();
    const outcome = await page.locator(".outcome").innerText();
    expect(outcome).toContain("Er ontbreken verplichte kolommen: received_on, aspects.");
    expect(outcome).toContain("wat er stond, blijft staan");
    await page.locator(".trouble").getByText("kapot.csv").waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Overzicht" }).click();
    await page.getByRole("list", { name: "Gegevens die te laat of niet binnen zijn" }).getByText("geweigerd").waitFor();
    expect(complaints).toEqual([]);
  });

  it("looks for new files on request, and says that there were none", async () => {
    await visit(page, `${address}/data`);
    await page.getByRole("button", { name: "Kijk nu bij alle bronnen" }).click();
    await page.getByText("Er lagen geen nieuwe bestanden.").waitFor();
  });
});
