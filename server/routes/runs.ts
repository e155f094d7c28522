import { z } from "zod";
import { operationsRows } from "../route.ts";

export default [
  operationsRows({
    path: "/runs",
    summary: "What the pipelines did, the last first",
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(10_000).default(1000).meta({ description: "At most so many" }),
    }),
    row: z.object({
      run_id: z.number().int(),
      job: z.string(),
      started_at: z.iso.datetime(),
      finished_at: z.iso.datetime().nullable(),
      status: z.string(),
      error: z.string().nullable(),
      loads: z.number().int().nullable(),
    }),
    fields: [
      { name: "run_id", kind: "number" },
      { name: "job", kind: "text" },
      { name: "started_at", kind: "timestamp" },
      { name: "finished_at", kind: "timestamp" },
      { name: "status", kind: "text" },
      { name: "error", kind: "text" },
      { name: "loads", kind: "number" },
    ],
    sql: ({ limit }) => ({ sql: "select {fields} from runs order by run_id desc limit $limit", parameters: { limit } }),
  }),
];
