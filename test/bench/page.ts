import { spawn } from "node:child_process";
import path from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { projectFolder } from "../../pipelines/settings.ts";
import { signIn } from "../support/sign-in.ts";
import { findBrowser, openBrowser } from "../support/browser.ts";

/** A processor four times as slow, an office line (10 Mbit/s, 40 ms), nothing kept of before. */
const slower = 4;
const line = { offline: false, latency: 40, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };
const times = 5;
/** The page is at rest when nothing changed for so many milliseconds. */
const rest = 400;

/** So many milliseconds a reader looks at the choices before taking one. */
const lookedAt = 2000;

/** So many pixels of what stands above it are in view where a reader looks at what is further down. */
const seenAbove = 120;

/** Nothing takes longer, not even on a machine that does other things. */
const patience = 120_000;

interface Seen {
  /** Milliseconds since the address was asked. */
  first_chart_ms: number;
  above_fold_ms: number;
  page_kb: number;
  /** Packed, before a chart is touched. */
  script_kb: number;
}

declare global {
  interface Window {
    chartSeen?: number;
    largest?: number;
  }
}

/** Runs in the page from its first moment on: when a chart is painted, and when the largest part is. */
function watch(): void {
  const look = () => {
    const chart = [...document.querySelectorAll("[data-chart] svg, main table svg, main .chart svg")].some((each) => {
      const box = each.getBoundingClientRect();
      // On pages that begin with words (late feeds, four figures) it is just below them.
      return box.width > 0 && box.top < 1.5 * innerHeight;
    });
    if (!chart) return requestAnimationFrame(look);
    // What is there in one frame is painted by the next.
    requestAnimationFrame(() => (window.chartSeen = performance.now()));
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.largest = Math.max(window.largest ?? 0, entry.startTime);
  }).observe({ type: "largest-contentful-paint", buffered: true });
}

async function slow(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", line);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  return session;
}

async function visit(browser: Browser, address: string): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    await slow(page);
    // Functions of this file carry a call of the TypeScript loader into the page.
    await page.addInitScript("globalThis.__name = (each) => each");
    await page.addInitScript(watch);
    await page.goto(address, { waitUntil: "networkidle" });
    await page.waitForFunction(() => window.chartSeen !== undefined);
    await page.waitForTimeout(rest);
    return await page.evaluate(() => {
      const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const [document] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
      const scripts = resources.filter(({ name }) => /\.js$/.test(name));
      return {
        first_chart_ms: window.chartSeen!,
        above_fold_ms: Math.max(window.chartSeen!, window.largest ?? 0),
        page_kb: document!.encodedBodySize / 1000,
        script_kb: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000,
      };
    });
  } finally {
    await context.close();
  }
}

/** Milliseconds from a choice until it is painted: what is in view, and all that the page makes of it. */
interface Changed {
  seen_ms: number;
  all_ms: number;
}

/**
 * From a choice in a select until nothing changes any more; a chart was touched before, and the reader looked at the
 * choices for a while. Where what is chosen shows further down, under the part of the page that is named, the reader
 * looks there.
 */
