import { readFileSync } from "node:fs";
import cron from "node-cron";
import { z } from "zod";
import { parseYaml, type Fault } from "./yaml-file.ts";

const jobShape = z.strictObject({
  feed: z.string().regex(/^[a-z][a-z0-9_]*$/, "write the name of a feed, such as complaints"),
  /** Where the files come from: the feed's folder in the inbox. */
  source: z.literal("inbox", 'write "inbox": files come from the folder inbox/<feed>'),
  cron: z
    .string()
    .refine((text) => cron.validate(text), 'write a cron expression of five fields, such as "*/15 * * * *"'),
  time_zone: z.string().refine(isTimeZone, 'write a time zone by its IANA name, such as "Europe/Amsterdam"').optional(),
  /** Days after the end of a period after which its delivery is overdue, where the contract's are not meant. */
  overdue_after: z.int().positive("write a number of days of at least 1").optional(),
});

const scheduleShape = z.strictObject({ jobs: z.array(jobShape) });

/** When a feed's source is looked at. */
export type Job = z.infer<typeof jobShape>;

/** Reads the schedule; collects all its faults, each with its line, and throws none. */
export function readSchedule(file: string): { jobs: Job[]; faults: Fault[] } {
  const { value, faults, lineOf } = parseYaml(readFileSync(file, "utf8"), file, scheduleShape);
  if (!value) return { jobs: [], faults };
  const { jobs } = value;
  const doubles = jobs.flatMap(({ feed }, index) => {
    if (jobs.findIndex((job) => job.feed === feed) === index) return [];
    const line = lineOf(["jobs", index, "feed"]);
    return [{ file, line, message: `jobs.${index}.feed: ${feed} has a job already; keep one` }];
  });
  return { jobs: doubles.length > 0 ? [] : jobs, faults: doubles };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
