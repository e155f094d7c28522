import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { projectFolder } from "../pipelines/settings.ts";
import type { Measurement } from "./bench.ts";
import { startMonitor, whenAtRest, whenIdle } from "./bench-monitor.ts";
import { median } from "./bench-rate.ts";

const rounds = 3;
const limitMs = 1000;
/** Whoever opens the workbench reads for so long before they ask for figures. */
const readingMs = 3000;
/** And, once a change was checked, for so long what is said of it. */
const pausingMs = 1500;

/**
 * How long the figures of each indicator of the catalogue take that reads nothing protected, as somebody asks for them
 * who changed it, has it checked, and compares it with what stands. `ratio` is of the slowest, median of three rounds for
 * those that take long, against a second; `parts` has each, and the first after a start, a moment after the workbench was
 * opened.
 */
export async function benchPreview(): Promise<Measurement> {
  const monitor = await startMonitor();
  const ask = (route: string, body?: object) =>
    fetch(`${monitor.address}/api/v1${route}`, {
      headers: { cookie: monitor.cookie, "content-type": "application/json", "accept-encoding": "br" },
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    });
  const preview = async (indicator_id: string) => {
    const definition = changed(readFileSync(fileOf(indicator_id), "utf8"));
    const checked = await ask("/drafts/check", { indicator_id, definition, examples: "", targets: "" });
    if (!checked.ok) throw new Error(`${indicator_id}: ${await checked.text()}`);
    await sleep(pausingMs);
    const asked = performance.now();
    const answer = await ask("/preview", { indicator_id, definition, against: "current" });
    const text = await answer.text();
    const ms = performance.now() - asked;
    if (!answer.ok) throw new Error(`${indicator_id}: ${text}`);
    return { ms, rounded: text.includes('"rounded":true') };
  };
  try {
    await whenIdle(monitor);
    await whenAtRest(monitor);
    await ask("/workbench/indicators");
    await sleep(readingMs);
    const took: Record<string, number[]> = {};
    const { ms: first } = await preview(largest);
    const ids = readdirSync(folder).flatMap((name) => (name.endsWith(".sql") ? [path.basename(name, ".sql")] : []));
    const isSlow = (id: string) => took[id]![0]! > limitMs / 2;
    for (let round = 0; round < rounds; round++)
      for (const id of round === 0 ? ids : Object.keys(took).filter(isSlow)) {
        const { ms, rounded } = await preview(id);
        if (!rounded) (took[id] ??= []).push(ms);
      }
    const medians = Object.entries(took).map(([id, times]) => [id, median(times)] as const);
    const slowest = Math.max(...medians.map(([, ms]) => ms));
    return {
      name: `slowest preview of ${medians.length} indicators that read nothing protected, against ${limitMs} ms`,
      ratio: slowest / limitMs,
      parts: { first_ms: first, slowest_ms: slowest, ...Object.fromEntries(medians) },
    };
  } finally {
    await monitor.stop();
  }
}

/** As somebody who changes it sends it: other numbers in each period, with the same cells. */
const changed = (definition: string): string => {
  const [header, query] = definition.split("---*/");
  return `${header}---*/\nselect * from (${query!.trim().replace(/;$/, "")}) as changed\n`;
};

const folder = path.join(projectFolder, "pipelines", "indicators");
const fileOf = (id: string) => path.join(folder, `${id}.sql`);
/** Of the feed with the most rows. */
const largest = "staffing-women";

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await benchPreview()) + "\n");
