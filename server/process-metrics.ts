import { monitorEventLoopDelay } from "node:perf_hooks";
import { gauge, type Metric } from "./exposition.ts";

/** Between two turns that are looked at, in milliseconds; what is measured has this in it. */
const resolution = 20;

/** What the server takes of its machine, by the names that Prometheus' own libraries use. */
export class ProcessMetrics {
  private readonly delay = monitorEventLoopDelay({ resolution });
  private readonly startedAt = Date.now() / 1000 - process.uptime();

  /** The delays are those since the last question; they are measured from the first on. */
  read(): Metric[] {
    this.delay.enable();
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolution / 1000);
    const [half, high, most] = [this.delay.percentile(50), this.delay.percentile(99), this.delay.max];
    this.delay.reset();
    return [
      gauge("process_start_time_seconds", "When the server was started.", this.startedAt),
      gauge("process_resident_memory_bytes", "Memory that the server has.", rss),
      gauge("nodejs_heap_size_used_bytes", "Of it, what its own code uses.", heapUsed),
      {
        ...{ name: "process_cpu_seconds_total", help: "Time of the processors that it used.", type: "counter" },
        samples: [{ value: (user + system) / 1e6 }],
      },
      gauge("nodejs_eventloop_lag_p50_seconds", "Half of its turns came no later than this.", seconds(half)),
      gauge("nodejs_eventloop_lag_p99_seconds", "Of a hundred turns 99 came no later than this.", seconds(high)),
      gauge("nodejs_eventloop_lag_max_seconds", "None came later than this.", seconds(most)),
    ];
  }
}
