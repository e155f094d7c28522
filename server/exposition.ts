/** A metric: one name with what it counts, and its samples. */
export interface Metric {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  samples: Sample[];
}

export interface Sample {
  /** Of a histogram: which part of it. */
  suffix?: "_bucket" | "_sum" | "_count";
  labels?: Record<string, string>;
  value: number;
}

/** The text that Prometheus reads, version 0.0.4. A metric without samples is left out. */
export function expose(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap(({ name, help, type, samples }) =>
    samples.length === 0
      ? []
      : [
          `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
          `# TYPE ${name} ${type}`,
          ...samples.map(
            ({ suffix = "", labels = {}, value }) => `${name}${suffix}${labelsOf(labels)} ${valueOf(value)}`,
          ),
        ],
  );
  return lines.join("\n") + "\n";
}

/** A metric of one sample, or of none where there is no value. */
export const gauge = (name: string, help: string, value: number | null): Metric => ({
  ...{ name, help, type: "gauge" },
  samples: value === null ? [] : [{ value }],
});

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const valueOf = (value: number): string => (value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : String(value));
