import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Fault } from "./contracts/contract.ts";
import { parseCsv } from "./csv-file.ts";
import type { Definition, Kind } from "./indicators/definition.ts";
import { formulasIn, formulaWords } from "./formulas.ts";
import { faultsOfFiling, type Paper } from "./papers.ts";

const day = z.iso.date("write a date that exists, as 2026-01-31");
const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (text === "" ? null : text), schema.nullable());
const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, "write a number as 0.25")
  .transform(Number);

const targetSchema = z.strictObject({
  indicator_id: z.string().min(1),
  unit_id: z.string().min(1),
  breakdown: optional(z.string()),
  /** Null with a breakdown: each of its values. */
  breakdown_value: optional(z.string()),
  goal: z.enum(["streefcijfer", "resultaat", "afspraak", "doelstelling"]),
  status: z.enum(["proposed", "decided"]),
  from: day,
  to: day,
  kind: z.enum(["at_least", "at_most", "within", "number"]),
  value: number,
  tolerance: optional(number),
  /** The grain by which it is judged in the end. */
  grain: z.enum(["month", "quarter", "half", "year", "r12", "target"]),
  baseline_from: optional(day),
  baseline_to: optional(day),
  source: z.string().min(1),
  by: z.enum(["paper", "ours"]),
  proposed_on: optional(day),
  decided_on: optional(day),
});

/** A dated target figure, result, agreement or objective; an aim on one day has `from` equal to `to`. */
export type Target = z.output<typeof targetSchema> & {
  target_id: number;
  /** Made up to go on with, in the demo only. */
  demo: boolean;
};

/** What the source of a target of the demo says. */
export const demoSource = "voorbeelddata";

/** Reads `data/targets.csv`; every fault of every line at once. Without papers nothing is said of sources. */
export const readTargets = (
  file: string,
  definitions: Judged[],
  papers: Paper[] = [],
): { targets: Target[]; faults: Fault[] } => parseTargets(readFileSync(file), file, definitions, papers);

/** Reads several such files, those that are there. Of an indicator that a later one has, no line of an earlier one counts. */
export function readTargetFiles(
  files: string[],
  definitions: Judged[],
  papers: Paper[] = [],
): { targets: Target[]; faults: Fault[] } {
  const read = files.filter((file) => existsSync(file)).map((file) => ({ file, text: readFileSync(file) }));
  const targets: Target[] = [];
  const faults: Fault[] = [];
  for (const [i, { file, text }] of read.entries()) {
    const later = read.slice(i + 1).flatMap((each) => indicatorsIn(each.text, each.file));
    const own = parseTargets(text, file, definitions, papers, new Set(later));
    const first = Math.max(0, ...targets.map(({ target_id }) => target_id));
    targets.push(...own.targets.map((target) => ({ ...target, target_id: first + target.target_id })));
    faults.push(...own.faults);
  }
  return { targets, faults };
}

/** Ids of the indicators that a file has targets of. */
const indicatorsIn = (text: Buffer, file: string): string[] =>
  parseCsv(text, file, z.looseObject({ indicator_id: z.string() })).lines.map(({ value }) => value.indicator_id);

/** What of a definition its targets are judged by. */
type Judged = Pick<Definition, "id" | "kind" | "grains" | "breakdowns">;

/** The same of a text; `file` is what it is called in faults, and lines of the indicators in `except` are passed over. */
export function parseTargets(
  text: string | Buffer,
  file: string,
  definitions: Judged[],
  papers: Paper[] = [],
  except: ReadonlySet<string> = new Set(),
): { targets: Target[]; faults: Fault[] } {
  const { lines: read, faults } = parseCsv(text, file, targetSchema);
  // The file is handed out as it is, and opened in spreadsheets.
  for (const each of formulasIn(text.toString())) faults.push({ file, line: each.line, message: formulaWords(each) });
  const targets: Target[] = [];
  const lines = new Map<Target, number>();
  for (const [index, { line, value }] of read.entries()) {
    if (except.has(value.indicator_id)) continue;
    const target = { ...value, target_id: index + 1, demo: value.source === demoSource };
    const filing = papers.length > 0 ? faultsOfFiling(target, papers) : [];
    for (const message of [...rules(target, definitions), ...filing]) faults.push({ file, line, message });
    const other = targets.find((each) => overlaps(each, target));
    if (other)
      faults.push({ file, line, message: `overlaps with line ${lines.get(other)}: one unit has one target at a time` });
    targets.push(target);
    lines.set(target, line);
  }
  return { targets, faults };
}

