import type { NextFunction, Request, Response } from "express";
import type { Operations } from "./operations.ts";
import type { Snapshots } from "./snapshot.ts";
import { rowsOf } from "./table.ts";

/** Upper bounds of the classes of duration, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Durations {
  classes: number[];
  count: number;
  sum: number;
}

/** Counts requests; tells them, with the age of what is served, as Prometheus reads it. */
export class Metrics {
  private readonly requests = new Map<string, number>();
  private readonly durations = new Map<string, Durations>();
  private readonly snapshots: Snapshots;
  private readonly operations: Operations;
  private readonly now: () => Date;

  constructor(snapshots: Snapshots, operations: Operations, now: () => Date) {
    this.snapshots = snapshots;
    this.operations = operations;
    this.now = now;
  }

  readonly count = (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    response.once("finish", () => {
      const route = routeOf(request);
      const key = `route="${route}",method="${methodOf(request)}",status="${response.statusCode}"`;
      this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
      this.add(route, (performance.now() - started) / 1000);
    });
    next();
  };

  async text(): Promise<string> {
    const lines = ["# HELP kvv_requests_total Requests answered.", "# TYPE kvv_requests_total counter"];
    for (const [key, count] of this.requests) lines.push(`kvv_requests_total{${key}} ${count}`);
    lines.push("# HELP kvv_request_seconds Time to answer.", "# TYPE kvv_request_seconds histogram");
    for (const [route, { classes, count, sum }] of this.durations) {
      bounds.forEach((bound, index) =>
        lines.push(`kvv_request_seconds_bucket{route="${route}",le="${bound}"} ${classes[index]}`),
      );
      lines.push(`kvv_request_seconds_bucket{route="${route}",le="+Inf"} ${count}`);
      lines.push(
        `kvv_request_seconds_sum{route="${route}"} ${sum}`,
        `kvv_request_seconds_count{route="${route}"} ${count}`,
      );
    }
    return [...lines, ...this.snapshotAge(), ...(await this.freshness())].join("\n") + "\n";
  }

  private add(route: string, seconds: number): void {
    const known = this.durations.get(route) ?? { classes: bounds.map(() => 0), count: 0, sum: 0 };
    this.durations.set(route, known);
    bounds.forEach((bound, index) => {
      if (seconds <= bound) known.classes[index]! += 1;
    });
    known.count += 1;
    known.sum += seconds;
  }

  private snapshotAge(): string[] {
    const manifest = this.snapshots.manifest;
    if (!manifest) return [];
    const seconds = (this.now().getTime() - Date.parse(manifest.published_at)) / 1000;
    return [
      "# HELP kvv_snapshot_age_seconds Since the served snapshot was published.",
      "# TYPE kvv_snapshot_age_seconds gauge",
      `kvv_snapshot_age_seconds ${seconds}`,
    ];
  }

  private async freshness(): Promise<string[]> {
    const table = await this.operations.query("select feed, freshness from feeds order by feed").catch(() => null);
    if (!table) return [];
    const feeds = (await rowsOf(table)) as { feed: string; freshness: string }[];
    return [
      "# HELP kvv_feed_overdue 0 fresh, 1 due, 2 overdue.",
      "# TYPE kvv_feed_overdue gauge",
      ...feeds.map(
        ({ feed, freshness }) =>
          `kvv_feed_overdue{feed="${label(feed)}"} ${["fresh", "due", "overdue"].indexOf(freshness)}`,
      ),
    ];
  }
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Only names of our own become labels: what a reader makes up must not fill the memory. */
const methodOf = (request: Request): string => (methods.has(request.method) ? request.method : "other");

function routeOf(request: Request): string {
  const pattern: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof pattern === "string" ? label(request.baseUrl + pattern) : "other";
}

const label = (text: string): string => text.replace(/["\\\n]/g, "_");
