/** What would reach a target: counts so far, and how many appointments are still expected. */
export interface ReachQuestion {
  /** Of `appointed` so far, `counted` count for the target. */
  counted: number;
  appointed: number;
  /** Share of all appointments that the target asks, 0..1. */
  target: number;
  /** Appointments that are expected until the target's end. */
  coming: number;
}

/** `nothing_to_do`: reached whoever comes; `possible`; `out_of_reach`: not if all that come count. */
export type Reach = "nothing_to_do" | "possible" | "out_of_reach";

export interface ReachAnswer {
  reach: Reach;
  /** Share of the coming appointments that the target asks, within 0..1; null where it is out of reach. */
  needed: number | null;
  /** The share that would come of it if all of them count, and if none. */
  highest: number;
  lowest: number;
}

/** Fewer coming appointments than this say nothing in proportions, and come too near to persons. */
export const leastComing = 25;

/** The share of coming appointments with which the target is reached: (t(n + N) - x) / N. A RangeError for numbers that cannot be. */
export function reach({ counted, appointed, target, coming }: ReachQuestion): ReachAnswer {
  if (!(coming > 0) || counted < 0 || counted > appointed || target < 0 || target > 1)
    throw new RangeError(`no plan: ${counted} of ${appointed}, ${coming} to come, for a share of ${target}`);
  const needed = (target * (appointed + coming) - counted) / coming;
  const all = appointed + coming;
  return {
    // Rounding must not put a target out of reach that exactly all of them meet.
    reach: needed <= 1e-12 ? "nothing_to_do" : needed > 1 + 1e-12 ? "out_of_reach" : "possible",
    needed: needed > 1 + 1e-12 ? null : Math.min(1, Math.max(0, needed)),
    highest: (counted + coming) / all,
    lowest: counted / all,
  };
}

/** The nearest proportion with a small denominator, "3 of 10" as {part: 3, whole: 10}; a share 0..1. */
export function proportionOf(share: number): { part: number; whole: number } {
  let best = { part: share < 0.5 ? 0 : 1, whole: 1 };
  for (const whole of [2, 3, 4, 5, 6, 8, 10, 15, 20]) {
    const part = Math.round(share * whole);
    // A larger whole must be clearly nearer: "one of three" says more than "seven of twenty".
    if (Math.abs(part / whole - share) < Math.abs(best.part / best.whole - share) - 0.015) best = { part, whole };
  }
  return best;
}

const numbers = {
  nl: "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
  en: "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
};

/** "ongeveer een op de drie", "about one in three". */
export function proportionInWords(language: "nl" | "en", share: number): string {
  const { part, whole } = proportionOf(share);
  const name = (number: number) => numbers[language].split(" ")[number]!;
  if (part === 0) return language === "nl" ? "bijna geen" : "hardly any";
  if (part === whole) return share < 1 ? { nl: "bijna allemaal", en: "nearly all" }[language] : { nl: "allemaal", en: "all" }[language]; // prettier-ignore
  return language === "nl" ? `ongeveer ${name(part)} op de ${name(whole)}` : `about ${name(part)} in ${name(whole)}`;
}

/** What a reader hears of it: which part of those who come, never how many persons. */
export function reachInWords(language: "nl" | "en", { reach, needed }: ReachAnswer, coming: number): string {
  const nl = language === "nl";
  const number = new Intl.NumberFormat(nl ? "nl-NL" : "en-GB").format(coming);
  if (reach === "nothing_to_do")
    return nl ? "Het streefcijfer wordt gehaald, wie er ook bij komt." : "The target is reached whoever comes.";
  if (reach === "out_of_reach")
    return nl
      ? `Met ${number} benoemingen is het streefcijfer niet meer te halen.`
      : `With ${number} appointments the target is out of reach.`;
  const proportion = proportionInWords(language, needed!);
  return nl
    ? `Het streefcijfer wordt gehaald als van de ${number} komende benoemingen ${proportion} meetelt.`
    : `The target is reached if ${proportion} of the ${number} coming appointments counts.`;
}

/** What every answer about targets says. */
export const noQuota = {
  nl: "een streefcijfer is geen quotum; kwaliteit staat voorop",
  en: "a target is not a quota; quality comes first",
};

/** Intake and exits of one scenario, per half-year. */
export interface Scenario {
  /** Of those who come, the share of the group, 0..1. */
  intakeShare: number;
  /** Of the group's members, and of the others, the share that leaves in a half-year, 0..1. */
  exitRate: number;
  exitRateOthers: number;
}

/** Staff at the start, and what is expected of it. */
export interface StaffingQuestion {
  /** Staff on the last day of the half-year before `from`, and how many of them are of the group. */
  staff: number;
  group: number;
  /** People who come in a half-year. */
  intake: number;
  /** The first half-year, `2017-H1`, and how many. */
  from: string;
  halves: number;
  /** Share of the group in the staff that is aimed at, 0..1. */
  target: number;
}

/** Staff on the last day of a half-year; numbers of people, not rounded. */
export interface StaffingPoint {
  half: string;
  staff: number;
  group: number;
  share: number | null;
}

export interface StaffingAnswer {
  points: StaffingPoint[];
  /** The first half-year at whose end the share is at least the target; null where none of them is. */
  reached: string | null;
}

/** Staff by half-year: S' = S - exits + intake, for the group and for the others. A RangeError for numbers that cannot be. */
export function projectStaffing(question: StaffingQuestion, scenario: Scenario): StaffingAnswer {
  const { intake, halves, target } = question;
  const { intakeShare, exitRate, exitRateOthers } = scenario;
  if (question.group < 0 || question.group > question.staff || intake < 0)
    throw new RangeError(`no staff: ${question.group} of ${question.staff}, ${intake} come`);
  for (const share of [intakeShare, exitRate, exitRateOthers, target])
    if (!(share >= 0 && share <= 1)) throw new RangeError(`no share: ${share}`);
  let group = question.group;
  let others = question.staff - group;
  const points: StaffingPoint[] = [];
  for (let half = question.from; points.length < halves; half = halfAfter(half)) {
    group += intake * intakeShare - group * exitRate;
    others += intake * (1 - intakeShare) - others * exitRateOthers;
    const staff = group + others;
    points.push({ half, staff, group, share: staff > 0 ? group / staff : null });
  }
  const reached = points.find(({ share }) => share !== null && share >= target - 1e-12)?.half ?? null;
  return { points, reached };
}

/** `2016-H2` → `2017-H1`. */
function halfAfter(half: string): string {
  const [, year, number] = /^(\d{4})-H([12])$/.exec(half) ?? [];
  if (!year) throw new RangeError(`no half-year: ${half}`);
  return number === "1" ? `${year}-H2` : `${Number(year) + 1}-H1`;
}
