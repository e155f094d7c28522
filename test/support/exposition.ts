/** A sample as it was read. */
export interface ExposedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Exposed {
  samples: ExposedSample[];
  /** Of all metrics, without the parts of histograms. */
  names: string[];
  /** The value of a sample; undefined where there is none. */
  find(name: string, labels?: Record<string, string>): number | undefined;
}

const nameOf = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const helpLine = /^# HELP (\S+) ((?:[^\\]|\\\\|\\n)*)$/;
const typeLine = /^# TYPE (\S+) (counter|gauge|histogram)$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/y;
const parts = ["_bucket", "_sum", "_count"];

/** Reads the text format of Prometheus, version 0.0.4, and refuses what is not of it: all samples of a name together, after its HELP and its TYPE, which each has once. */
export function parseExposition(text: string): Exposed {
  const check = (ok: unknown, what: string): void => {
    if (!ok) throw new Error(what);
  };
  check(text.endsWith("\n"), "the last line has no end");
  const samples: ExposedSample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  let [help, name] = ["", ""];
  for (const line of text.slice(0, -1).split("\n")) {
    if (line.startsWith("# HELP ")) {
      help = helpLine.exec(line)?.[1] ?? "";
      check(nameOf.test(help) && !types.has(help), `not the one help of a name: ${line}`);
    } else if (line.startsWith("#")) {
      name = typeLine.exec(line)?.[1] ?? "";
      check(name !== "" && name === help && !types.has(name), `not the one type of a name after its help: ${line}`);
      types.set(name, typeLine.exec(line)![2]!);
      check((types.get(name) === "counter") === name.endsWith("_total"), `${name} is not named by its type`);
    } else {
      const [, of = "", inside = "", number = ""] = sampleLine.exec(line) ?? [];
      const own = types.get(name) === "histogram" ? parts.map((part) => name + part) : [name];
      check(own.includes(of), `no sample of ${name}: ${line}`);
      const labels = labelsOf(inside);
      check(labels, `its labels cannot be read: ${line}`);
      const key = `${of} ${JSON.stringify(Object.entries(labels!).sort())}`;
      check(!seen.has(key), `comes twice: ${line}`);
      seen.add(key);
      samples.push({ name: of, labels: labels!, value: Number(number.replace("Inf", "Infinity")) });
    }
  }
  const find = (wanted: string, labels: Record<string, string> = {}) =>
    samples.find(
      (each) => each.name === wanted && JSON.stringify(sorted(each.labels)) === JSON.stringify(sorted(labels)),
    )?.value;
  for (const [each, type] of types) if (type === "histogram") checkHistogram(each, samples);
  return { samples, names: [...types.keys()], find };
}

const sorted = (labels: Record<string, string>) => Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));

/** Null where they are none. */
function labelsOf(inside: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  labelPair.lastIndex = 0;
  while (labelPair.lastIndex < inside.length) {
    const found = labelPair.exec(inside);
    if (!found || found[1]! in labels) return null;
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, sign: string) => (sign === "n" ? "\n" : sign));
  }
  return labels;
}

/** Classes that only go up to all there are, for each set of labels. */
function checkHistogram(name: string, samples: readonly ExposedSample[]): void {
  const last = new Map<string, { le: number; value: number }>();
  for (const { labels, value } of samples.filter((each) => each.name === `${name}_bucket`)) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(rest);
    const bound = Number(le?.replace("Inf", "Infinity"));
    const before = last.get(key) ?? { le: -Infinity, value: 0 };
    if (!(bound > before.le) || value < before.value) throw new Error(`${name}${key} goes down at ${le}`);
    last.set(key, { le: bound, value });
  }
  for (const [key, { le, value }] of last) {
    const count = samples.find((each) => each.name === `${name}_count` && JSON.stringify(each.labels) === key);
    if (le !== Infinity || count?.value !== value) throw new Error(`${name}${key} does not end with all`);
  }
}
