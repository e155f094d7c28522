import { describe, expect, it } from "vitest";
import { formatDate } from "../../web/format.ts";
import { statementDate } from "../../web/state/statement.ts";
import { useReader } from "../support/pages.ts";

const reader = useReader();
const { open } = reader;

describe("/accessibility", () => {
  it("is reached from the foot of every page, and says when it was drawn up and what falls short", async () => {
    const page = await open("/unit/den-haag?lang=en");
    await page.getByRole("contentinfo").getByRole("link", { name: "Accessibility" }).click();
    await page.getByRole("heading", { level: 1, name: "Accessibility of this monitor" }).waitFor();
    expect(page.url()).toContain("/accessibility?lang=en");
    expect(await page.locator("main").innerText()).toContain(formatDate(statementDate, "en"));
    const short = page.getByRole("region", { name: "What does not work well yet?" });
    expect(await short.getByRole("row").count()).toBeGreaterThan(3);
  });

  it("keeps a switch that was set before the page was alive", async () => {
    const page = await open("/accessibility");
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/assets/Accessibility-*.js", async (route) => {
      await held;
      await route.continue();
    });
    // By then the program hears what the reader does.
    const begun = page.waitForRequest("**/assets/Accessibility-*.js");
    await page.goto(reader.fixture.address + "/accessibility", { waitUntil: "commit" });
    await begun;
    const single = page.getByLabel("De toets / opent zoeken");
    await single.uncheck();
    expect(await page.locator("#app[data-alive]").count()).toBe(0);
    release();
    await page.locator("#app[data-alive] h1").waitFor();
    expect(await single.isChecked()).toBe(false);
    await page.waitForURL(/keys=off/);
  });

  it("switches the key / off and on, in the address of every page after", async () => {
    const page = await open("/accessibility");
    await page.getByLabel("De toets / opent zoeken").uncheck();
    // A switch that is set before the page is alive takes effect when it is.
    await page.waitForURL(/keys=off/);
    await page.getByRole("navigation").getByRole("link", { name: "Gegevens" }).click();
    await page.getByRole("heading", { level: 1, name: "Welke gegevens zijn er binnen?" }).waitFor();
    await page.keyboard.press("/");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.goBack();
    await page.getByLabel("De toets / opent zoeken").check();
    await page.waitForURL((address) => !address.search.includes("keys=off"));
    await page.locator("h1").focus();
    await page.keyboard.press("/");
    await page.getByRole("dialog").waitFor();
  });
});
