import { z } from "zod";
import { id } from "../fields.ts";
import { operationsRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  operationsRows({
    path: "/quarantine",
    summary: "Rows that could not be loaded, each with its reason",
    query: z.strictObject({
      feed: id.optional().meta({ description: "Of one feed" }),
      load: z.coerce.number().int().min(0).optional().meta({ description: "Of one load, by its load_id" }),
      reason: id.optional().meta({ description: "For one reason, such as unknown_unit" }),
      limit: z.coerce.number().int().min(1).max(1_000_000).optional().meta({ description: "At most so many" }),
    }),
    row: z.object({
      load_id: z.number().int(),
      feed: z.string(),
      file: z.string(),
      line: z.number().int(),
      column_name: z.string().nullable(),
      value: z.string().nullable(),
      reason: z.string(),
      record: z.unknown(),
    }),
    fields: [
      { name: "load_id", kind: "number" },
      { name: "feed", kind: "text" },
      { name: "file", kind: "text" },
      { name: "line", kind: "number" },
      { name: "column_name", kind: "text" },
      { name: "value", kind: "text" },
      { name: "reason", kind: "text" },
      { name: "record", kind: "json" },
    ],
    sql({ feed, load, reason, limit }) {
      const conditions = new Conditions()
        .oneOf("feed", feed === undefined ? null : [feed])
        .oneOf("reason", reason === undefined ? null : [reason]);
      if (load !== undefined) conditions.and("load_id = $load", { load });
      const { sql, parameters } = conditions.where;
      const most = limit === undefined ? "" : `limit ${limit}`;
      return {
        sql: `select {fields} from quarantine ${sql} order by load_id desc, file, line, column_name ${most}`,
        parameters,
      };
    },
  }),
];
