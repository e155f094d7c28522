import { setTimeout as sleep } from "node:timers/promises";
import type { NextFunction, Request, Response } from "express";
import type { AuditLog } from "./audit.ts";
import { expose, gauge, type Metric, type Sample } from "./exposition.ts";
import type { Operations } from "./operations.ts";
import type { Pipelines } from "./pipelines.ts";
import { pipelinesMetrics } from "./pipelines-metrics.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { methodOf, routeOf } from "./route-of.ts";
import type { Fetcher } from "./servers/fetcher.ts";
import type { Writes } from "./servers/writes.ts";
import type { Snapshots } from "./snapshot.ts";

/** Upper bounds of the classes of duration, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Pipelines that have not answered by then are as good as none. */
const patienceMs = 2000;

interface Durations {
  classes: number[];
  count: number;
  sum: number;
}

/** What metrics are made of. */
export interface Measured {
  snapshots: Snapshots;
  operations: Operations;
  pipelines: Pipelines;
  audit: AuditLog;
  fetcher: Pick<Fetcher, "trouble" | "failures" | "lookedAt"> | undefined;
  writes: Pick<Writes, "isThere"> | undefined;
  now: () => Date;
}

/** Counts requests; tells them, and how all of the monitor does, as Prometheus reads it. */
export class Metrics {
  private readonly requests = new Map<string, { labels: Record<string, string>; value: number }>();
  private readonly durations = new Map<string, Durations>();
  private failures = 0;
  private readonly process = new ProcessMetrics();
  private readonly measured: Measured;

  constructor(measured: Measured) {
    this.measured = measured;
  }

  readonly count = (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    response.once("finish", () => {
      const route = routeOf(request, response);
      const labels = { route, method: methodOf(request), status: String(response.statusCode) };
      const key = Object.values(labels).join(" ");
      const known = this.requests.get(key) ?? { labels, value: 0 };
      this.requests.set(key, known);
      known.value += 1;
      this.add(route, (performance.now() - started) / 1000);
    });
    // Also of an answer that was cut off by a fault when it had begun.
    response.once("close", () => {
      if ((response.locals as { failure?: unknown }).failure !== undefined) this.failures += 1;
    });
    next();
  };

  async text(): Promise<string> {
    const { operations, pipelines, audit } = this.measured;
    const [work, works, told] = await Promise.all([
      Promise.race([pipelines.work().catch(() => null), sleep(patienceMs, null, { ref: false })]),
      audit.works(),
      // A file of another version tells nothing; that it does is itself something to alert on.
      pipelinesMetrics(operations).catch(() => []),
    ]);
    return expose([
      ...this.answered(),
      ...this.served(),
      ...this.elsewhere(),
      ...told,
      gauge("kvv_pipelines_up", "Whether the pipelines run and answer.", work && work.running !== false ? 1 : 0),
      gauge("kvv_pipelines_waiting", "Pieces of work that wait for their turn.", work?.waiting ?? null),
      gauge("kvv_audit_log_works", "Whether it can be written down who does what.", works ? 1 : 0),
      ...this.process.read(),
    ]);
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

  private answered(): Metric[] {
    const durations = [...this.durations].flatMap(([route, { classes, count, sum }]): Sample[] => [
      ...bounds.map((bound, index): Sample => ({
        ...{ suffix: "_bucket", labels: { route, le: String(bound) }, value: classes[index]! },
      })),
      { suffix: "_bucket", labels: { route, le: "+Inf" }, value: count },
      { suffix: "_sum", labels: { route }, value: sum },
      { suffix: "_count", labels: { route }, value: count },
    ]);
    return [
      {
        ...{ name: "kvv_requests_total", help: "Requests answered.", type: "counter" },
        samples: [...this.requests.values()],
      },
      {
        ...{ name: "kvv_failures_total", help: "Requests that failed by a fault of the monitor.", type: "counter" },
        // From 0 on, without which the first could not be seen to have come.
        samples: [{ value: this.failures }],
      },
      { name: "kvv_request_seconds", help: "Time to answer.", type: "histogram", samples: durations },
    ];
  }

  private served(): Metric[] {
    const { snapshots, now } = this.measured;
    const { manifest } = snapshots;
    const age = manifest && (now().getTime() - Date.parse(manifest.published_at)) / 1000;
    return [
      gauge("kvv_ready", "Whether a snapshot is served.", manifest ? 1 : 0),
      gauge(
        "kvv_snapshot_trouble",
        "Whether what should be served cannot be, or is gone: /readyz says why.",
        snapshots.trouble ? 1 : 0,
      ),
      gauge("kvv_snapshot_age_seconds", "Since the served snapshot was published.", age),
      {
        ...{ name: "kvv_snapshot_info", help: "The snapshot that is served.", type: "gauge" },
        samples: manifest ? [{ labels: { snapshot: manifest.snapshot }, value: 1 }] : [],
      },
    ];
  }

  /** Of other servers: what is fetched from them, and what lives with one of them. A server that has all itself misses nothing. */
  private elsewhere(): Metric[] {
    const { fetcher, writes } = this.measured;
    const lookedAt = fetcher?.lookedAt ?? null;
    return [
      gauge(
        "kvv_fetch_trouble",
        "Whether what is published elsewhere cannot be fetched: /readyz says why.",
        fetcher?.trouble ? 1 : 0,
      ),
      {
        ...{ name: "kvv_fetch_failures_total", help: "Tries to fetch what is published that failed.", type: "counter" },
        samples: [{ value: fetcher?.failures ?? 0 }],
      },
      gauge(
        "kvv_fetch_age_seconds",
        "Since it was last known what is published elsewhere.",
        lookedAt && (Date.now() - lookedAt) / 1000,
      ),
      gauge("kvv_writes_up", "Whether what people write can be reached.", writes && !writes.isThere ? 0 : 1),
    ];
  }
}
