import { z } from "zod";
import { operationsRows } from "../route.ts";
import type { Field } from "../table.ts";

const fields: Field[] = [
  { name: "feed", kind: "text" },
  { name: "title_nl", kind: "text" },
  { name: "title_en", kind: "text" },
  { name: "owner", kind: "text" },
  { name: "cadence", kind: "text" },
  { name: "covered_to", kind: "date" },
  { name: "last_load_at", kind: "timestamp" },
  { name: "freshness", kind: "text" },
  { name: "due_on", kind: "date" },
  { name: "overdue_on", kind: "date" },
  { name: "trouble", kind: "text" },
  { name: "trouble_since", kind: "timestamp" },
  { name: "trouble_reason", kind: "text" },
  { name: "trouble_file", kind: "text" },
  { name: "source", kind: "text" },
  { name: "next_run_at", kind: "timestamp" },
];

export default [
  operationsRows({
    path: "/feeds",
    summary: "How far each feed has come, when more is expected, and what is wrong with what came last",
    query: z.strictObject({}),
    row: z.object({
      feed: z.string(),
      title_nl: z.string(),
      title_en: z.string(),
      owner: z.string(),
      cadence: z.string(),
      covered_to: z.iso.date().nullable(),
      last_load_at: z.iso.datetime().nullable(),
      freshness: z.enum(["fresh", "due", "overdue"]),
      due_on: z.iso.date().nullable(),
      overdue_on: z.iso.date().nullable(),
      trouble: z.enum(["refused", "failed"]).nullable(),
      trouble_since: z.iso.datetime().nullable(),
      trouble_reason: z.string().nullable(),
      trouble_file: z.string().nullable(),
      source: z.string().nullable(),
      next_run_at: z.iso.datetime().nullable(),
    }),
    fields,
    sql: () => ({ sql: "select {fields} from feeds order by feed", parameters: {} }),
  }),
];
