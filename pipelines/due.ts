import cron from "node-cron";

const minute = 60_000;
/** Clocks change at whole quarters of an hour. */
const block = 15 * minute;
const blocksBack = 32 * 24 * 4;

/** Whether the text is a cron expression of five fields of plain numbers, names, lists, ranges and steps. */
export function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5 || !cron.validate(text)) return false;
  return Object.values(cron.parse(text) as unknown as Record<string, unknown[]>)
    .flat()
    .every((value) => typeof value === "number");
}

/** The last moment, at or before `now`, at which the expression should have fired in the time zone; null where there was none in the last 32 days. A time that the clock skips counts when it jumps; one that comes twice counts the second time, unless the job runs in every hour. */
export function lastDue(expression: string, timeZone: string, now: Date): Date | null {
  const fields = cron.parse(expression) as unknown as Fields;
  const everyHour = fields.hour.length === 24;
  const offset = offsetsOf(timeZone);
  const comesAgain = (at: number) => [30, 60].some((back) => offset(at + back * minute) === offset(at) - back * minute);
  let at = Math.floor(now.getTime() / minute) * minute;
  const first = Math.floor(at / block) * block - blocksBack * block;
  while (at >= first) {
    const start = Math.floor(at / block) * block;
    const ahead = offset(start);
    for (; at >= start; at -= minute)
      if (matches(fields, at + ahead) && (everyHour || !comesAgain(at))) return new Date(at);
    const before = offset(start - block);
    for (let wall = start + before; wall < start + ahead; wall += minute)
      if (matches(fields, wall)) return new Date(start);
  }
  return null;
}

/** The first moment after `now` at which the expression fires, as `lastDue` has it; null where there is none within 32 days. */
export function nextDue(expression: string, timeZone: string, now: Date): Date | null {
  let before = Math.floor(now.getTime() / minute);
  let after = before + (blocksBack * block) / minute;
  const firedBy = (at: number) => {
    const due = lastDue(expression, timeZone, new Date(at * minute));
    return due !== null && due > now;
  };
  if (!firedBy(after)) return null;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (firedBy(middle)) after = middle;
    else before = middle;
  }
  return new Date(after * minute);
}

interface Fields {
  minute: number[];
  hour: number[];
  dayOfMonth: number[];
  month: number[];
  dayOfWeek: number[];
}

/** `wall` is a time on the wall, written as if it were UTC. As the scheduler has it, day of month and day of week must both hold. */
function matches(fields: Fields, wall: number): boolean {
  const time = new Date(wall);
  return (
    fields.minute.includes(time.getUTCMinutes()) &&
    fields.hour.includes(time.getUTCHours()) &&
    fields.dayOfMonth.includes(time.getUTCDate()) &&
    fields.month.includes(time.getUTCMonth() + 1) &&
    fields.dayOfWeek.includes(time.getUTCDay())
  );
}

const zones = new Map<string, (at: number) => number>();
/** So many offsets are kept of a zone: two months. */
const offsetsKept = 2 * blocksBack;

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetsOf(timeZone: string): (at: number) => number {
  const made = zones.get(timeZone) ?? readOffsets(timeZone);
  zones.set(timeZone, made);
  return made;
}

/** To ask the calendar costs more than all else here, so what it said is kept. */
function readOffsets(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const known = new Map<number, number>();
  return (at) => {
    const start = Math.floor(at / block) * block;
    let found = known.get(start);
    if (found === undefined) {
      const part = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
      const get = (type: Intl.DateTimeFormatPartTypes) => part.get(type)!;
      found = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute")) - start;
      if (known.size >= offsetsKept) known.clear();
      known.set(start, found);
    }
    return found;
  };
}

/** When a job was tried, and when it last succeeded; null for never. */
export interface Attempts {
  last: Date | null;
  succeeded: Date | null;
}

/** A job that failed is tried again after this many milliseconds. */
export const retryAfter = 60 * minute;

/** Whether the job must run now: it has not succeeded since it was last due. One that failed since is tried again an hour later. */
export function isDue(expression: string, timeZone: string, attempts: Attempts, now: Date): boolean {
  const due = lastDue(expression, timeZone, now);
  if (!due || (attempts.succeeded && attempts.succeeded >= due)) return false;
  return !attempts.last || attempts.last < due || now.getTime() - attempts.last.getTime() >= retryAfter;
}
