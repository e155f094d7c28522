import { readFileSync } from "node:fs";
import cron from "node-cron";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { Fault } from "./contracts/contract.ts";

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
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const at = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      line: at(error.pos[0]),
      message: firstLine(error.message),
    }));
    return { jobs: [], faults };
  }
  const lineOf = (path: PropertyKey[]) => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return 1;
  };
  const parsed = scheduleShape.safeParse(document.toJS());
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      file,
      line: lineOf(issue.path),
      message: `${issue.path.join(".") || "schedule"}: ${issue.message}`,
    }));
    return { jobs: [], faults };
  }
  const { jobs } = parsed.data;
  const faults = jobs.flatMap(({ feed }, index) =>
    jobs.findIndex((job) => job.feed === feed) < index
      ? [
          {
            file,
            line: lineOf(["jobs", index, "feed"]),
            message: `jobs.${index}.feed: ${feed} has a job already; keep one`,
          },
        ]
      : [],
  );
  return { jobs: faults.length > 0 ? [] : jobs, faults };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
