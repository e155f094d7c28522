import { z } from "zod";
import { cycles, dueOn, periodsOf, startsOn, type Span } from "./cycle-days.ts";
import { faultsOfSource, type Paper } from "./papers.ts";
import { parseYaml, type Fault } from "./yaml-file.ts";

export const dutyKinds = ["review", "meeting", "talk", "audit", "survey", "target", "plan"] as const;
export type DutyKind = (typeof dutyKinds)[number];

const levels = ["force", "unit", "district", "service", "team", "bureau"] as const;

const some = (most: number) => z.int().min(0, "is below 0").max(most, `is more than ${most}`).optional();
const offset = z.strictObject({
  from: z.enum(["start", "end"], "write start or end: of the period"),
  days: some(400),
  weeks: some(104),
  months: some(24),
});
const year = z.int().min(2000, "write a year, such as 2016").max(2200, "write a year, such as 2016");
const words = z.strictObject({
  nl: z.string().min(1, "is empty; say it in Dutch"),
  en: z.string().min(1, "is empty; say it in English"),
});

const dutyShape = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, "write a name in small letters, digits and hyphens; it stays the same"),
  kind: z.enum(dutyKinds, `write one of ${dutyKinds.join(", ")}`),
  title: words,
  note: words.optional(),
  source: z.array(z.string().min(1)).min(1, "is empty; name the paper that says so, or KVV for a choice of ours"),
  every: z.enum(cycles, `write one of ${cycles.join(", ")}`).optional(),
  /** The first year, and the last one where it ends. */
  since: year.optional(),
  until: year.optional(),
  /** Levels of which every unit has it; none: it is one for all together. */
  for: z.array(z.enum(levels, `write levels: ${levels.join(", ")}`)).default([]),
  starts: offset.optional(),
  due: offset.optional(),
  /** Units take turns over the period: those named first, in this order, then the others by their ids. */
  spread: z.strictObject({ order: z.array(z.string().min(1)).default([]) }).optional(),
  /** Days before a review closes on which people are reminded. */
  remind_days: z.int().min(1, "write a number of days of at least 1").max(60, "is more than 60").optional(),
  /** The page of the monitor that it is about. */
  page: z
    .string()
    .regex(/^\/(?!\/)\S*$/, "write the path of a page, such as /unit/{unit}")
    .optional(),
});

const cycleShape = z.strictObject({ duties: z.array(dutyShape).default([]) });

/** Something that comes back, or that follows on every target that ends. */
export type Duty = z.output<typeof dutyShape>;

/** Reads what is due when; every fault with its line. Without papers nothing is said of sources. */
export function parseCycle(text: string, file: string, papers: Paper[] = []): { duties: Duty[]; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(text, file, cycleShape);
  if (!value) return { duties: [], faults };
  const { duties } = value;
  const found = duties.flatMap((duty, index) =>
    [...rules(duty), ...repeated(duties, index), ...ofSources(duty, papers)].map(([key, message]) => ({
      file,
      line: lineOf(["duties", index, ...key.split(".")]),
      message: `duties.${index}.${key}: ${message}`,
    })),
  );
  return { duties: found.length > 0 ? [] : duties, faults: found };
}

type Found = [key: string, message: string];

function repeated(duties: Duty[], index: number): Found[] {
  const { id, kind } = duties[index]!;
  const before = duties.slice(0, index);
  if (before.some((other) => other.id === id)) return [["id", `${id} stands there twice; give each duty its own`]];
  if ((kind === "review" || kind === "target") && before.some((other) => other.kind === kind))
    return [["kind", `there is a duty of kind ${kind} already; keep one`]];
  return [];
}

const ofSources = ({ source }: Duty, papers: Paper[]): Found[] =>
  papers.length === 0
    ? []
    : source.flatMap((each) => faultsOfSource(each, papers).map((message): Found => ["source", message]));

function rules(duty: Duty): Found[] {
  return [...ofPeriods(duty), ...ofDays(duty), ...ofReview(duty), ...ofPage(duty)];
}

function ofPeriods({ kind, every, since, until, for: levels, spread }: Duty): Found[] {
  if (kind === "target") {
    const own = { every, since, until, spread, for: levels.length > 0 || undefined };
    return Object.entries(own)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => [key, "leave it out: the periods and units are those of the targets"]);
  }
  return [
    ...(every ? [] : [["every", `is missing; write one of ${cycles.join(", ")}`] as Found]),
    ...(since === undefined ? [["since", "is missing; write the first year"] as Found] : []),
    ...(since !== undefined && until !== undefined && until < since
      ? [["until", `${until} is before the first year, ${since}`] as Found]
      : []),
  ];
}

function ofDays({ every, since, until, for: levels, starts, due, spread }: Duty): Found[] {
  if (spread) {
    const found: Found[] = [];
    if (starts) found.push(["starts", "leave it out: spread gives each unit its days"]);
    if (due) found.push(["due", "leave it out: spread gives each unit its days"]);
    if (levels.length !== 1) found.push(["spread", "wants one level in `for`, such as [unit]"]);
    return found;
  }
  if (!starts || !due)
    return [
      ...(starts ? [] : [["starts", "is missing; write { from: start } or { from: end }"] as Found]),
      ...(due ? [] : [["due", "is missing; write, for example, { from: end, weeks: 8 }"] as Found]),
    ];
  // One leap year and three others: February counts.
  const spans: Span[] =
    every && since !== undefined
      ? periodsOf({ every, since, until }, { from: since, to: since + 3 })
      : [{ start: "2016-01-01", end: "2016-12-31" }];
  const wrong = spans.find((span) => startsOn(span, starts) > dueOn(span, due));
  if (!wrong) return [];
  return [["due", `${dueOn(wrong, due)} is before it starts, ${startsOn(wrong, starts)}`]];
}

function ofReview({ kind, every, for: levels, starts, page, remind_days }: Duty): Found[] {
  if (kind !== "review") return remind_days === undefined ? [] : [["remind_days", "is for the duty of kind review"]];
  const found: Found[] = [];
  if (every && every !== "half-year") found.push(["every", "reviews are of half-years; write half-year"]);
  if (levels.length === 0 || levels.some((level) => level !== "force" && level !== "unit"))
    found.push(["for", "reviews are of force and units; write [force, unit]"]);
  if (starts && starts.from !== "end") found.push(["starts", "a review opens when its half-year is over; from: end"]);
  if (page) found.push(["page", "leave it out: it is the review's own"]);
  return found;
}

/** What may stand in a page's path, where it is known. */
function ofPage({ kind, every, for: levels, page = "" }: Duty): Found[] {
  const known = [
    ...(kind === "target" || levels.length > 0 ? ["unit"] : []),
    ...(kind === "target" ? ["indicator"] : []),
    ...(every === "half-year" ? ["half"] : []),
  ];
  const may = known.length > 0 ? known.map((name) => `{${name}}`).join(", ") : "none";
  return [...page.matchAll(/\{([^}]*)\}/g)]
    .filter(([, name]) => !known.includes(name!))
    .map(([text]): Found => ["page", `${text} is not known here; there is: ${may}`]);
}
