import { AxeBuilder } from "@axe-core/playwright";
import { setTimeout as sleep } from "node:timers/promises";
import type { BrowserContext, BrowserContextOptions, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { usualLimits } from "../../server/rate-limit.ts";
import { Renderer } from "../../server/renderer.ts";
import { sharedBrowser } from "./browser.ts";
import { long } from "./long.ts";
import { serveFixture, type Fixture, type FixtureOptions } from "./serve-fixture.ts";

/** The built pages over the fixture's figures, in a browser. */
export interface Reader {
  fixture: Fixture;
  /** A fresh page at an address; what the browser complains of is kept in `complaints`. */
  open(address: string, options?: BrowserContextOptions & { cookie?: string }): Promise<Page>;
  complaints: string[];
  stop(): Promise<void>;
}

export async function startReader(options: FixtureOptions = {}): Promise<Reader> {
  if (inject("fonts")) process.env.FONTCONFIG_FILE = inject("fonts");
  if (inject("libraries")) process.env.LD_LIBRARY_PATH = inject("libraries");
  const complaints: string[] = [];
  const folder = inject("pages");
  const renderer = new Renderer(folder, { warn: (told: unknown) => void complaints.push(JSON.stringify(told)) });
  // What somebody asks who clicks as fast as a test does meets no limit.
  const fixture = await serveFixture({ limits: usualLimits, ...options, pages: { dev: false, folder, renderer } });
  renderer.at(fixture.address);
  const browser = await sharedBrowser(inject("browser"));
  const contexts = new Set<BrowserContext>();
  return {
    fixture,
    complaints,
    async open(address, { cookie = fixture.cookie, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 1000 },
        reducedMotion: "reduce",
        ...options,
      });
      contexts.add(context);
      context.once("close", () => contexts.delete(context));
      const [name, value] = cookie.split("=") as [string, string];
      await context.addCookies([{ name, value, url: fixture.address }]);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      watchRequests(page);
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning")
          complaints.push(`${address}: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`${address}: ${error.message}`));
      await page.goto(fixture.address + address);
      await page.locator(options.javaScriptEnabled === false ? "h1" : "#app[data-alive] h1").waitFor();
      return page;
    },
    async stop() {
      for (const each of contexts) await each.close();
      await renderer.close();
      await fixture.stop();
    },
  };
}

/** A reader for all tests of a file: the page that a test opens last is closed after it, and the browser had nothing to complain of. */
export function useReader(options: FixtureOptions = {}): Omit<Reader, "stop"> {
  let reader: Reader;
  let page: Page | null = null;
  beforeAll(async () => {
    reader = await startReader(options);
  });
  afterEach(async () => {
    await page?.context().close();
    page = null;
    expect(reader.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => reader.stop());
  return {
    open: async (...args) => (page = await reader.open(...args)),
    get fixture() {
      return reader.fixture;
    },
    get complaints() {
      return reader.complaints;
    },
  };
}

const alive = (page: Page) => page.locator("#app[data-alive] h1").waitFor();

/** Goes to an address as a link from elsewhere does, until the page is alive. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await alive(page);
}

/** Loads a page anew, until it is alive. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await alive(page);
}

const underWay = new WeakMap<Page, Set<Request>>();
function watchRequests(page: Page): void {
  const asked = new Set<Request>();
  underWay.set(page, asked);
  page.on("request", (request) => void asked.add(request));
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", (request) => void asked.delete(request));
}

/** Waits until nothing that a page asked for has been on its way for a while. The browser's own word for it takes half a second each time. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState();
  const asked = underWay.get(page)!;
  for (let quiet = 0; quiet < 6; quiet = asked.size === 0 ? quiet + 1 : 0) await sleep(25);
}

/** Brings each chart near the view until all are drawn; their number. */
export async function drawnCharts(page: Page): Promise<number> {
  await page.locator('[data-drawn="true"]').first().waitFor();
  await page.waitForFunction(() => {
    const next = document.querySelector('[data-drawn="false"]');
    next?.scrollIntoView();
    return next === null;
  });
  await page.evaluate(() => scrollTo(0, 0));
  return page.locator('[data-drawn="true"]').count();
}

/** The colours in which the faults of one page are looked for. In the short run the dark ones: all pages share their colours, and the files of several pages have both. */
export const schemes: ("light" | "dark")[] = long ? ["light", "dark"] : ["dark"];

/** Serious and critical faults of accessibility, each with the place. */
export const seriousFaults = (page: Page): Promise<string[]> => faults(page, ["serious", "critical"]);

/** Faults of accessibility of some weights, or all, each with the place. */
export async function faults(page: Page, weights?: string[]): Promise<string[]> {
  // Only what is wrong is told, and in the page itself, as there are no frames: else all that is right goes to a second page.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .setLegacyMode()
    .analyze();
  return violations
    .filter(({ impact }) => !weights || weights.includes(impact ?? ""))
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}

/**
 * Chooses in a list whose answers were fetched when the reader came to it, and tells what a part of the page says before
 * the browser paints; nothing is asked meanwhile.
 */
export async function chosenAtOnce(page: Page, label: string, value: string, part: string): Promise<string> {
  const select = page.getByLabel(label, { exact: true });
  await select.focus();
  await settled(page);
  const asked: string[] = [];
  page.on("request", (request) => void (request.url().includes("/api/v1/") && asked.push(request.url())));
  const said = await select.evaluate(
    async (list, { value, part }) => {
      (list as HTMLSelectElement).value = value;
      list.dispatchEvent(new Event("change", { bubbles: true }));
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      return document.querySelector<HTMLElement>(part)!.innerText;
    },
    { value, part },
  );
  expect(asked).toEqual([]);
  return said;
}
