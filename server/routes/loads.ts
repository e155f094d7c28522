import { z } from "zod";
import { id } from "../fields.ts";
import { operationsRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  operationsRows({
    path: "/loads",
    summary: "Files that were loaded, the last first: read = accepted + quarantined + skipped + merged",
    query: z.strictObject({
      feed: id.optional().meta({ description: "Of one feed" }),
      limit: z.coerce.number().int().min(1).max(10_000).default(1000).meta({ description: "At most so many" }),
    }),
    row: z.object({
      load_id: z.number().int(),
      feed: z.string(),
      file: z.string(),
      started_at: z.iso.datetime(),
      finished_at: z.iso.datetime(),
      read: z.number().int(),
      accepted: z.number().int(),
      merged: z.number().int(),
      skipped: z.number().int(),
      quarantined: z.number().int(),
      reasons: z.record(z.string(), z.number().int()),
      from_month: z.iso.date().nullable(),
      to_month: z.iso.date().nullable(),
      unit_id: z.string().nullable(),
      total: z.number().nullable(),
      format: z.string().nullable(),
      encoding: z.string().nullable(),
      delimiter: z.string().nullable(),
      sheet: z.string().nullable(),
      header_row: z.number().int().nullable(),
      accepted_change: z.boolean(),
      max_quarantined_reason: z.string().nullable(),
    }),
    fields: [
      { name: "load_id", kind: "number" },
      { name: "feed", kind: "text" },
      { name: "file", kind: "text" },
      { name: "started_at", kind: "timestamp" },
      { name: "finished_at", kind: "timestamp" },
      { name: "read", kind: "number" },
      { name: "accepted", kind: "number" },
      { name: "merged", kind: "number" },
      { name: "skipped", kind: "number" },
      { name: "quarantined", kind: "number" },
      { name: "reasons", kind: "json" },
      { name: "from_month", kind: "date" },
      { name: "to_month", kind: "date" },
      { name: "unit_id", kind: "text" },
      { name: "total", kind: "number" },
      { name: "format", kind: "text" },
      { name: "encoding", kind: "text" },
      { name: "delimiter", kind: "text" },
      { name: "sheet", kind: "text" },
      { name: "header_row", kind: "number" },
      { name: "accepted_change", kind: "boolean" },
      { name: "max_quarantined_reason", kind: "text" },
    ],
    sql({ feed, limit }) {
      const { sql, parameters } = new Conditions().oneOf("feed", feed === undefined ? null : [feed]).where;
      return {
        sql: `select {fields} from loads ${sql} order by load_id desc limit $limit`,
        parameters: { ...parameters, limit },
      };
    },
  }),
];
