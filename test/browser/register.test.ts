import { readContracts } from "../../pipelines/contracts/contract.ts";
import { describe, expect, it } from "vitest";
import { crossed } from "../support/long.ts";
import { faults, useReader } from "../support/pages.ts";
import { projectContracts } from "../support/serve-fixture.ts";

const reader = useReader({ hrm: true });
const { open } = reader;
const { contracts } = readContracts(projectContracts);

describe("/register", () => {
  it("is reached from the foot of every page, by every role, and says how much there is and what is open", async () => {
    const cookie = await reader.fixture.cookieOf({ name: "x", roles: ["admin"], units: [] });
    const page = await open("/terms", { cookie });
    await page.getByRole("contentinfo").getByRole("link", { name: "Verwerkingsregister" }).click();
    await page.getByRole("heading", { level: 1, name: "Welke gegevens verwerkt de monitor?" }).waitFor();
    await page
      .getByText(/^\d+ verwerkingen · \d+ over personen · \d+ met bijzondere gegevens · \d+ open vragen$/)
      .waitFor();
    for (const { title } of contracts.values())
      expect([
        title.nl,
        await page.getByRole("heading", { level: 3, name: title.nl, exact: true }).count(),
      ]).not.toEqual([title.nl, 0]);
  });

  it("says of a source what for, on what ground, how long, who sees it, and of each item what it is", async () => {
    const page = await open("/register");
    const staffing = page.locator("details#staffing");
    expect(await staffing.locator("dl").isVisible()).toBe(false);
    await staffing.getByRole("heading", { name: "Bezetting" }).click();
    const said = (await staffing.innerText()).replace(/\s+/g, " ");
    const { purpose, legal_ground, owner, retention } = contracts.get("staffing")!;
    for (const words of [purpose.nl, legal_ground.nl, owner, retention.nl]) expect(said).toContain(words);
    expect(said).toContain("voorstel; het korps heeft er nog niet over besloten");
    expect(said).toContain("Achtergronden in het archief die later zijn vervangen: 60 maanden");
    expect(said).toContain("HRM (alleen van personeel)");
    const row = (name: string) => staffing.getByRole("row", { name });
    expect(await row("achtergrond background").innerText()).toContain("bijzonder gegeven: herkomst");
    expect(await row("personeelsnummer employee_id").innerText()).toContain("nergens bewaard");
    expect(await staffing.getByRole("row").count()).toBe(contracts.get("staffing")!.columns.length + 1);
    // From a column to the figures that need it.
    await row("geslacht gender").getByRole("link", { name: "Vrouwen in de bezetting" }).click();
    await page.waitForURL(/\/indicator\/staffing-women/);
  });

  it("opens what a link names, also from the questions below", async () => {
    const page = await open("/register#complaints");
    await page.locator("details#complaints dl").waitFor();
    const questions = page.getByRole("region", { name: "Open vragen aan de privacyfunctionaris" });
    expect(await questions.innerText()).toContain(contracts.get("incidents")!.questions[0]!.nl);
    await questions.getByRole("link", { name: "Discriminatie-incidenten" }).click();
    await page.locator("details#incidents dl").waitFor();
    expect(page.url()).toMatch(/#incidents$/);
  });

  it("tells risks with what does something against them, in English too", async () => {
    const page = await open("/register?lang=en");
    const row = page.getByRole("row", { name: /^A small number gives somebody away/ });
    expect(await row.innerText()).toContain("pipelines/disclosure/complements.ts");
    expect(await row.innerText()).toContain("Whoever already knows much of a group");
    expect(await page.locator("main").innerText()).not.toMatch(/register\.\w|signIn\./);
  });

  it("hands over the register as PDF and as tables", async () => {
    const page = await open("/register?lang=en");
    const pdf = await page.getByRole("link", { name: "Register as PDF" }).getAttribute("href");
    expect(pdf).toBe("/api/v1/register/report.pdf?locale=en");
    const files = page.getByRole("region", { name: "Take along" }).locator("a[href*=xlsx]");
    expect(await files.evaluateAll((all) => all.map((each) => each.getAttribute("href")))).toEqual([
      "/api/v1/register?format=xlsx&locale=en",
      "/api/v1/register/columns?format=xlsx&locale=en",
      "/api/v1/register/assessment?format=xlsx&locale=en",
    ]);
  });

  it("is all open on paper", async () => {
    const page = await open("/register");
    await page.emulateMedia({ media: "print" });
    const heights = await page.locator("details dl").evaluateAll((all) => all.map((each) => each.clientHeight));
    expect(heights.length).toBe(contracts.size + 4);
    expect(Math.min(...heights)).toBeGreaterThan(20);
    expect(await page.getByRole("link", { name: "Register als pdf" }).isVisible()).toBe(false);
  });

  it.each(crossed([1280, 360], ["light", "dark"] as const))(
    "has no fault of accessibility and fits, all of it open: %i px, %s",
    async (width, colorScheme) => {
      const page = await open("/register", { colorScheme, viewport: { width, height: 900 } });
      await page.locator("details").evaluateAll((all) => {
        for (const each of all) (each as HTMLDetailsElement).open = true;
      });
      expect(await faults(page)).toEqual([]);
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(beyond).toBeLessThanOrEqual(0);
    },
  );
});
