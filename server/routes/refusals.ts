import { z } from "zod";
import { id } from "../fields.ts";
import { operationsRows } from "../route.ts";
import { Conditions } from "../where.ts";

export default [
  operationsRows({
    path: "/refusals",
    summary: "Files that were refused, the last first: nothing of them was loaded",
    query: z.strictObject({
      feed: id.optional().meta({ description: "Of one feed" }),
      limit: z.coerce.number().int().min(1).max(10_000).default(1000).meta({ description: "At most so many" }),
    }),
    row: z.object({ feed: z.string(), file: z.string(), reason: z.string(), at: z.iso.datetime() }),
    fields: [
      { name: "feed", kind: "text" },
      { name: "file", kind: "text" },
      { name: "reason", kind: "text" },
      { name: "at", kind: "timestamp" },
    ],
    sql({ feed, limit }) {
      const { sql, parameters } = new Conditions().oneOf("feed", feed === undefined ? null : [feed]).where;
      return {
        sql: `select {fields} from refusals ${sql} order by "at" desc, feed, file limit $limit`,
        parameters: { ...parameters, limit },
      };
    },
  }),
];