async function change(browser: Browser, address: string, label: RegExp, under?: string): Promise<Changed> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    await slow(page);
    await page.goto(address, { waitUntil: "networkidle" });
    await page.locator("[data-alive] h1").waitFor();
    const chart = page.locator("[data-chart]").first();
    if (await chart.count()) await chart.hover({ force: true });
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(lookedAt);
    const select = page.getByLabel(label).first();
    // Whatever lies over it: on the way to a choice the pointer passes there.
    await select.hover({ force: true });
    await select.focus();
    await page.waitForTimeout(lookedAt);
    const values = await select
      .locator("option")
      .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
    const now = await select.inputValue();
    const place = values.indexOf(now);
    const next = values[place + 1] ?? values[place - 1]!;
    if (under) {
      await page.locator(under).evaluate((part, seen) => {
        scrollBy({ top: part.getBoundingClientRect().bottom - seen, behavior: "instant" });
      }, seenAbove);
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(lookedAt);
    }
    await page.evaluate("globalThis.__name = (each) => each");
    return await select.evaluate(
      (element, { next, rest }) =>
        new Promise<Changed>((resolve) => {
          const began = performance.now();
          let [seen, all] = [began, began];
          const boxOf = (node: Node): DOMRect => {
            // Where a text stands, and not all in which it does; the places that components mark have no room at all.
            const part = node instanceof Element ? node : document.createRange();
            if (part instanceof Range) part.selectNode(node);
            return part.getBoundingClientRect();
          };
          const inView = (node: Node): boolean => {
            const { top, bottom, width } = boxOf(node);
            return width > 0 && top < innerHeight && bottom > 0;
          };
          /** Of what only goes away: where it stood, whatever moved up into its place. */
          const wasInView = ({ target, previousSibling, nextSibling }: MutationRecord): boolean => {
            if (!inView(target)) return false;
            let [before, after] = [previousSibling, nextSibling];
            while (after && boxOf(after).width === 0) after = after.nextSibling;
            while (before && boxOf(before).width === 0) before = before.previousSibling;
            return (after ? boxOf(after).top : before ? boxOf(before).bottom : 0) < innerHeight;
          };
          const isSeen = (record: MutationRecord): boolean => {
            const { type, target, attributeName, addedNodes, removedNodes } = record;
            // Where a link leads is not painted, nor that a row is about to follow.
            if (type !== "childList") return !/^(href|aria-busy)$/.test(attributeName ?? "") && inView(target);
            return addedNodes.length ? [...addedNodes].some(inView) : removedNodes.length > 0 && wasInView(record);
          };
          /** When the frame that is being made was painted: asked for as the browser's next work, or what waits would be counted too. */
          const painted = (then: (at: number) => void) =>
            requestAnimationFrame(
              () => void scheduler.postTask(() => then(performance.now()), { priority: "user-blocking" }),
            );
          const observer = new MutationObserver((records) => {
            const visible = records.some(isSeen);
            all = performance.now();
            painted((at) => {
              all = Math.max(all, at);
              if (visible) seen = Math.max(seen, at);
            });
          });
          observer.observe(document.querySelector("main")!, {
            ...{ subtree: true, childList: true, characterData: true, attributes: true },
          });
          (element as HTMLSelectElement).value = next;
          element.dispatchEvent(new Event("change", { bubbles: true }));
          const look = () => {
            if (performance.now() - all < rest) return void setTimeout(look, 50);
            observer.disconnect();
            resolve({ seen_ms: seen - began, all_ms: all - began });
          };
          setTimeout(look, rest);
        }),
      { next, rest: 1500 },
    );
  } finally {
    await context.close();
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** After the address there may be words: only what is measured of pages whose lines have one of them is measured. */
const chosen = process.argv.slice(3);
const isChosen = (line: string): boolean => chosen.length === 0 || chosen.some((words) => line.includes(words));

/** The monitor on the figures of KVV_HOME, or one that already serves at the address that is given. */
async function served(): Promise<{ address: string; stop(): void }> {
  const given = process.argv[2];
  if (given) return { address: given.replace(/\/$/, ""), stop: () => undefined };
  const child = spawn(process.execPath, [path.join(projectFolder, "server", "start.cjs"), "serve"], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/\S+:\d+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}; publish something first`)));
  });
  return { address, stop: () => void child.kill("SIGINT") };
}

const { address, stop } = await served();
const browser = await openBrowser(await findBrowser());
try {
  const units = (await (
    await fetch(`${address}/api/v1/units`, { headers: { cookie: await signIn(address) } })
  ).json()) as {
    unit_id: string;
    level: string;
    valid_to: string | null;
  }[];
  const unit = units.find(({ level, valid_to }) => level === "unit" && valid_to === null)!.unit_id;
  const pages = ["/", `/unit/${unit}`, `/indicator/intake-dual?unit=${unit}`, "/hrm", `/compare/complaints-rate`];
  for (const each of pages.filter((each) => isChosen(`${each}: first chart`))) {
    // Whoever comes first waits for the server to make the page; that is told apart.
    const first = await visit(browser, address + each);
    const seen: Seen[] = [];
    for (let i = 0; i < times; i++) seen.push(await visit(browser, address + each));
    const of = (name: keyof Seen) => Math.round(median(seen.map((one) => one[name])));
    process.stdout.write(
      `${each}: first chart ${of("first_chart_ms")} ms, above the fold ${of("above_fold_ms")} ms, page ${of("page_kb")} kB, script ${of("script_kb")} kB (the first reader: ${Math.round(first.first_chart_ms)} ms)\n`,
    );
  }
  const changes: [string, string, RegExp, string?][] = [
    ["unit", `/unit/${unit}`, /^Eenheid$/],
    ["period", `/unit/${unit}`, /^Periode$/],
    ["comparison", `/unit/${unit}`, /^Vergelijk met$/],
    ["period", "/", /^Periode$/],
    ["breakdown", `/indicator/intake-dual?unit=${unit}`, /^Uitgesplitst naar$/, "[aria-labelledby=gebeurtenissen]"],
    [
      "breakdown",
      `/indicator/intake-dual?unit=${unit}&by=intake_level`,
      /^Uitgesplitst naar$/,
      "[aria-labelledby=gebeurtenissen]",
    ],
    ["unit", `/indicator/intake-dual?unit=${unit}`, /^Eenheid$/],
    ["period", "/compare/complaints-rate", /^Periode$/],
  ];
  for (const [what, where, label, under] of changes.filter(([what, where]) => isChosen(`${where}, another ${what}`))) {
    const took: Changed[] = [];
    for (let i = 0; i < times; i++) took.push(await change(browser, address + where, label, under));
    const of = (name: keyof Changed) => Math.round(median(took.map((each) => each[name])));
    process.stdout.write(
      `${where}, another ${what}: ${of("seen_ms") > 0 ? `in view after ${of("seen_ms")} ms` : "nothing of it in view"}, all after ${of("all_ms")} ms\n`,
    );
  }
} finally {
  await browser.close();
  stop();
}
