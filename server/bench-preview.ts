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

/**
 * How long the figures of each indicator of the catalogue take that reads nothing protected, as somebody who writes it
 * asks for them. `ratio` is of the slowest, median of three rounds, against a second; `parts` has each, and the first
 * after a start, asked for a moment after the workbench was opened.
 */
export async function benchPreview(): Promise<Measurement> {
  const monitor = await startMonitor();
  const ask = (route: string, body?: object) =>
    fetch(`${monitor.address}/api/v1${route}`, {
      headers: { cookie: monitor.cookie, "content-type": "application/json", "accept-encoding": "br" },
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    });
  const preview = async (indicator_id: string) => {
    const definition = readFileSync(fileOf(indicator_id), "utf8");
    const asked = performance.now();
    const answer = await ask("/preview", { indicator_id, definition });
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
    for (let round = 0; round < rounds; round++)
      for (const id of round === 0 ? ids : Object.keys(took)) {
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

const folder = path.join(projectFolder, "pipelines", "indicators");
const fileOf = (id: string) => path.join(folder, `${id}.sql`);
/** Of the feed with the most rows. */
const largest = "staffing-women";

// By itself: prints the measurement as JSON.
if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(await benchPreview()) + "\n");