/** Figures are worked out for every month from the first of a target's on. */
const [firstDay, lastDay] = ["2000-01-01", "2099-12-31"];

function rules(target: Target, definitions: Judged[]): string[] {
  const definition = definitions.find((each) => each.id === target.indicator_id);
  if (!definition) return [`there is no indicator "${target.indicator_id}"`];
  const found: string[] = [];
  for (const key of ["from", "to", "baseline_from", "baseline_to"] as const)
    if (target[key] && (target[key] < firstDay || target[key] > lastDay))
      found.push(`${key} ${target[key]} does not lie from ${firstDay} to ${lastDay}`);
  if (target.from > target.to) found.push(`from ${target.from} is after to ${target.to}`);
  found.push(...outOfRange(target, definition.kind));
  if (target.kind === "within" && target.tolerance === null) found.push("kind within needs a tolerance");
  if (!definition.grains.includes(target.grain) && target.from !== target.to)
    found.push(
      `grain ${target.grain}: ${target.indicator_id} has no such figures, only ${definition.grains.join(", ")}`,
    );
  if (target.from === target.to && !(target.baseline_from && target.baseline_to))
    found.push("an aim on one day needs a baseline_from and baseline_to for its pace");
  if (target.baseline_to && target.baseline_to >= target.to)
    found.push(`the baseline (to ${target.baseline_to}) does not lie before the aim (${target.to})`);
  if (target.baseline_from && target.baseline_to && target.baseline_from > target.baseline_to)
    found.push(`baseline_from ${target.baseline_from} is after baseline_to ${target.baseline_to}`);
  if (target.tolerance !== null && target.tolerance < 0) found.push(`tolerance ${target.tolerance} is negative`);
  if (target.breakdown && !definition.breakdowns.some((each) => each.name === target.breakdown))
    found.push(`${target.indicator_id} has no breakdown "${target.breakdown}"`);
  const values = Object.keys(definition.breakdowns.find((each) => each.name === target.breakdown)?.values ?? {});
  if (target.breakdown_value && values.length > 0 && !values.includes(target.breakdown_value))
    found.push(`${target.breakdown} has no value "${target.breakdown_value}", only ${values.join(", ")}`);
  if (target.breakdown_value && !target.breakdown) found.push("breakdown_value without a breakdown");
  return found;
}

const countedKinds = new Set<Kind>(["count", "cumulative", "coverage"]);
const shareKinds = new Set<Kind>(["share", "score", "coverage"]);

/** What a target of an indicator of this kind cannot be. */
function outOfRange({ kind, value }: Target, of: Kind): string[] {
  if (kind === "number")
    return countedKinds.has(of)
      ? [
          ...(value < 0 ? [`value ${value} is negative`] : []),
          ...(Number.isInteger(value) ? [] : [`value ${value}: a number is whole`]),
        ]
      : [`kind number is for what is counted, and this is a ${of}: write at_least`];
  if (shareKinds.has(of) && (value < 0 || value > 1))
    return [`value ${value}: a target of a ${of === "coverage" ? "coverage" : "share"} lies in 0..1`];
  if (of === "change" && value < -1) return [`value ${value}: a change cannot be below -1`];
  if (of !== "change" && value < 0) return [`value ${value} is negative`];
  return [];
}

/** Whether two targets of one holder hold for the same figures on some day, whatever their grains: a figure is judged by one. Where a unit and the force have one each, the unit's own holds (`series/targets.sql`). */
function overlaps(one: Target, other: Target): boolean {
  const [a, b] = [heldFrom(one), heldFrom(other)];
  return (
    one.indicator_id === other.indicator_id &&
    one.unit_id === other.unit_id &&
    one.breakdown === other.breakdown &&
    (one.breakdown_value === null || other.breakdown_value === null || one.breakdown_value === other.breakdown_value) &&
    a <= other.to &&
    b <= one.to
  );
}

/** The first day on which a target stands beside figures: an aim on one day does so from its baseline on. */
function heldFrom({ from, to, baseline_to }: Target): string {
  if (from !== to || !baseline_to) return from;
  return new Date(Date.parse(`${baseline_to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
